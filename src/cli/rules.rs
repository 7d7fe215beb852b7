//! `rules`: prints the table of rules.

use clap::Args;

use crate::control::rule_json;
use crate::domain::model::generations::Generations;
use crate::domain::rules::{RULES, Rule};
use crate::text::suggest::did_you_mean;

use super::exit::Exit;
use super::table_format::{TableFormat, nothing_begins};
use super::terminal::{fail, print};

/// Print the rules of Messenger that graphdouble applies
///
/// Each rule says what Meta's platform does and on which source that rests. Reports and failures name rules by their
/// ids.
#[derive(Debug, Args)]
pub struct RulesCommand {
    /// Print only the rules whose id begins with this text, or has it further on if none begins with it.
    prefix: Option<String>,
    /// Print only the rules of this routing: handover_protocol, conversation_routing@2025-09.
    #[arg(long, env = "GRAPHDOUBLE_UNDER", value_name = "ROUTING")]
    under: Option<String>,
    /// The format of the output.
    #[arg(long, env = "GRAPHDOUBLE_RULES_FORMAT", value_enum, default_value_t = TableFormat::Text)]
    format: TableFormat,
}

impl RulesCommand {
    pub fn execute(&self) -> Exit {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        let under = match self.under.as_deref().map(generation).transpose() {
            Ok(under) => under.unwrap_or(Generations::ALL),
            Err(error) => return fail(Exit::Usage, &error),
        };
        let of_routing = || RULES.iter().filter(|rule| rule.under.overlaps(under));
        let mut rules: Vec<&Rule> = of_routing().filter(|rule| rule.id.starts_with(prefix)).collect();
        if rules.is_empty() {
            rules = of_routing().filter(|rule| rule.id.contains(prefix)).collect();
        }
        if rules.is_empty() {
            return fail(Exit::Usage, &nothing_begins("rule", prefix, RULES.iter().map(|rule| rule.id)));
        }
        print(&match self.format {
            TableFormat::Text => text(&rules),
            TableFormat::Markdown => markdown(&rules),
            TableFormat::Json => json(&rules),
        });
        Exit::Ok
    }
}

fn generation(word: &str) -> Result<Generations, String> {
    Generations::parse(word).ok_or_else(|| {
        let known = Generations::known();
        format!("there is no routing `{word}`{} (known routings: {})", did_you_mean(word, known), known.join(", "))
    })
}

fn text(rules: &[&Rule]) -> String {
    let rule = |rule: &&Rule| {
        let under = rule.under.words().join(", ");
        format!("{}\n    {}\n    under {under}\n    {}: {}", rule.id, rule.statement, rule.basis.name(), rule.source)
    };
    rules.iter().map(rule).collect::<Vec<_>>().join("\n")
}

fn markdown(rules: &[&Rule]) -> String {
    let row = |rule: &&Rule| {
        let under = rule.under.words().join(", ");
        format!("| `{}` | {} | {under} | {} | {} |", rule.id, rule.statement, rule.basis.name(), rule.source)
    };
    let rows = rules.iter().map(row).collect::<Vec<_>>().join("\n");
    format!("| rule | what it says | under | basis | source |\n|---|---|---|---|---|\n{rows}")
}

fn json(rules: &[&Rule]) -> String {
    let rules: Vec<serde_json::Value> = rules.iter().map(|rule| rule_json(rule)).collect();
    format!("{:#}", serde_json::Value::Array(rules))
}
