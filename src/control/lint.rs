//! Control room: `GET /_control/worlds/{w}/lint`, and the table of lints.

use serde_json::{Value, json};

use crate::lint::{LINTS, Lint};
use crate::runner::Session;
use crate::runner::linting::linted_json;

use super::answer::Answer;

/// What the lints found in a world. What a step asked for on purpose is no finding; so this waits for a step that is under way.
pub async fn read(session: &tokio::sync::Mutex<Session>) -> Answer {
    let linted = session.lock().await.lint();
    Answer::json(200, &linted_json(&linted))
}

/// `GET /_control/lints`.
pub fn table() -> Answer {
    Answer::json(200, &json!({ "lints": LINTS.iter().map(lint_json).collect::<Vec<_>>() }))
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
