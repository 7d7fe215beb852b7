//! What performing a step came to.

use serde_json::Value;

/// Which kind of step was performed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerformedKind {
    /// The scenario did something.
    Action,
    /// A real app did what the step describes.
    Observation,
    /// The expectations of the step hold.
    Expectation,
    /// The step showed webhooks.
    Showing,
}

impl PerformedKind {
    /// The word in reports and in answers of the control API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Action => "acted",
            Self::Observation => "observed",
            Self::Expectation => "held",
            Self::Showing => "shown",
        }
    }
}

/// A step that succeeded.
#[derive(Debug, Clone)]
pub struct Performed {
    pub kind: PerformedKind,
    /// The answer of a Graph call, in the form that `returns` sees.
    pub answer: Option<Value>,
}
