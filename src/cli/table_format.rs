//! Cli room: how a table that people look things up in is asked for: `rules` and `errors`.

use clap::ValueEnum;

use crate::text::suggest::did_you_mean;

/// In what form the table is printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TableFormat {
    /// For people.
    Text,
    /// A Markdown table.
    Markdown,
    /// A JSON list.
    Json,
}

/// What is said where nothing begins so.
pub fn nothing_begins(what: &str, prefix: &str, known: impl IntoIterator<Item = &'static str>) -> String {
    format!("no {what} begins with `{prefix}`{}", did_you_mean(prefix, known))
}
