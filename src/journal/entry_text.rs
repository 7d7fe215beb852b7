//! Ledger entries in words, one line each, with names instead of ids. Snapshots of tests, `--verbose` and `explain` print them.

use std::fmt::{self, Display, Write};

use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{GraphCall, LedgerEntry, Record};
use crate::text::units::format_moment;

use super::call_json::call_line;
use super::call_text::{call_prefix, call_result_text};
use super::command_text::command_text;
use super::delivery_text::attempt_text;
use super::event_text::event_text;
use super::fault_text::fault_text;
use super::webhook_text::write_webhook;

/// The whole ledger, one line an entry.
pub fn transcript(config: &Config, ledger: &Ledger) -> String {
    let mut text = String::new();
    for entry in ledger.all() {
        if let Some(line) = entry_text(config, entry) {
            let indent = if entry.cause == entry.cursor { "" } else { "  " };
            let _ = writeln!(text, "{indent}{line}");
        }
    }
    text
}

/// An entry in words. `None` for entries that say nothing new.
pub fn entry_text<'e>(config: &'e Config, entry: &'e LedgerEntry) -> Option<EntryText<'e>> {
    let says_nothing = match &entry.record {
        Record::Happened(Event::WebhookEvent(_)) => true,
        record @ Record::Webhook { .. } => record.webhook().is_none(),
        Record::GraphCall(call) => call_result_text(call).is_none(),
        _ => false,
    };
    (!says_nothing).then_some(EntryText { config, entry })
}

/// An entry that is written in words.
pub struct EntryText<'e> {
    config: &'e Config,
    entry: &'e LedgerEntry,
}

impl Display for EntryText<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (config, record) = (self.config, &self.entry.record);
        match record {
            Record::Command { by, command } => {
                call_prefix(config, by).fmt(formatter)?;
                command_text(config, command).fmt(formatter)
            }
            Record::Refused { by, command, refusal } => {
                call_prefix(config, by).fmt(formatter)?;
                command_text(config, command).fmt(formatter)?;
                write!(formatter, " — refused: {}", refusal.reason)?;
                self.write_rule(formatter)
            }
            Record::Happened(event) => {
                event_text(config, event).fmt(formatter)?;
                match (event, self.entry.record.rule()) {
                    (Event::Allowed { .. }, Some(rule)) => write!(formatter, " by {rule}"),
                    _ => self.write_rule(formatter),
                }
            }
            Record::Webhook { .. } => write_webhook(formatter, config, record),
            Record::GraphCall(call) => {
                call_prefix(config, &call.by).fmt(formatter)?;
                formatter.write_str(&call_result_text(call).unwrap_or_default())?;
                self.write_rule(formatter)?;
                if let Some(number) = call.fault {
                    write!(formatter, "  (fault {number})")?;
                }
                match call_line(config, call) {
                    said if said.is_empty() => {}
                    said => write!(formatter, " — it said {said}")?,
                }
                write_cuts(formatter, call)
            }
            Record::Read { by, .. } => {
                call_prefix(config, by).fmt(formatter)?;
                formatter.write_str("read")?;
                self.write_rule(formatter)
            }
            Record::DeliveryAttempt(delivered) => attempt_text(config, delivered).fmt(formatter),
            Record::Armed { number, fault } => write!(formatter, "fault {number}: {}", fault_text(config, fault)),
            Record::Disarmed { number } => write!(formatter, "fault {number} was taken away"),
            Record::ClockTurned { to } => write!(formatter, "the clock shows {}", format_moment(*to)),
            Record::Warning { app: Some(app), text, .. } => {
                write!(formatter, "warning for {}: {text}", config.app(*app).name)
            }
            Record::Warning { app: None, text, .. } => write!(formatter, "warning: {text}"),
        }
    }
}

/// Says how long body and answer of a call were, if they were cut.
fn write_cuts(formatter: &mut fmt::Formatter<'_>, call: &GraphCall) -> fmt::Result {
    if let Some(bytes) = call.request.cut {
        write!(formatter, "  (its body was cut: it had {bytes} bytes)")?;
    }
    match call.answer_cut {
        Some(bytes) => write!(formatter, "  (its answer was cut: it had {bytes} bytes)"),
        None => Ok(()),
    }
}

impl EntryText<'_> {
    fn write_rule(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry.record.rule() {
            Some(rule) => {
                formatter.write_str("  (")?;
                formatter.write_str(rule.rule().id)?;
                formatter.write_char(')')
            }
            None => Ok(()),
        }
    }
}
