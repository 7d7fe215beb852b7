//! Cli room: `compare`: the same scenarios under several routings, and what differs: a rehearsal of a migration.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};

use crate::compare::{Comparison, compare_routings};
use crate::language::world::routings;
use crate::report::{Extent, comparison_json, comparison_text};

use super::exit::Exit;
use super::scenario_files::read_scenarios;
use super::terminal::{fail, print, use_colors};

/// Compares what scenarios come to under different routings.
#[derive(Debug, Args)]
pub struct CompareCommand {
    /// Scenario files and folders.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The routings, two or more, with commas: `handover_protocol`, `zero_config`, or `conversation_routing@2025-09`.
    #[arg(long, required = true, env = "GRAPHDOUBLE_BETWEEN", value_name = "ROUTINGS", value_delimiter = ',',
        value_parser = parse_routing)]
    between: Vec<String>,
    /// Only scenarios whose file or name contains this.
    #[arg(long, env = "GRAPHDOUBLE_FILTER")]
    filter: Option<String>,
    /// As text for people, or as JSON.
    #[arg(long, env = "GRAPHDOUBLE_COMPARE_FORMAT", value_enum, default_value_t = CompareFormat::Text)]
    format: CompareFormat,
    /// What is the same too.
    #[arg(long, env = "GRAPHDOUBLE_ALL", value_parser = BoolishValueParser::new())]
    all: bool,
    /// Exit with 4 if anything differs.
    #[arg(long, env = "GRAPHDOUBLE_DENY_DIFFERENCES", value_parser = BoolishValueParser::new())]
    deny_differences: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CompareFormat {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

fn parse_routing(word: &str) -> Result<String, String> {
    routings::read(word)
}

impl CompareCommand {
    /// Compares.
    pub async fn execute(self) -> Exit {
        if let Err(mistake) = self.check_routings() {
            return fail(Exit::Usage, &mistake);
        }
        let scenarios = match read_scenarios(&self.paths, self.filter.as_deref()) {
            Ok(scenarios) => scenarios,
            Err(exit) => return exit,
        };
        let comparison = compare_routings(&scenarios, &self.between).await;
        if let Some((routing, why)) = comparison.impossible_routing() {
            return fail(Exit::CouldNotRun, &format!("no scenario can be played under `{routing}`: {why}"));
        }
        self.report(&comparison);
        if self.deny_differences && comparison.differs() { Exit::Failed } else { Exit::Ok }
    }

    fn check_routings(&self) -> Result<(), String> {
        if self.between.len() < 2 {
            return Err("--between needs two routings or more, with commas between them".to_owned());
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
            CompareFormat::Text => comparison_text(comparison, extent, use_colors()),
            CompareFormat::Json => comparison_json(comparison, extent),
        });
    }
}
