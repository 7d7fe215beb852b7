//! A response in the form that `returns`, `refused` and `save` see.

use bytes::Bytes;
use hyper::http::Response;
use serde_json::{Value, json};

use crate::domain::rules::RuleId;
use crate::response_fault::{ResponseFault, WireFault};

/// A response in the form that `returns` sees. A response that does not arrive in full is only `{ "lost": … }`.
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

/// True if an answer arrived and is no error. That of a batch is a list.
pub(crate) fn is_success(answer: &Value) -> bool {
    answer.is_array() || answer.get("status").and_then(Value::as_u64).is_some_and(|status| status < 400)
}

/// The JSON body with the HTTP status in it. A body that is not JSON becomes the text `body`.
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

/// The error of an answer in the form that `refused` sees, if it is one: the fields of Meta, with `subcode`, `status`
/// and the rule as `because`. An error that is not Meta's is the whole answer.
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
