//! Report: consumers of run events. `cli` chooses one.

mod human;

pub use human::Human;
