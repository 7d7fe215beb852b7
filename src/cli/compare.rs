//! `compare`: runs scenarios under several routings and prints what differs.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};

use crate::compare::{Comparison, compare_routings};
use crate::language::world::routings;
use crate::report::{Extent, comparison_json, comparison_text};

use super::exit::Exit;
use super::read_args::ReadArgs;
use super::scenario_files::read_scenarios;
use super::terminal::{fail, for_people, print, use_colors};

/// Run scenarios under several routings and print what differs
///
/// A routing is the set of Meta's rules that decides which app receives a message. Use this command before a page moves
/// from one routing to another. Every app is a puppet here: no bot is called.
#[derive(Debug, Args)]
pub struct CompareCommand {
    /// Scenario files and folders.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The routings to compare, two or more, separated by commas: handover_protocol, zero_config,
    /// conversation_routing@2025-09.
    #[arg(long, required = true, env = "GRAPHDOUBLE_BETWEEN", value_name = "ROUTINGS", value_delimiter = ',',
        value_parser = parse_routing)]
    between: Vec<String>,
    /// Run only the scenarios whose file or name contains this text.
    #[arg(long, env = "GRAPHDOUBLE_FILTER", value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    reading: ReadArgs,
    /// The format of the output.
    #[arg(long, env = "GRAPHDOUBLE_COMPARE_FORMAT", value_enum, default_value_t = CompareFormat::Text)]
    format: CompareFormat,
    /// Print all steps, not only those that differ.
    #[arg(long, env = "GRAPHDOUBLE_ALL", value_parser = BoolishValueParser::new())]
    all: bool,
    /// Exit with 4 if anything differs.
    #[arg(long, env = "GRAPHDOUBLE_DENY_DIFFERENCES", value_parser = BoolishValueParser::new())]
    deny_differences: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CompareFormat {
    /// Text for people.
    Text,
    /// One JSON document.
    Json,
}

fn parse_routing(word: &str) -> Result<String, String> {
    routings::read(word)
}

impl CompareCommand {
    pub async fn execute(self) -> Exit {
        if let Err(mistake) = self.check_routings() {
            return fail(Exit::Usage, &mistake);
        }
        let scenarios = match read_scenarios(&self.paths, &self.reading, self.filter.as_deref()) {
            Ok(scenarios) => scenarios,
            Err(not_read) => return not_read.exit,
        };
        let comparison = compare_routings(&scenarios, &self.between).await;
        if let Some((routing, why)) = comparison.impossible_routing() {
            return fail(Exit::CouldNotRun, &format!("no scenario can run under `{routing}`: {why}"));
        }
        self.report(&comparison);
        if self.deny_differences && comparison.differs() { Exit::Failed } else { Exit::Ok }
    }

    fn check_routings(&self) -> Result<(), String> {
        if self.between.len() < 2 {
            return Err("--between needs two or more routings, separated by commas".to_owned());
        }
        let mut words = self.between.iter().enumerate();
        match words.find(|(place, word)| self.between[..*place].contains(word)) {
            Some((_, word)) => Err(format!("--between names `{word}` twice")),
            None => Ok(()),
        }
    }

    fn report(&self, comparison: &Comparison) {
        let extent = if self.all { Extent::All } else { Extent::Differences };
        print(&match self.format {
            CompareFormat::Text => for_people(&comparison_text(comparison, extent, use_colors())),
            CompareFormat::Json => comparison_json(comparison, extent),
        });
    }
}
