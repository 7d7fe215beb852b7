//! Wakes a world whose clock follows the wall clock when something is due in it. A world has at most one alarm, and none while nothing is
//! due.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// An alarm that is set. Dropping it cancels it.
#[derive(Debug)]
pub(super) struct Alarm(AbortHandle);

impl Alarm {
    /// Rings after this long. Without a runtime there is no alarm, and what is due happens with the next command.
    pub(super) fn set(after: Duration, ring: impl FnOnce() + Send + 'static) -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        let sleeper = runtime.spawn(async move {
            tokio::time::sleep(after).await;
            ring();
        });
        Some(Self(sleeper.abort_handle()))
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.0.abort();
    }
}
