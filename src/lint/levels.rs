//! Which lints are reported, and which of them fail a run. `cli` sets them from flags.

use std::collections::BTreeSet;

use super::table::{LATE_CALL, Lint};

/// How a finding is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It is not reported.
    Allowed,
    /// It is reported.
    Reported,
    /// It is reported, and fails the scenario.
    Denied,
}

/// How the findings of each lint are treated. They are reported by default.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// The names of lints whose findings fail a scenario.
    pub denied: BTreeSet<String>,
    /// Denies every lint that is not allowed by name, except `late_call`, whose findings depend on how fast a bot is.
    pub all_denied: bool,
    /// The names of lints that are not reported.
    pub allowed: BTreeSet<String>,
    /// Allows every lint that is not denied by name.
    pub all_allowed: bool,
}

impl Levels {
    /// These levels with more lints allowed by name.
    #[must_use]
    pub fn allowing(&self, names: &[String]) -> Self {
        let mut levels = self.clone();
        levels.allowed.extend(names.iter().cloned());
        levels
    }

    pub fn of(&self, lint: &Lint) -> Level {
        match lint.name {
            name if self.allowed.contains(name) => Level::Allowed,
            name if self.denied.contains(name) => Level::Denied,
            _ if self.all_allowed => Level::Allowed,
            name if self.all_denied && name != LATE_CALL => Level::Denied,
            _ => Level::Reported,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::LINTS;
    use super::*;

    #[test]
    fn all_denies_every_lint_but_the_one_that_depends_on_pace() {
        let all = Levels { all_denied: true, ..Levels::default() };
        let reported: Vec<&str> =
            LINTS.iter().filter(|lint| all.of(lint) != Level::Denied).map(|lint| lint.name).collect();
        assert_eq!(reported, [LATE_CALL]);
        let by_name = Levels { denied: [LATE_CALL.to_owned()].into(), ..all };
        assert!(LINTS.iter().all(|lint| by_name.of(lint) == Level::Denied));
    }
}
