//! The armed faults of a world, and which of them fires.

use crate::domain::model::ids::{IdKind, IdStream};

use super::fault::{Fault, FaultEffect, FaultPoint, Times};

/// ArmedFaults that a world holds, those that are spent included until there are too many.
pub const MAX_FAULTS: usize = 10_000;

/// A fault, and what it did so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Armed {
    /// Counted from 1.
    pub number: u32,
    pub fault: Fault,
    /// How many calls or webhooks it matched until it was spent.
    pub met: u64,
    /// At how many of them it fired.
    pub fired: u32,
}

/// A fault that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    pub number: u32,
    pub effect: FaultEffect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a world holds at most {MAX_FAULTS} faults that wait: take some away, or reset it")]
pub struct TooManyFaults;

impl Armed {
    /// True if it will not fire again.
    pub fn is_spent(&self) -> bool {
        matches!(self.fault.schedule.times, Times::Exactly(times) if self.fired >= times)
    }

    /// True if it fired as often as it must. A fault without a number of times must have fired once.
    pub fn is_fulfilled(&self) -> bool {
        self.fault.optional || self.is_spent() || (self.fault.schedule.times == Times::Always && self.fired > 0)
    }

    /// Counts a point that it matches. Returns true if it fires there.
    fn counts(&mut self, seed: u64) -> bool {
        if self.is_spent() {
            return false;
        }
        self.met += 1;
        self.fault.schedule.fires_at(self.met) && self.chance_decides(seed)
    }

    /// Throws the dice, which fall the same way for the same seed, fault and point.
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
    /// True if a fault can still fire.
    can_fire: bool,
}

impl ArmedFaults {
    /// No faults yet; `seed` is that of their dice.
    pub fn new(seed: u64) -> Self {
        Self { seed, armed: Vec::new(), count: 0, can_fire: false }
    }

    /// ArmedFaults as they were, of so many that were ever armed.
    pub(super) fn restored(seed: u64, armed: Vec<Armed>, count: u32) -> Self {
        let mut faults = Self { seed, armed, count, can_fire: false };
        faults.look_whether_any_can_fire();
        faults
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// The fault of this number has fired in the run that is replayed.
    pub(super) fn fired(&mut self, number: u32) {
        if let Some(armed) = self.armed.iter_mut().find(|armed| armed.number == number) {
            armed.met += 1;
            armed.fired += 1;
        }
        self.look_whether_any_can_fire();
    }

    /// Arms a fault and returns its number.
    pub fn arm(&mut self, fault: Fault) -> Result<u32, TooManyFaults> {
        if self.armed.len() >= MAX_FAULTS {
            // A world that is served for long drops a spent fault before it refuses a new one.
            let spent = self.armed.iter().position(Armed::is_spent).ok_or(TooManyFaults)?;
            self.armed.remove(spent);
        }
        self.count += 1;
        self.armed.push(Armed { number: self.count, fault, met: 0, fired: 0 });
        self.can_fire = true;
        Ok(self.count)
    }

    /// Fails if this many more faults are too many.
    pub fn has_room_for(&self, more: usize) -> Result<(), TooManyFaults> {
        let waiting = self.armed.iter().filter(|armed| !armed.is_spent()).count();
        if waiting.saturating_add(more) <= MAX_FAULTS { Ok(()) } else { Err(TooManyFaults) }
    }

    /// Disarms one fault or all of them, and returns their numbers, which are never used again.
    pub fn disarm(&mut self, number: Option<u32>) -> Vec<u32> {
        let is_meant = |armed: &mut Armed| number.is_none_or(|number| number == armed.number);
        let gone = self.armed.extract_if(.., is_meant).map(|armed| armed.number).collect();
        self.look_whether_any_can_fire();
        gone
    }

    /// Counts the point for every fault that matches it. Of those that fire, the oldest counts, together with those that only delay the
    /// answer or change its usage headers.
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
                // The number is that of the fault that decides the answer.
                let keeps = fired.as_ref().filter(|before| !before.effect.keeps_answer());
                fired = Some(Fired { number: keeps.map_or(armed.number, |before| before.number), effect });
            }
        }
        if fired.is_some() {
            self.look_whether_any_can_fire();
        }
        fired
    }

    /// True if a fault can still fire.
    pub fn can_fire(&self) -> bool {
        self.can_fire
    }

    fn look_whether_any_can_fire(&mut self) {
        self.can_fire = self.armed.iter().any(|armed| !armed.is_spent());
    }

    pub fn all(&self) -> &[Armed] {
        &self.armed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::model::ids::{AppKey, AssetKey, PersonKey};
    use crate::engine::fault::{ANY, AnswerOverride, CallFault, FaultSite, FaultTarget, Schedule};

    const SEND: FaultPoint = FaultPoint {
        what: FaultTarget::Call("send"),
        app: AppKey(1),
        page: Some(AssetKey(0)),
        person: Some(PersonKey(2)),
    };

    fn fault(word: &'static str, schedule: Schedule) -> Fault {
        let at = FaultSite::of(word);
        let answer = AnswerOverride::Error("rate_limited");
        let effect = FaultEffect::Call(CallFault { answer, after: false, latency: Duration::ZERO, usage: None });
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
        assert!(faults.can_fire());
    }

    #[test]
    fn a_fault_counts_what_fits_it_even_while_another_fires() {
        let third = Schedule { first: 3, ..Schedule::next(1) };
        let mut faults = armed(&[fault("send", Schedule::next(2)), fault("send", third)]);
        assert_eq!(strikes(&mut faults, 4), [Some(1), Some(1), Some(2), None]);
        assert!(!faults.can_fire());
    }

    #[test]
    fn what_only_makes_late_goes_together_with_what_decides_the_answer() {
        let late = CallFault {
            answer: AnswerOverride::Unchanged,
            after: true,
            latency: Duration::from_millis(20),
            usage: None,
        };
        let always = Schedule { times: Times::Always, ..Schedule::next(1) };
        let late = Fault { effect: FaultEffect::Call(late), ..fault(ANY, always) };
        let mut faults = armed(&[late, fault("send", Schedule::next(1))]);
        let fired = faults.trigger(&SEND).expect("both");
        let FaultEffect::Call(fault) = fired.effect else { panic!("a call") };
        assert_eq!((fired.number, fault.answer, fault.after), (2, AnswerOverride::Error("rate_limited"), false));
        assert_eq!(fault.latency, Duration::from_millis(20));
        assert_eq!(faults.trigger(&SEND).map(|fired| fired.number), Some(1));
        assert_eq!(faults.all().iter().map(|armed| armed.fired).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn one_without_a_number_goes_on_and_must_have_fired() {
        let always = Schedule { first: 2, every: 2, times: Times::Always, ..Schedule::next(1) };
        let mut faults = armed(&[fault("send", always)]);
        assert!(!faults.all()[0].is_fulfilled());
        assert_eq!(strikes(&mut faults, 5), [None, Some(1), None, Some(1), None]);
        assert!(faults.all()[0].is_fulfilled() && faults.can_fire());
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
        assert!(!faults.can_fire());
    }
}
