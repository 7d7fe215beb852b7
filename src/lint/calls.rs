//! Lint room: calls that are out of date, carry what nobody reads, or are refused.

use serde_json::Value;

use crate::domain::model::ids::AppKey;
use crate::domain::rules;
use crate::engine::ledger::{Actor, LedgerEntry, Record};
use crate::graph;

use super::context::{Case, thread_of};
use super::finding::{Finding, Lint};

/// Tags that Meta has ended.
const ENDED_TAGS: &[&str] = &["ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE"];

pub fn deprecated(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let ended = [rules::HANDOVER_DISABLED, rules::PAYLOAD_FORM_GONE];
    let refused =
        case.refused_commands().filter(|refused| refused.refusal.rule.is_some_and(|rule| ended.contains(&rule)));
    let calls = refused.map(|refused| {
        let what = format!("`{}` made a call that has ended: {}", case.app_name(refused.app), refused.refusal.reason);
        case.in_thread(lint, refused.app, (refused.entry, refused.thread), refused.refusal.rule, what)
    });
    let tagged = failed_calls(case).filter_map(|(entry, by)| {
        let (app, tag) = (by.app()?, ended_tag(entry)?);
        let what = format!("`{}` used the tag {tag}, which has ended", case.app_name(app));
        Some(case.finding(lint, app, entry, what))
    });
    calls.chain(tagged).collect()
}

fn ended_tag(entry: &LedgerEntry) -> Option<&'static str> {
    let Record::GraphCall { request, .. } = &entry.record else { return None };
    let parameters = graph::parameters(request);
    let tag = parameters.get("tag").and_then(Value::as_str)?;
    ENDED_TAGS.iter().find(|ended| ended.eq_ignore_ascii_case(tag)).copied()
}

pub fn version_gone(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let calls = case.entries().filter_map(|entry| match &entry.record {
        Record::GraphCall { by: Actor::Graph { app, .. }, request, .. } if !case.is_raw(entry.cause) => {
            Some((entry, *app, graph::version_gone(request.uri.path())?))
        }
        _ => None,
    });
    calls
        .map(|(entry, app, version)| {
            let what = format!("`{}` asked for {version}", case.app_name(app));
            case.finding(lint, app, entry, what)
        })
        .collect()
}

pub fn ignored_input(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let warned = case.entries().filter_map(|entry| match &entry.record {
        // What names a cause is about a delivery.
        Record::Warning { app: Some(app), text } if entry.cause == entry.cursor && !case.is_raw(entry.cause) => {
            Some((entry, *app, text))
        }
        _ => None,
    });
    warned
        .filter(|(entry, app, _)| !fails_next(case, entry, *app))
        .map(|(entry, app, text)| case.finding(lint, app, entry, format!("`{}`: {text}", case.app_name(app))))
        .collect()
}

/// Whether the call in which a warning was written was refused, and speaks for itself.
fn fails_next(case: &Case<'_>, warning: &LedgerEntry, app: AppKey) -> bool {
    let mut answered = case.from(warning.cursor).filter_map(|entry| match &entry.record {
        Record::GraphCall { by, error, .. } if by.app() == Some(app) => Some(error.is_some()),
        _ => None,
    });
    answered.next().unwrap_or(false)
}

/// Calls that were refused, by nobody's wish and by no fault.
fn failed_calls<'c>(case: &Case<'c>) -> impl Iterator<Item = (&'c LedgerEntry, &'c Actor)> {
    case.entries().filter_map(|entry| match &entry.record {
        Record::GraphCall { by, error: Some(_), fault: None, .. } if !case.is_provoked(entry.cause) => {
            Some((entry, by))
        }
        _ => None,
    })
}

pub fn refused(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let found = failed_calls(case).filter_map(|(entry, by)| {
        let (Actor::Graph { app, call }, Record::GraphCall { error: Some(error), rule, .. }) = (by, &entry.record)
        else {
            return None;
        };
        let (thread, of_command) = match case.ledger.get(entry.cause).map(|cause| &cause.record) {
            Some(Record::Refused { command, refusal, .. }) => (thread_of(command), refusal.rule),
            _ => (None, None),
        };
        let what = format!("`{}` called {call} and was answered: {}", case.app_name(*app), error.message);
        let finding = case.in_thread(lint, *app, (entry, thread), rule.or(of_command), what);
        Some(Finding { entries: vec![entry.cause, entry.cursor], ..finding })
    });
    found.collect()
}
