//! A Graph call that is in flight.

use std::sync::Arc;

use super::active_world::ActiveWorld;

/// Counts a Graph call as in flight until it is dropped.
#[derive(Debug)]
pub struct InFlightCall(Arc<ActiveWorld>);

impl InFlightCall {
    /// A call of this world begins.
    pub fn begin(world: Arc<ActiveWorld>) -> Self {
        world.activity.call_began();
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
        self.0.activity.call_ended();
    }
}
