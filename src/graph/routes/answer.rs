//! The way of one Graph call from request to response: read, batch or fault, dispatch, answer.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::http::{HeaderMap, Method, Request, Response};

use crate::engine::Engine;

use super::{batch, dispatch, faults, login_dialog};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::faulted_call::FaultedCall;
use crate::graph::http::graph_response::{self, GraphResponse};
use crate::graph::http::path::Path;
use crate::graph::http::response::AnswerBody;

/// Answers one Graph call.
pub async fn answer(engine: &Arc<Engine>, request: Request<Bytes>) -> Response<Bytes> {
    let (mut head, body) = request.into_parts();
    let path = Path::parse(head.uri.path());
    let version = path.version;
    if head.method == Method::OPTIONS {
        return graph_response::preflight(version);
    }
    if login_dialog::is_opened(&head) {
        return login_dialog::answer(engine, &head);
    }
    // What is rare is boxed, so that the future of most calls stays small.
    let answered = match Call::read(engine, &head, path, &body) {
        Ok(call) if batch::is_batch(&call.method, &call.params) => Box::pin(answer_batch(engine, &head, &call)).await,
        Ok(mut call) => match faults::trigger(&call) {
            Some(fault) => {
                call.meets_fault = true;
                Box::pin(answer_with_fault(engine, &call, fault)).await
            }
            None => GraphResponse::new(&call, dispatch::dispatch(engine, &call).await),
        },
        Err(failure) => GraphResponse::unmatched(engine, &head, &body, *failure),
    };
    answered.into_response(version, std::mem::take(&mut head.headers))
}

async fn answer_batch(engine: &Arc<Engine>, head: &Parts, call: &Call<'_>) -> GraphResponse {
    let result = match head.extensions.get::<batch::IsBatchItem>() {
        Some(_) => Err(catalogue::BATCH_NESTED.error()),
        None => batch::answer(head, &call.params, |item| Box::pin(answer_item(engine, item))).await,
    };
    GraphResponse::of_batch(call, result)
}

/// An item of a batch that is no HTTP request belongs to no call.
async fn answer_item(engine: &Arc<Engine>, item: Option<Request<Bytes>>) -> Response<Bytes> {
    match item {
        Some(request) => answer(engine, request).await,
        None => {
            let failure = Failure::from(catalogue::UNKNOWN_PATH.with(&[("rest", "?")]));
            GraphResponse::without_call(engine, failure).into_response(Path::parse("/").version, HeaderMap::new())
        }
    }
}

/// The answer of the fault wins over that of the call. Where there is neither, nobody will see any.
async fn answer_with_fault(engine: &Engine, call: &Call<'_>, mut fault: FaultedCall) -> GraphResponse {
    let executed = if fault.is_executed { Some(dispatch::dispatch(engine, call).await) } else { None };
    let result = fault.result.take().or(executed).unwrap_or_else(|| Ok(AnswerBody::Open(Vec::new())));
    GraphResponse::with_fault(call, result, fault)
}

/// The answer to a body that is over the limit.
pub fn body_too_large(engine: &Engine, head: &Parts) -> Response<Bytes> {
    let version = Path::parse(head.uri.path()).version;
    let failure = Failure::from(catalogue::BODY_TOO_LARGE.error());
    GraphResponse::unmatched(engine, head, &Bytes::new(), failure).into_response(version, head.headers.clone())
}

/// The answer to what is not HTTP. It belongs to no world.
pub fn malformed_request(engine: &Engine, path: &str, why: &str) -> Response<Bytes> {
    without_call(engine, path, catalogue::NOT_HTTP.with(&[("why", why)]).into())
}

/// The answer to a call for which there is no room.
pub fn overloaded(engine: &Engine, path: &str) -> Response<Bytes> {
    without_call(engine, path, catalogue::OVERLOADED.error().into())
}

fn without_call(engine: &Engine, path: &str, failure: Failure) -> Response<Bytes> {
    GraphResponse::without_call(engine, failure).into_response(Path::parse(path).version, HeaderMap::new())
}
