//! Arming, disarming and triggering the faults of an active world.

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
        let mut state = self.lock();
        state.faults.has_room_for(faults.len())?;
        let now = state.clock.now();
        let mut numbers = Vec::with_capacity(faults.len());
        for fault in faults {
            let number = state.faults.arm(fault.clone())?;
            state.ledger.write(now, None, Record::Armed { number, fault });
            numbers.push(number);
        }
        self.has_faults.store(state.faults.can_fire(), Ordering::Release);
        self.unlock_and_notify(state);
        Ok(numbers)
    }
}
