//! Run room: what whoever calls makes of an answer, as `returns`, `refused` and `save` see it. Steps that act and steps that observe enter.

use bytes::Bytes;
use hyper::http::Response;
use serde_json::{Value, json};

use crate::domain::rules::RuleId;
use crate::response_fault::{ResponseFault, WireFault};

/// An answer as `returns` sees it. Of one that never came, or not to its end, there is but `lost`. A call in this process comes over no
/// socket, so that it never waits.
pub(crate) fn response_view(response: &Response<Bytes>) -> Value {
    let lost = match response.extensions().get::<ResponseFault>().and_then(|response_fault| response_fault.wire_fault) {
        None => return with_status(response.body(), response.status().as_u16()),
        Some(WireFault::Hang) => "hang",
        Some(WireFault::Reset) => "reset",
        Some(WireFault::Close) => "close",
        Some(WireFault::Truncate) => "half_body",
    };
    json!({ "lost": lost })
}

/// The body with the HTTP status beside it; a body that is no JSON as `body`, in its own words.
pub(crate) fn with_status(body: &[u8], status: u16) -> Value {
    match serde_json::from_slice(body) {
        Ok(Value::Object(mut map)) => {
            map.insert("status".to_owned(), json!(status));
            Value::Object(map)
        }
        Ok(other) => other,
        Err(_) => json!({ "status": status, "body": String::from_utf8_lossy(body) }),
    }
}

/// An error as `refused` sees it, where the answer is one: Meta's members, with `subcode` and `status` for short, and `because` for the
/// rule; of an error that is none of Meta's, what there is.
pub(crate) fn error_view(answer: &Value, rule: Option<RuleId>) -> Option<Value> {
    let Some(error) = answer.get("error") else {
        let is_error = answer.get("status").and_then(Value::as_u64).is_some_and(|status| status >= 400);
        return is_error.then(|| answer.clone());
    };
    let mut error = error.clone();
    if let Value::Object(map) = &mut error {
        if let Some(subcode) = map.get("error_subcode").cloned() {
            map.insert("subcode".to_owned(), subcode);
        }
        map.insert("status".to_owned(), answer.get("status").cloned().unwrap_or_default());
        map.insert("because".to_owned(), json!(rule.map(|rule| rule.rule().id)));
    }
    Some(error)
}
