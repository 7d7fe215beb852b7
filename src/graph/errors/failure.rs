//! The failure of a call: Meta's error, and the rule of the domain behind it.

use crate::domain::rules::RuleId;

use super::catalogue::GraphError;

#[derive(Debug)]
pub struct Failure {
    pub error: GraphError,
    /// The rule of the domain that the call broke, if it is one.
    pub rule: Option<RuleId>,
}

/// A value, or the failure of the call.
pub type Fallible<T> = Result<T, Failure>;

impl Failure {
    /// A failure by a rule that no refused command names.
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
