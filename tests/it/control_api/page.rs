//! docs/CONTROL-API.md: each operation of the OpenAPI document with an example that a server really answered.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::support::{BAKERY, Reply, Request, TestServer, contract, delete, get, post, put};

/// What stands above is written by hand, what follows from the OpenAPI document.
const REFERENCE: &str = "<!-- what follows is written by tests/it/control_api/page.rs from the table of routes: UPDATE_DOCS=1 cargo test --test it \
     control_api::page -->\n\n";

const WORLD: &str = "/_control/worlds/default";

/// An example for each operation, in the order of the story that they tell.
fn examples() -> Vec<(&'static str, Request)> {
    let at = |path: &str| format!("{WORLD}{path}");
    vec![
        ("GET /_control/health", get("/_control/health")),
        ("HEAD /_control/health", Request::new("HEAD", "/_control/health")),
        ("GET /_control/rules", get("/_control/rules")),
        ("GET /_control/lints", get("/_control/lints")),
        ("GET /_control/openapi.json", get("/_control/openapi.json")),
        ("GET /_control/ca.pem", get("/_control/ca.pem")),
        (
            "POST /_control/worlds",
            post("/_control/worlds").body(
                r#"{"name": "mine", "clock": "frozen", "world": {"apps": {"bot": {"webhook": {"url": "http://127.0.0.1:9/webhook", "verify_token": "secret"}}}, "pages": {"shop": {"default_app": "bot", "apps": {"bot": {}}}}, "people": {"carol": {}}}}"#,
            ),
        ),
        ("GET /_control/worlds", get("/_control/worlds")),
        ("GET /_control/worlds/{world}", get("/_control/worlds/mine")),
        ("GET /_control/worlds/{world}/apps/{app}", get(at("/apps/support"))),
        (
            "PUT /_control/worlds/{world}/apps/{app}/webhook",
            put("/_control/worlds/mine/apps/bot/webhook").body(r#"{"url": "http://127.0.0.1:9/hook"}"#),
        ),
        (
            "POST /_control/worlds/{world}/apps/{app}/webhook/verify",
            post("/_control/worlds/mine/apps/bot/webhook/verify"),
        ),
        (
            "POST /_control/worlds/{world}/steps",
            post(at("/steps")).body(r#"{"user": "alice", "says": "Hi"}"#),
        ),
        ("GET /_control/worlds/{world}/ledger", get(at("/ledger?kind=webhook&app=support&limit=1"))),
        ("GET /_control/worlds/{world}/ledger.jsonl", get(at("/ledger.jsonl?limit=2&stable=true"))),
        ("GET /_control/worlds/{world}/ledger/stream", get(at("/ledger/stream?after=0&kind=command"))),
        ("POST /_control/worlds/{world}/ledger/{cursor}/redeliver", post("/_control/worlds/mine/ledger/3/redeliver")),
        (
            "POST /_control/worlds/{world}/people",
            post(at("/people")).body(r#"{"crowd": {"count": 10000, "locale": "de_DE"}}"#),
        ),
        ("POST /_control/worlds/{world}/people/claim", post(at("/people/claim")).body(r#"{"of": "crowd"}"#)),
        ("GET /_control/worlds/{world}/people", get(at("/people?limit=1"))),
        ("GET /_control/worlds/{world}/people/{person}", get(at("/people/alice"))),
        ("GET /_control/worlds/{world}/threads", get(at("/threads"))),
        ("GET /_control/worlds/{world}/threads/{page}/{person}", get(at("/threads/bakery/alice"))),
        ("GET /_control/worlds/{world}/threads/{page}/{person}/explain", get(at("/threads/bakery/alice/explain"))),
        ("GET /_control/worlds/{world}/threads/{page}/{person}/offers", get(at("/threads/bakery/alice/offers"))),
        (
            "POST /_control/worlds/{world}/faults",
            post(at("/faults")).body(r#"{"at": "send", "reply": "rate_limited"}"#),
        ),
        ("GET /_control/worlds/{world}/faults", get(at("/faults"))),
        ("GET /_control/worlds/{world}/lint", get(at("/lint"))),
        ("POST /_control/worlds/{world}/clock", post(at("/clock")).body(r#"{"advance": "+24h"}"#)),
        ("GET /_control/worlds/{world}/clock", get(at("/clock"))),
        ("GET /_control/worlds/{world}/scenario", get(at("/scenario"))),
        ("GET /_control/worlds/{world}/snapshot", get(at("/snapshot?wait=10s"))),
        ("PUT /_control/worlds/{world}/snapshot", put(at("/snapshot"))),
        ("DELETE /_control/worlds/{world}/ledger", delete(at("/ledger?limit=1"))),
        ("DELETE /_control/worlds/{world}/faults/{number}", delete(at("/faults/1"))),
        ("DELETE /_control/worlds/{world}/faults", delete(at("/faults"))),
        (
            "POST /_control/worlds/{world}/exchanges",
            post(at("/exchanges")).body(r#"{"user": "alice", "says": "Hi", "until": {"owner": "support"}, "within": "10s"}"#),
        ),
        ("DELETE /_control/worlds/{world}/apps/{app}/webhook", delete("/_control/worlds/mine/apps/bot/webhook")),
        ("GET /_control/calls", get("/_control/calls")),
        ("GET /_control/worlds/{world}/answers", get(at("/answers"))),
        ("DELETE /_control/worlds/{world}/answers", delete(at("/answers"))),
        ("GET /_control/worlds/{world}/calls", get(at("/calls?app=support&limit=1"))),
        ("POST /_control/worlds/{world}/reset", post(at("/reset")).body(r#"{"keep": ["profile", "subscriptions"]}"#)),
        ("DELETE /_control/worlds/{world}", delete("/_control/worlds/mine")),
    ]
}

/// The operation, the request as text, and the answer as text.
struct Example {
    operation: &'static str,
    request: String,
    answer: String,
}

async fn perform(server: &TestServer) -> Vec<Example> {
    let mut found = Vec::new();
    let mut snapshot = Vec::new();
    for (operation, request) in examples() {
        let (method, path) = operation.split_once(' ').expect("a method and a path");
        if path == "/_control/calls" {
            server.ask(get("/me?access_token=EAAunknown")).await;
        } else if path.ends_with("/calls") {
            server.http_step("{ app: support, sends: Hello }").await;
        }
        if path.ends_with("/redeliver") {
            // Nobody listens there, so the first attempt fails, and there is something to send once more.
            server.ask(post("/_control/worlds/mine/steps").body("{ user: carol, says: Hi }")).await;
        }
        let request =
            if path.ends_with("/snapshot") && method == "PUT" { request.body(snapshot.clone()) } else { request };
        let reply = match path.ends_with("/stream") || method == "HEAD" {
            true => first_chunk(server, &request).await,
            false => server.ask(request.clone()).await,
        };
        if path.ends_with("/snapshot") && method == "GET" {
            snapshot.clone_from(&reply.body);
        }
        let body =
            if path.ends_with("/snapshot") && method == "PUT" { "…\n".to_owned() } else { request.body_text() };
        let asked =
            format!("{method} {}\n{}", request.target(), if body.is_empty() { body } else { format!("\n{body}") });
        let address = server.address();
        let answer = answer_text(path, &reply).replace(address, "127.0.0.1:4004");
        // Only calls without a world have real times.
        let answer = match reply.header("content-type") {
            Some("application/json") if path == "/_control/calls" => {
                let at = reply.json()["calls"][0]["at"].as_str().unwrap_or_default().to_owned();
                answer.replace(&at, "2026-03-02T09:00:00Z")
            }
            _ => answer,
        };
        found.push(Example { operation, request: asked, answer });
    }
    found
}

/// The head of an answer, and the first event of a stream.
async fn first_chunk(server: &TestServer, request: &Request) -> Reply {
    let mut connection = server.connect().await;
    connection.send(&request.bytes(server.address())).await;
    let mut reply = connection.head().await;
    if request.method() == "GET" {
        reply.body = connection.chunk().await.expect("an event");
    }
    reply
}

fn answer_text(path: &str, reply: &Reply) -> String {
    let body = match reply.header("content-type") {
        _ if reply.body.is_empty() => String::new(),
        _ if path.ends_with(".pem") => "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----".to_owned(),
        Some("application/json") if path.ends_with("/snapshot") && reply.json()["content"].is_object() => {
            r#"{ "graphdouble": "snapshot", "version": "…", "sha256": "…", "content": { … } }"#.to_owned()
        }
        Some("application/json") => {
            let mut lines = String::new();
            write_shortened(&reply.json(), path, 0, &mut lines);
            lines
        }
        _ => reply.text().trim_end().to_owned(),
    };
    let head = format!("HTTP/1.1 {}", reply.status);
    if body.is_empty() { head } else { format!("{head}\n\n{body}") }
}

/// Writes JSON as people do: of a list its first item, of the OpenAPI document its first path and schema.
fn write_shortened(value: &Value, path: &str, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth + 1);
    let end = "  ".repeat(depth);
    match value {
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => write!(out, "{value}").expect("text"),
        Value::Array(items) => {
            out.push_str(&format!("[\n{pad}"));
            write_shortened(&items[0], path, depth + 1, out);
            out.push_str(&format!("{}\n{end}]", if items.len() > 1 { format!(",\n{pad}…") } else { String::new() }));
        }
        Value::Object(members) if members.is_empty() => out.push_str("{}"),
        Value::Object(_) if path.ends_with("openapi.json") && depth > 1 => out.push_str("{ … }"),
        Value::Object(members) => {
            let most = if path.ends_with("openapi.json") && depth == 1 { 3 } else { usize::MAX };
            let mut lines: Vec<String> = members
                .iter()
                .take(most)
                .map(|(name, member)| {
                    let mut line = format!("{pad}{}: ", Value::from(name.as_str()));
                    write_shortened(member, path, depth + 1, &mut line);
                    line
                })
                .collect();
            if members.len() > most {
                lines.push(format!("{pad}…"));
            }
            out.push_str(&format!("{{\n{}\n{end}}}", lines.join(",\n")));
        }
        value => write!(out, "{value}").expect("text"),
    }
}

fn page(document: &Value, examples: &[Example]) -> String {
    let mut page = String::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("an item").iter().filter(|(key, _)| *key != "parameters") {
            let name = format!("{} {path}", method.to_uppercase());
            let example = examples.iter().find(|example| example.operation == name);
            let example = example.unwrap_or_else(|| panic!("{name} has no example"));
            page.push_str(&format!("## `{name}`\n\n{}\n\n", operation["summary"].as_str().unwrap_or_default()));
            parameters(item, operation, &mut page);
            if let Some(body) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() {
                page.push_str(&format!("The body is a {}, as JSON or YAML.\n\n", schema_link(body)));
            }
            answers(operation, &mut page);
            page.push_str(&format!(
                "```http\n{}\n```\n\n```http\n{}\n```\n\n",
                example.request.trim_end(),
                example.answer
            ));
        }
    }
    page.push_str("## What the answers have\n\nA `?` marks what may be left out; `[]` is a list, `{…}` any name.\n\n");
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        if ["World", "Step", "Fault", "OpenApi"].contains(&name.as_str()) {
            continue;
        }
        page.push_str(&format!("### {name}\n\n"));
        match schema["description"].as_str() {
            Some(text) => page.push_str(&format!("{text}\n\n")),
            None => {
                page.push_str("| Member | Type | Meaning |\n|---|---|---|\n");
                members(schema, "", &mut page);
                page.push('\n');
            }
        }
    }
    page.trim_end().to_owned()
}

fn parameters(item: &Value, operation: &Value, page: &mut String) {
    let of = |value: &Value| value["parameters"].as_array().cloned().unwrap_or_default();
    let all = [of(item), of(operation)].concat();
    if all.is_empty() {
        return;
    }
    page.push_str("| Parameter | In | Type | Meaning |\n|---|---|---|---|\n");
    for parameter in all {
        let text = |key: &str| parameter[key].as_str().unwrap_or_default().to_owned();
        let kind = type_of(&parameter["schema"]);
        page.push_str(&format!("| `{}` | {} | {kind} | {} |\n", text("name"), text("in"), text("description")));
    }
    page.push('\n');
}

fn answers(operation: &Value, page: &mut String) {
    page.push_str("| Status | Answer | Meaning |\n|---|---|---|\n");
    for (status, response) in operation["responses"].as_object().expect("responses") {
        if status == "default" {
            continue;
        }
        let kinds = response["content"].as_object().into_iter().flat_map(|content| content.values());
        let kinds: Vec<String> = kinds.filter_map(|media| media["schema"]["$ref"].as_str()).map(schema_link).collect();
        let kinds = if kinds.is_empty() { "no body".to_owned() } else { kinds.join(" or ") };
        page.push_str(&format!("| {status} | {kinds} | {} |\n", response["description"].as_str().unwrap_or_default()));
    }
    page.push('\n');
}

fn schema_link(reference: &str) -> String {
    let name = reference.rsplit('/').next().unwrap_or_default();
    match name {
        "World" | "Step" | "Fault" => format!("[{name}](SCENARIOS.md)"),
        "OpenApi" => "OpenAPI document".to_owned(),
        _ => format!("[{name}](#{})", name.to_lowercase()),
    }
}

fn members(schema: &Value, prefix: &str, page: &mut String) {
    if let Some(items) = schema.get("items") {
        return members(items, &format!("{prefix}[]"), page);
    }
    if let Some(values) = schema.get("additionalProperties").filter(|values| values["type"].is_string()) {
        return member_row(values, &format!("{prefix}.{{…}}"), "", page);
    }
    for choice in schema["oneOf"].as_array().into_iter().flatten() {
        members(choice, prefix, page);
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let dot = if prefix.is_empty() { "" } else { "." };
        let mark = if required.contains(&name.as_str()) { "" } else { "?" };
        member_row(member, &format!("{prefix}{dot}{name}"), mark, page);
    }
}

fn member_row(member: &Value, name: &str, mark: &str, page: &mut String) {
    let meaning = member["description"].as_str().unwrap_or_default();
    let kind = type_of(member);
    if kind != "object" || !meaning.is_empty() {
        page.push_str(&format!("| `{name}`{mark} | {kind} | {meaning} |\n"));
    }
    members(member, name, page);
}

fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return schema_link(reference);
    }
    if let Some(constant) = schema.get("const") {
        return format!("`{constant}`");
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
        return words.join(", ");
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", type_of(items));
    }
    match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ if schema["oneOf"].is_array() => "one of these".to_owned(),
        _ => "any".to_owned(),
    }
}

#[tokio::test]
async fn the_page_of_the_control_api_is_current() {
    let server = TestServer::start(BAKERY).await;
    let document = contract::document(server.address()).await;
    let current = page(document, &perform(&server).await);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CONTROL-API.md");
    let written = std::fs::read_to_string(&path).expect("docs/CONTROL-API.md");
    let (by_hand, reference) = written.split_once(REFERENCE).expect("the line above the reference");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{by_hand}{REFERENCE}{current}\n")).expect("docs/CONTROL-API.md");
        return;
    }
    assert!(
        reference.trim_end() == current,
        "docs/CONTROL-API.md is old: UPDATE_DOCS=1 cargo test --test it control_api::page writes it"
    );
}
