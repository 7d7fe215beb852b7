//! What tests read from a world, whether its requests go over a socket or not.

use serde_json::Value;

use super::http::{Reply, Request, get};

/// Reads from the control API of the world `default`; the path begins after the world's name.
pub async fn control(ask: &impl AsyncFn(Request) -> Reply, path: &str) -> Value {
    let reply = ask(get(format!("/_control/worlds/default{path}"))).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

/// Entries of a kind.
pub async fn entries(ask: &impl AsyncFn(Request) -> Reply, kind: &str) -> Vec<Value> {
    let ledger = control(ask, &format!("/ledger?kind={kind}")).await;
    ledger["entries"].as_array().cloned().unwrap_or_default()
}

/// Everything that a refused call must leave unchanged: commands, settings, webhooks, owners, transcripts.
pub async fn state(ask: &impl AsyncFn(Request) -> Reply) -> Vec<Value> {
    let mut state = Vec::new();
    for kind in ["command", "setting_changed", "webhook", "owner_changed", "window_opened"] {
        state.extend(entries(ask, kind).await);
    }
    let threads = control(ask, "/threads").await;
    for thread in threads["threads"].as_array().into_iter().flatten() {
        let text = |key: &str| thread[key].as_str().unwrap_or_default().to_owned();
        state.push(control(ask, &format!("/threads/{}/{}", text("page"), text("person"))).await);
    }
    state
}

/// Sends a request. It must be refused with Meta's envelope and Meta's headers, and nothing may have changed.
pub async fn refused(ask: &impl AsyncFn(Request) -> Reply, request: Request) -> Reply {
    let before = state(ask).await;
    let reply = ask(request).await;
    assert!((400..600).contains(&reply.status), "not refused: {}", reply.line());
    let error = reply.json()["error"].clone();
    assert_eq!(reply.header("x-fb-request-id"), error["fbtrace_id"].as_str(), "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("application/json; charset=UTF-8"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let challenge = reply.header("www-authenticate");
    assert!(challenge.is_some_and(|value| value.starts_with("OAuth \"Facebook Platform\" ")), "{challenge:?}");
    assert_eq!(state(ask).await, before, "a refused call changed something: {}", reply.text());
    reply
}
