//! A local stand-in for Meta's Graph API. ARCHITECTURE.md says which room is for what.
#![warn(missing_docs)]

pub mod delivery;
pub mod domain;
pub mod engine;
pub mod server;
pub mod wire;
