//! The thread that a ledger entry is about, for Graph calls too.

use serde_json::Value;

use crate::domain::model::config::Config;
use crate::domain::model::ids::ThreadKey;
use crate::engine::ledger_entry::{RawCall, Record};
use crate::engine::subjects::subjects_of;
use crate::graph;

use super::call_path::without_version;

/// The thread that an entry is about. A Graph call is about the thread of its recipient.
pub fn thread_of(config: &Config, record: &Record) -> Option<ThreadKey> {
    match record {
        Record::GraphCall(call) => thread_of_call(config, &call.request),
        _ => subjects_of(record).thread,
    }
}

fn thread_of_call(config: &Config, call: &RawCall) -> Option<ThreadKey> {
    thread_of_path(config, &call.target).or_else(|| {
        let parameters = graph::parameters(call);
        let recipient = parameters.get("recipient").or_else(|| parameters.get("psid"))?;
        let psid = recipient.get("id").unwrap_or(recipient);
        match psid {
            Value::String(psid) => config.people.thread_of(psid),
            Value::Number(psid) => config.people.thread_of(&psid.to_string()),
            _ => None,
        }
    })
}

/// The thread of the node in a path: a person, or a conversation.
fn thread_of_path(config: &Config, target: &str) -> Option<ThreadKey> {
    let path = without_version(target.split('?').next().unwrap_or_default());
    let node = path.split('/').find(|part| !part.is_empty())?;
    config.people.thread_of(node).or_else(|| config.thread_of_conversation(node))
}
