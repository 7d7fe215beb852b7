//! What a comparison of routings found: scenarios, their steps, and what differs in each.

use std::collections::BTreeSet;

use crate::text::source::SourcePlace;

use super::difference::ComparedAspect;

/// What the same scenarios come to under different routings.
#[derive(Debug)]
pub struct Comparison {
    /// The routings.
    pub routings: Vec<String>,
    /// Apps whose webhooks were not called, though a world declares them.
    pub not_called: BTreeSet<String>,
    /// The scenarios, in the order of the files.
    pub scenarios: Vec<ComparedScenario>,
}

/// A scenario under every routing.
#[derive(Debug)]
pub struct ComparedScenario {
    /// Its file.
    pub file: String,
    /// Its name, with its row but for `routing`, which the comparison chooses.
    pub name: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// Routings under which its world cannot be, and why not.
    pub impossible: Vec<(String, String)>,
    /// Routings under which everything is as the file says.
    pub holds_under: Vec<String>,
    /// Its steps, and at the end of a strict scenario whether it is strict.
    pub steps: Vec<ComparedStep>,
}

/// A step under every routing under which its world can be.
#[derive(Debug)]
pub struct ComparedStep {
    /// Where it stands.
    pub place: SourcePlace,
    /// Whether it expects rather than acts.
    pub expects: bool,
    /// What is to be said about it.
    pub aspects: Vec<ComparedAspect>,
}

impl Comparison {
    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.scenarios.iter().map(|scenario| scenario.steps.len()).sum()
    }

    /// How many steps differ.
    pub fn steps_that_differ(&self) -> usize {
        self.scenarios.iter().flat_map(|scenario| &scenario.steps).filter(|step| step.differs()).count()
    }

    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        self.scenarios.iter().any(ComparedScenario::differs)
    }

    /// A routing under which no world at all can be, and why not in the first of them.
    pub fn impossible_routing(&self) -> Option<(&str, &str)> {
        self.routings.iter().find_map(|routing| {
            let mut reasons = self.scenarios.iter().map(|scenario| scenario.why_impossible(routing));
            let first = reasons.next()??;
            reasons.all(|reason| reason.is_some()).then_some((routing.as_str(), first))
        })
    }
}

impl ComparedScenario {
    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        !self.impossible.is_empty() || self.steps.iter().any(ComparedStep::differs)
    }

    fn why_impossible(&self, routing: &str) -> Option<&str> {
        self.impossible.iter().find(|(impossible, _)| impossible == routing).map(|(_, why)| why.as_str())
    }
}

impl ComparedStep {
    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        self.aspects.iter().any(|aspect| aspect.differs)
    }
}
