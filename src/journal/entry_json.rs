//! Ledger entries as JSON: what happened, to whom, by which rule, and in words. `kind` names what an entry says.

use std::fmt::Display;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::domain::event::{Decision, Event, ReceiverDecision, WebhookEvent};
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::engine::ledger_entry::{Actor, LedgerEntry, Record, WarningKind};
use crate::wire::escape::write_plain;
use crate::wire::webhook_view;

use super::call_json;
use super::delivery_json::{self, SentRequest};
use super::entry_text::entry_text;
use super::fault_json::fault_json;
use super::moment_json::MomentView;
use super::secrets::Secrets;
use super::thread_of::thread_of;
use crate::engine::subjects::subjects_of;
use crate::text::renamed::renamed_ledger_kind;
use crate::text::suggest::did_you_mean;

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
    "applied",
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
        Event::Applied { .. } => "applied",
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
    secrets: Secrets,
) -> Vec<u8> {
    let mut lines = Vec::new();
    for entry in entries {
        write_plain(&mut lines, &EntryView::whole(config, entry, durations).with_secrets(secrets));
        lines.push(b'\n');
    }
    lines
}

/// Entries as a list, without what attempts to deliver sent.
pub struct EntryList<'e> {
    pub config: &'e Config,
    pub entries: &'e [LedgerEntry],
    pub durations: Durations,
    pub secrets: Secrets,
    /// True if what an attempt sent and what a call was answered are there, too.
    pub whole: bool,
}

impl Serialize for EntryList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { config, durations, secrets, whole, .. } = *self;
        serializer.collect_seq(self.entries.iter().map(|entry| EntryView { config, entry, durations, secrets, whole }))
    }
}

/// An entry as it is written as JSON.
pub struct EntryView<'e> {
    config: &'e Config,
    entry: &'e LedgerEntry,
    durations: Durations,
    secrets: Secrets,
    whole: bool,
}

impl<'e> EntryView<'e> {
    /// An entry without the request that an attempt to deliver sent, and without the answer to a call.
    pub fn brief(config: &'e Config, entry: &'e LedgerEntry, durations: Durations) -> Self {
        Self { config, entry, durations, secrets: Secrets::Masked, whole: false }
    }

    /// An entry with the headers and body that it sent, and what it was answered.
    pub fn whole(config: &'e Config, entry: &'e LedgerEntry, durations: Durations) -> Self {
        Self { whole: true, ..Self::brief(config, entry, durations) }
    }

    /// The same entry, with or without the secrets of its call.
    #[must_use]
    pub fn with_secrets(self, secrets: Secrets) -> Self {
        Self { secrets, ..self }
    }

    /// The entry as a value, for readers that look into it.
    pub fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Serialize for EntryView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { config, entry, .. } = *self;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("cursor", &entry.cursor)?;
        members.serialize_entry("cause", &entry.cause)?;
        members.serialize_entry("at", &MomentView(entry.at))?;
        members.serialize_entry("kind", kind(&entry.record))?;
        if let Some(rule) = entry.record.rule() {
            members.serialize_entry("rule", rule.rule().id)?;
        }
        write_subjects(&mut members, config, &entry.record)?;
        if let Some(text) = entry_text(config, entry) {
            members.serialize_entry("text", &Words(text))?;
        }
        self.write_details(&mut members)?;
        if let (true, Record::DeliveryAttempt(delivered)) = (self.whole, &entry.record) {
            members.serialize_entry("sent", &SentRequest::of(config, delivered))?;
        }
        members.end()
    }
}

/// What displays itself, as text.
struct Words<W>(W);

impl<W: Display> Serialize for Words<W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

fn write_subjects<M: SerializeMap>(members: &mut M, config: &Config, record: &Record) -> Result<(), M::Error> {
    let subjects = subjects_of(record);
    let thread = thread_of(config, record);
    if let Some(app) = subjects.app {
        members.serialize_entry("app", &config.app(app).name)?;
    }
    if let Some(page) = subjects.page.or(thread.map(|thread| thread.asset)) {
        members.serialize_entry("page", &config.asset(page).name)?;
    }
    if let Some(thread) = thread {
        members.serialize_entry("person", &config.person_name(thread.person))?;
    }
    Ok(())
}

impl EntryView<'_> {
    /// Writes what only entries of this kind have.
    fn write_details<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        let config = self.config;
        match &self.entry.record {
            record @ Record::Webhook { .. } => match record.webhook() {
                Some((webhook_event, decision)) => write_webhook(members, config, webhook_event, decision),
                None => Ok(()),
            },
            Record::Happened(Event::OwnerChanged { from, to, .. }) => {
                let name = |app: &Option<AppKey>| app.map(|app| &config.app(app).name);
                members.serialize_entry("from", &name(from))?;
                members.serialize_entry("to", &name(to))
            }
            Record::Armed { number, fault } => {
                members.serialize_entry("fault", number)?;
                members.serialize_entry("armed", &fault_json(config, fault))
            }
            Record::Disarmed { number } => members.serialize_entry("fault", number),
            Record::GraphCall(call) => {
                if let Actor::Graph { call, .. } = &call.by {
                    members.serialize_entry("call", &**call)?;
                }
                call_json::write_result(members, call)?;
                call_json::write_contents(members, call, self.secrets, self.whole)
            }
            Record::DeliveryAttempt(delivered) => {
                delivery_json::write_attempt(members, delivered, self.durations == Durations::Real)
            }
            Record::Warning { kind: WarningKind::NeverSent, .. } => members.serialize_entry("warning", "never_sent"),
            Record::Happened(Event::Delivery { news, .. }) => delivery_json::write_news(members, news),
            _ => Ok(()),
        }
    }
}

fn write_webhook<M: SerializeMap>(
    members: &mut M,
    config: &Config,
    webhook_event: &WebhookEvent,
    decision: &ReceiverDecision,
) -> Result<(), M::Error> {
    let (word, channel) = match decision.decision {
        Decision::Deliver(channel, _) => ("deliver", channel),
        Decision::Withhold(channel) => ("withhold", channel),
    };
    members.serialize_entry("field", decision.field(webhook_event).name())?;
    members.serialize_entry("decision", word)?;
    members.serialize_entry("channel", channel.name())?;
    match decision.decision {
        Decision::Deliver(channel, view) => {
            members.serialize_entry("body", &webhook_view(config, webhook_event, channel, view))
        }
        Decision::Withhold(_) => Ok(()),
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

    #[test]
    fn the_page_about_the_ledger_names_every_kind() {
        let page = include_str!("../../docs/LEDGER.md");
        let rows: String = page.lines().filter(|line| line.starts_with("| `")).collect();
        assert!(KINDS.iter().all(|kind| rows.contains(&format!("`{kind}`"))), "{rows}");
    }
}
