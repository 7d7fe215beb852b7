//! A run that is replayed. What real apps and their servers did in the recorded run happens again at the same places of the ledger, while
//! the script performs its own steps. No time passes, and nothing is sent.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::active_world::ActiveWorld;
use super::dispatch::OutgoingAttempt;
use super::history::{Input, RecordedAttempt, RecordedInput};
use super::in_flight::Quiescence;
use super::ledger_entry::{DeliveryAttempt, Record};
use super::outbox::{AttemptOutcome, Handshake, HandshakeError, Job, Outbox};

/// What real apps did, and how far the ledger went with each step.
#[derive(Debug)]
pub struct Replay {
    script: Mutex<ReplayScript>,
    /// What was in flight, if the last step ended because the world was not quiet in time.
    never_quiet: Option<Quiescence>,
}

#[derive(Debug)]
struct ReplayScript {
    others: VecDeque<RecordedInput>,
    ends: VecDeque<u64>,
    /// Inputs after this entry belong to later steps.
    limit: u64,
}

impl Replay {
    /// `others` are the inputs from real apps, oldest first; `ends` is the newest entry when each step was over; `never_quiet` is what was
    /// in flight if the last step ended because the world was not quiet in time.
    pub fn new(others: Vec<RecordedInput>, ends: Vec<u64>, never_quiet: Option<Quiescence>) -> Self {
        Self { script: Mutex::new(ReplayScript { others: others.into(), ends: ends.into(), limit: 0 }), never_quiet }
    }

    fn script(&self) -> MutexGuard<'_, ReplayScript> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if the last step has come to where it ended.
    fn is_over(&self, cursor: u64) -> bool {
        let script = self.script();
        script.ends.is_empty() && cursor > script.limit
    }

    /// True if a real app did something at this place of the ledger, within the step.
    pub(crate) fn has_next(&self, cursor: u64) -> bool {
        let script = self.script();
        let next = script.others.iter().find(|next| next.cursor >= cursor);
        next.is_some_and(|next| next.cursor == cursor && cursor <= script.limit)
    }

    /// What a real app did at this place of the ledger, unless `own` says that the script is about to do it. With `is_limited`, only
    /// within the step.
    fn next(&self, cursor: u64, is_limited: bool, own: impl Fn(&Input) -> bool) -> Option<RecordedInput> {
        let mut script = self.script();
        // The script has done itself what lies behind.
        while script.others.front().is_some_and(|passed| passed.cursor < cursor) {
            script.others.pop_front();
        }
        let limit = if is_limited { script.limit } else { u64::MAX };
        let is_due = |next: &RecordedInput| next.cursor == cursor && cursor <= limit && !own(&next.input);
        script.others.front().is_some_and(is_due).then(|| script.others.pop_front()).flatten()
    }
}

/// An outbox that sends nothing: the replay has the results of all attempts.
#[derive(Debug)]
pub struct NullOutbox;

impl Outbox for NullOutbox {
    fn send(&self, _: Job) {}

    fn handshake(&self, _: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

impl ActiveWorld {
    /// Replays a recorded run from now on.
    pub fn play(&self, replay: Replay) {
        // A world replays one run in its life, so there is no other yet.
        self.replay.set(replay).unwrap_or_default();
    }

    /// A step begins: inputs up to its end may be replayed now.
    pub fn begin_step(&self) {
        if let Some(replay) = self.replay.get() {
            let mut script = replay.script();
            script.limit = script.ends.pop_front().unwrap_or(u64::MAX);
        }
    }

    /// The script is about to do something: replays what real apps did before that.
    pub(crate) fn catch_up(self: &Arc<Self>, own: impl Fn(&Input) -> bool) {
        let Some(replay) = self.replay.get() else { return };
        while let Some(input) = replay.next(self.next_cursor(), false, &own) {
            self.replay_input(input);
        }
    }

    /// Replays the next input of this step. Returns `false` if there is none left.
    pub(crate) fn replay_next(self: &Arc<Self>, replay: &Replay) -> bool {
        let next = replay.next(self.next_cursor(), true, |_| false);
        next.map(|input| self.replay_input(input)).is_some()
    }

    /// The script is over: replays the inputs after it.
    pub fn replay_rest(self: &Arc<Self>) {
        self.begin_step();
        self.catch_up(|_| false);
    }

    /// Replays the inputs up to the end of the step. The recorded run was quiet then, unless it was the last step.
    pub(crate) fn settle_replay(self: &Arc<Self>, replay: &Replay) -> Quiescence {
        while self.replay_next(replay) {}
        let is_over = replay.is_over(self.next_cursor());
        replay.never_quiet.clone().filter(|_| is_over).unwrap_or(Quiescence::Reached)
    }

    fn next_cursor(&self) -> u64 {
        self.lock().ledger.next_cursor()
    }

    fn replay_input(self: &Arc<Self>, input: RecordedInput) {
        match input.input {
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
        let mut state = self.lock();
        let find = |entry| state.ledger.get(entry).and_then(|entry| entry.webhook()).map(|(_, item)| item);
        if let Some(delivered) = attempted.with(find) {
            let DeliveryAttempt { request, options, url, attempt, fault, result, said, took } = delivered;
            let delivery_key = (request.first.entry, attempt);
            let outcome = AttemptOutcome { result, said, took, warning: None };
            self.complete(
                &mut state,
                OutgoingAttempt { request, attempt, options, fault, on_demand: false },
                url,
                outcome,
            );
            self.in_flight.delivery_ended(delivery_key);
        }
        self.unlock_and_notify(state);
    }

    fn replay_record(self: &Arc<Self>, cause: u64, record: Record) {
        if let Record::GraphCall(call) = &record {
            self.answered_calls.fetch_add(1, Ordering::Relaxed);
            if let Some(number) = call.fault {
                let mut state = self.lock();
                state.faults.fired(number);
                self.has_faults.store(state.faults.can_fire(), Ordering::Release);
            }
        }
        self.write_now(Some(cause), record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::AppKey;
    use crate::domain::model::time::Moment;

    fn warning(cursor: u64) -> RecordedInput {
        let record = Record::Warning { app: Some(AppKey(0)), text: "".into() };
        RecordedInput { cursor, cause: cursor, at: Moment(0), input: Input::Noted(record) }
    }

    #[test]
    fn what_others_did_comes_at_its_place_and_within_its_step() {
        let replay = Replay::new(vec![warning(2), warning(3), warning(7)], vec![3], None);
        let next = |cursor, is_limited| replay.next(cursor, is_limited, |_| false).map(|input| input.cursor);
        assert_eq!(next(2, true), None, "no step has begun");
        replay.script().limit = 3;
        assert_eq!((next(1, true), next(2, true), next(3, true)), (None, Some(2), Some(3)));
        assert_eq!((next(7, true), next(7, false)), (None, Some(7)));
    }

    #[test]
    fn what_the_script_does_itself_is_not_done_for_it() {
        let replay = Replay::new(vec![warning(2), warning(3)], Vec::new(), None);
        assert!(replay.next(2, false, |_| true).is_none());
        assert_eq!(replay.next(3, false, |_| false).map(|input| input.cursor), Some(3));
    }
}
