//! Explain room: the story of a thread, from the ledger: what was asked and what came of it, and what came of time alone. Owners that
//! changed without a turn of the thread (control lapsed, the page's settings moved it) stand in no entry of their own, so `replay` finds
//! them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::World;
use crate::domain::command::Command;
use crate::domain::event::{Channel, Decision, Event, ReceiverDecision, Visibility, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::engine::ledger::{DeliveryAttempt, Entry, Ledger, Record};
use crate::journal::call_text::{call_result_text, call_text};
use crate::journal::command_text::command_sentence;
use crate::journal::entry_text::entry_text;
use crate::journal::event_text::event_text;
use crate::journal::names::app_name;
use crate::journal::owner_history::OwnerChange;
use crate::journal::owner_replay::OwnerReplay;
use crate::journal::subjects::subjects_of;
use crate::journal::webhook_text::webhook_event_text;

use super::explanation::{Chapter, Delivery, Outcome, Refused, Rule, Told, When};
use super::thread_of::thread_of;

/// The story so far, and what of it is gone.
pub fn tell(
    world: &World,
    ledger: &Ledger,
    generation: u64,
    thread: ThreadKey,
    now: Moment,
) -> (Vec<Chapter>, Option<String>) {
    let config = world.config();
    let forgotten = ledger.lost().map(|lost| lost.to_string());
    let replay = forgotten.is_none().then(|| OwnerReplay::new(config.clone(), generation, thread));
    let mut teller = Teller { config, thread, replay, chapters: Vec::new(), begun: BTreeMap::new() };
    ledger.all().for_each(|entry| teller.read(entry));
    teller.end(world, now);
    (teller.chapters, forgotten)
}

struct Teller<'w> {
    config: &'w Config,
    thread: ThreadKey,
    /// Owners as they were all along, where nothing is forgotten.
    replay: Option<OwnerReplay>,
    chapters: Vec<Chapter>,
    /// Where in `chapters` what an entry brought about belongs.
    begun: BTreeMap<u64, usize>,
}

impl Teller<'_> {
    fn read(&mut self, entry: &Entry) {
        if entry.cause == entry.cursor {
            self.begin(entry);
            return;
        }
        let Some(place) = self.begun.get(&entry.cause).copied().or_else(|| self.begin_headless(entry)) else { return };
        match &entry.record {
            Record::Happened(event) => self.happened(place, event, entry.record.rule().map(Rule)),
            Record::Webhook { .. } => self.told(place, entry),
            record @ Record::GraphCall { fault, .. } => {
                let Some(ending) = call_result_text(record) else { return };
                let chapter = &mut self.chapters[place];
                match &mut chapter.refused {
                    Some(refused) => refused.answer = Some(ending),
                    None => chapter.outcome.push(Outcome::Event { text: ending + &by_fault(*fault), rule: None }),
                }
            }
            Record::DeliveryAttempt(delivered) => self.delivered(place, delivered, entry),
            _ => {}
        }
    }

    /// Begins a chapter with what somebody did, if it is about this thread.
    fn begin(&mut self, entry: &Entry) {
        if !self.is_about(&entry.record) {
            return;
        }
        let (what, refused) = match &entry.record {
            Record::Command { command, .. } => (command_sentence(self.config, command), None),
            Record::Refused { command, refusal, .. } => {
                let refused = Refused::because(refusal.reason.to_string(), refusal.rule.map(Rule));
                (command_sentence(self.config, command), Some(refused))
            }
            record @ Record::GraphCall { by, rule, fault, .. } => {
                let Some(ending) = call_result_text(record) else { return };
                let refused = Refused::because(ending + &by_fault(*fault), rule.map(Rule));
                (call_text(self.config, by).unwrap_or_default(), Some(refused))
            }
            _ => return,
        };
        if !is_elapse(&entry.record) {
            self.lapse(entry.at);
        }
        let moved = match (&mut self.replay, &entry.record) {
            (Some(replay), Record::Command { command, .. }) => replay.apply(entry.at, command),
            _ => None,
        };
        let outcome = moved.map(|change| self.owner_changed(&change)).into_iter().collect();
        self.add(Some(entry.cursor), Chapter { at: When(entry.at), entry: Some(entry.cursor), what, refused, outcome });
    }

    /// A chapter whose first entry the ledger has dropped.
    fn begin_headless(&mut self, entry: &Entry) -> Option<usize> {
        let is_told = matches!(entry.record, Record::Happened(_) | Record::Webhook { .. });
        if !is_told || subjects_of(&entry.record).thread != Some(self.thread) {
            return None;
        }
        let what = "something that the ledger has forgotten".to_owned();
        let chapter = Chapter { at: When(entry.at), entry: None, what, refused: None, outcome: Vec::new() };
        Some(self.add(Some(entry.cause), chapter))
    }

    fn add(&mut self, entry: Option<u64>, chapter: Chapter) -> usize {
        let place = self.chapters.len();
        self.chapters.push(chapter);
        if let Some(entry) = entry {
            self.begun.insert(entry, place);
        }
        place
    }

    /// Whether an entry is about this thread, or about settings that its page or all pages live by.
    fn is_about(&self, record: &Record) -> bool {
        match record {
            Record::Command { .. } | Record::Refused { .. } => {
                let subjects = subjects_of(record);
                let concerns_page = subjects.page.is_none_or(|page| page == self.thread.page);
                subjects.thread.map_or(concerns_page, |thread| thread == self.thread)
            }
            Record::GraphCall { status, error, lost, .. } => {
                let failed = error.is_some() || lost.is_some() || *status >= 400;
                failed && thread_of(self.config, record) == Some(self.thread)
            }
            _ => false,
        }
    }

    /// Control that lapsed before `now` is a chapter of its own, dated when it lapsed.
    fn lapse(&mut self, now: Moment) {
        if let Some(change) = self.replay.as_mut().and_then(|replay| replay.advance(now)) {
            self.add_lapse(&change);
        }
    }

    fn add_lapse(&mut self, change: &OwnerChange) {
        let what = format!("time passes: control of {} lapses", app_name(self.config, change.from));
        let outcome = vec![self.owner_changed(change)];
        self.add(None, Chapter { at: When(change.at), entry: None, what, refused: None, outcome });
    }

    /// Control that has lapsed since the last turn of the thread.
    fn end(&mut self, world: &World, now: Moment) {
        if self.replay.is_some() {
            return self.lapse(now);
        }
        let ownership = world.ownership(self.thread, now);
        let held_by = world.thread(self.thread).and_then(|thread| thread.holder.as_ref()).map(|holder| holder.app);
        if held_by.is_some() && held_by != ownership.owner {
            let at = ownership.since.unwrap_or(now);
            self.add_lapse(&OwnerChange { from: held_by, to: ownership.owner, at, rule: ownership.because });
        }
    }

    fn name(&self, app: Option<AppKey>) -> Option<String> {
        app.map(|app| self.config.app(app).name.to_string())
    }

    fn owner_changed(&self, change: &OwnerChange) -> Outcome {
        let (from, to) = (self.name(change.from), self.name(change.to));
        Outcome::OwnerChanged { from, to, at: When(change.at), rule: Rule(change.rule) }
    }

    fn happened(&mut self, place: usize, event: &Event, rule: Option<Rule>) {
        let outcome = match event {
            Event::WebhookEvent(webhook_event) => webhook(self.config, webhook_event),
            Event::OwnerChanged { from, to, at, rule, .. } => {
                // The turn writes down what lapsed before it; told as a chapter of its own already.
                if self.is_lapse(place, *from) {
                    return;
                }
                self.forget_routing(place, Rule(*rule));
                self.owner_changed(&OwnerChange { from: *from, to: *to, at: *at, rule: *rule })
            }
            event => Outcome::Event { text: event_text(self.config, event), rule },
        };
        self.chapters[place].outcome.push(outcome);
    }

    /// Whether a change of owner is none of its turn's: the first one leads away from the owner that the turn found.
    fn is_lapse(&self, place: usize, from: Option<AppKey>) -> bool {
        let is_change = |outcome: &Outcome| matches!(outcome, Outcome::OwnerChanged { .. });
        let has_moved = self.chapters[place].outcome.iter().any(is_change);
        !has_moved && self.replay.as_ref().is_some_and(|replay| replay.owner_before_command() != from)
    }

    /// Where a route gives the thread to another app, the change of owner says the same in fewer words.
    fn forget_routing(&mut self, place: usize, by: Rule) {
        let outcome = &mut self.chapters[place].outcome;
        outcome.pop_if(|last| matches!(last, Outcome::Event { rule, .. } if *rule == Some(by)));
    }

    fn told(&mut self, place: usize, entry: &Entry) {
        let Some((webhook_event, decision)) = entry.record.webhook() else { return };
        let told = told(self.config, entry.cursor, webhook_event, decision);
        let outcome = &mut self.chapters[place].outcome;
        if !matches!(outcome.last(), Some(Outcome::Webhook { .. })) {
            // Its webhook event was the newest entry that the ledger has dropped.
            outcome.push(webhook(self.config, webhook_event));
        }
        if let Some(Outcome::Webhook { decisions, .. }) = outcome.last_mut() {
            decisions.push(told);
        }
        // What is written about the webhook later, its delivery, names it as the cause.
        self.begun.insert(entry.cursor, place);
    }

    fn delivered(&mut self, place: usize, delivered: &DeliveryAttempt, entry: &Entry) {
        let Some(text) = entry_text(self.config, entry) else { return };
        let decisions = self.chapters[place].outcome.iter_mut().flat_map(|outcome| match outcome {
            Outcome::Webhook { decisions, .. } => decisions.as_mut_slice(),
            _ => &mut [],
        });
        decisions.filter(|told| delivered.request.items().any(|item| item.entry == told.entry)).for_each(|told| {
            told.delivery = Some(Delivery { taken: delivered.result.is_success(), text: text.clone() })
        });
    }
}

fn by_fault(number: Option<u32>) -> String {
    number.map(|number| format!(" by fault {number}")).unwrap_or_default()
}

/// Whether the world itself acted, for the time of a holder had come: what comes of that is no lapse.
fn is_elapse(record: &Record) -> bool {
    matches!(record, Record::Command { command, .. } if matches!(**command, Command::Timeout(_)))
}

impl Refused {
    fn because(reason: String, rule: Option<Rule>) -> Self {
        Self { reason, rule, answer: None }
    }
}

fn webhook(config: &Config, webhook_event: &Arc<WebhookEvent>) -> Outcome {
    let field = webhook_event.payload.field().name();
    Outcome::Webhook { field, about: webhook_event_text(config, &webhook_event.payload), decisions: Vec::new() }
}

fn told(config: &Config, entry: u64, webhook_event: &WebhookEvent, decision: &ReceiverDecision) -> Told {
    let (told, channel, without) = match decision.decision {
        Decision::Deliver(channel, view) => (true, channel, unseen(&webhook_event.payload, view)),
        Decision::Withhold(channel) => (false, channel, Vec::new()),
    };
    Told {
        entry,
        app: config.app(decision.app).name.to_string(),
        told,
        channel: if channel == Channel::Standby { "standby" } else { "messaging" },
        without,
        rule: Rule(decision.rule),
        delivery: None,
    }
}

/// What an app does not get to see of a webhook event.
fn unseen(body: &WebhookPayload, view: Visibility) -> Vec<&'static str> {
    let (is_postback, has_referral) = match body {
        WebhookPayload::Postback { referral, .. } => (true, referral.is_some()),
        WebhookPayload::Message { referral, .. } => (false, referral.is_some()),
        _ => (false, false),
    };
    let parts = [
        ("payload", is_postback && !view.payload),
        ("title", is_postback && !view.details),
        ("referral", has_referral && !view.referral),
    ];
    parts.into_iter().filter(|(_, is_unseen)| *is_unseen).map(|(part, _)| part).collect()
}
