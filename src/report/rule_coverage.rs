//! Counts in how many scenarios of a run each rule was applied.

use std::collections::BTreeMap;

use crate::domain::model::generations::Generations;
use crate::domain::rules::{RULES, Rule, RuleId};
use crate::runner::run_events::ScenarioReport;

/// The rules that the scenarios of a run applied.
#[derive(Debug)]
pub struct RuleCoverage {
    scenarios_by_rule: BTreeMap<RuleId, usize>,
    pub generations: Generations,
}

impl Default for RuleCoverage {
    fn default() -> Self {
        Self { scenarios_by_rule: BTreeMap::new(), generations: Generations::NONE }
    }
}

impl RuleCoverage {
    pub fn add(&mut self, report: &ScenarioReport) {
        self.generations = self.generations.union(report.generations);
        for rule in &report.rules {
            *self.scenarios_by_rule.entry(*rule).or_default() += 1;
        }
    }

    /// The rules of the generations that the pages use, each with the number of scenarios that applied it.
    pub fn applicable(&self) -> impl Iterator<Item = (&'static Rule, usize)> {
        let rules = RULES.iter().filter(|rule| rule.under.overlaps(self.generations));
        rules.map(|rule| {
            (rule, RuleId::parse(rule.id).and_then(|id| self.scenarios_by_rule.get(&id)).copied().unwrap_or(0))
        })
    }

    /// The number of applicable rules, and how many of them were applied.
    pub fn counts(&self) -> (usize, usize) {
        self.applicable().fold((0, 0), |(all, seen), (_, times)| (all + 1, seen + usize::from(times > 0)))
    }
}
