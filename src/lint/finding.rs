//! What a lint found, as reports show it: one occurrence, or several of the same kind.

use super::occurrence::Occurrence;
use super::table::Lint;
use crate::domain::model::time::Moment;
use crate::domain::rules::RuleId;

/// The most entries that a finding names.
pub const MAX_ENTRIES: usize = 20;

/// Something that an app did wrong, once or several times.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The lint that found it.
    pub lint: &'static Lint,
    /// The app's name.
    pub app: String,
    /// The thread as `PERSON@PAGE`, if the finding is about one.
    pub thread: Option<String>,
    /// What the app did, in one sentence without a full stop.
    pub what: String,
    /// The rule that the app met, if any.
    pub rule: Option<RuleId>,
    /// When it happened first, in virtual time.
    pub at: Moment,
    /// How often it happened.
    pub times: usize,
    /// The cursors of the entries that show it, oldest first: at least one, at most `MAX_ENTRIES`.
    pub entries: Vec<u64>,
}

impl Finding {
    pub(super) fn new(lint: &'static Lint, occurrence: Occurrence) -> Self {
        let Occurrence { app, thread, what, rule, at, entries } = occurrence;
        Self { lint, app, thread, what, rule, at, times: 1, entries }
    }

    /// What the app did, how often, and which rule it met.
    pub fn text(&self) -> String {
        let times = if self.times > 1 { format!(" ({} times)", self.times) } else { String::new() };
        let rule = self.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
        format!("{}{times}{rule}", self.what)
    }

    /// Counts a repetition.
    pub(super) fn add(&mut self, repetition: &Finding) {
        self.times += 1;
        let room = MAX_ENTRIES.saturating_sub(self.entries.len());
        self.entries.extend(repetition.entries.iter().take(room));
    }
}
