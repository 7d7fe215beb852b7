//! Lints about control that an app moves without being allowed to, or without effect.

use crate::domain::command::{Command, ThreadControl};
use crate::domain::event::Event;
use crate::domain::refusal::Reason;
use crate::domain::rules;
use crate::engine::ledger_entry::{LedgerEntry, Record};

use super::context::{LintContext, thread_of};
use super::occurrence::Occurrence;

pub fn without_ownership(context: &LintContext<'_>) -> Vec<Occurrence> {
    let is_not_allowed = |reason: &Reason| matches!(reason, Reason::NotThreadOwner(_) | Reason::WrongRole { .. });
    let refused = context.refused_commands().filter(|refused| is_not_allowed(&refused.refusal.reason));
    refused
        .map(|refused| {
            let thread = refused.thread.map(|thread| context.config().full_thread_name(thread)).unwrap_or_default();
            let what =
                format!("`{}` tried to move control of {thread}, which is not its own", context.app_name(refused.app));
            context.occurrence_in_thread(refused.app, (refused.entry, refused.thread), refused.refusal.rule, what)
        })
        .collect()
}

pub fn type_missing(context: &LintContext<'_>) -> Vec<Occurrence> {
    let sends = context.executed_commands().filter_map(|(entry, app, command)| match command {
        Command::Send(thread, _, send) => send.thread_control.filter(names_no_type).map(|_| (entry, app, *thread)),
        _ => None,
    });
    sends
        .map(|(entry, app, thread)| {
            let what = format!("`{}` sent thread_control without control_type", context.app_name(app));
            let rule = Some(rules::CONTROL_TYPE_DEFAULTS_TO_RELEASE);
            context.occurrence_in_thread(app, (entry, Some(thread)), rule, what)
        })
        .collect()
}

fn names_no_type(control: &ThreadControl) -> bool {
    control.payload.is_none() && control.control_type.is_none()
}

pub fn in_vain(context: &LintContext<'_>) -> Vec<Occurrence> {
    let without_effect = [rules::CONTROL_IGNORED, rules::RELEASE_NOT_OWNER];
    let warned = context.entries().filter_map(|entry| match &entry.record {
        Record::Happened(Event::Warning { app, text, rule })
            if without_effect.contains(rule) && !context.is_raw_call(entry.cause) =>
        {
            Some((entry, *app, text, *rule))
        }
        _ => None,
    });
    let thread = |entry: &LedgerEntry| match &context.ledger.get(entry.cause)?.record {
        Record::Command { command, .. } => thread_of(command),
        _ => None,
    };
    warned
        .map(|(entry, app, text, rule)| {
            let what = format!("`{}`: {text}", context.app_name(app));
            context.occurrence_in_thread(app, (entry, thread(entry)), Some(rule), what)
        })
        .collect()
}
