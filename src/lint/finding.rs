//! Lint room: what a lint is, and what it found. Everyone who reports may enter.

use crate::domain::model::time::Moment;
use crate::domain::rules::{Basis, RuleId};

use super::context::Case;

/// Something that an app can do wrong although nothing fails.
#[derive(Debug)]
pub struct Lint {
    /// Stable name, as flags and reports write it.
    pub name: &'static str,
    /// What it looks for, in one sentence.
    pub says: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where we know from that it is wrong.
    pub basis: Basis,
    /// The document, or the rule.
    pub source: &'static str,
    /// Looks for it.
    pub look: fn(&'static Lint, &Case<'_>) -> Vec<Finding>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Meta refuses or ignores it, or people webhook event.
    Warning,
    /// It works, and there is a better way.
    Advice,
}

impl Severity {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// What a lint found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// By which lint.
    pub lint: &'static Lint,
    /// The app, by its name.
    pub app: String,
    /// The thread, where it is about one.
    pub thread: Option<String>,
    /// What the app did, in one sentence.
    pub what: String,
    /// The rule that it met, where it met one.
    pub rule: Option<RuleId>,
    /// When it happened first, in virtual time.
    pub at: Moment,
    /// How often it happened.
    pub times: usize,
    /// Entries of the ledger that show it, oldest first; at least one, and at most [`MAX_ENTRIES`](super::MAX_ENTRIES).
    pub entries: Vec<u64>,
}

impl Finding {
    /// What the app did, how often, and by which rule it is wrong.
    pub fn text(&self) -> String {
        let times = if self.times > 1 { format!(" ({} times)", self.times) } else { String::new() };
        let rule = self.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
        format!("{}{times}{rule}", self.what)
    }

    /// It happened again.
    pub(super) fn add(&mut self, again: &Finding) {
        self.times += 1;
        let room = super::MAX_ENTRIES.saturating_sub(self.entries.len());
        self.entries.extend(again.entries.iter().take(room));
    }
}
