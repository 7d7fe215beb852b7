//! Engine room: wakes a world whose clock follows the wall when something is due in it by itself. At most one alarm per world is set,
//! and none while nothing is due. Only `ActiveWorld` enters.

use std::sync::Weak;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::ActiveWorld;

/// An alarm that is set; dropped, it does not ring.
#[derive(Debug)]
pub(crate) struct Alarm(AbortHandle);

impl Alarm {
    /// Wakes the world after this long. Without a runtime nobody is woken: what is due happens with the next command.
    pub(super) fn set(world: Weak<ActiveWorld>, after: Duration) -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        let sleeper = runtime.spawn(async move {
            tokio::time::sleep(after).await;
            if let Some(world) = world.upgrade() {
                world.wake();
            }
        });
        Some(Self(sleeper.abort_handle()))
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.0.abort();
    }
}
