//! What a comparison of routings found: scenarios, their steps, and what differs in each.

use std::collections::BTreeSet;

use crate::text::source::SourcePlace;

use super::difference::ComparedAspect;

#[derive(Debug)]
pub struct Comparison {
    pub routings: Vec<String>,
    /// Apps with a webhook URL. The comparison does not call them.
    pub not_called: BTreeSet<String>,
    /// Instagram accounts that keep the routing of their world where pages get the Handover Protocol.
    pub unmoved_accounts: BTreeSet<String>,
    pub scenarios: Vec<ComparedScenario>,
}

#[derive(Debug)]
pub struct ComparedScenario {
    pub file: String,
    /// The name, with the values of its row except `routing`.
    pub name: String,
    pub place: SourcePlace,
    /// Routings under which the world is invalid, with the reason.
    pub impossible: Vec<(String, String)>,
    /// Routings under which the scenario passes.
    pub holds_under: Vec<String>,
    /// The steps. A strict scenario has one more at the end, for `strict`.
    pub steps: Vec<ComparedStep>,
}

/// A step under every routing with a valid world.
#[derive(Debug)]
pub struct ComparedStep {
    pub place: SourcePlace,
    /// True for a step with expectations.
    pub expects: bool,
    pub aspects: Vec<ComparedAspect>,
}

impl Comparison {
    pub fn steps(&self) -> usize {
        self.scenarios.iter().map(|scenario| scenario.steps.len()).sum()
    }

    pub fn steps_that_differ(&self) -> usize {
        self.scenarios.iter().flat_map(|scenario| &scenario.steps).filter(|step| step.differs()).count()
    }

    pub fn differs(&self) -> bool {
        self.scenarios.iter().any(ComparedScenario::differs)
    }

    /// A routing under which every world is invalid, with the reason of the first.
    pub fn impossible_routing(&self) -> Option<(&str, &str)> {
        self.routings.iter().find_map(|routing| {
            let mut reasons = self.scenarios.iter().map(|scenario| scenario.why_impossible(routing));
            let first = reasons.next()??;
            reasons.all(|reason| reason.is_some()).then_some((routing.as_str(), first))
        })
    }
}

impl ComparedScenario {
    pub fn differs(&self) -> bool {
        !self.impossible.is_empty() || self.steps.iter().any(ComparedStep::differs)
    }

    fn why_impossible(&self, routing: &str) -> Option<&str> {
        self.impossible.iter().find(|(impossible, _)| impossible == routing).map(|(_, why)| why.as_str())
    }
}

impl ComparedStep {
    pub fn differs(&self) -> bool {
        self.aspects.iter().any(|aspect| aspect.differs)
    }
}
