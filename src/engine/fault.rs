//! Engine room: faults, which a scenario arms and calls run into. They belong to a world at work and not to its state: no rule knows
//! of them. `graph` asks before it answers a call; `scenario` arms them and looks whether they fired.

use crate::domain::ids::{AppKey, PageKey, PersonKey};

/// Faults that a world holds, those that are spent included until there are too many.
pub const MAX_FAULTS: usize = 10_000;

/// Something that is to go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: the word for a call, or [`ANYWHERE`].
    pub at: &'static str,
    /// For this app alone.
    pub app: Option<AppKey>,
    /// On this page alone.
    pub page: Option<PageKey>,
    /// In the thread of this person alone.
    pub person: Option<PersonKey>,
    /// How often.
    pub times: u32,
    /// What goes wrong.
    pub effect: Effect,
}

/// The word for any place.
pub const ANYWHERE: &str = "any";

/// What goes wrong. A fault that makes somebody wait, or that meets a webhook on its way, is one more of these: where, whose and how
/// often are said in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The call is answered with the error of this name, and nothing else comes of it.
    Reply(&'static str),
}

/// What a fault may meet: a call, as far as it says whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Occasion {
    /// The word for the call.
    pub at: &'static str,
    /// Who calls.
    pub app: AppKey,
    /// The page of the token.
    pub page: Option<PageKey>,
    /// The person whose thread it is about.
    pub person: Option<PersonKey>,
}

/// A fault of a world, and how often it fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Armed {
    /// Counted from 1.
    pub number: u32,
    /// What it is.
    pub fault: Fault,
    /// How often it fired.
    pub fired: u32,
}

/// A fault that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// Which.
    pub number: u32,
    /// What went wrong.
    pub effect: Effect,
}

/// A world holds no more faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a world holds at most {MAX_FAULTS} faults that wait; a reset forgets them")]
pub struct TooManyFaults;

impl Fault {
    fn meets(&self, occasion: &Occasion) -> bool {
        let same = |wanted: bool, is: bool| !wanted || is;
        (self.at == ANYWHERE || self.at == occasion.at)
            && same(self.app.is_some(), self.app == Some(occasion.app))
            && same(self.page.is_some(), self.page == occasion.page)
            && same(self.person.is_some(), self.person == occasion.person)
    }
}

impl Armed {
    /// Whether it fired as often as it should.
    pub fn is_spent(&self) -> bool {
        self.fired >= self.fault.times
    }
}

/// The faults of a world, in the order in which they were armed.
#[derive(Debug, Default)]
pub struct Faults {
    armed: Vec<Armed>,
    count: u32,
}

impl Faults {
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
        self.armed.push(Armed { number: self.count, fault, fired: 0 });
        Ok(self.count)
    }

    /// The oldest fault that meets the occasion and is not spent fires.
    pub fn strike(&mut self, occasion: &Occasion) -> Option<Fired> {
        let armed = self.armed.iter_mut().find(|armed| !armed.is_spent() && armed.fault.meets(occasion))?;
        armed.fired += 1;
        Some(Fired { number: armed.number, effect: armed.fault.effect.clone() })
    }

    /// The fault of this number fires, whatever it met.
    pub(super) fn fired(&mut self, number: u32) {
        if let Some(armed) = self.armed.iter_mut().find(|armed| armed.number == number) {
            armed.fired += 1;
        }
    }

    /// Whether there is one that has not fired as often as it should.
    pub fn waits(&self) -> bool {
        self.armed.iter().any(|armed| !armed.is_spent())
    }

    /// Faults as they were, of so many that were ever armed.
    pub(super) fn restored(armed: Vec<Armed>, count: u32) -> Self {
        Self { armed, count }
    }

    /// How many were ever armed.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// All of them.
    pub fn all(&self) -> &[Armed] {
        &self.armed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEND: Occasion = Occasion { at: "send", app: AppKey(1), page: Some(PageKey(0)), person: Some(PersonKey(2)) };

    fn fault(at: &'static str, times: u32) -> Fault {
        Fault { at, app: None, page: None, person: None, times, effect: Effect::Reply("rate_limited") }
    }

    #[test]
    fn the_oldest_that_fits_fires_until_it_is_spent() -> Result<(), TooManyFaults> {
        let mut faults = Faults::default();
        for fault in [fault("pass", 1), fault("send", 2), fault(ANYWHERE, 1)] {
            faults.arm(fault)?;
        }
        let numbers = [(); 4].map(|()| faults.strike(&SEND).map(|fired| fired.number));
        assert_eq!(numbers, [Some(2), Some(2), Some(3), None]);
        assert_eq!(faults.all().iter().map(|armed| armed.fired).collect::<Vec<_>>(), [0, 2, 1]);
        assert!(faults.waits());
        Ok(())
    }

    #[test]
    fn app_page_and_person_must_all_fit() {
        for (fault, fits) in [
            (Fault { app: Some(AppKey(1)), ..fault("send", 1) }, true),
            (Fault { app: Some(AppKey(2)), ..fault("send", 1) }, false),
            (Fault { page: Some(PageKey(0)), person: Some(PersonKey(2)), ..fault("send", 1) }, true),
            (Fault { page: Some(PageKey(0)), person: Some(PersonKey(1)), ..fault("send", 1) }, false),
            (Fault { page: Some(PageKey(1)), ..fault(ANYWHERE, 1) }, false),
        ] {
            assert_eq!(fault.meets(&SEND), fits, "{fault:?}");
        }
        let nowhere = Occasion { page: None, person: None, ..SEND };
        assert!(!Fault { person: Some(PersonKey(2)), ..fault("send", 1) }.meets(&nowhere));
    }
}
