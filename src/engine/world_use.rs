//! A call of a world that is under way.

use std::sync::Arc;

use super::active_world::ActiveWorld;

/// A call of a world, which counts as under way until it is dropped.
#[derive(Debug)]
pub struct WorldUse(Arc<ActiveWorld>);

impl WorldUse {
    pub fn begin(world: Arc<ActiveWorld>) -> Self {
        world.calls.begin();
        Self(world)
    }
}

impl Drop for WorldUse {
    fn drop(&mut self) {
        self.0.calls.end();
    }
}
