//! Graph: the Graph API over HTTP messages, without sockets. Only this room knows Meta's codes and texts. `site` brings it requests from
//! the wire, `runner` those of its puppets. Inside, each folder may use those after it: routes → edges → send, read → http → errors.
//!
//! To add an edge: a handler in `edges/` and its row in `routes/table.rs`. To add an error: a row in `errors/catalogue.rs`.

mod edges;
pub mod errors;
pub mod http;
pub mod read;
pub mod routes;
pub mod send;

use bytes::Bytes;
use hyper::http::HeaderValue;

use crate::domain::model::profile::{Property, Setting};
use crate::engine::ledger_entry::RawCall;

use self::http::params::Params;

pub use self::routes::answer::{answer, body_too_large};

/// The parameters of a call as it came, whatever its encoding; structured ones as JSON.
pub fn parameters(call: &RawCall) -> serde_json::Value {
    let uri = call.uri();
    let content_type = call.content_type.as_deref().and_then(|value| HeaderValue::from_bytes(value).ok());
    let content_type = content_type.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = Bytes::copy_from_slice(&call.body);
    Params::read(uri.query(), content_type, &body).map(|params| params.to_json()).unwrap_or_default()
}

/// The value of a property of a Messenger profile, as `POST /{page}/messenger_profile` takes it. The error is Meta's.
pub fn profile_setting(property: Property, value: &serde_json::Value) -> Result<Setting, String> {
    let body = Bytes::from(serde_json::json!({ property.name(): value }).to_string());
    let read = Params::read(None, "application/json", &body).and_then(|params| send::profile_params::read(&params));
    let setting = read.map_err(|error| error.message)?.into_iter().next();
    setting.ok_or_else(|| format!("{} has no value", property.name()))
}

/// The version of the Graph API that a path asks for, where it is older than any that is served.
pub fn version_gone(path: &str) -> Option<String> {
    http::path::Path::parse(path).version.gone()
}
