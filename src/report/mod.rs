//! Report: consumers of run events, and of comparisons. `cli` chooses one.

pub mod compare;
pub mod compare_json;
mod human;

pub use human::Human;
