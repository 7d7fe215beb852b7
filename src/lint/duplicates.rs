//! Lint room: webhooks that come more than once, as Meta's do when it is not sure. The ledger has an entry for each attempt to deliver.

use std::collections::BTreeMap;

use crate::domain::command::{Command, Send};
use crate::engine::ledger::{Actor, LedgerEntry, Record};

use super::context::Case;
use super::deliveries::deliveries;
use super::finding::{Finding, Lint};
use super::user_webhooks::{Heard, heard, heard_by};

/// A webhook that was delivered more than once, and answered in the same words again after the first attempt was over.
pub fn answered_twice(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let attempts = attempts(case);
    let again = |heard: &Heard<'_>| match attempts.get(&heard.entry.cursor).map(Vec::as_slice) {
        Some([first, _, ..]) => answered_again(lint, case, heard, *first),
        _ => None,
    };
    heard(case).filter_map(|heard| again(&heard)).collect()
}

/// The attempts to deliver each webhook, by their cursors.
fn attempts(case: &Case<'_>) -> BTreeMap<u64, Vec<u64>> {
    let mut attempts: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for delivery in deliveries(case) {
        attempts.entry(delivery.webhook).or_default().push(delivery.entry.cursor);
    }
    attempts
}

fn answered_again(lint: &'static Lint, case: &Case<'_>, heard: &Heard<'_>, first: u64) -> Option<Finding> {
    let answers = answers(case, heard);
    let (place, (again, _)) = answers.iter().enumerate().find(|(place, (entry, send))| {
        // An app that takes a webhook before it answers says everything after the first attempt.
        entry.cursor > first && answers[..*place].iter().any(|(_, other)| other.content == send.content)
    })?;
    let said = answers[..place].iter().find(|(_, other)| other.content == answers[place].1.content)?.0.cursor;
    let what = format!("`{}` answered a webhook that came again a second time", case.app_name(heard.app));
    let finding = case.in_thread(lint, heard.app, (heard.entry, Some(heard.thread)), None, what);
    Some(Finding { entries: vec![heard.entry.cursor, said, again.cursor], ..finding })
}

/// What the app sent into the thread until it heard the next thing of the person.
fn answers<'c>(case: &Case<'c>, to: &Heard<'c>) -> Vec<(&'c LedgerEntry, &'c Send)> {
    let is_next =
        |entry: &LedgerEntry| heard_by(entry).is_some_and(|next| next.app == to.app && next.thread == to.thread);
    let until_next = case.from(to.entry.cursor).take_while(|entry| !is_next(entry));
    until_next.filter_map(|entry| Some((entry, sent(entry, to)?))).collect()
}

fn sent<'c>(entry: &'c LedgerEntry, to: &Heard<'_>) -> Option<&'c Send> {
    match &entry.record {
        Record::Command { by: Actor::Graph { app, .. }, command } if *app == to.app => match &**command {
            Command::Send(thread, _, send) if *thread == to.thread => Some(send),
            _ => None,
        },
        _ => None,
    }
}
