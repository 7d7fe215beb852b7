//! The formats of the tables that `rules`, `lints` and `errors` print.

use clap::ValueEnum;

use crate::text::suggest::did_you_mean;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TableFormat {
    /// Text for people.
    Text,
    /// A Markdown table.
    Markdown,
    /// A JSON list.
    Json,
}

/// The error message if no row begins with the prefix.
pub fn nothing_begins(what: &str, prefix: &str, known: impl IntoIterator<Item = &'static str>) -> String {
    format!("no {what} begins with `{prefix}`{}", did_you_mean(prefix, known))
}
