//! Arming, disarming and triggering the faults of an active world.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::ActiveWorld;
use super::active_world::WorldState;
use super::armed::{Armed, Fired, TooManyFaults};
use super::fault::{Fault, FaultPoint};
use super::ledger_entry::Record;

impl ActiveWorld {
    /// Arms these faults, in this order, and returns their numbers. Fails if there is no room for all of them, and arms none then.
    pub fn arm_all(self: &Arc<Self>, faults: Vec<Fault>) -> Result<Vec<u32>, TooManyFaults> {
        self.catch_up(|_| false);
        let mut state = self.lock();
        state.faults.has_room_for(faults.len())?;
        let now = state.clock.now();
        let mut numbers = Vec::with_capacity(faults.len());
        for fault in faults {
            let number = state.faults.arm(fault.clone())?;
            state.ledger.write(now, None, Record::Armed { number, fault: Box::new(fault) });
            numbers.push(number);
        }
        self.has_faults.store(state.faults.can_fire(), Ordering::Release);
        self.unlock_and_notify(state);
        Ok(numbers)
    }

    /// Arms a fault for calls and webhooks from now on, and returns its number.
    pub fn arm(self: &Arc<Self>, fault: Fault) -> Result<u32, TooManyFaults> {
        self.catch_up(|_| false);
        let mut state = self.lock();
        let number = state.faults.arm(fault.clone())?;
        self.has_faults.store(true, Ordering::Release);
        let now = state.clock.now();
        state.ledger.write(now, None, Record::Armed { number, fault: Box::new(fault) });
        self.unlock_and_notify(state);
        Ok(number)
    }

    /// Disarms one fault or all of them, and returns how many there were.
    pub fn disarm(self: &Arc<Self>, number: Option<u32>) -> usize {
        self.catch_up(|_| false);
        let mut state = self.lock();
        let gone = state.faults.disarm(number);
        self.has_faults.store(state.faults.can_fire(), Ordering::Release);
        let now = state.clock.now();
        for number in &gone {
            state.ledger.write(now, None, Record::Disarmed { number: *number });
        }
        self.unlock_and_notify(state);
        gone.len()
    }

    /// True if a fault can still fire.
    pub fn has_faults(&self) -> bool {
        self.has_faults.load(Ordering::Acquire)
    }

    /// Fires the fault that matches this point, if any. A call from an older generation meets no fault.
    pub fn trigger(&self, generation: u64, point: &FaultPoint) -> Option<Fired> {
        let mut state = self.lock();
        if state.generation != generation {
            return None;
        }
        self.trigger_now(&mut state, point)
    }

    pub(crate) fn trigger_now(&self, state: &mut WorldState, point: &FaultPoint) -> Option<Fired> {
        let fired = state.faults.trigger(point);
        self.has_faults.store(state.faults.can_fire(), Ordering::Release);
        fired
    }

    /// Every armed fault, spent ones included.
    pub fn faults(&self) -> Vec<Armed> {
        self.lock().faults.all().to_vec()
    }
}
