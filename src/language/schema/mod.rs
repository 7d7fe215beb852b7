//! The words of the language as data: `vocabulary` has them, `shape` checks a file against them, `json_schema` and `reference` print
//! them.

pub mod json_schema;
mod matchers;
pub mod names;
mod other_platform;
pub mod reference;
pub mod shape;
pub mod step_words;
pub mod vocabulary;
