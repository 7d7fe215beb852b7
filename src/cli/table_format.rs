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

/// The rows whose name begins with the text; if there are none, those that have it inside, or that `is_meant` finds.
pub fn matching<'r, R>(
    rows: impl Iterator<Item = &'r R> + Clone,
    text: &str,
    name: impl Fn(&R) -> &'static str,
    is_meant: impl Fn(&R) -> bool,
) -> Vec<&'r R> {
    let begins: Vec<&R> = rows.clone().filter(|row| name(row).starts_with(text)).collect();
    if begins.is_empty() { rows.filter(|row| name(row).contains(text) || is_meant(row)).collect() } else { begins }
}

/// The error message if no row matches the text.
pub fn nothing_matches(what: &str, text: &str, known: impl IntoIterator<Item = &'static str>) -> String {
    format!("no {what} has `{text}` in it{}", did_you_mean(text, known))
}
