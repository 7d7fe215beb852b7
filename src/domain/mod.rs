//! Domain: the world and every rule. Pure and synchronous: no clock, no IO, no randomness, no JSON. Everyone may enter; it knows
//! nobody.

pub mod command;
pub mod event;
pub mod handlers;
pub mod model;
pub mod outcome;
pub mod policy;
pub mod refusal;
pub mod rules;
pub mod thread_tx;
mod world;

pub use self::outcome::{Outcome, Reply};
pub use world::World;
