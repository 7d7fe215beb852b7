//! Engine room: several faults armed at once, or none of them. Runs, replays and the control API enter.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::ActiveWorld;
use super::armed::TooManyFaults;
use super::fault::Fault;
use super::ledger::Record;

impl ActiveWorld {
    /// Arms these faults, in this order; their numbers.
    ///
    /// # Errors
    /// There are too many for all of them to wait, and none is armed.
    pub fn arm_all(self: &Arc<Self>, faults: Vec<Fault>) -> Result<Vec<u32>, TooManyFaults> {
        self.catch_up(|_| false);
        let mut inner = self.lock();
        inner.faults.has_room_for(faults.len())?;
        let now = inner.clock.now();
        let mut numbers = Vec::with_capacity(faults.len());
        for fault in faults {
            let number = inner.faults.arm(fault.clone())?;
            inner.ledger.write(now, None, Record::Armed { number, fault });
            numbers.push(number);
        }
        self.has_faults.store(inner.faults.waits(), Ordering::Release);
        self.release_and_notify(inner);
        Ok(numbers)
    }
}
