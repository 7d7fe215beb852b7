//! Ledger entries as JSON: what happened, to whom, by which rule, and in words. `kind` names what an entry says.

use serde_json::{Map, Value, json};

use crate::domain::event::{Channel, Decision, Event, ReceiverDecision, WebhookEvent};
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::engine::fault::Breakage;
use crate::engine::ledger_entry::{Actor, GraphCall, LedgerEntry, Record};
use crate::wire::escape::to_plain_bytes;
use crate::wire::webhook_json;

use super::delivery_json;
use super::entry_text::entry_text;
use super::fault_json::fault_json;
use crate::engine::subjects::subjects_of;
use crate::text::renamed::renamed_ledger_kind;
use crate::text::suggest::did_you_mean;
use crate::text::units::format_moment;

/// Whether an entry says how much real time something took. Nothing else differs from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durations {
    /// With durations.
    Real,
    /// Without them.
    LeftOut,
}

/// What an entry says, in one word.
pub fn kind(record: &Record) -> &'static str {
    match record {
        Record::Command { .. } => "command",
        Record::Refused { .. } => "refused",
        Record::Happened(event) => event_kind(event),
        Record::Webhook { .. } => "webhook",
        Record::GraphCall(call) if call.error.is_none() => "graph_call",
        Record::GraphCall(_) => "call_failed",
        Record::Read { .. } => "read",
        Record::DeliveryAttempt(_) => "delivery_attempt",
        Record::Armed { .. } => "fault_armed",
        Record::Disarmed { .. } => "fault_disarmed",
        Record::ClockTurned { .. } => "clock",
        Record::Warning { .. } => "warning",
    }
}

/// Every word that `kind` returns.
pub const KINDS: &[&str] = &[
    "command",
    "refused",
    "webhook_event",
    "routed",
    "owner_changed",
    "control_kept",
    "allowed",
    "shown",
    "window_opened",
    "setting_changed",
    "warning",
    "webhook",
    "graph_call",
    "call_failed",
    "read",
    "delivery_attempt",
    "delivery_state",
    "fault_armed",
    "fault_disarmed",
    "clock",
];

/// The message about a kind that does not exist.
pub fn unknown_kind(name: &str) -> String {
    match renamed_ledger_kind(name) {
        Some(now) => format!("there is no kind `{name}`; it is `{now}` now"),
        None => {
            let nearest = did_you_mean(name, KINDS.iter().copied());
            format!("there is no kind `{name}`{nearest} (known are: {})", KINDS.join(", "))
        }
    }
}

fn event_kind(event: &Event) -> &'static str {
    match event {
        Event::WebhookEvent(_) => "webhook_event",
        Event::Routed { .. } => "routed",
        Event::OwnerChanged { .. } => "owner_changed",
        Event::ControlKept { .. } => "control_kept",
        Event::Allowed { .. } => "allowed",
        Event::Shown { .. } => "shown",
        Event::WindowOpened { .. } => "window_opened",
        Event::SettingChanged { .. } => "setting_changed",
        Event::Delivery { .. } => "delivery_state",
        Event::Warning { .. } => "warning",
    }
}

/// Entries as JSON Lines. The keys of each object are always in the same order.
pub fn json_lines<'e>(
    config: &Config,
    entries: impl IntoIterator<Item = &'e LedgerEntry>,
    durations: Durations,
) -> Vec<u8> {
    let mut lines = Vec::new();
    for entry in entries {
        lines.extend(to_plain_bytes(&whole_entry_json(config, entry, durations)));
        lines.push(b'\n');
    }
    lines
}

/// An entry as JSON, with the headers and body that it sent.
pub fn whole_entry_json(config: &Config, entry: &LedgerEntry, durations: Durations) -> Value {
    let mut value = entry_json(config, entry, durations);
    if let (Record::DeliveryAttempt(delivered), Value::Object(map)) = (&entry.record, &mut value) {
        map.insert("sent".to_owned(), delivery_json::sent_request_json(config, delivered));
    }
    value
}

/// An entry as JSON.
pub fn entry_json(config: &Config, entry: &LedgerEntry, durations: Durations) -> Value {
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
    put("cursor", json!(entry.cursor));
    put("cause", json!(entry.cause));
    put("at", json!(format_moment(entry.at)));
    put("kind", json!(kind(&entry.record)));
    if let Some(rule) = entry.record.rule() {
        put("rule", json!(rule.rule().id));
    }
    let subjects = subjects_of(&entry.record);
    if let Some(app) = subjects.app {
        put("app", json!(config.app(app).name));
    }
    if let Some(page) = subjects.page {
        put("page", json!(config.page(page).name));
    }
    if let Some(thread) = subjects.thread {
        put("person", json!(config.person(thread.person).name));
    }
    if let Some(text) = entry_text(config, entry) {
        put("text", json!(text));
    }
    put_details(config, &entry.record, durations, &mut put);
    Value::Object(map)
}

fn put_details(
    config: &Config,
    record: &Record,
    durations: Durations,
    put: &mut impl FnMut(&str, Value) -> Option<Value>,
) {
    match record {
        Record::Webhook { webhook_event, .. } => {
            if let Some((_, decision)) = record.webhook() {
                put_webhook(config, webhook_event, decision, put);
            }
        }
        Record::Happened(Event::OwnerChanged { from, to, .. }) => {
            let name = |app: &Option<AppKey>| app.map(|app| config.app(app).name.clone());
            put("from", json!(name(from)));
            put("to", json!(name(to)));
        }
        Record::Armed { number, fault } => {
            put("fault", json!(number));
            put("armed", Value::Object(fault_json(config, fault)));
        }
        Record::Disarmed { number } => {
            put("fault", json!(number));
        }
        Record::GraphCall(call) => {
            let GraphCall { by, status, error, fault, lost, .. } = &**call;
            if let Some(fault) = fault {
                put("fault", json!(fault));
            }
            if let Actor::Graph { call, .. } = by {
                put("call", json!(&**call));
            }
            if let Some(lost) = lost {
                put("lost", json!(lost));
            }
            // An answer that never left has no status.
            if lost.and_then(Breakage::parse).is_none_or(Breakage::needs_answer) {
                put("status", json!(status));
            }
            if let Some(error) = error {
                put("code", json!(error.code));
                put("subcode", json!(error.subcode));
                put("message", json!(error.message));
            }
        }
        Record::DeliveryAttempt(delivered) => delivery_json::put_attempt(delivered, durations == Durations::Real, put),
        Record::Happened(Event::Delivery { news, .. }) => delivery_json::put_news(news, put),
        _ => {}
    }
}

fn put_webhook(
    config: &Config,
    webhook_event: &WebhookEvent,
    decision: &ReceiverDecision,
    put: &mut impl FnMut(&str, Value) -> Option<Value>,
) {
    put("field", json!(decision.field(&webhook_event.payload).name()));
    let (word, channel) = match decision.decision {
        Decision::Deliver(channel, _) => ("deliver", channel),
        Decision::Withhold(channel) => ("withhold", channel),
    };
    put("decision", json!(word));
    put("channel", json!(if channel == Channel::Standby { "standby" } else { "messaging" }));
    if let Decision::Deliver(channel, view) = decision.decision {
        put("body", webhook_json(config, webhook_event, channel, view));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_kind_names_the_new_word_or_all_words() {
        for old in ["asked", "called", "delivered", "delivery", "notice"] {
            let now = renamed_ledger_kind(old).unwrap_or_default();
            assert!(KINDS.contains(&now), "{old}");
            assert_eq!(unknown_kind(old), format!("there is no kind `{old}`; it is `{now}` now"));
        }
        let banana = unknown_kind("banana");
        assert!(KINDS.iter().all(|kind| banana.contains(kind)), "{banana}");
        assert!(unknown_kind("graph_cal").contains("did you mean `graph_call`?"));
    }
}
