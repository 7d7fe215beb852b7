//! Holds answers of the control API against its own OpenAPI document, with the part of JSON Schema that the document uses.

use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use super::http::{Connection, Reply, Request, get};

static DOCUMENT: OnceCell<Value> = OnceCell::const_new();

/// Keywords that say nothing about whether a value is valid.
const NOTES: &[&str] = &["$schema", "title", "description", "format", "contentSchema"];

/// The document, which is the same for every world.
pub async fn document(address: &str) -> &'static Value {
    let ask = || async {
        let request = get("/_control/openapi.json").bytes(address);
        Connection::open(address).await.ask(&request).await.json()
    };
    DOCUMENT.get_or_init(ask).await
}

/// An answer of the control API must be one that the document describes. Answers on other paths are not looked at.
pub async fn check(address: &str, request: &Request, reply: &Reply) {
    let path = request.path();
    if !path.starts_with("/_control/") || (path.ends_with("/openapi.json") && DOCUMENT.get().is_none()) {
        return;
    }
    let document = document(address).await;
    let described = response(document, request.method(), path, reply.status);
    let said = format!("{} {path} answers {}", request.method(), reply.line());
    let Some(content) = described["content"].as_object() else {
        assert!(reply.body.is_empty(), "{said}, and the document has no body there");
        return;
    };
    let kind = reply.header("content-type").unwrap_or_default();
    let media = content.get(kind).unwrap_or_else(|| panic!("{said}, and the document does not have {kind} there"));
    let mut problems = Vec::new();
    for value in values(kind, reply) {
        let schema = if kind == "application/x-ndjson" { lines_schema(document) } else { &media["schema"] };
        validate(document, schema, &value, "", &mut problems);
    }
    assert!(problems.is_empty(), "{said}\n{}", problems.join("\n"));
}

fn values(kind: &str, reply: &Reply) -> Vec<Value> {
    match kind {
        "application/json" => vec![reply.json()],
        "application/x-ndjson" => reply.text().lines().map(|line| super::parsed(line.as_bytes())).collect(),
        _ => vec![Value::from(reply.text())],
    }
}

fn lines_schema(document: &Value) -> &Value {
    &document["components"]["schemas"]["LedgerLines"]["contentSchema"]
}

/// What the document says of a status; of one that it does not list, what it says of all the others.
fn response<'d>(document: &'d Value, method: &str, path: &str, status: u16) -> &'d Value {
    let any = &document["paths"]["/_control/worlds"]["get"]["responses"]["default"];
    let Some(operation) = operation(document, method, path) else { return any };
    let responses = &operation["responses"];
    let listed = responses.get(status.to_string());
    assert!(listed.is_some() || status >= 400, "{method} {path}: the document does not list {status}");
    listed.unwrap_or(&responses["default"])
}

fn operation<'d>(document: &'d Value, method: &str, path: &str) -> Option<&'d Value> {
    let words = |path: &str| path.split('/').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let asked = words(path);
    let fits = |template: &str| {
        let template = words(template);
        template.len() == asked.len()
            && template.iter().zip(&asked).all(|(word, asked)| word == asked || word.starts_with('{'))
    };
    let (_, item) = document["paths"].as_object()?.iter().find(|(template, _)| fits(template))?;
    item.get(method.to_ascii_lowercase())
}

/// Notes what is wrong with a value. An object must not have members that its schema does not know, unless the schema allows any.
pub fn validate(document: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    let rules = schema.as_object().unwrap_or_else(|| panic!("at `{at}`: {schema} is no schema"));
    for (keyword, rule) in rules.iter().filter(|(keyword, _)| !NOTES.contains(&keyword.as_str())) {
        match keyword.as_str() {
            "$ref" => {
                let target = rule.as_str().and_then(|target| document.pointer(target.trim_start_matches('#')));
                let target = target.unwrap_or_else(|| panic!("{rule} leads nowhere"));
                validate(document, target, value, at, problems);
            }
            "type" if !is_of_type(rule, value) => problems.push(format!("at `{at}`: not of the type {rule}: {value}")),
            "const" if rule != value => problems.push(format!("at `{at}`: not {rule}: {value}")),
            "enum" if !rule.as_array().is_some_and(|words| words.contains(value)) => {
                problems.push(format!("at `{at}`: not one of {rule}: {value}"));
            }
            "minimum" if value.is_number() && value.as_f64() < rule.as_f64() => {
                problems.push(format!("at `{at}`: below {rule}: {value}"))
            }
            "required" => {
                let missing = rule.as_array().into_iter().flatten().filter_map(Value::as_str);
                let missing = missing.filter(|name| value.as_object().is_some_and(|value| !value.contains_key(*name)));
                problems.extend(missing.map(|name| format!("at `{at}`: `{name}` is missing")));
            }
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    validate(document, rule, item, &format!("{at}/{place}"), problems);
                }
            }
            "oneOf" => {
                let valid = rule.as_array().into_iter().flatten().filter(|one| is_valid(document, one, value)).count();
                if valid != 1 {
                    problems.push(format!("at `{at}`: {valid} of the choices fit {value}"));
                }
            }
            "properties" | "additionalProperties" => {}
            "type" | "const" | "enum" | "minimum" => {}
            other => panic!("`{other}` stands in the schema of an answer, and this validator does not know it"),
        }
    }
    if let Some(members) = value.as_object() {
        validate_members(document, rules, members, at, problems);
    }
}

fn validate_members(
    document: &Value,
    rules: &Map<String, Value>,
    members: &Map<String, Value>,
    at: &str,
    problems: &mut Vec<String>,
) {
    let (known, more) = (rules.get("properties"), rules.get("additionalProperties"));
    for (name, member) in members {
        let at = format!("{at}/{name}");
        match known.and_then(|known| known.get(name)).or(more) {
            Some(schema) => validate(document, schema, member, &at, problems),
            None if known.is_some() => problems.push(format!("at `{at}`: the schema does not know it")),
            None => {}
        }
    }
}

fn is_valid(document: &Value, schema: &Value, value: &Value) -> bool {
    let mut problems = Vec::new();
    validate(document, schema, value, "", &mut problems);
    problems.is_empty()
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    match rule {
        Value::Array(types) => types.iter().any(|one| is_of_type(one, value)),
        rule => match rule.as_str().unwrap_or_default() {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("`{other}` is no type"),
        },
    }
}
