//! The virtual clock of a world: frozen, or following the wall clock.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::domain::model::time::{Moment, Span};

/// How a world's clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It stands still until it is turned.
    Frozen,
    /// It follows the wall clock from where it was set.
    Follow,
}

/// A world's clock. It counts with the monotonic clock of the machine: a wall clock that somebody sets, back or forward, moves no world.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    mode: Mode,
    /// The time if frozen; otherwise the time at the instant `since`.
    base: Moment,
    since: Instant,
}

impl Clock {
    /// A clock that shows `start`.
    pub fn new(mode: Mode, start: Moment) -> Self {
        Self { mode, base: start, since: Instant::now() }
    }

    pub fn now(&self) -> Moment {
        self.at(Instant::now())
    }

    /// What the clock shows at an instant. An earlier one than that of `base` leaves it where it was.
    fn at(&self, instant: Instant) -> Moment {
        match self.mode {
            Mode::Frozen => self.base,
            Mode::Follow => self.base + Span(instant.saturating_duration_since(self.since).as_millis() as u64),
        }
    }

    /// Turns it forward. Virtual time never runs backwards: an earlier moment leaves it as it is.
    pub fn advance_to(&mut self, moment: Moment) {
        let instant = Instant::now();
        self.base = self.at(instant).max(moment);
        self.since = instant;
    }
}

/// The wall clock. Only the first moment of a world comes from it.
pub fn wall_now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Moment::from_millis(since.map_or(0, |since| since.as_millis() as u64))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn time_goes_on_and_never_back() {
        let mut clock = Clock::new(Mode::Follow, Moment::from_millis(1000));
        let (before, later) = (clock.since - Duration::from_secs(9), clock.since + Duration::from_secs(2));
        assert_eq!(clock.at(before), Moment::from_millis(1000));
        assert_eq!(clock.at(later), Moment::from_millis(3000));
        clock.advance_to(Moment::from_millis(9000));
        assert_eq!(clock.base, Moment::from_millis(9000));
        clock.advance_to(Moment::from_millis(5));
        assert!(clock.now() >= Moment::from_millis(9000));
        assert_eq!(clock.at(clock.since + Duration::from_millis(7)), clock.base + Span(7));
        let frozen = Clock::new(Mode::Frozen, Moment::from_millis(1));
        assert_eq!(frozen.at(frozen.since + Duration::from_secs(7)), Moment::from_millis(1));
    }
}
