//! Who waits in a world, and for what. A change wakes only those who wait for what it is about. While nobody waits, it costs one atomic load.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Those who wait, by what they wait for.
#[derive(Debug)]
pub(super) struct WaitList<T> {
    /// How many wait.
    count: AtomicUsize,
    next_number: AtomicU64,
    /// By topic and number, so the first to wait is the first to be woken.
    by_topic: Mutex<HashMap<T, BTreeMap<u64, Arc<Notify>>>>,
}

/// Somebody who waits, until it is dropped.
#[derive(Debug)]
pub(super) struct Waiter<'w, T: Copy + Eq + Hash> {
    waiters: &'w WaitList<T>,
    topics: Vec<T>,
    number: u64,
    /// Keeps one wake that comes while the waiter looks at the world.
    woken: Arc<Notify>,
}

impl<T> Default for WaitList<T> {
    fn default() -> Self {
        Self { count: AtomicUsize::new(0), next_number: AtomicU64::new(0), by_topic: Mutex::default() }
    }
}

impl<T: Copy + Eq + Hash> WaitList<T> {
    /// Begins to wait for these topics. What changes from now on wakes the waiter, so it looks at the world first and waits then.
    pub(super) fn begin(&self, topics: Vec<T>) -> Waiter<'_, T> {
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        let woken = Arc::new(Notify::new());
        let mut by_topic = self.lock();
        for topic in &topics {
            by_topic.entry(*topic).or_default().insert(number, woken.clone());
        }
        drop(by_topic);
        self.count.fetch_add(1, Ordering::SeqCst);
        Waiter { waiters: self, topics, number, woken }
    }

    /// True if nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        self.count.load(Ordering::SeqCst) == 0
    }

    /// Wakes those who wait for one of these topics.
    pub(super) fn wake(&self, topics: impl IntoIterator<Item = T>) {
        if self.is_empty() {
            return;
        }
        let by_topic = self.lock();
        let waiting = topics.into_iter().filter_map(|topic| by_topic.get(&topic));
        waiting.flat_map(BTreeMap::values).for_each(|waiter| waiter.notify_one());
    }

    /// Wakes everyone.
    pub(super) fn wake_all(&self) {
        self.lock().values().flat_map(BTreeMap::values).for_each(|waiter| waiter.notify_one());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<T, BTreeMap<u64, Arc<Notify>>>> {
        self.by_topic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Copy + Eq + Hash> Waiter<'_, T> {
    /// Waits until something changes that it waits for.
    pub(super) async fn woken(&self) {
        self.woken.notified().await;
    }
}

impl<T: Copy + Eq + Hash> Drop for Waiter<'_, T> {
    fn drop(&mut self) {
        let mut by_topic = self.waiters.lock();
        for topic in &self.topics {
            if let Some(waiting) = by_topic.get_mut(topic) {
                waiting.remove(&self.number);
                if waiting.is_empty() {
                    by_topic.remove(topic);
                }
            }
        }
        drop(by_topic);
        self.waiters.count.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn is_woken(waiter: &Waiter<'_, u8>) -> bool {
        pin!(waiter.woken()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn a_change_wakes_those_who_wait_for_it_and_nobody_else() {
        let waiters = WaitList::default();
        let (one, two, both) = (waiters.begin(vec![1]), waiters.begin(vec![2]), waiters.begin(vec![1, 2]));
        waiters.wake([1]);
        assert!(is_woken(&one) && !is_woken(&two) && is_woken(&both));
        assert!(!is_woken(&one), "one wake is taken once");
        waiters.wake([2, 3]);
        assert!(!is_woken(&one) && is_woken(&two) && is_woken(&both));
        waiters.wake_all();
        assert!(is_woken(&one) && is_woken(&two) && is_woken(&both));
    }

    #[test]
    fn who_has_waited_leaves_nothing_behind() {
        let waiters = WaitList::default();
        assert!(waiters.is_empty());
        let waiter = waiters.begin(vec![1, 2]);
        assert!(!waiters.is_empty());
        drop(waiter);
        assert!(waiters.is_empty() && waiters.lock().is_empty());
    }
}
