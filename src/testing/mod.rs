//! Testing: the façade for tests in Rust, and the only part of the crate, beside the command line, that others may name. It may use
//! every room; only `lib` uses it.

pub mod emulator;
pub mod test_app;
pub mod test_step;
pub mod test_world;
mod unperformed;
mod words;
mod world_thread;
