//! Graph calls as JSON: query, body and answer, as a reader of the ledger and of `GET …/calls` sees them.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::domain::model::config::Config;
use crate::domain::model::ids::ThreadKey;
use crate::engine::fault::Breakage;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{GraphCall, LedgerEntry, Record};
use crate::engine::subjects::subjects_of;
use crate::graph;

use super::call_path::method_and_path;
use super::moment_json::MomentView;
use super::named_ids::named;
use super::secrets::{Secrets, masked};
use super::thread_of::thread_of;

/// The longest body, and the longest answer, that is written. Of a longer one only its length is: `body_bytes`, `answer_bytes`.
pub const MAX_SHOWN_BODY: usize = 64 * 1024;

/// The most characters of a call's parameters in a line for people.
const MAX_LINE: usize = 300;

/// The thread of a call. A recipient may be a token or the id of a comment; then only the command of the call knows the thread.
pub fn thread_of_call(config: &Config, ledger: &Ledger, entry: &LedgerEntry) -> Option<ThreadKey> {
    let of_command = || subjects_of(&ledger.get(entry.cause)?.record).thread;
    thread_of(config, &entry.record).or_else(of_command)
}

/// Writes query and body of a call, and its answer if it is wanted.
pub(super) fn write_contents<M: SerializeMap>(
    members: &mut M,
    call: &GraphCall,
    secrets: Secrets,
    with_answer: bool,
) -> Result<(), M::Error> {
    let shown = |value| if secrets == Secrets::Masked { masked(value) } else { value };
    if let Some(query) = graph::query_parameters(&call.request) {
        members.serialize_entry("query", &shown(query))?;
    }
    match graph::body_parameters(&call.request) {
        Some(body) if body.is_file_form || call.request.body.len() <= MAX_SHOWN_BODY => {
            members.serialize_entry("body", &shown(body.value))?;
        }
        Some(_) => {
            members.serialize_entry("body_bytes", &call.request.cut.unwrap_or(call.request.body.len()))?;
        }
        None => {}
    }
    if let Some(bytes) = call.request.cut {
        members.serialize_entry("cut", &bytes)?;
    }
    if !with_answer || call.answer.is_empty() {
        return Ok(());
    }
    if let Some(bytes) = call.answer_cut {
        members.serialize_entry("answer_cut", &bytes)?;
    }
    match call.answer.len() <= MAX_SHOWN_BODY {
        true => members.serialize_entry("answer", &shown(answer(call))),
        false => members.serialize_entry("answer_bytes", &call.answer_cut.unwrap_or(call.answer.len())),
    }
}

/// What the call was answered. What is not JSON is text.
fn answer(call: &GraphCall) -> Value {
    let text = || Value::String(String::from_utf8_lossy(&call.answer).into_owned());
    serde_json::from_slice(&call.answer).unwrap_or_else(|_| text())
}

/// Writes how a call ended.
pub(super) fn write_result<M: SerializeMap>(members: &mut M, call: &GraphCall) -> Result<(), M::Error> {
    let GraphCall { status, error, fault, lost, .. } = call;
    if let Some(fault) = fault {
        members.serialize_entry("fault", fault)?;
    }
    if let Some(lost) = lost {
        members.serialize_entry("lost", lost)?;
    }
    // An answer that never left has no status.
    if lost.and_then(Breakage::parse).is_none_or(Breakage::needs_answer) {
        members.serialize_entry("status", status)?;
    }
    if let Some(error) = error {
        members.serialize_entry("code", &error.code)?;
        members.serialize_entry("subcode", &error.subcode)?;
        members.serialize_entry("message", &error.message)?;
    }
    Ok(())
}

/// What a call said, in a line for people: all its parameters, with names instead of ids and without secrets; cut if it is long.
pub fn call_line(config: &Config, call: &GraphCall) -> String {
    let text = match graph::parameters(&call.request) {
        Value::Null => return String::new(),
        parameters => shown_parameters(config, parameters).to_string(),
    };
    if text == "{}" {
        return String::new();
    }
    match text.char_indices().nth(MAX_LINE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Parameters as people see them: with names instead of ids, without secrets, and without the token of the caller, which says nothing
/// about the call.
pub fn shown_parameters(config: &Config, mut parameters: Value) -> Value {
    if let Value::Object(map) = &mut parameters {
        map.shift_remove("access_token");
        map.shift_remove("appsecret_proof");
    }
    named(config, masked(parameters))
}

/// A Graph call, as `GET …/calls` answers it.
pub struct CallView<'e> {
    pub config: &'e Config,
    pub entry: &'e LedgerEntry,
    pub call: &'e GraphCall,
    pub thread: Option<ThreadKey>,
    pub secrets: Secrets,
}

impl Serialize for CallView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { config, entry, call, thread, secrets } = *self;
        let (method, path) = method_and_path(call);
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("cursor", &entry.cursor)?;
        members.serialize_entry("cause", &entry.cause)?;
        members.serialize_entry("at", &MomentView(entry.at))?;
        members.serialize_entry("app", &call.by.app().map(|app| &config.app(app).name))?;
        members.serialize_entry("method", method)?;
        members.serialize_entry("path", path)?;
        if let Some(thread) = thread {
            members.serialize_entry("page", &config.asset(thread.asset).name)?;
            members.serialize_entry("person", &config.person_name(thread.person))?;
        }
        if let Some(rule) = call.rule {
            members.serialize_entry("rule", rule.rule().id)?;
        }
        write_result(&mut members, call)?;
        write_contents(&mut members, call, secrets, true)?;
        members.end()
    }
}

/// The Graph call of an entry.
pub fn call_of(entry: &LedgerEntry) -> Option<&GraphCall> {
    match &entry.record {
        Record::GraphCall(call) => Some(call),
        _ => None,
    }
}
