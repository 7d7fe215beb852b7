//! Prints runs and comparisons. Each kind of report of a run is a [`Reporter`](crate::runner::run_events::Reporter) in
//! a file of its own.
//!
//! Only `cli` uses this room. To add a report, add a file with a `Reporter`, its name in `report_request.rs`, and a
//! line in `cli/report_args.rs` that opens it.

mod comparison_json;
mod comparison_text;
mod console;
mod coverage;
mod github;
mod json_lines;
mod junit;
mod markdown;
mod merge;
mod multi_reporter;
mod report_output;
mod report_request;
mod rule_coverage;
mod shared_text;
mod tap;

pub use self::comparison_json::comparison_json;
pub use self::comparison_text::{Extent, comparison_text};
pub use self::console::{ConsoleReporter, ConsoleStyle};
pub use self::coverage::{CoverageFormat, CoverageReporter};
pub use self::github::{Folders, GithubReporter};
pub use self::json_lines::JsonLinesReporter;
pub use self::junit::JunitReporter;
pub use self::markdown::MarkdownReporter;
pub use self::merge::{ShardReport, merge};
pub use self::multi_reporter::MultiReporter;
pub use self::report_output::ReportOutput;
pub use self::report_request::{ReportKind, ReportRequest};
pub use self::tap::TapReporter;
