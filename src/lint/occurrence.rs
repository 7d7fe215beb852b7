//! What the function of a lint returns: one thing that an app did, with the ledger entries that show it.

use crate::domain::model::time::Moment;
use crate::domain::rules::RuleId;

/// One thing that an app did wrong. The lint and the number of times are added in a [`Finding`](super::finding::Finding).
#[derive(Debug, Clone)]
pub struct Occurrence {
    /// The app's name.
    pub app: String,
    /// The thread as `PERSON@PAGE`, if it is about one.
    pub thread: Option<String>,
    /// What the app did, in one sentence without a full stop.
    pub what: String,
    /// The rule that the app met, if any.
    pub rule: Option<RuleId>,
    /// When it happened, in virtual time.
    pub at: Moment,
    /// The cursors of the entries that show it, oldest first; at least one.
    pub entries: Vec<u64>,
}
