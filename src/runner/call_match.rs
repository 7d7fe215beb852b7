//! Whether a recorded Graph call is the one that `calls` describes.

use serde_json::{Value, json};

use crate::language::steps::app_step::{AppStep, AppVerb};

use super::matcher::{Mismatch, differences};
use super::recorded_call::RecordedCall;

/// The call that a step describes, with its names filled in. Its body is compared with that of other verbs.
#[derive(Debug)]
pub(super) struct WantedCall {
    pub method: &'static str,
    pub path: Value,
    pub query: Option<Value>,
    pub returns: Option<Value>,
}

/// What a step describes with `calls`. `fill` fills in its names.
pub(super) fn wanted_call<E>(
    app: &AppStep,
    fill: impl Fn(&Value) -> Result<Value, E>,
) -> Result<Option<WantedCall>, E> {
    let AppVerb::Calls(pattern) = &app.verb else { return Ok(None) };
    Ok(Some(WantedCall {
        method: pattern.method,
        path: fill(&pattern.path)?,
        query: pattern.query.as_ref().map(&fill).transpose()?,
        returns: pattern.returns.as_ref().map(&fill).transpose()?,
    }))
}

impl WantedCall {
    /// True if the call has the method and the path.
    pub fn is_at(&self, call: &RecordedCall) -> bool {
        let is_path = |path: &String| differences(&self.path, Some(&json!(path)), "").is_empty();
        call.method == self.method && call.paths.iter().any(is_path)
    }

    /// How query and answer differ.
    pub fn differences(&self, call: &RecordedCall) -> Vec<Mismatch> {
        let query = self.query.iter().flat_map(|query| differences(query, call.query.as_ref(), "query"));
        let returns = self.returns.iter().flat_map(|returns| differences(returns, Some(&call.answer), "returns"));
        query.chain(returns).collect()
    }
}
