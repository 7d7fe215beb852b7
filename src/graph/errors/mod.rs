//! Errors room.

pub mod catalogue;
pub mod failure;
pub mod pacific;
pub mod refusals;
