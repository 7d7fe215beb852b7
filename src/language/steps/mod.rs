//! The steps of a scenario as types, and how each is read from a file. `step` is the way in: it reads any step and keeps its place.
//!
//! To add a word to a step: a row in `schema/vocabulary.rs`; its variant and its reading in the file of the step; what it does in
//! `runner` (`act` for a puppet, `observe` for a real app). Then write the schemas and the reference again.

pub mod admin_step;
pub mod app_step;
pub mod call_pattern;
pub mod call_step;
pub mod check_threads;
pub mod clock_step;
pub mod expectation;
pub mod fault_step;
pub mod host_verbs;
pub mod inbox_step;
pub mod on_platform;
mod public_step;
mod read_node;
pub mod references;
pub mod step;
pub mod user_step;
mod webhook_fault;
