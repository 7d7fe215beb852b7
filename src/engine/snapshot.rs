//! A world at rest as the inputs that came to it: taken from a live world, and replayed into one. A replay sends nothing, and a history that
//! does not replay changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::domain::Outcome;
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;

use super::active_world::{ActiveWorld, RetiredState, WorldState};
use super::armed::{Armed, ArmedFaults};
use super::clock::{Clock, Mode};
use super::dispatch::PendingWebhook;
use super::evicted_commands::HistoryTruncated;
use super::fault_effects::Delay;
use super::history::{Input, RecordedAttempt, RecordedInput};
use super::in_flight::Quiescence;
use super::ledger::Ledger;
use super::ledger_entry::Record;
use super::webhook::{Webhook, WebhookRequest};
use super::write_events;
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
    /// The app.
    pub app: AppKey,
    /// The cursors of the webhooks, in order.
    pub webhooks: Vec<u64>,
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

impl Snapshot {
    /// Replays the history in a world of this config.
    ///
    /// # Errors
    /// The history is not one of such a world.
    pub fn replay(&self, config: &Arc<Config>, mode: Mode) -> Result<Replayed, Unreplayable> {
        let mut state = WorldState::new(config, mode, (0, self.resets), self.ledger.first);
        let mut sent = ReplayedWebhooks::of(self);
        self.history.iter().try_for_each(|input| self.replay_one(&mut state, &mut sent, input))?;
        self.go_to(&mut state.ledger, self.ledger.next)?;
        state.ledger.begin_at(self.ledger.oldest, self.ledger.taken);
        state.clock = Clock::new(mode, self.now);
        state.faults = ArmedFaults::restored(config.seed, self.faults.clone(), self.faults_armed);
        for pending in &self.pending {
            let waiting = pending
                .waiting(&sent)
                .ok_or(Unreplayable { cursor: pending.webhooks.first().copied().unwrap_or(0) })?;
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
                let Ok(Outcome { events, .. }) = state.world.apply(*at, command) else { return Err(differs) };
                state.ledger.write(*at, None, Record::Command { by: by.clone(), command: command.clone() });
                for event in events {
                    write_events::write(&mut state.ledger, *at, *cursor, event, |effect| sent.note(effect));
                }
            }
            Input::Refused(by, command) => {
                let Err(refusal) = state.world.apply(*at, command) else { return Err(differs) };
                let refusal = Box::new(refusal);
                let record = Record::Refused { by: by.clone(), command: command.clone(), refusal };
                state.ledger.write(*at, None, record);
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
            Input::Attempted(attempted) => Some(&attempted.webhooks),
            _ => None,
        });
        let pending = snapshot.pending.iter().map(|pending| &pending.webhooks);
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
        let webhooks = request.items().map(|item| item.entry).collect();
        Self { app: request.app, webhooks, attempts: *attempts, held: *held }
    }

    fn waiting(&self, sent: &ReplayedWebhooks) -> Option<PendingWebhook> {
        let request = WebhookRequest::of(self.app, &self.webhooks, |entry| sent.item(entry))?;
        Some(PendingWebhook { request, attempts: self.attempts, held: self.held })
    }
}

impl ActiveWorld {
    /// Takes a snapshot. Fails if something is in flight, or too much has happened to be replayed.
    pub fn snapshot(&self) -> Result<Snapshot, NoSnapshot> {
        let state = self.lock();
        // This is under the lock, so a call that begins now cannot have changed anything yet.
        if let Some(busy) = self.in_flight.busy() {
            return Err(NoSnapshot::NotQuiet(busy));
        }
        let ledger = &state.ledger;
        let evicted_commands = ledger.evicted_commands().inputs()?;
        Ok(Snapshot {
            resets: state.resets,
            now: state.clock.now(),
            answers: self.answered_calls(),
            faults: state.faults.all().to_vec(),
            faults_armed: state.faults.count(),
            pending: state.pending.0.values().map(PendingRequest::of).collect(),
            ledger: LedgerCursors {
                first: ledger.first_cursor(),
                oldest: ledger.oldest_cursor(),
                taken: ledger.taken_before(),
                next: ledger.next_cursor(),
            },
            history: evicted_commands.chain(ledger.all().filter_map(RecordedInput::of)).collect(),
        })
    }

    /// Replaces the state by a replayed one. As at a reset, what is in flight is forgotten.
    pub(super) fn put(self: &Arc<Self>, Replayed(fresh): Replayed, answers: u64) -> RetiredState {
        let mut state = self.lock();
        let fresh = WorldState { generation: state.generation + 1, ..fresh };
        let old = self.replace(&mut state, fresh, answers);
        self.set_alarm(&mut state);
        self.unlock_and_notify(state);
        old
    }

    /// Replaces the state and begins a new generation.
    pub(super) fn replace(&self, state: &mut WorldState, fresh: WorldState, answers: u64) -> RetiredState {
        let old = std::mem::replace(state, fresh);
        self.answered_calls.store(answers, Ordering::Relaxed);
        self.has_faults.store(state.faults.can_fire(), Ordering::Release);
        // This is under the lock, so that no webhook of the new state is forgotten with those of the old one.
        self.in_flight.forget_deliveries();
        self.generation.store(state.generation, Ordering::Release);
        self.access_version.store(state.access_version(), Ordering::Release);
        RetiredState::of(old)
    }
}
