//! `GET /_control/worlds/{world}/lint`, and the table of lints.

use serde_json::{Value, json};

use crate::lint::{LINTS, Lint};
use crate::runner::linting::linted_json;

use super::answer::ControlAnswer;
use super::call::ControlCall;
use super::route::Handled;

/// Handles `GET …/lint`. What a step provoked on purpose is no finding.
pub fn read(call: &ControlCall<'_>) -> Handled {
    let linted = call.sessions()?.lint();
    Ok(ControlAnswer::json(200, &linted_json(&linted)))
}

/// Handles `GET /_control/lints`.
pub fn table(_: &ControlCall<'_>) -> Handled {
    Ok(ControlAnswer::json(200, &json!({ "lints": LINTS.iter().map(lint_json).collect::<Vec<_>>() })))
}

/// A lint as JSON.
pub fn lint_json(lint: &Lint) -> Value {
    json!({
        "name": lint.name,
        "says": lint.says,
        "advice": lint.advice,
        "severity": lint.severity.name(),
        "basis": lint.basis.name(),
        "source": lint.source,
    })
}
