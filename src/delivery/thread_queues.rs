//! The webhooks that wait to be sent. Each thread has a queue, which keeps its order. Each app has a limited number of workers, which
//! take turns at the queues of its threads. Nothing in this file sends, awaits or reports.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::event::Scope;
use crate::domain::model::ids::AppKey;
use crate::engine::{Job, JobWorld};

use super::attempt::QueuedDelivery;

/// An app of a world, between two resets of the world. Deliveries from before a reset do not delay those from after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AppQueueKey {
    /// The address of the world in memory. No other world can get it while a job in the queue holds the world.
    world: usize,
    generation: u64,
    app: AppKey,
}

impl AppQueueKey {
    fn of(job: &Job, world: &Arc<dyn JobWorld>) -> Self {
        Self { world: Arc::as_ptr(world).addr(), generation: job.generation, app: job.outgoing.request.app }
    }
}

/// Everything that waits, by app.
#[derive(Debug, Default)]
pub(super) struct ThreadQueues(Mutex<HashMap<AppQueueKey, AppQueue>>);

/// What waits for one app.
#[derive(Debug, Default)]
struct AppQueue {
    workers: usize,
    /// Threads with a waiting delivery and without a worker, in the order in which they are served.
    ready: VecDeque<Scope>,
    /// What waits in each thread. A thread has a queue, even an empty one, while a worker sends a delivery of it.
    threads: HashMap<Scope, VecDeque<QueuedDelivery>>,
}

impl ThreadQueues {
    /// Adds a delivery behind the others of its thread. Returns the key of the app if it needs one more worker.
    pub(super) fn push(&self, delivery: QueuedDelivery) -> Option<AppQueueKey> {
        let key = AppQueueKey::of(delivery.job()?, delivery.world());
        let at_once = delivery.world().config().delivery.at_once;
        let scope = delivery.scope();
        let mut app_queues = self.lock();
        let app_queue = app_queues.entry(key).or_default();
        if let Some(thread_queue) = app_queue.threads.get_mut(&scope) {
            thread_queue.push_back(delivery);
            return None;
        }
        app_queue.threads.insert(scope, VecDeque::from([delivery]));
        app_queue.ready.push_back(scope);
        let needs_worker = app_queue.workers < at_once;
        app_queue.workers += usize::from(needs_worker);
        needs_worker.then_some(key)
    }

    /// A worker has finished a delivery of the thread `done` and takes the next one that is ready. If there is none, the worker must end.
    pub(super) fn next(&self, key: AppQueueKey, done: Option<Scope>) -> Option<QueuedDelivery> {
        let mut app_queues = self.lock();
        let app_queue = app_queues.get_mut(&key)?;
        app_queue.finish(done);
        let next = app_queue.take_ready();
        if next.is_none() {
            app_queue.workers -= 1;
        }
        if app_queue.workers == 0 {
            app_queues.remove(&key);
        }
        next
    }

    /// A worker ends in the middle of its work. If it was the last one, returns the deliveries that nobody will send any more.
    pub(super) fn abandon(&self, key: AppQueueKey, done: Option<Scope>) -> Vec<QueuedDelivery> {
        let mut app_queues = self.lock();
        let Some(app_queue) = app_queues.get_mut(&key) else { return Vec::new() };
        app_queue.finish(done);
        app_queue.workers -= 1;
        if app_queue.workers > 0 {
            return Vec::new();
        }
        let app_queue = app_queues.remove(&key).unwrap_or_default();
        app_queue.threads.into_values().flatten().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AppQueueKey, AppQueue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if no delivery waits and none is being sent.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
}

impl AppQueue {
    fn finish(&mut self, done: Option<Scope>) {
        let Some(thread) = done else { return };
        match self.threads.get(&thread) {
            Some(queue) if !queue.is_empty() => self.ready.push_back(thread),
            _ => drop(self.threads.remove(&thread)),
        }
    }

    fn take_ready(&mut self) -> Option<QueuedDelivery> {
        let thread = self.ready.pop_front()?;
        self.threads.get_mut(&thread)?.pop_front()
    }
}
