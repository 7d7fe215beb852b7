//! A local stand-in for Meta's Graph API. ARCHITECTURE.md says which room is for what.
#![warn(missing_docs)]

pub mod cli;
pub mod control;
pub mod delivery;
pub mod domain;
pub mod engine;
pub mod graph;
pub mod report;
pub mod scenario;
pub mod server;
pub mod suggest;
pub mod wire;
