//! `rules`: prints the table of rules.

use clap::Args;

use crate::control::rule_json;
use crate::domain::model::generations::Generations;
use crate::domain::rules::{RULES, Rule};
use crate::text::renamed::renamed_rule;
use crate::text::suggest::did_you_mean;

use super::exit::Exit;
use super::table_format::{TableFormat, matching, nothing_matches};
use super::terminal::{fail, print};

/// Print the rules of Messenger that graphdouble applies
///
/// Each rule says what Meta's platform does and on which source that rests. Reports and failures name rules by their
/// ids.
#[derive(Debug, Args)]
pub struct RulesCommand {
    /// Print only the rules whose id begins with this text, or has it inside.
    search: Option<String>,
    /// Print only the rules of this routing: handover_protocol, conversation_routing, conversation_routing@2025-09, zero_config.
    #[arg(long, env = "GRAPHDOUBLE_UNDER", value_name = "ROUTING")]
    under: Option<String>,
    /// The format of the output.
    #[arg(long, env = "GRAPHDOUBLE_RULES_FORMAT", value_enum, default_value_t = TableFormat::Text)]
    format: TableFormat,
}

impl RulesCommand {
    pub fn execute(&self) -> Exit {
        let search = self.search.as_deref().unwrap_or_default();
        let under = match self.under.as_deref().map(generation).transpose() {
            Ok(under) => under.unwrap_or(Generations::ALL),
            Err(error) => return fail(Exit::Usage, &error),
        };
        let of_routing = RULES.iter().filter(|rule| rule.under.overlaps(under));
        let rules = matching(of_routing, search, |rule| rule.id, |_| false);
        if rules.is_empty() {
            return fail(Exit::Usage, &self.nothing_matches(search));
        }
        print(&match self.format {
            TableFormat::Text => text(&rules),
            TableFormat::Markdown => markdown(&rules),
            TableFormat::Json => json(&rules),
        });
        Exit::Ok
    }

    fn nothing_matches(&self, search: &str) -> String {
        let message = nothing_matches("rule", search, RULES.iter().map(|rule| rule.id));
        let renamed = renamed_rule(search).map(|now| format!(" (`{search}` is called `{now}` now)"));
        let under = self.under.as_ref().map(|under| format!(", under {under}"));
        format!("{message}{}{}", renamed.unwrap_or_default(), under.unwrap_or_default())
    }
}

/// Every year of Conversation Routing.
const ROUTING_OF_ANY_YEAR: &str = "conversation_routing";

fn generation(word: &str) -> Result<Generations, String> {
    if word == ROUTING_OF_ANY_YEAR {
        return Ok(Generations::ROUTING);
    }
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
