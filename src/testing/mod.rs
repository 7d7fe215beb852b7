//! Testing: the façade for tests in Rust, and the only part of the crate, beside the command line, that others may name. It may use
//! every room; only `lib` uses it.

pub mod emulator;
