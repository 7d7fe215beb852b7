//! Lints about calls that are deprecated, have input that is ignored, or are refused.

use serde_json::Value;

use crate::domain::model::ids::AppKey;
use crate::domain::rules;
use crate::engine::ledger_entry::{Actor, LedgerEntry, Record, WarningKind};
use crate::graph;

use super::context::{LintContext, thread_of};
use super::occurrence::Occurrence;

/// Tags that Meta has removed.
const REMOVED_TAGS: &[&str] = &["ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE"];

pub fn deprecated(context: &LintContext<'_>) -> Vec<Occurrence> {
    let removed = [rules::HANDOVER_DISABLED, rules::PAYLOAD_FORM_GONE];
    let refused =
        context.refused_commands().filter(|refused| refused.refusal.rule.is_some_and(|rule| removed.contains(&rule)));
    let calls = refused.map(|refused| {
        let what = format!(
            "`{}` made a call that Meta has removed: {}",
            context.app_name(refused.app),
            refused.refusal.reason
        );
        context.occurrence_in_thread(refused.app, (refused.entry, refused.thread), refused.refusal.rule, what)
    });
    let tagged = failed_calls(context).filter_map(|(entry, by)| {
        let (app, tag) = (by.app()?, removed_tag(entry)?);
        let what = format!("`{}` used the tag {tag}, which Meta has removed", context.app_name(app));
        Some(context.occurrence(app, entry, what))
    });
    calls.chain(tagged).collect()
}

fn removed_tag(entry: &LedgerEntry) -> Option<&'static str> {
    let Record::GraphCall(call) = &entry.record else { return None };
    let parameters = graph::parameters(&call.request);
    let tag = parameters.get("tag").and_then(Value::as_str)?;
    REMOVED_TAGS.iter().find(|removed| removed.eq_ignore_ascii_case(tag)).copied()
}

pub fn version_gone(context: &LintContext<'_>) -> Vec<Occurrence> {
    let calls = context.entries().filter_map(|entry| match &entry.record {
        Record::GraphCall(call) if !context.is_raw_call(entry.cause) => {
            Some((entry, call.by.app()?, graph::version_gone(call.request.uri().path())?))
        }
        _ => None,
    });
    calls
        .map(|(entry, app, version)| {
            let what = format!("`{}` asked for {version}", context.app_name(app));
            context.occurrence(app, entry, what)
        })
        .collect()
}

pub fn ignored_input(context: &LintContext<'_>) -> Vec<Occurrence> {
    let warned = context.entries().filter_map(|entry| match &entry.record {
        // A warning with another cause is about a delivery.
        Record::Warning { app: Some(app), kind: WarningKind::Problem, text }
            if entry.cause == entry.cursor && !context.is_raw_call(entry.cause) =>
        {
            Some((entry, *app, text))
        }
        _ => None,
    });
    warned
        .filter(|(entry, app, _)| !is_refused(context, entry, *app))
        .map(|(entry, app, text)| context.occurrence(app, entry, format!("`{}`: {text}", context.app_name(app))))
        .collect()
}

/// True if the call that a warning belongs to was refused. Then the refusal says enough.
fn is_refused(context: &LintContext<'_>, warning: &LedgerEntry, app: AppKey) -> bool {
    let mut results = context.entries_after(warning.cursor).filter_map(|entry| match &entry.record {
        Record::GraphCall(call) if call.by.app() == Some(app) => Some(call.error.is_some()),
        _ => None,
    });
    results.next().unwrap_or(false)
}

pub fn late(context: &LintContext<'_>) -> Vec<Occurrence> {
    let Some(ended) = context.ended else { return Vec::new() };
    let calls = context.entries_after(ended).filter_map(|entry| match &entry.record {
        Record::GraphCall(call) => match &call.by {
            Actor::Graph { app, call } => Some((entry, *app, call)),
            _ => None,
        },
        _ => None,
    });
    calls
        .map(|(entry, app, call)| {
            let thread = context.ledger.get(entry.cause).and_then(|cause| match &cause.record {
                Record::Command { command, .. } | Record::Refused { command, .. } => thread_of(command),
                _ => None,
            });
            let what = format!("`{}` called {call} after the scenario had ended", context.app_name(app));
            context.occurrence_in_thread(app, (entry, thread), None, what)
        })
        .collect()
}

/// Refused calls that neither a step nor a fault caused.
fn failed_calls<'c>(context: &LintContext<'c>) -> impl Iterator<Item = (&'c LedgerEntry, &'c Actor)> {
    context.entries().filter_map(|entry| match &entry.record {
        Record::GraphCall(call)
            if call.error.is_some() && call.fault.is_none() && !context.is_provoked(entry.cause) =>
        {
            Some((entry, &call.by))
        }
        _ => None,
    })
}

pub fn refused(context: &LintContext<'_>) -> Vec<Occurrence> {
    let found = failed_calls(context).filter_map(|(entry, by)| {
        let (Actor::Graph { app, call }, Record::GraphCall(result)) = (by, &entry.record) else { return None };
        let error = result.error.as_ref()?;
        let (thread, of_command) = match context.ledger.get(entry.cause).map(|cause| &cause.record) {
            Some(Record::Refused { command, refusal, .. }) => (thread_of(command), refusal.rule),
            _ => (None, None),
        };
        let what = format!("`{}` called {call} and was answered: {}", context.app_name(*app), error.message);
        let occurrence = context.occurrence_in_thread(*app, (entry, thread), result.rule.or(of_command), what);
        Some(Occurrence { entries: vec![entry.cause, entry.cursor], ..occurrence })
    });
    found.collect()
}
