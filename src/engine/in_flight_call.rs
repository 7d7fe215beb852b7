//! A Graph call that is in flight.

use std::sync::{Arc, OnceLock};

use crate::domain::model::access::Principal;
use crate::domain::model::ids::ThreadKey;

use super::active_world::ActiveWorld;
use super::quiescence::CallScope;

/// Counts a Graph call as in flight until it is dropped. It counts for its thread once that is known; before, for every thread of its
/// page, or for everybody.
#[derive(Debug)]
pub struct InFlightCall {
    world: Arc<ActiveWorld>,
    begun: CallScope,
    thread: OnceLock<ThreadKey>,
}

impl InFlightCall {
    /// A call with the token of this principal begins.
    pub fn begin(world: Arc<ActiveWorld>, caller: Principal) -> Self {
        let scope = match caller {
            Principal::Asset(page, _) => CallScope::Page(page),
            Principal::App(_) | Principal::User(..) => CallScope::Everybody,
        };
        Self::begin_in(world, scope)
    }

    fn begin_in(world: Arc<ActiveWorld>, begun: CallScope) -> Self {
        world.activity.call_began(begun);
        world.calls.begin();
        Self { world, begun, thread: OnceLock::new() }
    }

    /// The thread of the call is known. Of several, the first counts.
    pub fn is_about(&self, thread: ThreadKey) {
        if self.thread.get().is_none() && self.thread.set(thread).is_ok() {
            self.world.activity.call_moved(self.begun, thread);
        }
    }

    /// The thread of the call, once it is known.
    pub fn thread(&self) -> Option<ThreadKey> {
        self.thread.get().copied()
    }

    /// The world that is called.
    pub fn world(&self) -> &Arc<ActiveWorld> {
        &self.world
    }

    fn scope(&self) -> CallScope {
        self.thread.get().map_or(self.begun, |thread| CallScope::Thread(*thread))
    }
}

/// Counts the call once more, until the clone is dropped.
impl Clone for InFlightCall {
    fn clone(&self) -> Self {
        Self::begin_in(self.world.clone(), self.scope())
    }
}

impl Drop for InFlightCall {
    fn drop(&mut self) {
        self.world.activity.call_ended(self.scope());
        self.world.calls.end();
    }
}
