//! Which tests share the machine: a test that keeps every core busy runs alone, away from tests that give a bot little time.

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static MACHINE: RwLock<()> = RwLock::const_new(());

/// For a test that keeps every core busy. It waits until no test of the other kind runs.
pub async fn alone() -> RwLockWriteGuard<'static, ()> {
    MACHINE.write().await
}

/// For a test in which something must happen within milliseconds.
pub async fn in_time() -> RwLockReadGuard<'static, ()> {
    MACHINE.read().await
}
