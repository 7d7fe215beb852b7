//! The lint about webhooks that come more than once, as Meta's do. The ledger has an entry for each attempt to deliver.

use std::collections::BTreeMap;

use crate::domain::command::{Command, Send};
use crate::engine::ledger_entry::{Actor, LedgerEntry, Record};

use super::context::LintContext;
use super::occurrence::Occurrence;
use super::user_webhooks::{UserWebhook, user_webhook, user_webhooks};
use super::webhook_attempts::webhook_attempts;

/// A webhook that was delivered more than once, and whose answer the app repeated after the first attempt was over.
pub fn answered_twice(context: &LintContext<'_>) -> Vec<Occurrence> {
    let attempts = attempts(context);
    let repeated = |webhook: UserWebhook<'_>| match attempts.get(&webhook.entry.cursor).map(Vec::as_slice) {
        Some([first, _, ..]) => repeated_answer(context, &webhook, *first),
        _ => None,
    };
    user_webhooks(context).filter_map(repeated).collect()
}

/// The attempts to deliver each webhook, by their cursors.
fn attempts(context: &LintContext<'_>) -> BTreeMap<u64, Vec<u64>> {
    let mut attempts: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for attempt in webhook_attempts(context) {
        attempts.entry(attempt.webhook).or_default().push(attempt.entry.cursor);
    }
    attempts
}

/// The answer that the app gave again after the attempt `first_attempt`.
fn repeated_answer(context: &LintContext<'_>, webhook: &UserWebhook<'_>, first_attempt: u64) -> Option<Occurrence> {
    let answers = answers(context, webhook);
    let (place, (repetition, _)) = answers.iter().enumerate().find(|(place, (entry, send))| {
        // An app may accept a webhook before it answers; then both answers come after the first attempt.
        entry.cursor > first_attempt && answers[..*place].iter().any(|(_, other)| other.content == send.content)
    })?;
    let original = answers[..place].iter().find(|(_, other)| other.content == answers[place].1.content)?.0.cursor;
    let what = format!("`{}` answered a webhook a second time when it came again", context.app_name(webhook.app));
    let occurrence = context.occurrence_in_thread(webhook.app, (webhook.entry, Some(webhook.thread)), None, what);
    Some(Occurrence { entries: vec![webhook.entry.cursor, original, repetition.cursor], ..occurrence })
}

/// What the app sent into the thread before it received the person's next message.
fn answers<'c>(context: &LintContext<'c>, to: &UserWebhook<'c>) -> Vec<(&'c LedgerEntry, &'c Send)> {
    let is_next =
        |entry: &LedgerEntry| user_webhook(entry).is_some_and(|next| next.app == to.app && next.thread == to.thread);
    let until_next = context.entries_after(to.entry.cursor).take_while(|entry| !is_next(entry));
    until_next.filter_map(|entry| Some((entry, sent(entry, to)?))).collect()
}

fn sent<'c>(entry: &'c LedgerEntry, to: &UserWebhook<'_>) -> Option<&'c Send> {
    match &entry.record {
        Record::Command { by: Actor::Graph { app, .. }, command } if *app == to.app => match &**command {
            Command::Send(thread, _, send) if *thread == to.thread => Some(send),
            _ => None,
        },
        _ => None,
    }
}
