//! `lints`: prints the table of lints.

use clap::Args;
use serde_json::Value;

use crate::control::lint_json;
use crate::lint::{LINTS, Lint, NAMES};

use super::exit::Exit;
use super::table_format::{TableFormat, nothing_begins};
use super::terminal::{fail, print};

/// Print the lints: mistakes of an app that cause no error
///
/// `graphdouble run` reports their findings. With `--deny` a finding fails the scenario.
#[derive(Debug, Args)]
pub struct LintsCommand {
    /// Print only the lints whose name begins with this text.
    prefix: Option<String>,
    /// The format of the output.
    #[arg(long, env = "GRAPHDOUBLE_LINTS_FORMAT", value_enum, default_value_t = TableFormat::Text)]
    format: TableFormat,
}

impl LintsCommand {
    pub fn execute(&self) -> Exit {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        let lints: Vec<&Lint> = LINTS.iter().filter(|lint| lint.name.starts_with(prefix)).collect();
        if lints.is_empty() {
            return fail(Exit::Usage, &nothing_begins("lint", prefix, NAMES));
        }
        print(&match self.format {
            TableFormat::Text => text(&lints),
            TableFormat::Markdown => markdown(&lints),
            TableFormat::Json => format!("{:#}", Value::Array(lints.iter().map(|lint| lint_json(lint)).collect())),
        });
        Exit::Ok
    }
}

fn text(lints: &[&Lint]) -> String {
    let lint = |lint: &&Lint| {
        let Lint { name, says, advice, severity, basis, source, .. } = lint;
        format!("{name}\n    {says}\n    {advice}\n    {}, {}: {source}", severity.name(), basis.name())
    };
    lints.iter().map(lint).collect::<Vec<_>>().join("\n")
}

fn markdown(lints: &[&Lint]) -> String {
    let row = |lint: &&Lint| {
        let Lint { name, says, advice, severity, basis, source, .. } = lint;
        format!("| `{name}` | {says} | {advice} | {} | {} | {source} |", severity.name(), basis.name())
    };
    let rows = lints.iter().map(row).collect::<Vec<_>>().join("\n");
    format!("| lint | what it looks for | what to do | severity | basis | source |\n|---|---|---|---|---|---|\n{rows}")
}
