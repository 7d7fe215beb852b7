//! Compare room.

pub mod difference;
pub mod outcome;
pub mod run;
