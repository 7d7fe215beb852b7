//! Steps room.

pub mod expectation;
pub mod read_fault;
pub mod read_step;
pub mod read_webhook_fault;
pub mod step;
