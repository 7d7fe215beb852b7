//! When a world is quiet: what was in flight if it was not, and the signal that something began or ended.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

use super::in_flight::{DeliveriesInFlight, InFlightDelivery};

/// How a wait for quiet ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quiescence {
    /// Nothing is in flight.
    Reached,
    /// The time was up while these deliveries and this many Graph calls were in flight.
    Exhausted {
        /// The deliveries.
        deliveries: Vec<InFlightDelivery>,
        /// How many Graph calls.
        calls: u64,
    },
}

/// What begins and ends in a world.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Graph calls in flight.
    calls: AtomicU64,
    /// Counts everything that began or ended. A change means that the quiet period was not quiet.
    moves: AtomicU64,
    pub(super) changed: Notify,
}

impl Activity {
    pub(super) fn call_began(&self) {
        self.calls.fetch_add(1, Ordering::AcqRel);
        self.moved();
    }

    pub(super) fn call_ended(&self) {
        let left = self.calls.fetch_sub(1, Ordering::AcqRel) - 1;
        self.ended(left == 0);
    }

    /// Something began.
    pub(super) fn moved(&self) {
        self.moves.fetch_add(1, Ordering::Relaxed);
    }

    /// Something ended. Wakes those who wait for quiet, but only if there may be quiet: a wake for every webhook would cost more than the
    /// webhook.
    pub(super) fn ended(&self, nothing_left: bool) {
        self.moved();
        if nothing_left {
            self.changed.notify_waiters();
        }
    }

    pub(super) fn moves(&self) -> u64 {
        self.moves.load(Ordering::Relaxed)
    }

    /// What is in flight, if anything is.
    pub(super) fn busy(&self, deliveries: &DeliveriesInFlight) -> Option<Quiescence> {
        let calls = self.calls.load(Ordering::Acquire);
        let is_busy = calls > 0 || !deliveries.is_empty();
        is_busy.then(|| Quiescence::Exhausted { deliveries: deliveries.all(), calls })
    }
}
