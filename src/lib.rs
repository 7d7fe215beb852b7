//! A local stand-in for Meta's Graph API, for testing Messenger bots with real webhooks, thread owners and a virtual clock.
//!
//! Most people use the binary; Rust tests use [`Emulator`]. ARCHITECTURE.md says which room is for what.
#![warn(missing_docs)]

pub mod archive;
#[cfg(feature = "tls")]
pub mod certificates;
pub mod cli;
pub mod compare;
pub mod control;
pub mod delivery;
pub mod domain;
pub mod engine;
pub mod explain;
pub mod graph;
pub mod journal;
pub mod language;
pub mod lint;
pub mod report;
pub mod response_fault;
pub mod runner;
pub mod server;
pub mod site;
pub mod testing;
pub mod text;
pub mod wire;

pub use crate::testing::emulator::{Emulator, EmulatorError};
