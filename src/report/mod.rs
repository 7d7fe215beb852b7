//! Report: consumers of run events, and of comparisons. `cli` chooses.

pub mod comparison_json;
pub mod comparison_text;
pub mod console;
mod coverage;
mod github;
mod json_lines;
mod junit;
mod markdown;
pub mod multi_reporter;
pub mod report_output;
pub mod report_request;
pub mod shared_text;
mod tap;

pub use self::console::{ConsoleReporter, ConsoleStyle};
pub use self::multi_reporter::MultiReporter;
pub use self::report_output::ReportOutput;
pub use self::report_request::{ReportKind, ReportRequest};
pub use coverage::{CoverageFormat, CoverageReporter};
pub use github::{Folders, GithubReporter};
pub use json_lines::JsonLinesReporter;
pub use junit::JunitReporter;
pub use markdown::MarkdownReporter;
pub use tap::TapReporter;
