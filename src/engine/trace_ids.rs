//! The trace ids of Graph answers, and how many there were.

use std::sync::atomic::Ordering;

use crate::domain::model::ids::{IdKind, IdStream};

use super::active_world::ActiveWorld;

impl ActiveWorld {
    /// The trace id of the next Graph answer.
    pub fn next_trace(&self) -> Box<str> {
        let counter = self.answered_calls.fetch_add(1, Ordering::Relaxed);
        IdStream::new(self.declared_config().seed, IdKind::Trace, 0, counter).url_safe("A", 22)
    }

    /// How many Graph calls have been answered.
    pub fn answered_calls(&self) -> u64 {
        self.answered_calls.load(Ordering::Relaxed)
    }
}
