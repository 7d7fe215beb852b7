//! Engine room: the faults of a world that are armed, and which of them fires. Only `hosted` enters; others name what it hands out.

use crate::domain::model::ids::{IdKind, IdStream};

use super::fault::{Fault, FaultEffect, FaultPoint, Times};

/// ArmedFaults that a world holds, those that are spent included until there are too many.
pub const MAX_FAULTS: usize = 10_000;

/// A fault of a world, and what it did so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Armed {
    /// Counted from 1.
    pub number: u32,
    /// What it is.
    pub fault: Fault,
    /// How many occasions fitted it until it was spent.
    pub met: u64,
    /// On how many of them it fired.
    pub fired: u32,
}

/// A fault that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// Which.
    pub number: u32,
    /// What went wrong.
    pub effect: FaultEffect,
}

/// A world holds no more faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a world holds at most {MAX_FAULTS} faults that wait: take some away, or reset it")]
pub struct TooManyFaults;

impl Armed {
    /// Whether it will not fire any more.
    pub fn is_spent(&self) -> bool {
        matches!(self.fault.schedule.times, Times::Exactly(times) if self.fired >= times)
    }

    /// Whether it fired as often as it says. One that says no number must have fired at all.
    pub fn is_fulfilled(&self) -> bool {
        self.fault.optional || self.is_spent() || (self.fault.schedule.times == Times::Always && self.fired > 0)
    }

    /// Counts the point; whether it is one on which it fires.
    fn counts(&mut self, seed: u64) -> bool {
        if self.is_spent() {
            return false;
        }
        self.met += 1;
        self.fault.schedule.fires_at(self.met) && self.chance_decides(seed)
    }

    /// The same seed, fault and point always fall the same way.
    fn chance_decides(&self, seed: u64) -> bool {
        let Some(chance) = self.fault.schedule.chance else { return true };
        IdStream::new(seed, IdKind::Fault, u64::from(self.number), self.met).below(100) < u64::from(chance)
    }
}

/// The faults of a world, in the order in which they were armed.
#[derive(Debug)]
pub struct ArmedFaults {
    seed: u64,
    armed: Vec<Armed>,
    count: u32,
}

impl ArmedFaults {
    /// None yet. The seed is that of their dice.
    pub fn new(seed: u64) -> Self {
        Self { seed, armed: Vec::new(), count: 0 }
    }

    /// ArmedFaults as they were, of so many that were ever armed.
    pub(super) fn restored(seed: u64, armed: Vec<Armed>, count: u32) -> Self {
        Self { seed, armed, count }
    }

    /// How many were ever armed.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// The fault of this number fires, whatever it met.
    pub(super) fn fired(&mut self, number: u32) {
        if let Some(armed) = self.armed.iter_mut().find(|armed| armed.number == number) {
            armed.met += 1;
            armed.fired += 1;
        }
    }

    /// Arms a fault; its number.
    ///
    /// # Errors
    /// There are too many.
    pub fn arm(&mut self, fault: Fault) -> Result<u32, TooManyFaults> {
        if self.armed.len() >= MAX_FAULTS {
            // A world that is served for long forgets what is over before it refuses what is new.
            let spent = self.armed.iter().position(Armed::is_spent).ok_or(TooManyFaults)?;
            self.armed.remove(spent);
        }
        self.count += 1;
        self.armed.push(Armed { number: self.count, fault, met: 0, fired: 0 });
        Ok(self.count)
    }

    /// Whether so many more may wait.
    ///
    /// # Errors
    /// There would be too many.
    pub fn has_room_for(&self, more: usize) -> Result<(), TooManyFaults> {
        let waiting = self.armed.iter().filter(|armed| !armed.is_spent()).count();
        if waiting.saturating_add(more) <= MAX_FAULTS { Ok(()) } else { Err(TooManyFaults) }
    }

    /// Takes a fault away, or all of them; the numbers of those that are gone. Numbers are never used twice.
    pub fn disarm(&mut self, number: Option<u32>) -> Vec<u32> {
        let is_meant = |armed: &mut Armed| number.is_none_or(|number| number == armed.number);
        self.armed.extract_if(.., is_meant).map(|armed| armed.number).collect()
    }

    /// Every fault that the point fits counts it. Of those whose turn it is the oldest fires; but what only makes an answer late, or
    /// tells of a limit, goes together with another one.
    pub fn trigger(&mut self, point: &FaultPoint) -> Option<Fired> {
        let mut fired: Option<Fired> = None;
        for armed in self.armed.iter_mut().filter(|armed| armed.fault.matches(point)) {
            if !armed.counts(self.seed) {
                continue;
            }
            let effect = match &fired {
                None => Some(armed.fault.effect.clone()),
                Some(before) => before.effect.and(&armed.fault.effect),
            };
            if let Some(effect) = effect {
                armed.fired += 1;
                // Whoever decides the answer gives the number.
                let keeps = fired.as_ref().filter(|before| !before.effect.keeps_answer());
                fired = Some(Fired { number: keeps.map_or(armed.number, |before| before.number), effect });
            }
        }
        fired
    }

    /// Whether there is one that may still fire.
    pub fn waits(&self) -> bool {
        self.armed.iter().any(|armed| !armed.is_spent())
    }

    /// All of them.
    pub fn all(&self) -> &[Armed] {
        &self.armed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::model::ids::{AppKey, PageKey, PersonKey};
    use crate::engine::fault::{ANY, AnswerOverride, CallFault, FaultSite, FaultTarget, Schedule};

    const SEND: FaultPoint = FaultPoint {
        what: FaultTarget::Call("send"),
        app: AppKey(1),
        page: Some(PageKey(0)),
        person: Some(PersonKey(2)),
    };

    fn fault(word: &'static str, schedule: Schedule) -> Fault {
        let at = FaultSite::of(word);
        let instead = AnswerOverride::Error("rate_limited");
        let effect = FaultEffect::Call(CallFault { instead, after: false, latency: Duration::ZERO, usage: None });
        Fault { at, app: None, page: None, person: None, schedule, optional: false, effect }
    }

    fn armed(faults: &[Fault]) -> ArmedFaults {
        let mut armed = ArmedFaults::new(7);
        for fault in faults {
            armed.arm(fault.clone()).expect("room for it");
        }
        armed
    }

    fn strikes(faults: &mut ArmedFaults, count: usize) -> Vec<Option<u32>> {
        (0..count).map(|_| faults.trigger(&SEND).map(|fired| fired.number)).collect()
    }

    #[test]
    fn the_oldest_that_fits_fires_until_it_is_spent() {
        let all = [fault("pass", Schedule::next(1)), fault("send", Schedule::next(2)), fault(ANY, Schedule::next(1))];
        let mut faults = armed(&all);
        assert_eq!(strikes(&mut faults, 4), [Some(2), Some(2), Some(3), None]);
        assert_eq!(faults.all().iter().map(|armed| armed.fired).collect::<Vec<_>>(), [0, 2, 1]);
        assert!(faults.waits());
    }

    #[test]
    fn a_fault_counts_what_fits_it_even_while_another_fires() {
        let third = Schedule { first: 3, ..Schedule::next(1) };
        let mut faults = armed(&[fault("send", Schedule::next(2)), fault("send", third)]);
        assert_eq!(strikes(&mut faults, 4), [Some(1), Some(1), Some(2), None]);
        assert!(!faults.waits());
    }

    #[test]
    fn what_only_makes_late_goes_together_with_what_decides_the_answer() {
        let late = CallFault {
            instead: AnswerOverride::Unchanged,
            after: true,
            latency: Duration::from_millis(20),
            usage: None,
        };
        let always = Schedule { times: Times::Always, ..Schedule::next(1) };
        let late = Fault { effect: FaultEffect::Call(late), ..fault(ANY, always) };
        let mut faults = armed(&[late, fault("send", Schedule::next(1))]);
        let fired = faults.trigger(&SEND).expect("both");
        let FaultEffect::Call(trouble) = fired.effect else { panic!("a call") };
        assert_eq!((fired.number, trouble.instead, trouble.after), (2, AnswerOverride::Error("rate_limited"), false));
        assert_eq!(trouble.latency, Duration::from_millis(20));
        assert_eq!(faults.trigger(&SEND).map(|fired| fired.number), Some(1));
        assert_eq!(faults.all().iter().map(|armed| armed.fired).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn one_without_a_number_goes_on_and_must_have_fired() {
        let always = Schedule { first: 2, every: 2, times: Times::Always, ..Schedule::next(1) };
        let mut faults = armed(&[fault("send", always)]);
        assert!(!faults.all()[0].is_fulfilled());
        assert_eq!(strikes(&mut faults, 5), [None, Some(1), None, Some(1), None]);
        assert!(faults.all()[0].is_fulfilled() && faults.waits());
    }

    #[test]
    fn the_same_seed_throws_the_same_dice_and_about_as_often_as_it_says() {
        let dice = Schedule { times: Times::Always, chance: Some(30), ..Schedule::next(1) };
        let thrown = || strikes(&mut armed(&[fault("send", dice)]), 1000);
        let hits = thrown().iter().flatten().count();
        assert_eq!(thrown(), thrown());
        assert!((200..400).contains(&hits), "{hits}");
    }

    #[test]
    fn what_is_disarmed_is_gone_and_its_number_with_it() {
        let mut faults = armed(&[fault("send", Schedule::next(1)), fault("send", Schedule::next(1))]);
        assert_eq!(faults.disarm(Some(1)), [1]);
        assert_eq!(faults.disarm(Some(1)), [] as [u32; 0]);
        assert_eq!(strikes(&mut faults, 2), [Some(2), None]);
        assert_eq!(faults.arm(fault("send", Schedule::next(1))), Ok(3));
        assert_eq!(faults.disarm(None), [2, 3]);
        assert!(!faults.waits());
    }
}
