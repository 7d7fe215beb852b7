//! The domain: the world and Meta's rules. It is pure and synchronous: no clock, no IO, no randomness, no JSON. Every
//! room above may use it; it uses none of them. A new command begins in [`command`], what it does is a function in
//! `handlers`, what it causes is in [`event`], and the rule behind it is a row in [`rules`].
#![allow(missing_docs)] // reachable only through `internals`; most names say it all

pub mod command;
pub mod event;
pub mod handlers;
pub mod model;
pub mod outcome;
pub mod policy;
pub mod refusal;
pub mod rules;
mod thread_changes;
pub mod thread_tx;
mod world;

pub use self::outcome::{Outcome, Reply};
pub use world::World;
