//! Graph: the Graph API over HTTP messages, without sockets: parameters, version, tokens, errors, and one file per edge. Only this
//! room knows Meta's codes and texts. `server` brings it requests from the wire, `scenario` brings it those of its puppets.

mod edges;
pub mod errors;
pub mod http;
pub mod read;
pub mod routes;
pub mod send;

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use hyper::http::{Method, Request, Response};

use crate::engine::Engine;
use crate::engine::ledger::RawCall;

use self::errors::failure::Failure;
use self::http::call::Call;
use self::http::faulted_call::FaultedCall;
use self::http::graph_response::GraphResponse;

/// Answers one Graph call.
pub async fn answer(engine: &Arc<Engine>, request: Request<Bytes>) -> Response<Bytes> {
    let (head, body) = request.into_parts();
    let path = http::path::Path::parse(head.uri.path());
    if head.method == Method::OPTIONS {
        return http::graph_response::preflight(path.served_version());
    }
    let version = path.served_version();
    let answered = match Call::read(engine, &head, path, &body) {
        Ok(call) if routes::batch::is_batch(&call.method, &call.params) => {
            let result = match head.extensions.get::<routes::batch::Inside>() {
                Some(_) => Err(errors::catalogue::BATCH_NESTED.error()),
                None => routes::batch::answer(engine, &head, &call.params).await,
            };
            GraphResponse::of_batch(&call, result)
        }
        Ok(call) => {
            let met = routes::faults::meet(&call);
            answer_call(engine, &call, met).await
        }
        Err(failure) => GraphResponse::unmatched(engine, &head, &body, *failure),
    };
    answered.into_response(version)
}

/// Answers a call, which may have met a fault.
async fn answer_call(engine: &Arc<Engine>, call: &Call, met: Option<FaultedCall>) -> GraphResponse {
    let Some(mut met) = met else { return GraphResponse::new(call, edges::dispatch(engine, call).await) };
    let executed = if met.is_executed { Some(edges::dispatch(engine, call).await) } else { None };
    // The fault's answer comes before what the call would have been answered; where there is neither, nobody will see any.
    let result = met.result.take().or(executed).unwrap_or_else(|| Ok(Vec::new()));
    GraphResponse::with_fault(call, result, met)
}

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

/// The answer to a call that is no HTTP request: an item of a batch can be that.
fn bad_request(engine: &Engine) -> Response<Bytes> {
    let failure = Failure::from(errors::catalogue::UNKNOWN_PATH.with(&[("rest", "?")]));
    GraphResponse::without_call(engine, failure).into_response(http::path::Path::parse("/").served_version())
}

/// The answer to a body that is over the limit.
pub fn body_too_large(engine: &Engine, head: &Parts) -> Response<Bytes> {
    let path = http::path::Path::parse(head.uri.path());
    let failure = Failure::from(errors::catalogue::BODY_TOO_LARGE.error());
    GraphResponse::unmatched(engine, head, &Bytes::new(), failure).into_response(path.served_version())
}
