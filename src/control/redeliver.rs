//! `POST /_control/worlds/{world}/ledger/{cursor}/redeliver`: a webhook once more.

use serde_json::json;

use crate::engine::NotRedelivered;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::route::Handled;

/// Sends a webhook once more, to the byte.
pub fn redeliver(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let cursor = call.path_value("cursor");
    let cursor = cursor.parse().map_err(|_| Problem::new(400, format!("`{cursor}` is no cursor: a whole number")))?;
    let attempt = world.redeliver(cursor).map_err(|error| {
        let status = if matches!(error, NotRedelivered::NoEntry(_)) { 404 } else { 409 };
        Problem::new(status, error.to_string())
    })?;
    Ok(ControlAnswer::json(202, &json!({ "webhook": cursor, "attempt": attempt })))
}
