//! Graph room: a call that failed: Meta's error, and the rule behind it.

use crate::domain::rules::RuleId;

use super::catalogue::GraphError;

/// A call that failed.
#[derive(Debug)]
pub struct Failure {
    /// What Meta says.
    pub error: GraphError,
    /// The rule behind it, where it is one of the domain's.
    pub rule: Option<RuleId>,
}

impl Failure {
    /// Failed by a rule that no command carries.
    pub fn by_rule(error: GraphError, rule: RuleId) -> Self {
        Self { error, rule: Some(rule) }
    }

    pub(crate) fn boxed(error: GraphError) -> Box<Self> {
        Box::new(error.into())
    }
}

impl From<GraphError> for Failure {
    fn from(error: GraphError) -> Self {
        Self { error, rule: None }
    }
}
