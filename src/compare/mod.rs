//! Compare room.

pub mod compare_routings;
pub mod difference;
pub mod outcome;
