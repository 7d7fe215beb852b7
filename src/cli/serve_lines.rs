//! Ledger entries as lines of `serve`: one for each Graph call and each attempt to deliver a webhook, and what is surely a mistake.

use crate::domain::model::config::Config;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{DeliveryAttempt, DeliveryResult, GraphCall, LedgerEntry, Record};
use crate::journal::call_json::{call_line, thread_of_call};
use crate::journal::call_path::method_and_path;
use crate::journal::call_text::error_text;
use crate::journal::named_ids::named_path;

/// The beginning of Meta's error for a path that leads nowhere. Its code has other errors, too.
const UNKNOWN_PATH: &str = "Unknown path components";

/// How a call or an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineTone {
    Good,
    Bad,
}

/// A line of the log.
#[derive(Debug, PartialEq, Eq)]
pub struct ServeLine {
    pub tone: LineTone,
    /// Who did what: `bot → POST /me/messages alice`.
    pub what: String,
    /// How it went: `200`, or the error.
    pub result: String,
    /// What it said.
    pub details: String,
}

/// The line of an entry, if it is a call or an attempt.
pub fn line_of(config: &Config, ledger: &Ledger, entry: &LedgerEntry) -> Option<ServeLine> {
    match &entry.record {
        Record::GraphCall(call) => Some(call_of(config, ledger, entry, call)),
        Record::DeliveryAttempt(attempt) => Some(attempt_line(config, attempt)),
        _ => None,
    }
}

fn call_of(config: &Config, ledger: &Ledger, entry: &LedgerEntry, call: &GraphCall) -> ServeLine {
    let (method, path) = method_and_path(call);
    let app = call.by.app().map_or("", |app| &config.app(app).name);
    let thread = thread_of_call(config, ledger, entry).map(|thread| format!(" {}", config.thread_name(thread)));
    let (tone, result) = match (&call.error, call.lost) {
        (_, Some(lost)) => (LineTone::Bad, format!("answer lost: {lost}")),
        (Some(error), None) => (LineTone::Bad, format!("{} {}", call.status, error_text(error))),
        (None, None) => (LineTone::Good, call.status.to_string()),
    };
    let what = format!("{app} → {method} {}{}", named_path(config, path), thread.unwrap_or_default());
    ServeLine { tone, what, result, details: call_line(config, call) }
}

fn attempt_line(config: &Config, attempt: &DeliveryAttempt) -> ServeLine {
    let (app, field) = (&config.app(attempt.request.app).name, attempt.request.first.field().name());
    let thread = attempt.request.first.event.scope.thread().map(|thread| format!(" {}", config.thread_name(thread)));
    let more = match attempt.request.more.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let tone = if attempt.result.is_success() { LineTone::Good } else { LineTone::Bad };
    let result = match &attempt.result {
        DeliveryResult::Answered(status) => status.to_string(),
        DeliveryResult::Failed(why) => why.to_string(),
        DeliveryResult::Lost => "lost on its way".to_owned(),
    };
    let number = if attempt.attempt > 1 { format!(", attempt {}", attempt.attempt) } else { String::new() };
    ServeLine {
        tone,
        what: format!("{app} ← {field}{}{more}", thread.unwrap_or_default()),
        result,
        details: format!("{} ms{number}", attempt.took.as_millis()),
    }
}

/// What is surely a mistake, and what to do about it. What a fault caused is none.
pub fn mistake_of(config: &Config, entry: &LedgerEntry) -> Option<String> {
    match &entry.record {
        Record::GraphCall(call) if call.fault.is_none() => {
            let error = call.error.as_ref().filter(|error| error.message.starts_with(UNKNOWN_PATH))?;
            let (method, path) = method_and_path(call);
            let app = call.by.app().map_or("", |app| &config.app(app).name);
            Some(format!(
                "{app} called {method} {path}, which is no path of the Graph API: {}. Correct the path; docs/SUPPORTED.md lists them.",
                error.message.trim_end_matches('.')
            ))
        }
        Record::DeliveryAttempt(attempt) if attempt.fault.is_none() && attempt.attempt == 1 => {
            let (app, field) = (&config.app(attempt.request.app).name, attempt.request.first.field().name());
            let url = attempt.url.as_deref().unwrap_or_default();
            match &attempt.result {
                DeliveryResult::Answered(200..=299) | DeliveryResult::Lost => None,
                DeliveryResult::Answered(status) => Some(format!(
                    "{app} refused a webhook ({field}) with {status}, at {url}. Answer 200 at once, and do the work afterwards."
                )),
                DeliveryResult::Failed(why) if why.contains("certificate") => {
                    Some(format!("{app} cannot be sent a webhook ({field}) at {url}: {why}."))
                }
                DeliveryResult::Failed(why) => {
                    Some(format!("{app} did not answer a webhook ({field}) at {url}: {why}. Is the bot running there?"))
                }
            }
        }
        _ => None,
    }
}

/// The mistake of a call whose token belongs to no world.
pub fn unmatched_call(call: &str) -> String {
    let call = call.trim_end_matches('.');
    format!(
        "a call matched no world: {call}. Use a token of a world of this server: GET /_control/worlds/NAME shows them."
    )
}
