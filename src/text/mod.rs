//! What every room needs for text that people read and write: sources and places in them, mistakes drawn at their places, suggestions for
//! mistyped words, differences of texts, text that is safe to print, files, patterns, lengths of time, and numbers of bytes and of values. Every room above `domain` may use it.

pub mod bounded_file;
pub mod byte_size;
pub mod diagnostic;
pub mod json_size;
pub mod pattern;
pub mod printable;
pub mod renamed;
pub mod source;
pub mod suggest;
pub mod unified_diff;
pub mod units;
