//! Journal room.

pub mod action_text;
pub mod delivery_json;
pub mod delivery_text;
pub mod entry_json;
pub mod event_text;
pub mod fault_text;
pub mod owner_history;
pub mod subjects;
