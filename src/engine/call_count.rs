//! How many calls a world had, so that a world that nobody calls can be found.

use std::sync::atomic::{AtomicU64, Ordering};

/// The calls of a world.
#[derive(Debug, Default)]
pub struct CallCount {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl CallCount {
    pub(super) fn begin(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    /// How many calls have begun.
    pub fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// True if none of these is under way.
    pub fn all_ended(&self, begun: u64) -> bool {
        self.ended.load(Ordering::Relaxed) >= begun
    }
}
