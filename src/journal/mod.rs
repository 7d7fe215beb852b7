//! The journal puts ledger entries into words and into JSON. It is the only place that does. `runner`, `compare`, `explain`, `control`,
//! `archive` and `cli` use it.
//!
//! For a new kind of entry: its word and its members in `entry_json` and its line in `entry_text`;
//! whom it is about stands in `engine/subjects`.

mod action_text;
mod bare_item;
pub mod call_json;
pub mod call_path;
pub mod call_text;
mod change_text;
pub mod command_text;
pub mod content_text;
mod delivery_json;
pub mod delivery_text;
pub mod entry_json;
pub mod entry_text;
pub mod event_text;
pub mod fault_json;
pub mod fault_text;
pub mod message_entries;
mod moment_json;
pub mod named_ids;
pub mod names;
pub mod owner_history;
pub mod owner_replay;
pub mod secrets;
pub mod thread_of;
pub mod webhook_text;
