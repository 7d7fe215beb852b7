//! What is in flight in a world, so that a run can wait for quiet instead of for time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::ActiveWorld;

/// The deliveries and Graph calls of one world that are in flight.
#[derive(Debug, Default)]
pub struct InFlight {
    calls: AtomicU64,
    /// Counts everything that began or ended. A change means that the quiet period was not quiet.
    moves: AtomicU64,
    /// By the cursor of the webhook and the number of the attempt.
    deliveries: Mutex<BTreeMap<(u64, u32), InFlightDelivery>>,
    changed: Notify,
}

/// A delivery that is in flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InFlightDelivery {
    /// The app's name.
    pub app: Box<str>,
    /// Where it goes.
    pub url: Box<str>,
    /// Counted from 1; 0 while it waits for the deliveries before it.
    pub attempt: u32,
}

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

impl InFlight {
    pub(crate) fn delivery_queued(&self, attempt: (u64, u32), app: &str, url: &str) {
        self.lock().insert(attempt, InFlightDelivery { app: app.into(), url: url.into(), attempt: 0 });
        self.began();
    }

    /// The number of the newest attempt to deliver a webhook that is in flight; 0 if there is none.
    pub(crate) fn newest_attempt(&self, webhook: u64) -> u32 {
        self.lock().range((webhook, 0)..=(webhook, u32::MAX)).next_back().map_or(0, |((_, attempt), _)| *attempt)
    }

    pub(crate) fn delivery_started(&self, attempt: (u64, u32)) {
        if let Some(busy) = self.lock().get_mut(&attempt) {
            busy.attempt = attempt.1;
        }
    }

    pub(crate) fn delivery_ended(&self, attempt: (u64, u32)) {
        let mut deliveries = self.lock();
        deliveries.remove(&attempt);
        let nothing_left = deliveries.is_empty();
        drop(deliveries);
        self.ended(nothing_left);
    }

    pub(crate) fn has_deliveries(&self) -> bool {
        !self.lock().is_empty()
    }

    pub(crate) fn forget_deliveries(&self) {
        self.lock().clear();
        self.ended(true);
    }

    /// Wakes those who wait for quiet, but only if there may be quiet: a wake for every webhook would cost more than the webhook.
    fn ended(&self, nothing_left: bool) {
        self.moves.fetch_add(1, Ordering::Relaxed);
        if nothing_left {
            self.changed.notify_waiters();
        }
    }

    fn began(&self) {
        self.moves.fetch_add(1, Ordering::Relaxed);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(u64, u32), InFlightDelivery>> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_empty(&self) -> bool {
        self.calls.load(Ordering::Acquire) == 0 && self.lock().is_empty()
    }

    /// What is in flight, if anything is.
    pub(crate) fn busy(&self) -> Option<Quiescence> {
        (!self.is_empty()).then(|| self.exhausted())
    }

    /// Waits until nothing is in flight and nothing has begun or ended for `quiet`, at most for `budget`.
    pub(crate) async fn settle(&self, quiet: Duration, budget: Duration) -> Quiescence {
        let deadline = Instant::now() + budget;
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let moves = self.moves.load(Ordering::Relaxed);
            let empty = self.is_empty();
            if empty && quiet.is_zero() {
                return Quiescence::Reached;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let patience = if empty { quiet.min(left) } else { left };
            if tokio::time::timeout(patience, changed).await.is_ok() {
                continue;
            }
            let moved = moves != self.moves.load(Ordering::Relaxed);
            if empty && !moved && self.is_empty() {
                return Quiescence::Reached;
            }
            if Instant::now() >= deadline {
                return self.exhausted();
            }
        }
    }

    fn exhausted(&self) -> Quiescence {
        Quiescence::Exhausted {
            deliveries: self.lock().values().cloned().collect(),
            calls: self.calls.load(Ordering::Acquire),
        }
    }
}

/// Counts a Graph call as in flight until it is dropped.
#[derive(Debug)]
pub struct InFlightCall(Arc<ActiveWorld>);

impl InFlightCall {
    pub(crate) fn begin(world: Arc<ActiveWorld>) -> Self {
        world.in_flight.calls.fetch_add(1, Ordering::AcqRel);
        world.in_flight.began();
        Self(world)
    }

    /// The world that is called.
    pub fn world(&self) -> &Arc<ActiveWorld> {
        &self.0
    }
}

/// Counts the call once more, until the clone is dropped.
impl Clone for InFlightCall {
    fn clone(&self) -> Self {
        Self::begin(self.0.clone())
    }
}

impl Drop for InFlightCall {
    fn drop(&mut self) {
        let left = self.0.in_flight.calls.fetch_sub(1, Ordering::AcqRel) - 1;
        self.0.in_flight.ended(left == 0);
    }
}
