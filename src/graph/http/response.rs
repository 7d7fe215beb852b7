//! What an edge returns: the body of a success, or a failure.

use std::pin::Pin;

use serde::Serialize;
use serde_json::Value;

use crate::graph::errors::failure::Failure;
use crate::wire::escape::{Escaping, to_bytes};

/// The body of a success, or the failure that an error body is made from.
pub type Result = std::result::Result<Vec<u8>, Failure>;

/// What a handler returns that waits.
pub type ResultFuture<'c> = Pin<Box<dyn Future<Output = Result> + Send + 'c>>;

/// A value as JSON.
pub fn json<T: Serialize>(value: &T) -> Result {
    Ok(to_bytes(value, Escaping::Answer))
}

/// `{"success":true}`.
pub fn success() -> Result {
    Ok(br#"{"success":true}"#.to_vec())
}

/// `{"result":"success"}`.
pub fn result_success() -> Result {
    Ok(br#"{"result":"success"}"#.to_vec())
}

/// `{"data":[…]}`.
pub fn data(items: Vec<Value>) -> Result {
    json(&serde_json::json!({ "data": items }))
}
