//! Ledger entries in words, one line each, with names instead of ids. Snapshots of tests, `--verbose` and `explain` print them.

use std::fmt::Write;

use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{LedgerEntry, Record};
use crate::text::units::format_moment;

use super::call_text::{call_prefix, call_result_text};
use super::command_text::command_text;
use super::delivery_text::attempt_text;
use super::event_text::event_text;
use super::fault_text::fault_text;
use super::webhook_text::webhook_text;

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
pub fn entry_text(config: &Config, entry: &LedgerEntry) -> Option<String> {
    let rule = entry.record.rule().map(|rule| format!("  ({rule})")).unwrap_or_default();
    Some(match &entry.record {
        Record::Command { by, command } => format!("{}{}", call_prefix(config, by), command_text(config, command)),
        Record::Refused { by, command, refusal } => {
            format!("{}{} — refused: {}{rule}", call_prefix(config, by), command_text(config, command), refusal.reason)
        }
        Record::Happened(Event::WebhookEvent(_)) => return None,
        Record::Happened(event) => format!("{}{rule}", event_text(config, event)),
        Record::Webhook { .. } => webhook_text(config, entry)?,
        Record::GraphCall(call) => {
            let fault = call.fault.map(|number| format!("  (fault {number})")).unwrap_or_default();
            format!("{}{}{rule}{fault}", call_prefix(config, &call.by), call_result_text(call)?)
        }
        Record::Read { by, .. } => format!("{}read{rule}", call_prefix(config, by)),
        Record::DeliveryAttempt(delivered) => attempt_text(config, delivered),
        Record::Armed { number, fault } => format!("fault {number}: {}", fault_text(config, fault)),
        Record::Disarmed { number } => format!("fault {number} was taken away"),
        Record::ClockTurned { to } => format!("the clock shows {}", format_moment(*to)),
        Record::Warning { app, text } => match app {
            Some(app) => format!("warning for {}: {text}", config.app(*app).name),
            None => format!("warning: {text}"),
        },
    })
}
