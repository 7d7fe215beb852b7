//! Report room: coverage: which rules the scenarios had at work, and which never, of those that hold under the generations in play.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::domain::rules::{Generations, RULES, Rule, RuleId};
use crate::runner::run_events::{Reporter, RunEvent, ScenarioReport};

use super::report_output::ReportOutput;

/// In which form coverage is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Tells which rules were at work.
pub struct CoverageReporter {
    output: ReportOutput,
    form: CoverageFormat,
    seen: RuleCoverage,
}

/// What the scenarios had at work.
#[derive(Debug)]
pub(super) struct RuleCoverage {
    /// In how many scenarios each rule was at work.
    at_work: BTreeMap<RuleId, usize>,
    generations: Generations,
}

impl Default for RuleCoverage {
    fn default() -> Self {
        Self { at_work: BTreeMap::new(), generations: Generations::NONE }
    }
}

impl RuleCoverage {
    pub(super) fn add(&mut self, report: &ScenarioReport) {
        self.generations = self.generations.union(report.generations);
        for rule in &report.rules {
            *self.at_work.entry(*rule).or_default() += 1;
        }
    }

    /// Rules that hold under the generations in play, each with the number of scenarios in which it was at work.
    fn applicable(&self) -> impl Iterator<Item = (&'static Rule, usize)> {
        let rules = RULES.iter().filter(|rule| rule.under.overlaps(self.generations));
        rules.map(|rule| (rule, RuleId::parse(rule.id).and_then(|id| self.at_work.get(&id)).copied().unwrap_or(0)))
    }

    /// StepKind many rules hold under the generations in play, and how many of them were at work.
    pub(super) fn counts(&self) -> (usize, usize) {
        self.applicable().fold((0, 0), |(all, seen), (_, times)| (all + 1, seen + usize::from(times > 0)))
    }
}

impl CoverageReporter {
    /// A reporter that writes to `output`.
    pub fn new(output: ReportOutput, form: CoverageFormat) -> Self {
        Self { output, form, seen: RuleCoverage::default() }
    }

    fn text(&self) -> String {
        let (all, covered) = self.seen.counts();
        let mut text = format!("{}: {covered} of {all} rules at work\n", self.seen.generations.words().join(", "));
        for (rule, times) in self.seen.applicable().filter(|(_, times)| *times > 0) {
            let scenarios = if times == 1 { "scenario" } else { "scenarios" };
            let _ = writeln!(text, "  {}  {times} {scenarios}", rule.id);
        }
        if covered < all {
            text.push_str("never at work:\n");
        }
        for (rule, _) in self.seen.applicable().filter(|(_, times)| *times == 0) {
            let _ = writeln!(text, "  {}\n      {}", rule.id, rule.statement);
        }
        text
    }

    fn json(&self) -> Value {
        let (all, covered) = self.seen.counts();
        let rule = |(rule, times): (&Rule, usize)| {
            json!({
                "id": rule.id,
                "statement": rule.statement,
                "under": rule.under.words(),
                "basis": rule.basis.name(),
                "scenarios": times,
            })
        };
        json!({
            "under": self.seen.generations.words(),
            "applicable": all,
            "covered": covered,
            "rules": self.seen.applicable().map(rule).collect::<Vec<_>>(),
        })
    }
}

impl Reporter for CoverageReporter {
    fn report(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started { .. } | RunEvent::ScenarioStarted { .. } | RunEvent::Abandoned => {}
            RunEvent::ScenarioFinished(report) => self.seen.add(report),
            RunEvent::Finished(_) => {
                let text = match self.form {
                    CoverageFormat::Text => self.text(),
                    CoverageFormat::Json => format!("{:#}\n", self.json()),
                };
                self.output.write(&text);
            }
        }
    }

    fn write_error(&self) -> Option<String> {
        self.output.write_error()
    }
}
