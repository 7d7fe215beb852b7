//! Cli room: `rules`: the table of rules.

use clap::{Args, ValueEnum};

use crate::domain::rules::{RULES, Rule};

use super::{Exit, complain, print};

/// Prints the table of rules.
#[derive(Debug, Args)]
pub struct Rules {
    /// Only rules whose id begins so.
    prefix: Option<String>,
    /// As text for people, as a Markdown table, or as JSON.
    #[arg(long, env = "GRAPHDOUBLE_FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// A Markdown table.
    Markdown,
    /// A JSON list.
    Json,
}

impl Rules {
    /// Prints it.
    pub fn execute(&self) -> Exit {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.id.starts_with(prefix)).collect();
        if rules.is_empty() {
            return complain(Exit::Usage, &format!("no rule begins with `{prefix}`"));
        }
        print(&match self.format {
            Format::Text => text(&rules),
            Format::Markdown => markdown(&rules),
            Format::Json => json(&rules),
        });
        Exit::Ok
    }
}

fn text(rules: &[&Rule]) -> String {
    let rule =
        |rule: &&Rule| format!("{}\n    {}\n    {}: {}", rule.id, rule.statement, rule.basis.name(), rule.source);
    rules.iter().map(rule).collect::<Vec<_>>().join("\n")
}

fn markdown(rules: &[&Rule]) -> String {
    let row =
        |rule: &&Rule| format!("| `{}` | {} | {} | {} |", rule.id, rule.statement, rule.basis.name(), rule.source);
    let rows = rules.iter().map(row).collect::<Vec<_>>().join("\n");
    format!("| rule | what it says | basis | source |\n|---|---|---|---|\n{rows}")
}

fn json(rules: &[&Rule]) -> String {
    let rules: Vec<serde_json::Value> = rules
        .iter()
        .map(|rule| {
            serde_json::json!({ "id": rule.id, "statement": rule.statement, "basis": rule.basis.name(), "source": rule.source })
        })
        .collect();
    format!("{:#}", serde_json::Value::Array(rules))
}
