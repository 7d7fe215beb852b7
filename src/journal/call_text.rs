//! Graph calls in words: which call it was, and how it ended.

use std::fmt::{self, Display};

use serde_json::{Map, Value};

use crate::domain::model::config::Config;
use crate::engine::ledger_entry::{Actor, CallError, GraphCall};

/// What a successful call answered, without the ids of what it made. `None` if the answer has nothing else.
pub fn answer_text(answer: &[u8]) -> Option<String> {
    match serde_json::from_slice(answer).unwrap_or_default() {
        Value::Object(mut answer) => {
            for key in ["recipient_id", "message_id", "attachment_id", "success", "result"] {
                answer.remove(key);
            }
            compact_json(answer)
        }
        other => Some(other.to_string()),
    }
}

/// Code, subcode and text of an error.
pub fn error_text(error: &CallError) -> String {
    let CallError { code, subcode, message } = error;
    let subcode = subcode.map(|subcode| format!("/{subcode}")).unwrap_or_default();
    format!("{code}{subcode} {message}")
}

/// How a call ended. `None` if it simply succeeded.
pub fn call_result_text(call: &GraphCall) -> Option<String> {
    let GraphCall { status, error, fault, lost, .. } = call;
    match (lost, error, fault) {
        (Some(lost), ..) => Some(format!("lost the answer: {lost}")),
        (None, Some(error), _) => Some(format!("answered {status} {}", error_text(error))),
        (None, None, Some(_)) => Some(format!("answered {status}")),
        (None, None, None) => None,
    }
}

/// The Graph call behind an entry, as the beginning of its line.
pub(super) fn call_prefix<'e>(config: &'e Config, by: &'e Actor) -> impl Display + 'e {
    fmt::from_fn(move |formatter| match call_text(config, by) {
        Some(call) => write!(formatter, "{call}: "),
        None => Ok(()),
    })
}

/// The Graph call behind an entry. `None` if there was no call.
pub fn call_text(config: &Config, by: &Actor) -> Option<String> {
    match by {
        Actor::Graph { app, call } => {
            let method = call.split(' ').next().unwrap_or_default();
            let edge = call.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
            Some(format!("{} {method} {edge}", config.app(*app).name))
        }
        Actor::Script | Actor::Clock | Actor::Delivery => None,
    }
}

/// The JSON of a map. `None` if it is empty.
pub(super) fn compact_json(map: Map<String, Value>) -> Option<String> {
    (!map.is_empty()).then(|| Value::Object(map).to_string())
}
