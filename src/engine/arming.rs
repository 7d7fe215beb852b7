//! The part of the machine that arms, disarms and triggers faults.

use crate::domain::model::time::Moment;

use super::armed::{Fired, TooManyFaults};
use super::fault::{Fault, FaultPoint};
use super::ledger_entry::Record;
use super::state::WorldState;

impl WorldState {
    /// Arms these faults for calls and webhooks from now on, in this order, and returns their numbers. Fails if there is no room for all of
    /// them, and arms none then.
    pub fn arm(&mut self, now: Moment, faults: Vec<Fault>) -> Result<Vec<u32>, TooManyFaults> {
        self.faults.has_room_for(faults.len())?;
        let mut numbers = Vec::with_capacity(faults.len());
        for fault in faults {
            let number = self.faults.arm(fault.clone())?;
            self.ledger.write(now, None, Record::Armed { number, fault: Box::new(fault) });
            numbers.push(number);
        }
        Ok(numbers)
    }

    /// Disarms one fault or all of them, and returns how many there were.
    pub fn disarm(&mut self, now: Moment, number: Option<u32>) -> usize {
        let gone = self.faults.disarm(number);
        for number in &gone {
            self.ledger.write(now, None, Record::Disarmed { number: *number });
        }
        gone.len()
    }

    /// Fires the fault that matches this point, if any. A call from an older generation meets no fault.
    pub fn trigger(&mut self, generation: u64, point: &FaultPoint) -> Option<Fired> {
        if self.generation == generation { self.faults.trigger(point) } else { None }
    }
}
