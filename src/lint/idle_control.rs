//! Lint room: control that is kept until it lapses. That alone is how a conversation ends that the person leaves; it is wrong where
//! somebody waited.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::command::Command;
use crate::domain::event::{Channel, Decision, Event, WebhookPayload};
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::refusal::Reason;
use crate::domain::rules::{self, RuleId};
use crate::engine::ledger::{Entry, Record};

use super::context::Case;
use super::finding::{Finding, Lint};
use super::user_webhooks::heard_by;

/// Who waits in a thread.
#[derive(Default)]
struct Waiting<'c> {
    /// The person, for an answer of this app.
    person: Option<(AppKey, &'c Entry)>,
    /// Another app, for the thread.
    app: Option<&'c Entry>,
}

/// Control of a thread lapsed.
struct Lapse {
    thread: ThreadKey,
    app: AppKey,
    rule: RuleId,
}

pub fn kept(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let taken = taken(case);
    let mut waiting: BTreeMap<ThreadKey, Waiting<'_>> = BTreeMap::new();
    let mut findings = Vec::new();
    for entry in case.entries() {
        if let Some((thread, lapse)) = owner_changed(entry) {
            let waited = waiting.remove(&thread).unwrap_or_default();
            findings.extend(lapse.and_then(|lapse| found(lint, case, &lapse, &waited)));
        }
        note(case, &taken, entry, &mut waiting);
    }
    // Control that has lapsed since the last turn of its thread stands in no entry yet.
    for (thread, waited) in waiting {
        findings.extend(lapsed_since(case, thread).and_then(|lapse| found(lint, case, &lapse, &waited)));
    }
    findings
}

fn found(lint: &'static Lint, case: &Case<'_>, lapse: &Lapse, waited: &Waiting<'_>) -> Option<Finding> {
    let person = waited.person.filter(|(app, _)| *app == lapse.app).map(|(_, entry)| entry);
    let (entry, who) = match (person, waited.app) {
        (Some(entry), _) => (entry, "left the person without an answer"),
        (None, Some(entry)) => (entry, "left another app waiting for it"),
        (None, None) => return None,
    };
    let what = format!("`{}` kept control until it lapsed, and {who}", case.app_name(lapse.app));
    let is_real = (case.is_real)(lapse.app);
    is_real.then(|| case.in_thread(lint, lapse.app, (entry, Some(lapse.thread)), Some(lapse.rule), what))
}

/// The thread whose owner changed, and how its control lapsed, where that is why.
fn owner_changed(entry: &Entry) -> Option<(ThreadKey, Option<Lapse>)> {
    let Record::Happened(Event::OwnerChanged { thread, from, rule, .. }) = &entry.record else { return None };
    let lapse = from.filter(|_| is_lapse(*rule)).map(|app| Lapse { thread: *thread, app, rule: *rule });
    Some((*thread, lapse))
}

fn is_lapse(rule: RuleId) -> bool {
    [rules::IDLE_RELEASE, rules::IDLE_TO_NOBODY].contains(&rule)
}

fn lapsed_since(case: &Case<'_>, thread: ThreadKey) -> Option<Lapse> {
    let app = case.world.thread(thread)?.holder.as_ref()?.app;
    let ownership = case.world.ownership(thread, case.now);
    let has_lapsed = ownership.owner != Some(app) && is_lapse(ownership.because);
    has_lapsed.then_some(Lapse { thread, app, rule: ownership.because })
}

/// Who begins to wait by this entry, and who waits no longer.
fn note<'c>(case: &Case<'c>, taken: &BTreeSet<u64>, entry: &'c Entry, waiting: &mut BTreeMap<ThreadKey, Waiting<'c>>) {
    // Of what never came to a real app it cannot know. A puppet's deliveries stand in no entry.
    let came_to = |app: AppKey| taken.contains(&entry.cursor) || !(case.is_real)(app);
    let heard = heard_by(entry).filter(|heard| heard.channel == Channel::Messaging && came_to(heard.app));
    if let Some(heard) = heard {
        waiting.entry(heard.thread).or_default().person = Some((heard.app, entry));
    }
    match &entry.record {
        Record::Command { command, .. } => {
            if let Command::Send(thread, app, _) = &**command {
                let waited = waiting.entry(*thread).or_default();
                waited.person = waited.person.filter(|(waited_for, _)| waited_for != app);
            }
        }
        Record::Refused { command, refusal, .. }
            if refusal.reason == Reason::AnotherAppControls && !case.is_provoked(entry.cause) =>
        {
            if let Command::Send(thread, ..) = &**command {
                waiting.entry(*thread).or_default().app = Some(entry);
            }
        }
        record => {
            if let Some((thread, _)) = asked_for(record).filter(|(_, owner)| came_to(*owner)) {
                waiting.entry(thread).or_default().app = Some(entry);
            }
        }
    }
}

/// The thread that another app asked its owner for, and the owner.
fn asked_for(record: &Record) -> Option<(ThreadKey, AppKey)> {
    let (webhook_event, decision) = record.webhook()?;
    let is_told = matches!(decision.decision, Decision::Deliver(..));
    let is_request = matches!(webhook_event.payload, WebhookPayload::Requested { .. });
    let thread = webhook_event.scope.thread().filter(|_| is_told && is_request)?;
    Some((thread, decision.app))
}

/// Webhooks that their app took, by their entries.
fn taken(case: &Case<'_>) -> BTreeSet<u64> {
    let taken = case.entries().filter_map(|entry| match &entry.record {
        Record::DeliveryAttempt(delivered) if delivered.result.is_success() => Some(&delivered.request),
        _ => None,
    });
    taken.flat_map(|request| request.items().map(|item| item.entry)).collect()
}
