//! A local stand-in for Meta's Graph API, for testing Messenger bots with real webhooks, thread owners and a virtual clock.
//!
//! Most people use the binary; Rust tests use [`Emulator`]. ARCHITECTURE.md says which room is for what.
#![warn(missing_docs)]

pub mod archive;
#[cfg(feature = "tls")]
pub mod certificates;
pub mod cli;
pub mod control;
pub mod delivery;
pub mod domain;
mod emulator;
pub mod engine;
pub mod explain;
pub mod graph;
pub mod lint;
pub mod report;
pub mod scenario;
pub mod server;
pub mod site;
pub mod spoiling;
pub mod suggest;
pub mod wire;

pub use emulator::{Emulator, EmulatorError};
