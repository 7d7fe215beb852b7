//! Routes room.

pub mod access;
pub mod batch;
pub mod faults;
pub mod not_built;
