//! Domain: the world and every rule. Pure and synchronous: no clock, no IO, no randomness, no JSON. Everyone may enter; it knows
//! nobody.

pub mod access;
mod acts;
pub mod addresses;
mod applied;
mod attachments;
pub mod command;
pub mod config;
pub mod deliveries;
pub mod event;
pub mod fields;
pub mod ids;
pub mod knobs;
pub mod labels;
pub mod message;
pub mod message_template;
pub mod persona;
pub mod policy;
pub mod profile;
pub mod refusal;
pub mod rules;
pub mod settings;
pub mod subscription;
pub mod template;
pub mod thread;
pub mod time;
pub mod tokens;
pub mod transcript;
mod turn;
mod world;

pub use applied::{Answer, Applied};
pub use world::World;
