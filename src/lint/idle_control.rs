//! The lint about control that an app keeps until it lapses. A conversation may end like that, but not while the person or another app
//! waits.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::command::Command;
use crate::domain::event::{Channel, Decision, Event, WebhookPayload};
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::refusal::Reason;
use crate::domain::rules::{self, RuleId};
use crate::engine::ledger_entry::{LedgerEntry, Record};
use crate::journal::owner_history::unrecorded_lapse;

use super::context::LintContext;
use super::occurrence::Occurrence;
use super::user_webhooks::user_webhook;

/// Who waits in a thread, with the entry that shows it.
#[derive(Default)]
struct Waiters<'c> {
    /// The person waits for an answer of this app.
    person: Option<(AppKey, &'c LedgerEntry)>,
    /// Another app waits for the thread.
    app: Option<&'c LedgerEntry>,
}

/// A lapse of control.
struct Lapse {
    thread: ThreadKey,
    app: AppKey,
    rule: RuleId,
}

pub fn kept(context: &LintContext<'_>) -> Vec<Occurrence> {
    let accepted = accepted(context);
    let mut waiting: BTreeMap<ThreadKey, Waiters<'_>> = BTreeMap::new();
    let mut found = Vec::new();
    for entry in context.entries() {
        if let Some((thread, lapse)) = owner_changed(entry) {
            let waiters = waiting.remove(&thread).unwrap_or_default();
            found.extend(lapse.and_then(|lapse| occurrence(context, &lapse, &waiters)));
        }
        update_waiters(context, &accepted, entry, &mut waiting);
    }
    // A lapse after the last command of a thread has no entry yet.
    for (thread, waiters) in waiting {
        found.extend(lapse_without_entry(context, thread).and_then(|lapse| occurrence(context, &lapse, &waiters)));
    }
    found
}

fn occurrence(context: &LintContext<'_>, lapse: &Lapse, waiters: &Waiters<'_>) -> Option<Occurrence> {
    let person = waiters.person.filter(|(app, _)| *app == lapse.app).map(|(_, entry)| entry);
    let (entry, who) = match (person, waiters.app) {
        (Some(entry), _) => (entry, "left the person without an answer"),
        (None, Some(entry)) => (entry, "left another app waiting for it"),
        (None, None) => return None,
    };
    let what = format!("`{}` kept control until it lapsed, and {who}", context.app_name(lapse.app));
    let is_real = (context.is_real)(lapse.app);
    is_real.then(|| context.occurrence_in_thread(lapse.app, (entry, Some(lapse.thread)), Some(lapse.rule), what))
}

/// The thread whose owner changed, and the lapse if that is why.
fn owner_changed(entry: &LedgerEntry) -> Option<(ThreadKey, Option<Lapse>)> {
    let Record::Happened(Event::OwnerChanged { thread, from, rule, .. }) = &entry.record else { return None };
    let lapse = from.filter(|_| is_lapse(*rule)).map(|app| Lapse { thread: *thread, app, rule: *rule });
    Some((*thread, lapse))
}

fn is_lapse(rule: RuleId) -> bool {
    [rules::IDLE_RELEASE, rules::IDLE_TO_NOBODY].contains(&rule)
}

/// The lapse of a thread's control since its last command.
fn lapse_without_entry(context: &LintContext<'_>, thread: ThreadKey) -> Option<Lapse> {
    let change = unrecorded_lapse(context.world, thread, context.now).filter(|change| is_lapse(change.rule))?;
    Some(Lapse { thread, app: change.from?, rule: change.rule })
}

/// Adds who begins to wait with this entry, and removes who no longer waits.
fn update_waiters<'c>(
    context: &LintContext<'c>,
    accepted: &BTreeSet<u64>,
    entry: &'c LedgerEntry,
    waiting: &mut BTreeMap<ThreadKey, Waiters<'c>>,
) {
    // A real app knows only the webhooks that it accepted. Deliveries to a puppet have no entry.
    let has_received = |app: AppKey| accepted.contains(&entry.cursor) || !(context.is_real)(app);
    let received =
        user_webhook(entry).filter(|webhook| webhook.channel == Channel::Messaging && has_received(webhook.app));
    if let Some(webhook) = received {
        waiting.entry(webhook.thread).or_default().person = Some((webhook.app, entry));
    }
    match &entry.record {
        Record::Command { command, .. } => {
            if let Command::Send(thread, app, _) = &**command {
                let waiters = waiting.entry(*thread).or_default();
                waiters.person = waiters.person.filter(|(awaited, _)| awaited != app);
            }
        }
        Record::Refused { command, refusal, .. }
            if refusal.reason == Reason::AnotherAppControls && !context.is_provoked(entry.cause) =>
        {
            if let Command::Send(thread, ..) = &**command {
                waiting.entry(*thread).or_default().app = Some(entry);
            }
        }
        record => {
            if let Some((thread, _)) = requested_thread(record).filter(|(_, owner)| has_received(*owner)) {
                waiting.entry(thread).or_default().app = Some(entry);
            }
        }
    }
}

/// The thread that another app requested from its owner, and the owner.
fn requested_thread(record: &Record) -> Option<(ThreadKey, AppKey)> {
    let (webhook_event, decision) = record.webhook()?;
    let is_delivered = matches!(decision.decision, Decision::Deliver(..));
    let is_request = matches!(webhook_event.payload, WebhookPayload::Requested { .. });
    let thread = webhook_event.scope.thread().filter(|_| is_delivered && is_request)?;
    Some((thread, decision.app))
}

/// The entries of the webhooks that their app accepted.
fn accepted(context: &LintContext<'_>) -> BTreeSet<u64> {
    let accepted = context.entries().filter_map(|entry| match &entry.record {
        Record::DeliveryAttempt(attempt) if attempt.result.is_success() => Some(&attempt.request),
        _ => None,
    });
    accepted.flat_map(|request| request.items().map(|item| item.entry)).collect()
}
