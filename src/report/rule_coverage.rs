//! Which rules took effect in the scenarios of a run.

use std::collections::BTreeMap;

use crate::domain::rules::{Generations, RULES, Rule, RuleId};
use crate::runner::run_events::ScenarioReport;

/// What the scenarios had at work.
#[derive(Debug)]
pub struct RuleCoverage {
    /// In how many scenarios each rule was at work.
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

    /// Rules that hold under the generations in play, each with the number of scenarios in which it was at work.
    pub fn applicable(&self) -> impl Iterator<Item = (&'static Rule, usize)> {
        let rules = RULES.iter().filter(|rule| rule.under.overlaps(self.generations));
        rules.map(|rule| {
            (rule, RuleId::parse(rule.id).and_then(|id| self.scenarios_by_rule.get(&id)).copied().unwrap_or(0))
        })
    }

    /// StepKind many rules hold under the generations in play, and how many of them were at work.
    pub fn counts(&self) -> (usize, usize) {
        self.applicable().fold((0, 0), |(all, seen), (_, times)| (all + 1, seen + usize::from(times > 0)))
    }
}
