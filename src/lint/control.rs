//! Lint room: control that is moved wrongly, in vain, or not at all.

use crate::domain::command::{Command, ThreadControl};
use crate::domain::event::Event;
use crate::domain::refusal::Reason;
use crate::domain::rules;
use crate::engine::ledger::{LedgerEntry, Record};

use super::context::{Case, thread_of};
use super::finding::{Finding, Lint};

pub fn without_ownership(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let is_not_its = |reason: &Reason| matches!(reason, Reason::NotThreadOwner(_) | Reason::WrongRole { .. });
    let refused = case.refused_commands().filter(|refused| is_not_its(&refused.refusal.reason));
    refused
        .map(|refused| {
            let thread = refused.thread.map(|thread| case.thread_name(thread)).unwrap_or_default();
            let what =
                format!("`{}` tried to move control of {thread}, which is not its own", case.app_name(refused.app));
            case.in_thread(lint, refused.app, (refused.entry, refused.thread), refused.refusal.rule, what)
        })
        .collect()
}

pub fn type_missing(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let sends = case.executed().filter_map(|(entry, app, command)| match command {
        Command::Send(thread, _, send) => send.thread_control.filter(says_neither).map(|_| (entry, app, *thread)),
        _ => None,
    });
    sends
        .map(|(entry, app, thread)| {
            let what = format!("`{}` sent thread_control without control_type", case.app_name(app));
            let rule = Some(rules::CONTROL_TYPE_DEFAULTS_TO_RELEASE);
            case.in_thread(lint, app, (entry, Some(thread)), rule, what)
        })
        .collect()
}

fn says_neither(control: &ThreadControl) -> bool {
    control.payload.is_none() && control.control_type.is_none()
}

pub fn in_vain(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let vain = [rules::CONTROL_IGNORED, rules::RELEASE_NOT_OWNER];
    let warned = case.entries().filter_map(|entry| match &entry.record {
        Record::Happened(Event::Warning { app, text, rule }) if vain.contains(rule) && !case.is_raw(entry.cause) => {
            Some((entry, *app, text, *rule))
        }
        _ => None,
    });
    let thread = |entry: &LedgerEntry| match &case.ledger.get(entry.cause)?.record {
        Record::Command { command, .. } => thread_of(command),
        _ => None,
    };
    warned
        .map(|(entry, app, text, rule)| {
            let what = format!("`{}`: {text}", case.app_name(app));
            case.in_thread(lint, app, (entry, thread(entry)), Some(rule), what)
        })
        .collect()
}
