//! A world at rest as the inputs that came to it: taken from a live world, and replayed into one. A replay sends nothing, and a history that
//! does not replay changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::time::Moment;

use super::active_world::ActiveWorld;
use super::armed::{Armed, ArmedFaults};
use super::clock::Clock;
use super::evicted_commands::HistoryTruncated;
use super::history::{Input, RecordedAttempt, RecordedInput};
use super::ledger::Ledger;
use super::ledger_entry::{Actor, Record};
use super::pending::{Delay, PendingWebhook};
use super::quiescence::Quiescence;
use super::reset::IdChoice;
use super::state::WorldState;
use super::webhook::{RequestCursors, Webhook};
use super::write_events::Effect;

/// A world at rest.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// How often the world was reset; message ids depend on it.
    pub resets: u64,
    /// What the clock shows.
    pub now: Moment,
    /// How many Graph calls were answered; trace ids depend on it.
    pub answers: u64,
    /// ArmedFaults, and how often each fired.
    pub faults: Vec<Armed>,
    /// How many faults were ever armed.
    pub faults_armed: u32,
    /// Webhooks that wait to be sent.
    pub pending: Vec<PendingRequest>,
    pub ledger: LedgerCursors,
    /// The inputs, oldest first.
    pub history: Vec<RecordedInput>,
}

/// Webhooks that wait to be sent, in one POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRequest {
    /// The webhooks and their receiver.
    pub request: RequestCursors,
    /// Attempts so far.
    pub attempts: u32,
    /// Why it is held back, if it has not been sent yet.
    pub held: Option<Delay>,
}

/// How far a ledger goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerCursors {
    /// The first cursor.
    pub first: u64,
    /// The oldest entry that is left.
    pub oldest: u64,
    /// Entries before this one were taken out.
    pub taken: u64,
    /// The cursor that the next entry will get.
    pub next: u64,
}

/// Why no snapshot can be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSnapshot {
    /// Something is in flight.
    #[error("the world is not quiet")]
    NotQuiet(Quiescence),
    /// The beginning of the history is gone.
    #[error(transparent)]
    Lost(#[from] HistoryTruncated),
}

/// A history that does not lead to the ledger that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {cursor} comes out differently when it is replayed")]
pub struct Unreplayable {
    /// The entry that differs.
    pub cursor: u64,
}

/// The state that a replayed history leads to, ready to be put into a world.
#[derive(Debug)]
pub struct Replayed(WorldState);

impl Replayed {
    /// The state.
    pub fn state(self) -> WorldState {
        self.0
    }
}

impl Snapshot {
    /// Replays the history in a world of this config.
    ///
    /// # Errors
    /// The history is not one of such a world.
    pub fn replay(&self, config: &Arc<Config>) -> Result<Replayed, Unreplayable> {
        let mut state = WorldState::after_resets(config, true, self.resets, self.ledger.first);
        let mut sent = ReplayedWebhooks::of(self);
        self.history.iter().try_for_each(|input| self.replay_one(&mut state, &mut sent, input))?;
        self.go_to(&mut state.ledger, self.ledger.next)?;
        state.ledger.begin_at(self.ledger.oldest, self.ledger.taken);
        state.now = self.now;
        state.faults = ArmedFaults::restored(config.seed, self.faults.clone(), self.faults_armed);
        for pending in &self.pending {
            let waiting = pending
                .waiting(&sent)
                .ok_or(Unreplayable { cursor: pending.request.webhooks.first().copied().unwrap_or(0) })?;
            state.pending.0.insert(waiting.request.first.entry, waiting);
        }
        Ok(Replayed(state))
    }

    /// Goes on at a cursor. Of the entries that the ledger had dropped, the history only has those that changed the world, so it has holes.
    fn go_to(&self, ledger: &mut Ledger, cursor: u64) -> Result<(), Unreplayable> {
        let next = ledger.next_cursor();
        if next < cursor && cursor <= self.ledger.oldest {
            ledger.resume_at(cursor);
        }
        if ledger.next_cursor() == cursor { Ok(()) } else { Err(Unreplayable { cursor: cursor.min(next) }) }
    }

    fn replay_one(
        &self,
        state: &mut WorldState,
        sent: &mut ReplayedWebhooks,
        input: &RecordedInput,
    ) -> Result<(), Unreplayable> {
        let RecordedInput { cursor, cause, at, input } = input;
        let differs = Unreplayable { cursor: *cursor };
        self.go_to(&mut state.ledger, *cursor)?;
        match input {
            Input::Executed(by, command) => {
                let executed = state.apply_and_write(*at, by.clone(), command.clone());
                let (_, effects) = executed.map_err(|_| differs)?;
                effects.into_iter().for_each(|effect| sent.note(effect));
            }
            Input::Refused(by, command) => {
                if state.apply_and_write(*at, by.clone(), command.clone()).is_ok() {
                    return Err(differs);
                }
            }
            Input::Attempted(attempted) => {
                let attempt = RecordedAttempt::clone(attempted).with(|entry| sent.item(entry)).ok_or(differs)?;
                state.ledger.write(*at, Some(*cause), Record::DeliveryAttempt(Box::new(attempt)));
            }
            Input::Noted(record) => {
                state.ledger.write(*at, Some(*cause), record.clone());
            }
        }
        Ok(())
    }
}

/// The webhooks that a history sends at some time, by their cursors, once they are replayed.
struct ReplayedWebhooks(BTreeMap<u64, Option<Webhook>>);

impl ReplayedWebhooks {
    fn of(snapshot: &Snapshot) -> Self {
        let attempted = snapshot.history.iter().filter_map(|input| match &input.input {
            Input::Attempted(attempted) => Some(&attempted.request.webhooks),
            _ => None,
        });
        let pending = snapshot.pending.iter().map(|pending| &pending.request.webhooks);
        Self(attempted.chain(pending).flatten().map(|entry| (*entry, None)).collect())
    }

    fn note(&mut self, effect: Effect) {
        if let Effect::Deliver(_, item) = effect
            && let Some(place) = self.0.get_mut(&item.entry)
        {
            *place = Some(item);
        }
    }

    fn item(&self, entry: u64) -> Option<Webhook> {
        self.0.get(&entry).cloned().flatten()
    }
}

impl PendingRequest {
    fn of(waiting: &PendingWebhook) -> Self {
        let PendingWebhook { request, attempts, held } = waiting;
        Self { request: RequestCursors::of(request), attempts: *attempts, held: *held }
    }

    fn waiting(&self, sent: &ReplayedWebhooks) -> Option<PendingWebhook> {
        let request = self.request.request(|entry| sent.item(entry))?;
        Some(PendingWebhook { request, attempts: self.attempts, held: self.held })
    }
}

impl ActiveWorld {
    /// Takes a snapshot. Fails if something is in flight, or too much has happened to be replayed.
    pub fn snapshot(&self) -> Result<Snapshot, NoSnapshot> {
        let guarded = self.lock();
        // This is under the lock, so a call that begins now cannot have changed anything yet.
        if let Some(busy) = self.activity.busy(self.declared_config(), &guarded.state.in_flight, None) {
            return Err(NoSnapshot::NotQuiet(busy));
        }
        guarded.state.snapshot(guarded.clock.now(), self.answered_calls())
    }

    /// Replaces the state by a replayed one. As at a reset, what is in flight is forgotten.
    pub(super) fn put(self: &Arc<Self>, Replayed(mut fresh): Replayed, answers: u64, ids: IdChoice) -> WorldState {
        let mut guarded = self.lock();
        if ids == IdChoice::New {
            let epoch = self.new_epoch(&guarded.state).max(self.new_epoch(&fresh));
            let now = fresh.now;
            // It is never refused, and nothing follows from it.
            drop(fresh.execute(now, Actor::Script, Arc::new(Command::NewMessageIds(epoch))));
        }
        guarded.clock = Clock::new(self.clock_mode(), fresh.now);
        let old = self.replace(&mut guarded, fresh, answers);
        self.set_alarm(&mut guarded);
        drop(guarded);
        self.wake_everybody();
        old
    }
}

impl WorldState {
    /// Takes a snapshot. Fails if too much has happened to be replayed.
    pub fn snapshot(&self, now: Moment, answers: u64) -> Result<Snapshot, NoSnapshot> {
        let ledger = &self.ledger;
        let evicted_commands = ledger.evicted_commands().inputs()?;
        Ok(Snapshot {
            resets: self.resets,
            now,
            answers,
            faults: self.faults.all().to_vec(),
            faults_armed: self.faults.count(),
            pending: self.pending.0.values().map(PendingRequest::of).collect(),
            ledger: LedgerCursors {
                first: ledger.first_cursor(),
                oldest: ledger.oldest_cursor(),
                taken: ledger.taken_before(),
                next: ledger.next_cursor(),
            },
            history: evicted_commands.chain(ledger.all().filter_map(RecordedInput::of)).collect(),
        })
    }
}
