//! `GET /_control/calls`: Graph calls that belong to no world, because their token is missing or unknown, with a long poll.

use std::time::Duration;

use serde_json::{Value, json};

use crate::engine::UnmatchedCall;
use crate::text::units::format_moment;

use super::answer::ControlAnswer;
use super::call::ControlCall;
use super::ledger::MAX_WAIT;
use super::route::Handled;

/// Handles `GET /_control/calls`.
pub async fn list(call: &ControlCall<'_>) -> Handled {
    let unmatched = call.state.engine.unmatched();
    let after = call.query.parsed("after", "a whole number", |text| text.parse().ok())?.unwrap_or(0);
    let wait = call.query.wait()?.unwrap_or(Duration::ZERO).min(MAX_WAIT);
    if !wait.is_zero() {
        unmatched.wait_after(after, wait).await;
    }
    let calls = unmatched.after(after);
    let after = calls.last().map_or(after, |last| last.number);
    let calls: Vec<Value> = calls.iter().map(call_json).collect();
    Ok(ControlAnswer::json(200, &json!({ "calls": calls, "after": after })))
}

fn call_json(call: &UnmatchedCall) -> Value {
    let mut described = json!({
        "number": call.number,
        "at": format_moment(call.at),
        "method": call.method,
        "path": call.path,
        "message": call.message,
    });
    let more = [("status", json!(call.status)), ("code", json!(call.code)), ("token", json!(call.token))];
    for (name, value) in more.into_iter().filter(|(_, value)| !value.is_null()) {
        described[name] = value;
    }
    described
}
