//! A local stand-in for Meta's Graph API, for testing Messenger bots with real webhooks, thread owners and a virtual clock.
//!
//! Most people use the binary; tests in Rust use [`TestWorld`]. ARCHITECTURE.md says which room is for what.
#![warn(missing_docs)]

pub(crate) mod archive;
#[cfg(feature = "tls")]
pub(crate) mod certificates;
pub(crate) mod cli;
pub(crate) mod compare;
pub(crate) mod control;
pub(crate) mod delivery;
pub(crate) mod domain;
pub(crate) mod engine;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod inspector;
#[doc(hidden)]
pub mod internals;
pub(crate) mod journal;
pub(crate) mod language;
pub(crate) mod lint;
pub(crate) mod report;
pub(crate) mod response_fault;
pub(crate) mod runner;
pub(crate) mod server;
pub(crate) mod server_stop;
pub(crate) mod site;
pub(crate) mod testing;
pub(crate) mod text;
pub(crate) mod wire;

/// The command line of the binary.
pub use crate::cli::main as command_line;
pub use crate::testing::emulator::{Emulator, EmulatorError};
pub use crate::testing::test_app::TestApp;
pub use crate::testing::test_step::{
    PerformingStep, TestAdmin, TestCall, TestExpectation, TestInbox, TestStep, TestUser,
};
pub use crate::testing::test_world::TestWorld;
/// Values of steps: `json!({ "text": "Hello" })`.
pub use serde_json::{Value, json};
