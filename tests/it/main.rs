//! The integration tests, in one program, so that the crate is linked once. `cargo test --test it graph_api::` runs one module of it.
//!
//! Tests of one program are threads of one process: no test sets an environment variable, changes the current directory or catches a
//! signal of its own process, and a test that writes files writes them in the folder of its module.

mod any_pace;
mod artifacts;
mod bounds;
mod cli;
mod control_api;
mod explain;
mod faults;
mod fidelity;
mod files_of_a_run;
mod golden_payloads;
mod golden_people;
mod graph_api;
#[cfg(feature = "tls")]
mod https_webhooks;
#[cfg(feature = "inspector")]
mod inspector;
mod instagram_steps;
mod instagram_worlds;
mod isolation;
mod language;
mod lints;
mod observe;
mod owner_pictures;
mod printed;
mod readme;
mod reliability;
mod reports;
mod rules;
mod running_bots;
mod seeds;
mod seeing;
mod serve;
mod support;
mod test_world;
mod tidy;
#[cfg(feature = "tls")]
mod tls;
mod webhooks;
