//! The control API over its socket: worlds, steps, ledger, threads, clock, and its answers to mistakes.

mod attach;
mod description;
mod due;
mod exchanges;
mod explain;
mod export;
mod faults;
mod guard;
mod ledger;
mod lint;
mod offers;
#[cfg(feature = "tls")]
mod page;
mod people;
mod recorded_scenario;
mod resets;
mod root;
mod sessions;
mod snapshots;
mod steps;
mod threads;
mod unmatched;
mod worlds;

use serde_json::Value;

use crate::support::{Reply, Request, TestServer, get, post};

/// A world without ids, tokens or a clock of its own.
const SMALL: &str =
    "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { carol: {} } }";

/// Makes a world of this name, whose clock stands still.
async fn make(server: &TestServer, name: &str) -> Value {
    let reply =
        server.ask(post("/_control/worlds").body(format!("{{ name: {name}, clock: frozen, world: {SMALL} }}"))).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

/// The sentence of a mistake.
pub fn message(reply: &Reply) -> String {
    reply.json()["error"]["message"].as_str().unwrap_or_default().to_owned()
}

/// The mistake as it is drawn.
fn drawn(reply: &Reply) -> String {
    reply.json()["error"]["drawn"].as_str().unwrap_or_default().to_owned()
}

/// Status and sentence of each mistake, a line per row.
async fn mistakes(server: &TestServer, rows: Vec<(&str, Request)>) -> String {
    let mut shown = String::new();
    for (what, request) in rows {
        let reply = server.ask(request).await;
        assert!((400..500).contains(&reply.status) || reply.status == 501, "{what}: {}", reply.line());
        assert_eq!(reply.header("content-type"), Some("application/json"), "{what}");
        shown.push_str(&format!("{what}: {} {}\n", reply.status, message(&reply)));
    }
    shown
}

/// Kinds and texts of entries.
fn kinds(entries: &Value) -> Vec<&str> {
    entries.as_array().into_iter().flatten().filter_map(|entry| entry["kind"].as_str()).collect()
}

async fn read(server: &TestServer, path: &str) -> Value {
    let reply = server.ask(get(path)).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}
