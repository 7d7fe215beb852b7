//! Lint: what an app did wrong although nothing failed. Pure analysis of a world and its ledger; each lint is a row of the table. Reads
//! everything, changes nothing. `scenario`, `control`, `report` and `cli` enter.

mod calls;
pub mod context;
mod control;
mod deliveries;
mod duplicates;
mod finding;
pub mod idle_control;
mod levels;
mod listening;
mod sending;
mod table;
pub mod user_webhooks;

use std::collections::{BTreeMap, BTreeSet};

pub use self::context::{Case, Provoked};
pub use finding::{Finding, Lint, Severity};
pub use levels::{Level, Levels};
pub use table::{LINTS, NAMES};

/// Findings of one world that are told; more are counted.
pub const MAX_FINDINGS: usize = 200;
/// Entries that are named of one finding.
pub const MAX_ENTRIES: usize = 20;

/// What the lints found.
#[derive(Debug, Default)]
pub struct Linted {
    /// In the order in which it happened.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub left_out: usize,
    /// The oldest entry that was there to look at: what the ledger has dropped nobody looked at.
    pub from: u64,
}

/// Looks for everything.
pub fn lint(case: &Case<'_>) -> Linted {
    let all: Vec<Finding> = LINTS.iter().flat_map(|lint| (lint.look)(lint, case)).collect();
    let mut findings = merged(without_the_obvious(all));
    findings.sort_by_key(|finding| finding.entries.first().copied());
    let left_out = findings.len().saturating_sub(MAX_FINDINGS);
    findings.truncate(MAX_FINDINGS);
    Linted { findings, left_out, from: case.ledger.oldest_cursor() }
}

/// That a call was refused goes without saying where another lint says why.
fn without_the_obvious(all: Vec<Finding>) -> Vec<Finding> {
    let (refused, others): (Vec<Finding>, Vec<Finding>) =
        all.into_iter().partition(|finding| finding.lint.name == table::REFUSED_CALL);
    let explained: BTreeSet<u64> = others.iter().flat_map(|finding| &finding.entries).copied().collect();
    let unexplained =
        refused.into_iter().filter(|finding| !finding.entries.iter().any(|entry| explained.contains(entry)));
    let unexplained: Vec<Finding> = unexplained.collect();
    others.into_iter().chain(unexplained).collect()
}

/// What an app does again and again is told once, with how often.
fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut places: BTreeMap<(&str, String, Option<String>, String), usize> = BTreeMap::new();
    let mut merged: Vec<Finding> = Vec::new();
    for finding in findings {
        let key = (finding.lint.name, finding.app.clone(), finding.thread.clone(), finding.what.clone());
        match places.get(&key).and_then(|place| merged.get_mut(*place)) {
            Some(first) => first.add(&finding),
            None => {
                places.insert(key, merged.len());
                merged.push(finding);
            }
        }
    }
    merged
}
