//! A world that replays a run: what real apps did in it comes at its place of the ledger, while the script performs its own steps.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::domain::World;
use crate::domain::model::time::Moment;

use super::active_world::ActiveWorld;
use super::history::{Input, RecordedAttempt, RecordedInput};
use super::known_keys::KnownKeys;
use super::ledger::Ledger;
use super::ledger_entry::{LedgerEntry, Record};
use super::quiescence::Quiescence;
use super::replay_script::Replay;

impl ActiveWorld {
    /// Replays a recorded run from now on.
    pub fn play(&self, replay: Replay) {
        // A world replays one run in its life, so there is no other yet.
        self.replay.set(replay).unwrap_or_default();
    }

    /// A step begins: inputs up to its end may be replayed now.
    pub fn begin_step(&self) {
        if let Some(replay) = self.replay.get() {
            replay.begin_step();
        }
    }

    /// The script is about to do something: replays what real apps did before that.
    pub(super) fn catch_up(self: &Arc<Self>, own: impl Fn(&Input) -> bool) {
        let Some(replay) = self.replay.get() else { return };
        while let Some(input) = replay.next(self.next_cursor(), false, &own) {
            self.replay_input(input);
        }
    }

    /// Replays the next input of this step. Returns `false` if there is none left.
    fn replay_next(self: &Arc<Self>, replay: &Replay) -> bool {
        let next = replay.next(self.next_cursor(), true, |_| false);
        next.map(|input| self.replay_input(input)).is_some()
    }

    /// Replays the inputs of this step until `ready` returns something. Returns `None` if none is left.
    pub(super) fn wait_in_replay<R>(
        self: &Arc<Self>,
        replay: &Replay,
        mut ready: impl FnMut(&World, &Ledger, Moment) -> Option<R>,
    ) -> Option<R> {
        loop {
            if let Some(found) = self.read(&mut ready) {
                return Some(found);
            }
            if !self.replay_next(replay) {
                return None;
            }
        }
    }

    /// The script is over: replays the inputs after it.
    pub fn replay_rest(self: &Arc<Self>) {
        self.begin_step();
        self.catch_up(|_| false);
    }

    /// Replays the inputs up to the end of the step.
    pub(super) fn settle_replay(self: &Arc<Self>, replay: &Replay) -> Quiescence {
        while self.replay_next(replay) {}
        replay.quiescence(self.next_cursor())
    }

    fn next_cursor(&self) -> u64 {
        self.lock().state.ledger.next_cursor()
    }

    fn replay_input(self: &Arc<Self>, input: RecordedInput) {
        match input.input {
            // A file of somebody else may say so. What it says then does not come about, and the replay differs.
            Input::Executed(_, command) | Input::Refused(_, command)
                if KnownKeys::of(&self.config()).check(&*command).is_err() => {}
            Input::Executed(by, command) | Input::Refused(by, command) => {
                // The ledger says whether it was executed or refused.
                drop(self.execute_now(by, command));
            }
            Input::Attempted(attempted) => self.replay_attempt(*attempted),
            Input::Noted(record) => self.replay_record(input.cause, record),
        }
    }

    /// Replays an attempt. Its consequences follow as they did in the recorded run.
    fn replay_attempt(self: &Arc<Self>, attempted: RecordedAttempt) {
        self.with_machine(|state, now| {
            let find = |entry| state.ledger.get(entry).and_then(LedgerEntry::webhook).map(|(_, item)| item);
            let effects = attempted.with(find).map(|attempt| state.end_recorded_attempt(now, attempt));
            ((), effects.unwrap_or_default())
        });
    }

    fn replay_record(self: &Arc<Self>, cause: u64, record: Record) {
        if let Record::GraphCall(call) = &record {
            self.answered_calls.fetch_add(1, Ordering::Relaxed);
            if let Some(number) = call.fault {
                self.with_state(|state, _| state.faults.fired(number));
            }
        }
        self.write_now(Some(cause), record);
    }
}
