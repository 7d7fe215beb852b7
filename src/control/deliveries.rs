//! Control room: `POST …/ledger/{cursor}/redeliver`.

use std::sync::Arc;

use serde_json::json;

use crate::engine::{ActiveWorld, NotRedelivered};

use super::answer::{Answer, Problem};

/// Sends a webhook once more, to the bytes.
pub fn redeliver(world: &Arc<ActiveWorld>, cursor: &str) -> Result<Answer, Problem> {
    let cursor = cursor.parse().map_err(|_| Problem::new(400, format!("`{cursor}` is no cursor: a whole number")))?;
    let attempt = world.redeliver(cursor).map_err(|error| {
        let status = if matches!(error, NotRedelivered::NoEntry(_)) { 404 } else { 409 };
        Problem::new(status, error.to_string())
    })?;
    Ok(Answer::json(202, &json!({ "webhook": cursor, "attempt": attempt })))
}
