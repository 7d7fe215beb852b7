//! The story of a thread from the ledger: each action with its consequences, and each lapse of control. The journal's `OwnerReplay` finds
//! the changes of owner that no entry records.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::World;
use crate::domain::command::Command;
use crate::domain::event::{Decision, Event, ReceiverDecision, Visibility, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{DeliveryAttempt, LedgerEntry, Record};
use crate::engine::subjects::subjects_of;
use crate::journal::call_text::{call_result_text, call_text};
use crate::journal::command_text::command_sentence;
use crate::journal::entry_text::entry_text;
use crate::journal::event_text::event_text;
use crate::journal::names::app_name;
use crate::journal::owner_history::{OwnerChange, unrecorded_lapse};
use crate::journal::owner_replay::OwnerReplay;
use crate::journal::webhook_text::webhook_event_text;

use super::explanation::{
    AppDecision, Chapter, ChapterRefusal, Consequence, DecisionWord, LastAttempt, MomentText, RuleText,
};
use crate::journal::thread_of::thread_of;

/// The story of a thread, and which part of it the ledger no longer has. It begins with the world as it was declared, after so many
/// resets.
pub fn read(
    world: &World,
    ledger: &Ledger,
    (declared, generation): (&Arc<Config>, u64),
    thread: ThreadKey,
    now: Moment,
) -> (Vec<Chapter>, Option<String>) {
    let config = world.config();
    let forgotten = ledger.lost().map(|lost| lost.to_string());
    let replay = forgotten.is_none().then(|| OwnerReplay::new(declared.clone(), generation, thread));
    let mut story = StoryBuilder { config, thread, replay, chapters: Vec::new(), chapter_of: BTreeMap::new() };
    ledger.all().for_each(|entry| story.read(entry));
    story.add_last_lapse(world, now);
    (story.chapters, forgotten)
}

struct StoryBuilder<'w> {
    config: &'w Config,
    thread: ThreadKey,
    /// `None` if the ledger no longer has all commands.
    replay: Option<OwnerReplay>,
    chapters: Vec<Chapter>,
    /// The index of the chapter that the consequences of an entry belong to, by the entry's cursor.
    chapter_of: BTreeMap<u64, usize>,
}

impl StoryBuilder<'_> {
    fn read(&mut self, entry: &LedgerEntry) {
        if entry.cause == entry.cursor {
            self.begin_chapter(entry);
            return;
        }
        let chapter = self.chapter_of.get(&entry.cause).copied();
        let Some(chapter) = chapter.or_else(|| self.begin_without_cause(entry)) else { return };
        match &entry.record {
            Record::Happened(event) => self.add_event(chapter, event, entry.record.rule().map(RuleText)),
            Record::Webhook { .. } => self.add_decision(chapter, entry),
            Record::GraphCall(call) => {
                let Some(ending) = call_result_text(call) else { return };
                let chapter = &mut self.chapters[chapter];
                match &mut chapter.refused {
                    Some(refused) => refused.answer = Some(ending),
                    None => {
                        chapter.outcome.push(Consequence::Event { text: ending + &fault_text(call.fault), rule: None });
                    }
                }
            }
            Record::DeliveryAttempt(attempt) => self.add_attempt(chapter, attempt, entry),
            _ => {}
        }
    }

    /// Begins a chapter with an action, if it is about this thread.
    fn begin_chapter(&mut self, entry: &LedgerEntry) {
        if !self.is_about_thread(&entry.record) {
            return;
        }
        let (what, refused) = match &entry.record {
            Record::Command { command, .. } => (command_sentence(self.config, command), None),
            Record::Refused { command, refusal, .. } => {
                let refused = ChapterRefusal::new(refusal.reason.to_string(), refusal.rule.map(RuleText));
                (command_sentence(self.config, command), Some(refused))
            }
            Record::GraphCall(call) => {
                let Some(ending) = call_result_text(call) else { return };
                let refused = ChapterRefusal::new(ending + &fault_text(call.fault), call.rule.map(RuleText));
                (call_text(self.config, &call.by).unwrap_or_default(), Some(refused))
            }
            _ => return,
        };
        if !is_elapse(&entry.record) {
            self.add_lapse_until(entry.at);
        }
        let moved = match (&mut self.replay, &entry.record) {
            (Some(replay), Record::Command { command, .. }) => replay.apply(entry.at, command),
            _ => None,
        };
        let outcome = moved.map(|change| self.owner_changed(&change)).into_iter().collect();
        let chapter = Chapter { at: MomentText(entry.at), entry: Some(entry.cursor), what, refused, outcome };
        self.add_chapter(Some(entry.cursor), chapter);
    }

    /// Begins a chapter whose cause the ledger no longer has.
    fn begin_without_cause(&mut self, entry: &LedgerEntry) -> Option<usize> {
        let is_shown = matches!(entry.record, Record::Happened(_) | Record::Webhook { .. });
        if !is_shown || subjects_of(&entry.record).thread != Some(self.thread) {
            return None;
        }
        let what = "something that the ledger no longer has".to_owned();
        let chapter = Chapter { at: MomentText(entry.at), entry: None, what, refused: None, outcome: Vec::new() };
        Some(self.add_chapter(Some(entry.cause), chapter))
    }

    fn add_chapter(&mut self, cause: Option<u64>, chapter: Chapter) -> usize {
        let index = self.chapters.len();
        self.chapters.push(chapter);
        if let Some(cause) = cause {
            self.chapter_of.insert(cause, index);
        }
        index
    }

    /// True for entries about this thread, and for changes of settings that apply to its page.
    fn is_about_thread(&self, record: &Record) -> bool {
        match record {
            Record::Command { .. } | Record::Refused { .. } => {
                let subjects = subjects_of(record);
                let concerns_page = subjects.page.is_none_or(|page| page == self.thread.asset);
                subjects.thread.map_or(concerns_page, |thread| thread == self.thread)
            }
            Record::GraphCall(call) => {
                let failed = call.error.is_some() || call.lost.is_some() || call.status >= 400;
                failed && thread_of(self.config, record) == Some(self.thread)
            }
            _ => false,
        }
    }

    /// Adds a chapter for control that lapsed before `now`, dated at the lapse.
    fn add_lapse_until(&mut self, now: Moment) {
        if let Some(change) = self.replay.as_mut().and_then(|replay| replay.advance(now)) {
            self.add_lapse(&change);
        }
    }

    fn add_lapse(&mut self, change: &OwnerChange) {
        let what = format!("time passes: control of {} lapses", app_name(self.config, change.from));
        let outcome = vec![self.owner_changed(change)];
        self.add_chapter(None, Chapter { at: MomentText(change.at), entry: None, what, refused: None, outcome });
    }

    /// Adds the lapse of control since the last command of the thread.
    fn add_last_lapse(&mut self, world: &World, now: Moment) {
        if self.replay.is_some() {
            self.add_lapse_until(now);
        } else if let Some(change) = unrecorded_lapse(world, self.thread, now) {
            self.add_lapse(&change);
        }
    }

    fn owner_changed(&self, change: &OwnerChange) -> Consequence {
        let name = |app: Option<AppKey>| app.map(|app| self.config.app(app).name.to_string());
        let OwnerChange { from, to, at, rule, .. } = *change;
        Consequence::OwnerChanged { from: name(from), to: name(to), at: MomentText(at), rule: RuleText(rule) }
    }

    fn add_event(&mut self, chapter: usize, event: &Event, rule: Option<RuleText>) {
        let consequence = match event {
            Event::WebhookEvent(webhook_event) => webhook(self.config, webhook_event),
            Event::OwnerChanged { from, to, at, rule, .. } => {
                if self.is_earlier_lapse(chapter, *from) {
                    return;
                }
                self.drop_routing(chapter, RuleText(*rule));
                self.owner_changed(&OwnerChange { from: *from, to: *to, at: *at, rule: *rule, entry: None })
            }
            event => Consequence::Event { text: event_text(self.config, event).to_string(), rule },
        };
        self.chapters[chapter].outcome.push(consequence);
    }

    /// True if a change of owner is a lapse before the command, which has its own chapter already. The first change that is the command's
    /// own begins with the owner just before the command.
    fn is_earlier_lapse(&self, chapter: usize, from: Option<AppKey>) -> bool {
        let is_change = |consequence: &Consequence| matches!(consequence, Consequence::OwnerChanged { .. });
        let has_moved = self.chapters[chapter].outcome.iter().any(is_change);
        !has_moved && self.replay.as_ref().is_some_and(|replay| replay.owner_before_command() != from)
    }

    /// Drops the event of a routing just before the change of owner that it causes. Both say the same.
    fn drop_routing(&mut self, chapter: usize, by: RuleText) {
        let outcome = &mut self.chapters[chapter].outcome;
        outcome.pop_if(|last| matches!(last, Consequence::Event { rule, .. } if *rule == Some(by)));
    }

    fn add_decision(&mut self, chapter: usize, entry: &LedgerEntry) {
        let Some((webhook_event, decision)) = entry.record.webhook() else { return };
        let decision = app_decision(self.config, entry.cursor, webhook_event, decision);
        let outcome = &mut self.chapters[chapter].outcome;
        if !matches!(outcome.last(), Some(Consequence::Webhook { .. })) {
            // The ledger has dropped the entry of the webhook event.
            outcome.push(webhook(self.config, webhook_event));
        }
        if let Some(Consequence::Webhook { decisions, .. }) = outcome.last_mut() {
            decisions.push(decision);
        }
        // The entries of its delivery have it as their cause.
        self.chapter_of.insert(entry.cursor, chapter);
    }

    fn add_attempt(&mut self, chapter: usize, attempt: &DeliveryAttempt, entry: &LedgerEntry) {
        let Some(text) = entry_text(self.config, entry).map(|text| text.to_string()) else { return };
        let decisions = self.chapters[chapter].outcome.iter_mut().flat_map(|consequence| match consequence {
            Consequence::Webhook { decisions, .. } => decisions.as_mut_slice(),
            _ => &mut [],
        });
        let is_sent = |decision: &&mut AppDecision| attempt.request.items().any(|item| item.entry == decision.entry);
        for decision in decisions.filter(is_sent) {
            decision.delivery = Some(LastAttempt { taken: attempt.result.is_success(), text: text.clone() });
        }
    }
}

fn fault_text(number: Option<u32>) -> String {
    number.map(|number| format!(" by fault {number}")).unwrap_or_default()
}

/// True for a command of the world itself, which acts when a time limit ends. Its consequences are not lapses.
fn is_elapse(record: &Record) -> bool {
    matches!(record, Record::Command { command, .. } if matches!(**command, Command::Timeout(_)))
}

impl ChapterRefusal {
    fn new(reason: String, rule: Option<RuleText>) -> Self {
        Self { reason, rule, answer: None }
    }
}

fn webhook(config: &Config, webhook_event: &Arc<WebhookEvent>) -> Consequence {
    let field = webhook_event.field().name();
    Consequence::Webhook { field, about: webhook_event_text(config, &webhook_event.payload), decisions: Vec::new() }
}

fn app_decision(config: &Config, entry: u64, event: &WebhookEvent, receiver: &ReceiverDecision) -> AppDecision {
    let (decision, channel, without) = match receiver.decision {
        Decision::Deliver(channel, view) => (DecisionWord::Deliver, channel, unseen(&event.payload, view)),
        Decision::Withhold(channel) => (DecisionWord::Withhold, channel, Vec::new()),
    };
    AppDecision {
        entry,
        app: config.app(receiver.app).name.to_string(),
        decision,
        channel: channel.name(),
        without,
        rule: RuleText(receiver.rule),
        delivery: None,
    }
}

/// The parts of a webhook that the app does not see.
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
