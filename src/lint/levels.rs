//! Lint room: which lints are reported, and which of them fail a run. `cli` reads them from flags.

use std::collections::BTreeSet;

use super::finding::Lint;

/// What becomes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Nobody is told.
    Allowed,
    /// It is reported.
    Reported,
    /// It is reported, and fails the scenario.
    Denied,
}

/// What becomes of the findings of each lint. Without a word they are reported.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// Lints by name whose findings fail a scenario.
    pub denied: BTreeSet<String>,
    /// Whether every lint fails a scenario that is not allowed by name.
    pub all_denied: bool,
    /// Lints by name of which nobody is told.
    pub allowed: BTreeSet<String>,
    /// Whether nobody is told of any lint that is not denied by name.
    pub all_allowed: bool,
}

impl Levels {
    /// The same, where somebody who knows better allows these.
    #[must_use]
    pub fn allowing(&self, names: &[String]) -> Self {
        let mut levels = self.clone();
        levels.allowed.extend(names.iter().cloned());
        levels
    }

    /// What becomes of a lint's findings.
    pub fn of(&self, lint: &Lint) -> Level {
        match lint.name {
            name if self.allowed.contains(name) => Level::Allowed,
            name if self.denied.contains(name) => Level::Denied,
            _ if self.all_allowed => Level::Allowed,
            _ if self.all_denied => Level::Denied,
            _ => Level::Reported,
        }
    }
}
