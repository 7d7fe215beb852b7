//! Read room.

pub mod profile_json;
pub mod participants;
pub mod fields;
pub mod listing;
pub mod message;
pub mod node_kind;
