//! Testing room.

pub mod emulator;
