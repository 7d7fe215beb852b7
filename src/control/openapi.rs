//! The OpenAPI document of a table of routes.

use serde_json::{Map, Value, json};

use super::answer::{NDJSON, YAML};
use super::query::Parameter;
use super::route::{AnswerContent, ControlRoute, PossibleAnswer};
use super::schemas;

/// The document.
pub fn document(routes: &[ControlRoute]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let item = paths.entry(route.path).or_insert_with(
            || json!({ "parameters": route.path_parameters().map(|one| parameter(one, "path")).collect::<Vec<_>>() }),
        );
        item[route.method.to_ascii_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "graphdouble control API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Worlds, steps, ledger, snapshots, threads, faults, lints and clock of a running graphdouble.",
        },
        "paths": paths,
        "components": { "schemas": schemas::components() },
    })
}

fn operation(route: &ControlRoute) -> Value {
    let mut responses = Map::new();
    for answer in route.answers {
        responses.insert(answer.status.to_string(), response(answer));
    }
    let refusal =
        "The call is refused: by the guard (403), as too large (413) or too slow (408), or it is wrong in another way.";
    let refusal = PossibleAnswer { status: 400, meaning: refusal, content: AnswerContent::Json("Error") };
    responses.insert("default".to_owned(), response(&refusal));
    let mut operation = json!({ "operationId": operation_id(route), "summary": route.summary, "responses": responses });
    let mut parameters: Vec<Value> = route.query.iter().map(|one| parameter(one, "query")).collect();
    if route.answers.iter().any(|answer| matches!(answer.content, AnswerContent::Events)) {
        parameters.push(json!({ "name": "Last-Event-ID", "in": "header", "schema": { "type": "integer" },
            "description": "The cursor of the last entry that the reader has seen. It counts more than `after`." }));
    }
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
    if let Some(name) = route.body {
        let content = json!({ "application/json": { "schema": reference(name) } });
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

/// `get_worlds_world_ledger`.
fn operation_id(route: &ControlRoute) -> String {
    let path = route.path.trim_start_matches("/_control/").replace(['{', '}'], "").replace(['/', '.'], "_");
    format!("{}_{path}", route.method.to_ascii_lowercase())
}

fn parameter(parameter: &Parameter, place: &str) -> Value {
    let mut described = json!({
        "name": parameter.name, "in": place, "description": parameter.meaning, "schema": parameter.kind.schema(),
    });
    if place == "path" {
        described["required"] = json!(true);
    }
    described
}

fn response(answer: &PossibleAnswer) -> Value {
    let mut described = json!({ "description": answer.meaning });
    let lines = || json!({ "schema": reference("LedgerLines") });
    let content = match answer.content {
        AnswerContent::Nothing => return described,
        AnswerContent::Json(name) => json!({ "application/json": { "schema": reference(name) } }),
        AnswerContent::JsonOrLines(name) => {
            json!({ "application/json": { "schema": reference(name) }, NDJSON: lines() })
        }
        AnswerContent::Lines => json!({ NDJSON: lines() }),
        AnswerContent::Yaml(name) => json!({ YAML: { "schema": reference(name) } }),
        AnswerContent::Events => json!({ "text/event-stream": { "schema": reference("LedgerEvents") } }),
        #[cfg(feature = "tls")]
        AnswerContent::Pem => json!({ "application/x-pem-file": { "schema": reference("Certificate") } }),
    };
    described["content"] = content;
    described
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
