//! Report: consumers of run events, and of comparisons. `cli` chooses.

pub mod compare;
pub mod compare_json;
mod coverage;
mod github;
mod human;
mod json_lines;
mod junit;
mod kind;
mod markdown;
pub mod multi_reporter;
mod output;
mod tap;
mod words;

pub use self::multi_reporter::MultiReporter;
pub use coverage::{Coverage, Form};
pub use github::{Folders, Github};
pub use human::{Human, Look};
pub use json_lines::JsonLines;
pub use junit::Junit;
pub use kind::{Kind, Request};
pub use markdown::Markdown;
pub use output::Output;
pub use tap::Tap;
