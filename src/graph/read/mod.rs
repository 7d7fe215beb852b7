//! Read room.

pub mod fields;
pub mod listing;
pub mod message;
pub mod node_kind;
pub mod not_built;
pub mod parties;
pub mod profile_answer;
