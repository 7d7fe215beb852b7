//! Report room: coverage: which rules the scenarios had at work, and which never, of those that hold under the generations in play.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::domain::model::generations::Generations;
use crate::domain::rules::{RULES, Rule, RuleId};
use crate::runner::events::{Reporter, RunEvent, ScenarioReport};

use super::output::Output;

/// In which form coverage is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Tells which rules were at work.
pub struct Coverage {
    output: Output,
    form: Form,
    seen: Seen,
}

/// What the scenarios had at work.
#[derive(Debug)]
pub(super) struct Seen {
    /// In how many scenarios each rule was at work.
    at_work: BTreeMap<RuleId, usize>,
    generations: Generations,
}

impl Default for Seen {
    fn default() -> Self {
        Self { at_work: BTreeMap::new(), generations: Generations::NONE }
    }
}

impl Seen {
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

    /// How many rules hold under the generations in play, and how many of them were at work.
    pub(super) fn counts(&self) -> (usize, usize) {
        self.applicable().fold((0, 0), |(all, seen), (_, times)| (all + 1, seen + usize::from(times > 0)))
    }
}

impl Coverage {
    /// A reporter that writes to `output`.
    pub fn new(output: Output, form: Form) -> Self {
        Self { output, form, seen: Seen::default() }
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

impl Reporter for Coverage {
    fn report(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started { .. } | RunEvent::Begins { .. } | RunEvent::Abandoned => {}
            RunEvent::Scenario(report) => self.seen.add(report),
            RunEvent::Finished(_) => {
                let text = match self.form {
                    Form::Text => self.text(),
                    Form::Json => format!("{:#}\n", self.json()),
                };
                self.output.write(&text);
            }
        }
    }

    fn trouble(&self) -> Option<String> {
        self.output.trouble()
    }
}
