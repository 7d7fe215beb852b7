//! The virtual clock of a world: frozen, or following the wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::model::time::{Moment, Span};

/// How a world's clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It stands still until it is turned.
    Frozen,
    /// It follows the wall clock from where it was set.
    Follow,
}

/// A world's clock.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    mode: Mode,
    /// The time if frozen; otherwise the time at which the wall clock showed `wall`.
    base: Moment,
    wall: u64,
}

impl Clock {
    /// A clock that shows `start`.
    pub fn new(mode: Mode, start: Moment) -> Self {
        Self { mode, base: start, wall: wall_millis() }
    }

    pub fn now(&self) -> Moment {
        match self.mode {
            Mode::Frozen => self.base,
            Mode::Follow => self.base + Span(wall_millis().saturating_sub(self.wall)),
        }
    }

    /// Turns it forward. Virtual time never runs backwards: an earlier moment leaves it as it is.
    pub fn advance_to(&mut self, moment: Moment) {
        self.base = self.now().max(moment);
        self.wall = wall_millis();
    }
}

/// The wall clock.
pub fn wall_now() -> Moment {
    Moment::from_millis(wall_millis())
}

fn wall_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
