//! Control room: the OpenAPI document. Paths are listed here; the schema of a step and of a world is the language's own.

use serde_json::{Map, Value, json};

use crate::language::schema::json_schema::schema;

use super::{answer, ledger, snapshots, stream};

/// A path, its method, what it does, and the status of success.
const OPERATIONS: &[(&str, &str, &str, &str)] = &[
    ("/_control/health", "get", "Whether the server is up.", "200"),
    ("/_control/rules", "get", "The table of rules.", "200"),
    ("/_control/lints", "get", "The table of lints.", "200"),
    ("/_control/openapi.json", "get", "This document.", "200"),
    #[cfg(feature = "tls")]
    ("/_control/ca.pem", "get", "The certificate that clients must trust to call by HTTPS, as PEM.", "200"),
    ("/_control/worlds", "get", "The names of all worlds.", "200"),
    ("/_control/worlds", "post", "Makes a world; answers ids, tokens, secrets and the Graph URL.", "201"),
    ("/_control/worlds/{world}", "get", "Ids, tokens, secrets and the Graph URL of a world.", "200"),
    ("/_control/worlds/{world}", "delete", "Removes a world.", "204"),
    ("/_control/worlds/{world}/reset", "post", "Starts a world over.", "204"),
    ("/_control/worlds/{world}/steps", "post", "Performs one step, as in a scenario.", "200"),
    ("/_control/worlds/{world}/ledger", "get", "Entries after a cursor; `wait` makes it a long poll.", "200"),
    (
        "/_control/worlds/{world}/ledger",
        "delete",
        "Takes the oldest entries out, all of them unless `limit` says how many: they are answered and gone.",
        "200",
    ),
    (
        "/_control/worlds/{world}/ledger.jsonl",
        "get",
        "Entries as JSON Lines, all of them unless asked for fewer.",
        "200",
    ),
    ("/_control/worlds/{world}/ledger/stream", "get", "Entries as server-sent events.", "200"),
    ("/_control/worlds/{world}/ledger/{cursor}/redeliver", "post", "Sends a webhook once more, as it was.", "202"),
    (
        "/_control/worlds/{world}/snapshot",
        "get",
        "The whole world as a file, once nothing is under way; `wait` says how long that may take.",
        "200",
    ),
    (
        "/_control/worlds/{world}/snapshot",
        "put",
        "Puts a snapshot in the place of the world, or makes the world: the same ids, cursors, times and webhooks follow.",
        "200",
    ),
    ("/_control/worlds/{world}/threads", "get", "Threads in which anything happened, with their owners.", "200"),
    ("/_control/worlds/{world}/threads/{page}/{person}", "get", "One thread, with its transcript.", "200"),
    (
        "/_control/worlds/{world}/threads/{page}/{person}/explain",
        "get",
        "The story of a thread: its owner and why, what happened and who was told, what each app may do now.",
        "200",
    ),
    ("/_control/worlds/{world}/faults", "get", "The faults that are armed, with how often each fired.", "200"),
    ("/_control/worlds/{world}/faults", "post", "Arms a fault: calls that come later run into it.", "201"),
    ("/_control/worlds/{world}/faults", "delete", "Takes all faults away.", "204"),
    ("/_control/worlds/{world}/faults/{number}", "delete", "Takes the fault of this number away.", "204"),
    (
        "/_control/worlds/{world}/lint",
        "get",
        "What apps did wrong though nothing failed, as far back as the ledger goes.",
        "200",
    ),
    ("/_control/worlds/{world}/clock", "get", "What the clock shows.", "200"),
    ("/_control/worlds/{world}/clock", "post", "Turns the clock forward.", "200"),
];

/// The words of a path below `/_control`; `{…}` stands for any word.
fn words(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').skip(2)
}

fn fits(word: &str, segment: &str) -> bool {
    word == segment || word.starts_with('{')
}

/// The methods of the path that these segments are, if they are one.
pub fn methods_at(segments: &[&str]) -> Vec<String> {
    let is_there = |path: &'static str| {
        words(path).count() == segments.len() && words(path).zip(segments).all(|(word, segment)| fits(word, segment))
    };
    let methods =
        OPERATIONS.iter().filter(|(path, ..)| is_there(path)).map(|(_, method, ..)| method.to_ascii_uppercase());
    methods.collect()
}

/// The first segment that leads nowhere, and the words that could stand there.
pub fn unknown_word<'s>(segments: &[&'s str]) -> (&'s str, Vec<&'static str>) {
    let leads = |path: &'static str, length: usize| {
        words(path).take(length).count() == length
            && words(path).zip(&segments[..length]).all(|(word, segment)| fits(word, segment))
    };
    let known_length =
        (0..=segments.len()).rev().find(|length| OPERATIONS.iter().any(|(path, ..)| leads(path, *length)));
    let known_length = known_length.unwrap_or(0);
    let next = OPERATIONS
        .iter()
        .filter(|(path, ..)| leads(path, known_length))
        .filter_map(|(path, ..)| words(path).nth(known_length));
    let next = next.filter(|word| !word.starts_with('{')).collect();
    (segments.get(known_length).copied().unwrap_or_default(), next)
}

/// The document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for (path, method, summary, success) in OPERATIONS {
        let item = paths.entry(*path).or_insert_with(|| json!({ "parameters": path_parameters(path) }));
        item[*method] = operation(path, method, summary, success);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "graphdouble control API", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": { "schemas": {
            "World": schema("world"),
            "Step": schema("step"),
            "Fault": schema("fault"),
            "Error": { "type": "object", "properties": { "error": { "type": "object", "properties": {
                "message": { "type": "string" }, "drawn": { "type": "string" } }, "required": ["message"] } } },
        } },
    })
}

fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })).collect()
}

fn operation(path: &str, method: &str, summary: &str, success: &str) -> Value {
    let error = json!({ "description": "What is wrong, in words.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } });
    let mut told = json!({ "description": summary });
    if let Some(kind) = content_type(path, success) {
        told["content"] = json!({ kind: {} });
    }
    let mut operation = json!({ "summary": summary, "responses": { success: told, "default": error } });
    if method == "put" {
        // What is put where nothing was, is made.
        operation["responses"]["201"] = operation["responses"][success].clone();
    }
    if let Some(body) = body(path, method) {
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": body } } });
    }
    let query = query(path, method);
    if !query.is_empty() {
        let parameters =
            query.iter().map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } }));
        operation["parameters"] = parameters.collect();
    }
    operation
}

/// What a success is written in, where it has a body.
fn content_type(path: &str, success: &str) -> Option<&'static str> {
    match path.rsplit('/').next()? {
        _ if success == "204" => None,
        "ca.pem" => Some("application/x-pem-file"),
        "stream" => Some("text/event-stream"),
        "ledger.jsonl" => Some(answer::LINES),
        _ => Some("application/json"),
    }
}

fn body(path: &str, method: &str) -> Option<Value> {
    if method == "put" {
        return Some(json!({ "type": "object", "description": "What a snapshot was answered with." }));
    }
    if method != "post" {
        return None;
    }
    match path.rsplit('/').next()? {
        "worlds" => {
            Some(json!({ "type": "object", "required": ["world"], "additionalProperties": false, "properties": {
            "name": { "type": "string" }, "clock": { "enum": ["follow", "frozen"] },
            "world": { "$ref": "#/components/schemas/World" } } }))
        }
        "faults" => Some(json!({ "$ref": "#/components/schemas/Fault" })),
        "steps" => Some(json!({ "$ref": "#/components/schemas/Step" })),
        "clock" => Some(json!({ "oneOf": [
            { "type": "object", "required": ["advance"], "properties": { "advance": { "type": "string" } } },
            { "type": "object", "required": ["to"], "properties": { "to": { "type": "string" } } } ] })),
        _ => None,
    }
}

fn query(path: &str, method: &str) -> &'static [&'static str] {
    match (path.rsplit('/').next(), method) {
        (Some("ledger"), "delete") => ledger::TAKING,
        (Some("ledger" | "ledger.jsonl"), _) => ledger::READING,
        (Some("stream"), _) => stream::STREAMING,
        (Some("snapshot"), "get") => snapshots::TAKING,
        _ => &[],
    }
}
