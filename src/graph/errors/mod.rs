//! Errors room.

pub mod pacific_time;
pub mod catalogue;
pub mod failure;
pub mod refusals;
