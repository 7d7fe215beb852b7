//! A run that is replayed. What real apps and their servers did in the recorded run happens again at the same places of the ledger, while
//! the script performs its own steps. No time passes, and nothing is sent.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::history::{Input, RecordedInput};
use super::quiescence::Quiescence;

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

    /// A step begins: inputs up to its end may be replayed now.
    pub(super) fn begin_step(&self) {
        let mut script = self.script();
        script.limit = script.ends.pop_front().unwrap_or(u64::MAX);
    }

    /// How the wait for quiet at the end of a step ended in the recorded run. It was quiet then, unless it was the last step.
    pub(super) fn quiescence(&self, cursor: u64) -> Quiescence {
        let script = self.script();
        let is_over = script.ends.is_empty() && cursor > script.limit;
        self.never_quiet.clone().filter(|_| is_over).unwrap_or(Quiescence::Reached)
    }

    /// True if a real app did something at this place of the ledger, within the step.
    pub(super) fn has_next(&self, cursor: u64) -> bool {
        let script = self.script();
        let next = script.others.iter().find(|next| next.cursor >= cursor);
        next.is_some_and(|next| next.cursor == cursor && cursor <= script.limit)
    }

    /// What a real app did at this place of the ledger, unless `own` says that the script is about to do it. With `is_limited`, only
    /// within the step.
    pub(super) fn next(&self, cursor: u64, is_limited: bool, own: impl Fn(&Input) -> bool) -> Option<RecordedInput> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::AppKey;
    use crate::domain::model::time::Moment;
    use crate::engine::ledger_entry::{Record, WarningKind};

    fn warning(cursor: u64) -> RecordedInput {
        let record = Record::Warning { app: Some(AppKey(0)), kind: WarningKind::Problem, text: "".into() };
        RecordedInput { cursor, cause: cursor, at: Moment::from_millis(0), input: Input::Noted(record) }
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
