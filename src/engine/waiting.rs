//! Waiting in a live world: for quiet, of all or of one step, and for entries of the ledger.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::domain::World;
use crate::domain::model::time::Moment;

use super::active_world::ActiveWorld;
use super::in_flight::QuietScope;
use super::ledger::Ledger;
use super::quiescence::{Quiescence, quiet_topics};
use super::topic::Topic;

impl ActiveWorld {
    /// Waits until no delivery and no Graph call is in flight and nothing has begun or ended for `quiet`, at most for `budget`.
    pub async fn settle(self: &Arc<Self>, quiet: Duration, budget: Duration) -> Quiescence {
        self.settle_part(None, quiet, budget).await
    }

    /// The same for what belongs to one step: deliveries that its command led to or that go out in its thread, and Graph calls about its
    /// thread. A call whose thread is not known belongs to every thread of its page; without a page, to every step.
    pub async fn settle_step(self: &Arc<Self>, step: QuietScope, quiet: Duration, budget: Duration) -> Quiescence {
        self.settle_part(Some(step), quiet, budget).await
    }

    async fn settle_part(self: &Arc<Self>, step: Option<QuietScope>, quiet: Duration, budget: Duration) -> Quiescence {
        let step = step.as_ref();
        if let Some(replay) = self.replay.get() {
            return self.settle_replay(replay);
        }
        if quiet.is_zero() && self.is_quiet(step) {
            return Quiescence::Reached;
        }
        let (deadline, generation) = (Instant::now() + budget, self.generation());
        let waiter = self.activity.waiters.begin(quiet_topics(step, !quiet.is_zero()));
        loop {
            let is_quiet = self.is_quiet(step);
            // What is in flight for a world that was removed, reset or put back is of no interest to anybody.
            if self.is_closed() || self.is_stale(generation) || (is_quiet && quiet.is_zero()) {
                return Quiescence::Reached;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let patience = if is_quiet { quiet.min(left) } else { left };
            if tokio::time::timeout(patience, waiter.woken()).await.is_ok() {
                continue;
            }
            let busy = self.activity.busy(self.declared_config(), &self.lock().state.in_flight, step);
            match busy {
                // Quiet for less than was asked, because the time is up, is not quiet.
                None if is_quiet && patience == quiet => return Quiescence::Reached,
                None if Instant::now() >= deadline => {
                    return Quiescence::Exhausted { deliveries: Vec::new(), calls: 0 };
                }
                Some(busy) if Instant::now() >= deadline => return busy,
                _ => {}
            }
        }
    }

    fn is_quiet(&self, step: Option<&QuietScope>) -> bool {
        self.activity.is_quiet(&self.lock().state.in_flight, step)
    }

    /// Waits until `ready` returns something, at most for `within`. Looks again after each entry of the ledger.
    pub async fn wait_for<R>(
        self: &Arc<Self>,
        within: Duration,
        ready: impl FnMut(&World, &Ledger, Moment) -> Option<R>,
    ) -> Option<R> {
        self.wait_on(&[Topic::Any], within, ready).await
    }

    /// Waits until `ready` returns something, at most for `within`. Looks again only after an entry about one of these topics, or if the
    /// world is reset, put back or removed.
    pub async fn wait_on<R>(
        self: &Arc<Self>,
        topics: &[Topic],
        within: Duration,
        mut ready: impl FnMut(&World, &Ledger, Moment) -> Option<R>,
    ) -> Option<R> {
        if let Some(replay) = self.replay.get() {
            return self.wait_in_replay(replay, ready);
        }
        if let Some(found) = self.read(&mut ready) {
            return Some(found);
        }
        let deadline = tokio::time::Instant::now() + within;
        let waiter = self.readers.begin(topics.to_vec());
        loop {
            if let Some(found) = self.read(&mut ready) {
                return Some(found);
            }
            tokio::time::timeout_at(deadline, waiter.woken()).await.ok()?;
        }
    }
}
