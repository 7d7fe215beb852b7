//! Engine room: everything that happened in a world, in order, each entry with what caused it. Bounded. Only `ActiveWorld` writes;
//! waits, reports, streams and snapshots read.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::http::{HeaderValue, Uri};

use crate::domain::command::Command;
use crate::domain::event::{Event, ReceiverDecision, WebhookEvent};
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;
use crate::domain::refusal::Refusal;
use crate::domain::rules::RuleId;

use crate::wire::PostOptions;

use super::evicted_commands::EvictedCommands;
use super::fault::Fault;
use super::outbox::WebhookRequest;

/// One entry.
#[derive(Debug, Clone)]
pub struct LedgerEntry {
    /// Its place, counted from 1 and never reused.
    pub cursor: u64,
    /// The entry that brought it about; its own cursor if nothing else did.
    pub cause: u64,
    /// Virtual time.
    pub at: Moment,
    /// What happened.
    pub record: Record,
}

/// What an entry says.
#[derive(Debug, Clone)]
pub enum Record {
    /// A command was executed.
    Command {
        /// Who asked.
        by: Actor,
        /// For what.
        command: Arc<Command>,
    },
    /// A command was refused; nothing changed.
    Refused {
        /// Who asked.
        by: Actor,
        /// For what.
        command: Arc<Command>,
        /// Why not.
        refusal: Refusal,
    },
    /// Something happened.
    Happened(Event),
    /// A webhook was told to an app, or withheld from it.
    Webhook {
        /// What it is about.
        webhook_event: Arc<WebhookEvent>,
        /// Which of the webhook event's decisions.
        decision: u16,
    },
    /// A Graph call was answered.
    GraphCall {
        /// Whose call it was.
        by: Actor,
        /// What was asked, as it came.
        request: Arc<RawCall>,
        /// HTTP status.
        status: u16,
        /// The body of the answer.
        answer: Bytes,
        /// Meta's error, if it is one.
        error: Option<CallError>,
        /// The rule behind the error, where no refused command names it.
        rule: Option<RuleId>,
        /// The number of the fault that it met, if it met one.
        fault: Option<u32>,
        /// What kept the answer from its caller, in the fault's word: `reset`.
        lost: Option<&'static str>,
    },
    /// Something was read.
    Read {
        /// Who read.
        by: Actor,
        /// The rule behind the answer.
        rule: RuleId,
    },
    /// A webhook was sent, or could not be.
    DeliveryAttempt(Box<DeliveryAttempt>),
    /// A fault was armed.
    Armed {
        /// Its number.
        number: u32,
        /// What it is.
        fault: Fault,
    },
    /// A fault was taken away.
    Disarmed {
        /// Its number.
        number: u32,
    },
    /// The clock was turned.
    ClockTurned {
        /// What it shows now.
        to: Moment,
    },
    /// Something that somebody should know.
    Warning {
        /// The app that should know, where it is one.
        app: Option<AppKey>,
        /// What.
        text: Box<str>,
    },
}

/// A Graph call as it came.
#[derive(Debug, Clone)]
pub struct RawCall {
    /// Path and query.
    pub uri: Uri,
    /// What the body is said to be.
    pub content_type: Option<HeaderValue>,
    /// The body.
    pub body: Bytes,
}

/// An error that a Graph call was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// Meta's code.
    pub code: i32,
    /// Meta's subcode.
    pub subcode: Option<u32>,
    /// The text.
    pub message: Box<str>,
}

/// An attempt to deliver that is over.
#[derive(Debug, Clone)]
pub struct DeliveryAttempt {
    /// What was sent. The bytes are made from it anew where somebody wants to see them.
    pub request: WebhookRequest,
    /// How it was made.
    pub options: PostOptions,
    /// Where to; nowhere, where a fault spoke for a puppet.
    pub url: Option<Box<str>>,
    /// Counted from 1.
    pub attempt: u32,
    /// The number of the fault that it met, if it met one.
    pub fault: Option<u32>,
    /// How it went.
    pub result: DeliveryResult,
    /// The body of the app's answer, the beginning of it.
    pub said: Box<[u8]>,
    /// Real time that it took.
    pub took: Duration,
}

impl DeliveryAttempt {
    /// The entry of the webhook; of the first, where several went together.
    pub fn webhook(&self) -> u64 {
        self.request.first.entry
    }
}

/// How a delivery went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryResult {
    /// The app answered with this status.
    Answered(u16),
    /// It did not answer.
    Failed(Box<str>),
    /// It never got there, and nobody knows.
    Lost,
}

impl DeliveryResult {
    /// Whether Meta would count it as delivered.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Answered(status) if (200..300).contains(status))
    }
}

/// Who asked for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A Graph call.
    Graph {
        /// The app whose token it bore.
        app: AppKey,
        /// `POST /v25.0/me/messages`.
        call: Box<str>,
    },
    /// A scenario or the control API.
    Script,
    /// The world itself, for its time had come.
    Clock,
    /// The world itself, for a webhook had come to its app, or had not.
    Delivery,
}

impl Actor {
    /// The app that called.
    pub fn app(&self) -> Option<AppKey> {
        match self {
            Self::Graph { app, .. } => Some(*app),
            Self::Script | Self::Clock | Self::Delivery => None,
        }
    }
}

impl Record {
    /// The rule that the entry names.
    pub fn rule(&self) -> Option<RuleId> {
        match self {
            Self::Refused { refusal, .. } => refusal.rule,
            Self::Happened(event) => event_rule(event),
            Self::Webhook { webhook_event, decision } => {
                webhook_event.decisions.get(usize::from(*decision)).map(|decision| decision.rule)
            }
            Self::GraphCall { rule, .. } => *rule,
            Self::Read { rule, .. } => Some(*rule),
            Self::Command { .. }
            | Self::DeliveryAttempt(_)
            | Self::Armed { .. }
            | Self::Disarmed { .. }
            | Self::ClockTurned { .. }
            | Self::Warning { .. } => None,
        }
    }

    /// What somebody should know, where the entry says so.
    pub fn warning(&self) -> Option<&str> {
        match self {
            Self::Warning { text, .. } | Self::Happened(Event::Warning { text, .. }) => Some(text),
            _ => None,
        }
    }

    /// The webhook event and what became of it for one app.
    pub fn webhook(&self) -> Option<(&Arc<WebhookEvent>, &ReceiverDecision)> {
        match self {
            Self::Webhook { webhook_event, decision } => {
                Some((webhook_event, webhook_event.decisions.get(usize::from(*decision))?))
            }
            _ => None,
        }
    }
}

fn event_rule(event: &Event) -> Option<RuleId> {
    match event {
        Event::WebhookEvent(_) => None,
        Event::Routed { rule, .. }
        | Event::OwnerChanged { rule, .. }
        | Event::ControlKept { rule, .. }
        | Event::Allowed { rule, .. }
        | Event::Shown { rule, .. }
        | Event::WindowOpened { rule, .. }
        | Event::SettingChanged { rule, .. }
        | Event::Delivery { rule, .. }
        | Event::Warning { rule, .. } => Some(*rule),
    }
}

/// The entries of a world, oldest first.
#[derive(Debug)]
pub struct Ledger {
    entries: VecDeque<LedgerEntry>,
    /// Entries that had to go; dropping them takes time, which is not to be spent under the world's lock.
    to_drop: Vec<LedgerEntry>,
    evicted_commands: EvictedCommands,
    /// The cursor with which it began.
    first: u64,
    next: u64,
    /// Entries before this one were taken out by somebody who asked for them.
    taken: u64,
    limit: usize,
}

/// Entries were asked for that the ledger does not have any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{why}: everything before entry {oldest} is gone")]
pub struct EntriesGone {
    /// Why.
    pub why: GoneReason,
    /// The oldest entry that is left; the next one where none is.
    pub oldest: u64,
}

/// Entries were asked for after one that the ledger does not have yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ledger ends with entry {newest}: the world was put back to a snapshot, or never came so far")]
pub struct CursorAhead {
    /// The newest entry.
    pub newest: u64,
}

/// Why entries are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GoneReason {
    /// There were too many.
    #[error("the ledger keeps the newest {0} entries")]
    Evicted(usize),
    /// Somebody took them out.
    #[error("the ledger was taken and cleared")]
    Taken,
}

impl Ledger {
    /// An empty ledger that keeps at most `limit` entries.
    pub fn new(limit: usize) -> Self {
        Self::beginning_at(1, limit)
    }

    /// An empty ledger that goes on counting where another ended.
    pub fn beginning_at(next: u64, limit: usize) -> Self {
        let (entries, to_drop, evicted_commands) = (VecDeque::new(), Vec::new(), EvictedCommands::default());
        Self { entries, to_drop, evicted_commands, first: next, next, taken: 0, limit: limit.max(1) }
    }

    /// The cursor with which it began.
    pub fn first_cursor(&self) -> u64 {
        self.first
    }

    /// The cursor that the next entry will get.
    pub fn next_cursor(&self) -> u64 {
        self.next
    }

    /// Writes an entry; without a cause it is its own.
    pub fn write(&mut self, at: Moment, cause: Option<u64>, record: Record) -> u64 {
        let cursor = self.next;
        self.next += 1;
        if self.entries.len() == self.limit {
            self.evict_oldest();
        }
        self.entries.push_back(LedgerEntry { cursor, cause: cause.unwrap_or(cursor), at, record });
        cursor
    }

    fn evict_oldest(&mut self) {
        if let Some(oldest) = self.entries.pop_front() {
            self.evicted_commands.keep(oldest, &mut self.to_drop);
        }
    }

    /// Takes out the oldest entries, at most so many: they are told once, and nobody else will find them here.
    pub fn take(&mut self, most: usize) -> Vec<LedgerEntry> {
        let entries: Vec<LedgerEntry> = self.entries.iter().take(most).cloned().collect();
        entries.iter().for_each(|_| self.evict_oldest());
        self.taken = self.oldest_cursor();
        entries
    }

    /// Goes on at this cursor; whatever stands there so far is let go of, as if it had been taken before. For a history that is
    /// written once more and has holes where nothing changed the world.
    pub(super) fn resume_at(&mut self, cursor: u64) {
        while !self.entries.is_empty() {
            self.evict_oldest();
        }
        self.next = cursor;
    }

    /// Lets go of everything before this cursor.
    pub(super) fn begin_at(&mut self, oldest: u64, taken: u64) {
        while self.entries.front().is_some_and(|entry| entry.cursor < oldest) {
            self.evict_oldest();
        }
        self.taken = taken;
    }

    /// Entries before this one were taken out.
    pub fn taken_before(&self) -> u64 {
        self.taken
    }

    /// Entries after a cursor, oldest first. Fails if some of them are gone.
    pub fn after(&self, cursor: u64) -> Result<impl Iterator<Item = &LedgerEntry>, EntriesGone> {
        let oldest = self.oldest_cursor();
        if cursor.saturating_add(1) < oldest {
            return Err(self.forgotten(oldest));
        }
        let skip = usize::try_from(cursor.saturating_add(1) - oldest).unwrap_or(usize::MAX);
        Ok(self.entries.iter().skip(skip))
    }

    /// Whether somebody who has read up to this cursor has read what is here.
    ///
    /// # Errors
    /// They have read further than the ledger goes.
    pub fn reaches(&self, cursor: u64) -> Result<(), CursorAhead> {
        if cursor < self.next { Ok(()) } else { Err(CursorAhead { newest: self.next - 1 }) }
    }

    fn forgotten(&self, oldest: u64) -> EntriesGone {
        let why = if oldest <= self.taken { GoneReason::Taken } else { GoneReason::Evicted(self.limit) };
        EntriesGone { why, oldest }
    }

    /// What it does not have any more of all that was ever written to it.
    pub fn lost(&self) -> Option<EntriesGone> {
        let oldest = self.oldest_cursor();
        (oldest > self.first).then(|| self.forgotten(oldest))
    }

    /// What it let go of.
    pub fn evicted_commands(&self) -> &EvictedCommands {
        &self.evicted_commands
    }

    /// How many entries are left.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is left.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries that had to go since this was asked last.
    pub fn take_dropped(&mut self) -> Vec<LedgerEntry> {
        std::mem::take(&mut self.to_drop)
    }

    /// The cursor of the oldest entry that is left; of the next one where none is.
    pub fn oldest_cursor(&self) -> u64 {
        self.next - self.entries.len() as u64
    }

    /// One entry, if it is left.
    pub fn get(&self, cursor: u64) -> Option<&LedgerEntry> {
        self.entries.get(usize::try_from(cursor.checked_sub(self.oldest_cursor())?).ok()?)
    }

    /// Every entry that is left, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &LedgerEntry> {
        self.entries.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_entries_go_and_whoever_asks_for_them_is_told() {
        let mut ledger = Ledger::new(2);
        for second in 0..4 {
            ledger.write(Moment(second), None, Record::ClockTurned { to: Moment(second) });
        }
        let cursors = |after| ledger.after(after).map(|entries| entries.map(|entry| entry.cursor).collect::<Vec<_>>());
        assert_eq!(cursors(2), Ok(vec![3, 4]));
        assert_eq!(cursors(4), Ok(vec![]));
        assert_eq!(cursors(9), Ok(vec![]));
        assert_eq!(cursors(1), Err(EntriesGone { why: GoneReason::Evicted(2), oldest: 3 }));
    }

    #[test]
    fn what_is_taken_is_gone_and_said_to_be_taken() {
        let mut ledger = Ledger::new(9);
        for cursor in 1..6 {
            assert_eq!(ledger.write(Moment(0), None, Record::ClockTurned { to: Moment(0) }), cursor);
        }
        let taken = |entries: Vec<LedgerEntry>| entries.iter().map(|entry| entry.cursor).collect::<Vec<_>>();
        assert_eq!(taken(ledger.take(2)), [1, 2]);
        assert_eq!(taken(ledger.take(9)), [3, 4, 5]);
        assert_eq!(taken(ledger.take(9)), [0; 0]);
        assert_eq!(ledger.lost(), Some(EntriesGone { why: GoneReason::Taken, oldest: 6 }));
        assert_eq!(ledger.write(Moment(0), None, Record::ClockTurned { to: Moment(0) }), 6);
    }
}
