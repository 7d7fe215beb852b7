//! Delivery room: what waits to be sent. One lane per thread keeps order; one desk per app has a bounded number of workers, who take
//! turns at its lanes. Nothing in here sends, awaits or reports. Only `courier` enters.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::event::Scope;
use crate::domain::model::ids::AppKey;
use crate::engine::Job;

use super::attempt::Delivery;

/// Deliveries to one app of one world that are under way at the same time. A real bot takes many at once; beyond this many, threads
/// wait for one another.
pub(crate) const MAX_CONCURRENT_PER_APP: usize = 64;

/// An app of a world, between two resets of the world: what was under way before a reset holds up nothing that comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DeskKey {
    /// The address of the world. It stays the world's own as long as a job of it is on the desk.
    world: usize,
    generation: u64,
    app: AppKey,
}

impl DeskKey {
    fn of(job: &Job) -> Self {
        Self { world: Arc::as_ptr(&job.world).addr(), generation: job.generation, app: job.request.app }
    }
}

/// Everything that waits.
#[derive(Debug, Default)]
pub(crate) struct Lanes(Mutex<HashMap<DeskKey, AppQueue>>);

/// What waits for one app.
#[derive(Debug, Default)]
struct AppQueue {
    workers: usize,
    /// Lanes with something in them that no worker has taken, in the order in which they are served.
    ready: VecDeque<Scope>,
    /// What waits in each lane. A lane is there, even empty, while a delivery of it is under way.
    lanes: HashMap<Scope, VecDeque<Delivery>>,
}

impl Lanes {
    /// Adds a delivery behind the others of its thread. Returns the desk if it needs one more worker.
    pub(crate) fn push(&self, delivery: Delivery) -> Option<DeskKey> {
        let key = DeskKey::of(delivery.job()?);
        let scope = delivery.scope();
        let mut desks = self.lock();
        let desk = desks.entry(key).or_default();
        if let Some(lane) = desk.lanes.get_mut(&scope) {
            lane.push_back(delivery);
            return None;
        }
        desk.lanes.insert(scope, VecDeque::from([delivery]));
        desk.ready.push_back(scope);
        let one_more = desk.workers < MAX_CONCURRENT_PER_APP;
        desk.workers += usize::from(one_more);
        one_more.then_some(key)
    }

    /// A worker is done with a delivery of the lane `done` and takes the next one that is ready. Without one the worker must leave.
    pub(crate) fn next(&self, key: DeskKey, done: Option<Scope>) -> Option<Delivery> {
        let mut desks = self.lock();
        let desk = desks.get_mut(&key)?;
        desk.finish(done);
        let next = desk.take();
        if next.is_none() {
            desk.workers -= 1;
        }
        if desk.workers == 0 {
            desks.remove(&key);
        }
        next
    }

    /// A worker leaves in the middle of its work. Returns what nobody will send any more.
    pub(crate) fn abandon(&self, key: DeskKey, done: Option<Scope>) -> Vec<Delivery> {
        let mut desks = self.lock();
        let Some(desk) = desks.get_mut(&key) else { return Vec::new() };
        desk.finish(done);
        desk.workers -= 1;
        if desk.workers > 0 {
            return Vec::new();
        }
        let desk = desks.remove(&key).unwrap_or_default();
        desk.lanes.into_values().flatten().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DeskKey, AppQueue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Desks at which something waits or is under way.
    #[cfg(test)]
    pub(crate) fn desks(&self) -> usize {
        self.lock().len()
    }
}

impl AppQueue {
    fn finish(&mut self, done: Option<Scope>) {
        let Some(thread) = done else { return };
        match self.lanes.get(&thread) {
            Some(lane) if !lane.is_empty() => self.ready.push_back(thread),
            _ => drop(self.lanes.remove(&thread)),
        }
    }

    fn take(&mut self) -> Option<Delivery> {
        let thread = self.ready.pop_front()?;
        self.lanes.get_mut(&thread)?.pop_front()
    }
}
