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

use hyper::http::Request;
use hyper::http::header::CONTENT_TYPE;

use crate::engine::ledger_entry::RawCall;

pub use self::routes::answer::{answer, body_too_large};

/// The parameters of a call as it came, whatever its encoding; structured ones as JSON.
pub fn parameters(call: &RawCall) -> serde_json::Value {
    let mut request = Request::new(());
    *request.uri_mut() = call.uri.clone();
    if let Some(content_type) = &call.content_type {
        request.headers_mut().insert(CONTENT_TYPE, content_type.clone());
    }
    let (head, ()) = request.into_parts();
    http::params::Params::read(&head, &call.body).map(http::params::Params::into_json).unwrap_or_default()
}

/// The version of the Graph API that a path asks for, where it is older than any that is served.
pub fn version_gone(path: &str) -> Option<String> {
    http::path::Path::parse(path).version.gone()
}
