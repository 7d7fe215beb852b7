//! Lints: what an app did wrong although nothing failed. They only read a world and its ledger.
//!
//! `runner` runs them after a scenario; `control`, `report` and `cli` show them. To add a lint, write its function in the file of its
//! subject and its row in [`table`].

mod calls;
mod context;
mod control;
mod duplicates;
mod finding;
mod idle_control;
mod levels;
mod listening;
mod occurrence;
mod sending;
mod table;
mod unasked;
mod user_webhooks;
mod webhook_attempts;

use std::collections::{BTreeMap, BTreeSet};

pub use context::{LintContext, Provoked};
pub use finding::Finding;
pub use levels::{Level, Levels};
pub use table::{LINTS, Lint, NAMES, Severity};

/// The most findings of one world. The others are counted.
const MAX_FINDINGS: usize = 200;

/// What all lints found in a world.
#[derive(Debug, Default)]
pub struct Linted {
    /// In the order of their first entries.
    pub findings: Vec<Finding>,
    /// How many findings were left out.
    pub left_out: usize,
    /// The cursor of the oldest entry that the ledger still had. Older entries were not linted.
    pub from: u64,
}

/// Runs all lints.
pub fn lint(context: &LintContext<'_>) -> Linted {
    let run =
        |lint: &'static Lint| (lint.find)(context).into_iter().map(move |occurrence| Finding::new(lint, occurrence));
    let all: Vec<Finding> = LINTS.iter().flat_map(run).collect();
    let mut findings = merged(without_explained_refusals(all));
    findings.sort_by_key(|finding| finding.entries.first().copied());
    let left_out = findings.len().saturating_sub(MAX_FINDINGS);
    findings.truncate(MAX_FINDINGS);
    Linted { findings, left_out, from: context.ledger.oldest_cursor() }
}

/// Drops the findings of `refused_call` whose entries another lint names.
fn without_explained_refusals(all: Vec<Finding>) -> Vec<Finding> {
    let (refused, mut findings): (Vec<Finding>, Vec<Finding>) =
        all.into_iter().partition(|finding| finding.lint.name == table::REFUSED_CALL);
    let explained: BTreeSet<u64> = findings.iter().flat_map(|finding| &finding.entries).copied().collect();
    findings
        .extend(refused.into_iter().filter(|finding| !finding.entries.iter().any(|entry| explained.contains(entry))));
    findings
}

/// Merges findings that say the same of the same app and thread.
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
