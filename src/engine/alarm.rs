//! Engine room: wakes a world whose clock follows the wall when something is due in it by itself. At most one alarm per world is set,
//! and none while nothing is due. Only `Hosted` enters.

use std::sync::Weak;
use std::time::Duration;

use tokio::runtime::Handle;

use super::Hosted;

/// Wakes the world after this long. Without a runtime nobody is woken: what is due happens with the next command.
pub(super) fn set(world: Weak<Hosted>, after: Duration) {
    let Ok(runtime) = Handle::try_current() else { return };
    runtime.spawn(async move {
        tokio::time::sleep(after).await;
        if let Some(world) = world.upgrade() {
            world.wake();
        }
    });
}
