//! The order of steps of a world with several callers. Steps on one thread are performed one after another, a step that turns the clock by
//! itself, and all others side by side.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::domain::model::ids::ThreadKey;

/// Who may begin. Both kinds of locks let callers in in the order of their arrival.
#[derive(Debug, Default)]
pub struct StepOrder {
    clock: Arc<RwLock<()>>,
    /// The threads in which a step is performed or waits.
    threads: Mutex<BTreeMap<ThreadKey, Arc<tokio::sync::Mutex<()>>>>,
}

/// The right of a step to be performed. The next one may begin when it is dropped.
#[derive(Debug)]
pub struct StepPermit {
    _on_thread: Option<ThreadPermit>,
    _beside_others: Option<OwnedRwLockReadGuard<()>>,
    _alone: Option<OwnedRwLockWriteGuard<()>>,
}

/// The right of a step to act on its thread.
#[derive(Debug)]
pub struct ThreadPermit {
    order: Arc<StepOrder>,
    thread: ThreadKey,
    guard: Option<OwnedMutexGuard<()>>,
}

impl StepPermit {
    /// Lets the clock be turned before the step is over.
    pub fn admit_clock(&mut self) {
        self._beside_others = None;
    }
}

impl StepOrder {
    /// Waits for the turn of a step that acts on this thread, or on none.
    pub async fn beside(self: &Arc<Self>, thread: Option<ThreadKey>) -> StepPermit {
        let beside_others = self.clock.clone().read_owned().await;
        let on_thread = match thread {
            Some(thread) => Some(self.on_thread(thread).await),
            None => None,
        };
        StepPermit { _on_thread: on_thread, _beside_others: Some(beside_others), _alone: None }
    }

    /// Waits for the turn of a step that turns the clock.
    pub async fn alone(&self) -> StepPermit {
        let alone = self.clock.clone().write_owned().await;
        StepPermit { _on_thread: None, _beside_others: None, _alone: Some(alone) }
    }

    async fn on_thread(self: &Arc<Self>, thread: ThreadKey) -> ThreadPermit {
        // The permit is made first: if the caller goes away while it waits, the drop tidies up.
        let mut permit = ThreadPermit { order: self.clone(), thread, guard: None };
        let lock = self.lock().entry(thread).or_default().clone();
        permit.guard = Some(lock.lock_owned().await);
        permit
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ThreadKey, Arc<tokio::sync::Mutex<()>>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ThreadPermit {
    fn drop(&mut self) {
        drop(self.guard.take());
        let mut threads = self.order.lock();
        // Whoever waits has a clone, which is only made under this lock.
        if threads.get(&self.thread).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            threads.remove(&self.thread);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::{AssetKey, PersonKey};
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    fn thread(person: u32) -> Option<ThreadKey> {
        Some(ThreadKey { asset: AssetKey(0), person: PersonKey(person) })
    }

    /// The turn, if it has come.
    fn poll(waiting: std::pin::Pin<&mut impl Future<Output = StepPermit>>) -> Option<StepPermit> {
        match waiting.poll(&mut Context::from_waker(Waker::noop())) {
            std::task::Poll::Ready(turn) => Some(turn),
            std::task::Poll::Pending => None,
        }
    }

    #[test]
    fn a_thread_serves_one_step_at_a_time_and_forgets_the_last() {
        let order = Arc::new(StepOrder::default());
        let (mut first, mut second, mut other) =
            (pin!(order.beside(thread(1))), pin!(order.beside(thread(1))), pin!(order.beside(thread(2))));
        let turn = poll(first.as_mut());
        assert!(turn.is_some() && poll(second.as_mut()).is_none() && poll(other.as_mut()).is_some());
        drop(turn);
        assert!(poll(second.as_mut()).is_some());
        assert!(order.lock().is_empty());
    }

    #[test]
    fn who_goes_away_while_waiting_leaves_nothing() {
        let order = Arc::new(StepOrder::default());
        let mut first = pin!(order.beside(thread(1)));
        let turn = poll(first.as_mut());
        {
            let mut second = Box::pin(order.beside(thread(1)));
            assert!(poll(second.as_mut()).is_none());
        }
        drop(turn);
        assert!(order.lock().is_empty());
    }

    #[test]
    fn the_clock_waits_for_all_steps_and_lets_none_pass() {
        let order = Arc::new(StepOrder::default());
        let (mut before, mut clock, mut after) =
            (pin!(order.beside(thread(1))), pin!(order.alone()), pin!(order.beside(thread(2))));
        let turn = poll(before.as_mut());
        assert!(poll(clock.as_mut()).is_none() && poll(after.as_mut()).is_none());
        drop(turn);
        let turned = poll(clock.as_mut());
        assert!(turned.is_some() && poll(after.as_mut()).is_none());
        drop(turned);
        assert!(poll(after.as_mut()).is_some());
    }
}
