//! `errors`: prints the catalogue of Graph API errors.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::domain::rules::Basis;
use crate::graph::errors::catalogue::{CATALOGUE, ErrorTemplate, NAMES};

use super::exit::Exit;
use super::table_format::{TableFormat, nothing_begins};
use super::terminal::{fail, print};

/// Print the Graph API errors that graphdouble returns
///
/// A `fault` step of a scenario can return any of them by its name.
#[derive(Debug, Args)]
pub struct ErrorsCommand {
    /// Print only the errors with this code or subcode, or whose name begins with this text (or has it further on if none begins with it).
    prefix: Option<String>,
    /// Print only the errors whose code and text are known in this way.
    #[arg(long, env = "GRAPHDOUBLE_BASIS", value_enum)]
    basis: Option<BasisWord>,
    /// The format of the output.
    #[arg(long, env = "GRAPHDOUBLE_ERRORS_FORMAT", value_enum, default_value_t = TableFormat::Text)]
    format: TableFormat,
}

/// How code and text of an error are known.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum BasisWord {
    /// Meta's documents say so.
    Documented,
    /// Somebody recorded it from Meta's servers.
    Observed,
    /// No source says it: it is our judgement.
    Inferred,
}

impl BasisWord {
    fn is(self, basis: Basis) -> bool {
        match self {
            Self::Documented => basis == Basis::Documented,
            Self::Observed => basis == Basis::Observed,
            Self::Inferred => basis == Basis::Inferred,
        }
    }
}

impl ErrorsCommand {
    pub fn execute(&self) -> Exit {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        let begins = |error: &&ErrorTemplate| error.name.starts_with(prefix) || has_number(error, prefix);
        let of_basis = || {
            let is_known_so = |error: &&ErrorTemplate| self.basis.is_none_or(|basis| basis.is(error.basis));
            CATALOGUE.iter().copied().filter(is_known_so)
        };
        let mut errors: Vec<&ErrorTemplate> = of_basis().filter(begins).collect();
        if errors.is_empty() {
            errors = of_basis().filter(|error| error.name.contains(prefix)).collect();
        }
        if let (true, Some(basis), Some(error)) =
            (errors.is_empty(), self.basis, CATALOGUE.iter().copied().find(begins))
        {
            let basis = basis.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            let text = format!("no error of `{prefix}` is {basis}: `{}` is {}", error.name, error.basis.name());
            return fail(Exit::Usage, &text);
        }
        if errors.is_empty() {
            return fail(Exit::Usage, &nothing_begins("error's name", prefix, NAMES.iter().copied()));
        }
        print(&match self.format {
            TableFormat::Text => text(&errors),
            TableFormat::Markdown => markdown(&errors),
            TableFormat::Json => json_list(&errors),
        });
        Exit::Ok
    }
}

/// The code and subcode: `10/2018278`, or the code alone.
fn numbers(error: &ErrorTemplate) -> String {
    error.subcode.map_or_else(|| error.code.to_string(), |subcode| format!("{}/{subcode}", error.code))
}

/// True if the text is the code, the subcode, or both.
fn has_number(error: &ErrorTemplate, text: &str) -> bool {
    let numbers = numbers(error);
    numbers == text || numbers.split('/').any(|number| number == text)
}

fn transient(error: &ErrorTemplate) -> &'static str {
    match error.transient {
        Some(true) => ", transient",
        Some(false) => ", not transient",
        None => "",
    }
}

/// `400`, or `400; 401 by header` where the token's place decides.
fn status(error: &ErrorTemplate) -> String {
    let by_header = error.status_rule().by_header.map(|status| format!("; {status} by header")).unwrap_or_default();
    format!("{}{by_header}", error.status)
}

fn text(errors: &[&ErrorTemplate]) -> String {
    let error = |error: &&ErrorTemplate| {
        let user = error.user.map(|user| format!("\n    {}: {}", user.title, user.message)).unwrap_or_default();
        format!(
            "{}\n    {}{user}\n    {} {}{}, {} ({})\n    status {}, {} ({})",
            error.name,
            error.text,
            numbers(error),
            error.kind,
            transient(error),
            error.basis.name(),
            error.source,
            status(error),
            error.status_rule().basis.name(),
            error.status_rule().source
        )
    };
    errors.iter().map(error).collect::<Vec<_>>().join("\n")
}

fn markdown(errors: &[&ErrorTemplate]) -> String {
    let row = |error: &&ErrorTemplate| {
        let user = error.user.map(|user| format!(" ({}: {})", user.title, user.message)).unwrap_or_default();
        format!(
            "| `{}` | {} | {} | {}{} | `{}`{user} | {} | {} | {} |",
            error.name,
            numbers(error),
            error.kind,
            status(error),
            transient(error),
            error.text,
            error.basis.name(),
            error.source,
            error.status_rule().basis.name()
        )
    };
    let rows = errors.iter().map(row).collect::<Vec<_>>().join("\n");
    format!(
        "| error | code | type | status | message | basis | source | basis of the status |\n|---|---|---|---|---|---|---|---|\n{rows}"
    )
}

fn json_list(errors: &[&ErrorTemplate]) -> String {
    let error = |error: &&ErrorTemplate| {
        json!({
            "name": error.name,
            "code": error.code,
            "subcode": error.subcode,
            "type": error.kind,
            "status": error.status,
            "status_by_header": error.status_rule().by_header,
            "status_basis": error.status_rule().basis.name(),
            "status_source": error.status_rule().source,
            "is_transient": error.transient,
            "message": error.text,
            "user_title": error.user.map(|user| user.title),
            "user_message": error.user.map(|user| user.message),
            "basis": error.basis.name(),
            "source": error.source,
        })
    };
    format!("{:#}", Value::Array(errors.iter().map(error).collect()))
}
