//! Wakes a world whose clock follows the wall clock when something is due in it. A world has at most one alarm, and none while nothing is
//! due.

use std::sync::Weak;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::ActiveWorld;

/// An alarm that is set. Dropping it cancels it.
#[derive(Debug)]
pub(crate) struct Alarm(AbortHandle);

impl Alarm {
    /// Calls the world after this long. Without a runtime there is no alarm, and what is due happens with the next command.
    pub(super) fn set(world: Weak<ActiveWorld>, after: Duration) -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        let sleeper = runtime.spawn(async move {
            tokio::time::sleep(after).await;
            if let Some(world) = world.upgrade() {
                world.on_alarm();
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
