//! The flag that says how much the worlds of a process may keep, for `serve` and `run`.

use clap::Args;

use crate::engine::DEFAULT_MEMORY;
use crate::text::byte_size::{BYTE_SIZE_HELP, format_byte_size, parse_byte_size};

/// How much worlds may keep.
#[derive(Debug, Clone, Copy, Args)]
pub struct MemoryArgs {
    /// How much the worlds of a server may keep together: ledgers, messages, threads and people. Beyond that no world is added, and the
    /// worlds that grow drop their oldest ledger entries.
    #[arg(long, env = "GRAPHDOUBLE_MEMORY", value_name = "SIZE", default_value_t = MemorySize(DEFAULT_MEMORY), value_parser = parse)]
    pub memory: MemorySize,
}

/// A number of bytes, shown with its unit.
#[derive(Debug, Clone, Copy)]
pub struct MemorySize(pub u64);

impl std::fmt::Display for MemorySize {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&format_byte_size(self.0).replace(' ', ""))
    }
}

fn parse(text: &str) -> Result<MemorySize, String> {
    parse_byte_size(text).map(MemorySize).ok_or_else(|| BYTE_SIZE_HELP.to_owned())
}
