//! Engine room: a run that is played again. What others did in it then, apps over HTTP and the servers of their webhooks, is done again at
//! the same places of the ledger, while the script does its own part anew. No time passes, and nothing is sent out.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::active_world::ActiveWorld;
use super::dispatch::OutgoingAttempt;
use super::history::{Input, RecordedAttempt, RecordedInput};
use super::in_flight::Quiescence;
use super::ledger::{DeliveryAttempt, Record};
use super::outbox::{AttemptOutcome, Handshake, HandshakeError, Job, Outbox, Webhook};

/// What others did, and how far the ledger came with each step.
#[derive(Debug)]
pub struct Replay {
    script: Mutex<ReplayScript>,
    /// What was under way when the last step ended because the world was not quiet in time.
    never_quiet: Option<Quiescence>,
}

#[derive(Debug)]
struct ReplayScript {
    others: VecDeque<RecordedInput>,
    ends: VecDeque<u64>,
    /// What lies beyond this entry was done after the step that is performed now.
    limit: u64,
}

impl Replay {
    /// What others did, oldest first; the newest entry when each step was over; and what was under way, if the last one ended because
    /// the world was not quiet in time.
    pub fn new(others: Vec<RecordedInput>, ends: Vec<u64>, never_quiet: Option<Quiescence>) -> Self {
        Self { script: Mutex::new(ReplayScript { others: others.into(), ends: ends.into(), limit: 0 }), never_quiet }
    }

    fn script(&self) -> MutexGuard<'_, ReplayScript> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the last step is where it ended.
    fn is_over(&self, cursor: u64) -> bool {
        let script = self.script();
        script.ends.is_empty() && cursor > script.limit
    }

    /// Whether others did something at this place of the ledger, within the step.
    pub(crate) fn has_next(&self, cursor: u64) -> bool {
        let script = self.script();
        let next = script.others.iter().find(|next| next.cursor >= cursor);
        next.is_some_and(|next| next.cursor == cursor && cursor <= script.limit)
    }

    /// What others did at this place of the ledger, within `limit` of the step or within none, unless the script does it itself.
    fn next(&self, cursor: u64, is_limited: bool, own: impl Fn(&Input) -> bool) -> Option<RecordedInput> {
        let mut script = self.script();
        // What lies behind, the script has done itself.
        while script.others.front().is_some_and(|passed| passed.cursor < cursor) {
            script.others.pop_front();
        }
        let limit = if is_limited { script.limit } else { u64::MAX };
        let is_due = |next: &RecordedInput| next.cursor == cursor && cursor <= limit && !own(&next.input);
        script.others.front().is_some_and(is_due).then(|| script.others.pop_front()).flatten()
    }
}

/// A way out that leads nowhere: who takes a webhook, and when, stands in the replay.
#[derive(Debug)]
pub struct NullOutbox;

impl Outbox for NullOutbox {
    fn send(&self, _: Job) {}

    fn handshake(&self, _: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

impl ActiveWorld {
    /// Plays a replay from now on.
    pub fn play(&self, replay: Replay) {
        // A world that plays one already is never given another.
        self.replay.set(replay).unwrap_or_default();
    }

    /// A step begins: what others did until it was over may be done now.
    pub fn begin_step(&self) {
        if let Some(replay) = self.replay.get() {
            let mut script = replay.script();
            script.limit = script.ends.pop_front().unwrap_or(u64::MAX);
        }
    }

    /// The script is about to do something of its own: what others did before that is done first.
    pub(crate) fn catch_up(self: &Arc<Self>, own: impl Fn(&Input) -> bool) {
        let Some(replay) = self.replay.get() else { return };
        while let Some(input) = replay.next(self.next_cursor(), false, &own) {
            self.replay_input(input);
        }
    }

    /// Does the next thing that others did in this step; `false` if there is none left.
    pub(crate) fn replay_next(self: &Arc<Self>, replay: &Replay) -> bool {
        let next = replay.next(self.next_cursor(), true, |_| false);
        next.map(|input| self.replay_input(input)).is_some()
    }

    /// The script is over: does what others did after it.
    pub fn replay_rest(self: &Arc<Self>) {
        self.begin_step();
        self.catch_up(|_| false);
    }

    /// Does what others did until the step was over. Had there not been quiet then, the step would have been the last one; whoever
    /// came late may be under way all the same.
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
                // Executed or refused, the ledger says which.
                drop(self.execute_now(by, command));
            }
            Input::Attempted(attempted) => self.replay_attempt(*attempted),
            Input::Noted(record) => self.replay_record(input.cause, record),
        }
    }

    /// An app took a webhook, or did not. What comes of that follows as it did then.
    fn replay_attempt(self: &Arc<Self>, attempted: RecordedAttempt) {
        let mut state = self.lock();
        let find = |entry| state.ledger.get(entry).and_then(Webhook::of).map(|(_, item)| item);
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
        if let Record::GraphCall { fault, .. } = &record {
            self.answered_calls.fetch_add(1, Ordering::Relaxed);
            if let Some(number) = fault {
                let mut state = self.lock();
                state.faults.fired(*number);
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
