//! The HTTP response to a call: the body or Meta's error envelope, Meta's headers, and the call's entry in the ledger.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use crate::engine::ledger_entry::{Actor, CallError, GraphCall, RawCall, Record};
use crate::engine::{Engine, UnmatchedCall};
use crate::response_fault::ResponseFault;
use crate::wire::escape::{Escaping, to_bytes};

use super::auth::{self, TokenPlace};
use super::call::{Call, raw_call};
use super::content_type::{SCRIPT, content_type};
use super::faulted_call::{BodyCut, FaultHit, FaultedCall};
use super::path::Version;
use super::recorded_body::recorded_answer;
use super::response::{self, AnswerBody};
use super::response_options::apply_response_options;
use super::usage_headers::UsageHeaders;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;

const API_VERSION: HeaderName = HeaderName::from_static("facebook-api-version");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-fb-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-fb-trace-id");
const REVISION: HeaderName = HeaderName::from_static("x-fb-rev");
/// The headers of a response, including those that the server adds.
const HEADER_COUNT: usize = 17;
// The values are checked when they are compiled, not in every response.
const META_REVISION: HeaderValue = HeaderValue::from_static("1003118628");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NO_CACHE: HeaderValue = HeaderValue::from_static("private, no-cache, no-store, must-revalidate");

/// A response before it becomes HTTP.
pub struct GraphResponse {
    status: StatusCode,
    body: Bytes,
    trace_id: Box<str>,
    /// The value of `WWW-Authenticate`.
    challenge: Option<String>,
    etag: Option<String>,
    is_script: bool,
    usage: Option<UsageHeaders>,
    /// The content type of a response that does not come from the Graph API.
    raw_content_type: Option<&'static str>,
    response_fault: Option<ResponseFault>,
}

/// The responses to the items of a batch.
pub struct BatchItems {
    /// An item that got no answer, or none in time, is `null`.
    pub items: Vec<Value>,
    /// The sum of the items' delays.
    pub delay: Duration,
}

/// The body of an error of api.instagram.com.
#[derive(Serialize)]
struct FlatError<'e> {
    error_type: &'static str,
    code: u16,
    error_message: &'e str,
}

#[derive(Serialize)]
struct ErrorEnvelope<'e> {
    error: ErrorBody<'e>,
}

#[derive(Serialize)]
struct ErrorBody<'e> {
    message: &'e str,
    r#type: &'static str,
    code: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_subcode: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_transient: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_user_title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_user_msg: Option<&'static str>,
    fbtrace_id: &'e str,
}

impl GraphResponse {
    /// The response to a call, which is recorded in the ledger.
    pub fn new(call: &Call, result: response::Result) -> Self {
        let is_recorded = matches!(result, Ok(AnswerBody::Recorded(_)));
        let (response, failure) = Self::unrecorded(call, result);
        if !is_recorded {
            let most = call.world().max_recorded_body();
            call.record(call.cause(), response.entry(call.source(), call.raw(), most, call.cause(), failure, None));
        }
        response
    }

    /// The response to a call that met a fault. `result` is what the call would be answered without the parts that the fault changes.
    pub fn with_fault(call: &Call, result: response::Result, faulted: FaultedCall) -> Self {
        let (mut response, mut failure) = Self::unrecorded(call, result);
        if let Some(raw) = faulted.raw_response {
            failure = None;
            response.status = StatusCode::from_u16(raw.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            response.raw_content_type = Some(raw.content_type);
            response.body = raw.body;
            response.usage = None;
        }
        if let Some(usage) = faulted.usage {
            response.usage = Some(UsageHeaders::new(call, usage));
        }
        match faulted.body_cut {
            Some(BodyCut::Half) => response.body.truncate(response.body.len() / 2),
            Some(BodyCut::All) => response.body.clear(),
            None => {}
        }
        response.response_fault = faulted.response_fault;
        let most = call.world().max_recorded_body();
        let entry = response.entry(call.source(), call.raw(), most, call.cause(), failure, Some(faulted.hit));
        call.record(call.cause(), entry);
        response
    }

    fn unrecorded(call: &Call, result: response::Result) -> (Self, Option<Failure>) {
        let trace_id = call.world().next_trace();
        let (mut response, failure) = match result {
            Ok(body) => (Self::success(call, body, trace_id), None),
            Err(failure) => {
                let failure = call.surface.failure(failure);
                (Self::error(&failure.error, call.token_place(), trace_id), Some(failure))
            }
        };
        response.usage = Some(UsageHeaders::counted(call));
        let is_suppressed = call.params.text("suppress_http_code").is_ok_and(|flag| flag.as_deref() == Some("1"));
        if failure.is_some() && is_suppressed {
            response.status = StatusCode::OK;
        }
        (response, failure)
    }

    /// The response to a batch. Each item has its own entry in the ledger, so a successful batch gets none.
    pub fn of_batch(call: &Call, result: Result<BatchItems, GraphError>) -> Self {
        match result {
            Ok(BatchItems { items, delay }) => {
                let body = to_bytes(&Value::Array(items), Escaping::Answer);
                let response_fault = (!delay.is_zero()).then(|| call.response_fault(delay, None));
                Self { response_fault, ..Self::success(call, AnswerBody::Open(body), call.world().next_trace()) }
            }
            Err(error) => Self::new(call, Err(error.into())),
        }
    }

    fn success(call: &Call, body: AnswerBody, trace_id: Box<str>) -> Self {
        let body = match body {
            AnswerBody::Open(body) => body,
            AnswerBody::Recorded(body) => return Self::plain(body, trace_id),
        };
        let shaped = apply_response_options(call, body);
        let response = Self::plain(shaped.body.into(), trace_id);
        let response = Self { etag: shaped.etag, is_script: shaped.is_script, ..response };
        match shaped.is_not_modified {
            true => Self { status: StatusCode::NOT_MODIFIED, body: Bytes::new(), ..response },
            false => response,
        }
    }

    fn plain(body: Bytes, trace_id: Box<str>) -> Self {
        Self {
            status: StatusCode::OK,
            body,
            trace_id,
            challenge: None,
            etag: None,
            is_script: false,
            usage: None,
            raw_content_type: None,
            response_fault: None,
        }
    }

    /// The response to a request that could not be read as a call. It is recorded in the world of its token, or else among the engine's
    /// unmatched calls.
    pub fn unmatched(engine: &Engine, head: &Parts, body: &Bytes, failure: Failure) -> Self {
        let place = auth::token_place(head, &auth::readable_params(head, body));
        let Some(grant) = auth::grant_of(engine, head, body) else {
            let response = Self::error(&failure.error, place, engine.next_trace());
            let call = UnmatchedCall::new(head.method.as_str(), head.uri.path(), &failure.error.message);
            let params = auth::readable_params(head, body);
            let token = auth::token_text(head, &params).ok().flatten();
            let call = call.answered(response.status.as_u16(), failure.error.code).with_token(token.as_deref());
            engine.note_unmatched_call(call);
            return response;
        };
        let by = Actor::Graph { app: grant.holder.app(), call: format!("{} {}", head.method, head.uri.path()).into() };
        let response = Self::error(&failure.error, place, grant.world.next_trace());
        let most = grant.world.max_recorded_body();
        grant.world.write(None, response.entry(by, raw_call(head, body, most), most, None, Some(failure), None));
        response
    }

    /// The response to a request that belongs to no world. It is not recorded.
    pub fn without_call(engine: &Engine, failure: Failure) -> Self {
        Self::error(&failure.error, TokenPlace::Parameter, engine.next_trace())
    }

    /// The call's entry in the ledger, with at most `most` bytes of the answer.
    fn entry(
        &self,
        by: Actor,
        request: RawCall,
        most: usize,
        cause: Option<u64>,
        failure: Option<Failure>,
        hit: Option<FaultHit>,
    ) -> Record {
        let (answer, answer_cut) = recorded_answer(&self.body, most);
        Record::GraphCall(Box::new(GraphCall {
            by,
            request,
            status: self.status.as_u16(),
            answer,
            answer_cut,
            // If a command was refused, its own entry names the rule.
            rule: failure.as_ref().and_then(|failure| failure.rule).filter(|_| cause.is_none()),
            fault: hit.map(|hit| hit.fault),
            lost: hit.and_then(|hit| hit.lost),
            error: failure.map(|failure| CallError {
                code: failure.error.code,
                subcode: failure.error.subcode,
                message: failure.error.message.into(),
            }),
        }))
    }

    fn error(error: &GraphError, place: TokenPlace, trace_id: Box<str>) -> Self {
        let body = ErrorBody {
            message: &error.message,
            r#type: error.kind,
            code: error.code,
            error_subcode: error.subcode,
            is_transient: error.transient,
            error_user_title: error.user.map(|user| user.title),
            error_user_msg: error.user.map(|user| user.message),
            fbtrace_id: &trace_id,
        };
        let body = match error.is_flat {
            true => {
                let flat = FlatError { error_type: error.kind, code: error.status, error_message: &error.message };
                to_bytes(&flat, Escaping::Answer).into()
            }
            false => to_bytes(&ErrorEnvelope { error: body }, Escaping::Answer).into(),
        };
        let by_header = error.status_by_header.filter(|_| place == TokenPlace::Header);
        let status = StatusCode::from_u16(by_header.unwrap_or(error.status)).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, challenge: Some(challenge(error)), ..Self::plain(body, trace_id) }
    }

    /// The response as HTTP. `version` is the version of the Graph API that answers. The response takes over the memory of the request's
    /// headers: hyper hands it on to the next request of the connection, so that a connection allocates it once.
    pub fn into_response(mut self, version: Version, mut headers: HeaderMap) -> Response<Bytes> {
        let response_fault = self.response_fault.take();
        let json_type = if self.is_script { SCRIPT } else { content_type(&headers) };
        headers.clear();
        let mut response = match self.raw_content_type {
            Some(raw_type) => self.into_raw(raw_type, headers),
            None => self.with_meta_headers(version, json_type, headers),
        };
        if let Some(response_fault) = response_fault {
            response.extensions_mut().insert(response_fault);
        }
        response
    }

    fn with_meta_headers(self, version: Version, content_type: HeaderValue, mut headers: HeaderMap) -> Response<Bytes> {
        let failed = !self.status.is_success() && self.status != StatusCode::NOT_MODIFIED;
        headers.reserve(HEADER_COUNT);
        headers.insert(header::CONTENT_TYPE, content_type);
        headers.insert(
            API_VERSION,
            match version.served_version() {
                Cow::Borrowed(version) => HeaderValue::from_static(version),
                Cow::Owned(version) => header_value(version),
            },
        );
        let last = &self.trace_id[self.trace_id.len().saturating_sub(11)..];
        headers.insert(TRACE_ID, header_value(Bytes::copy_from_slice(last.as_bytes())));
        headers.insert(REQUEST_ID, header_value(self.trace_id.into_string()));
        headers.insert(REVISION, META_REVISION);
        headers.insert(header::CACHE_CONTROL, if failed { NO_STORE } else { NO_CACHE });
        headers.insert(header::PRAGMA, const { HeaderValue::from_static("no-cache") });
        headers.insert(header::EXPIRES, const { HeaderValue::from_static("Sat, 01 Jan 2000 00:00:00 GMT") });
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, const { HeaderValue::from_static("*") });
        if let Some(etag) = self.etag {
            headers.insert(header::ETAG, header_value(etag));
        }
        if let Some(usage) = self.usage {
            usage.insert_into(&mut headers);
        }
        if let Some(challenge) = &self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, printable_header_value(challenge));
        }
        http_response(self.status, headers, self.body)
    }

    fn into_raw(self, content_type: &'static str, mut headers: HeaderMap) -> Response<Bytes> {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, NO_STORE);
        if let Some(usage) = self.usage {
            usage.insert_into(&mut headers);
        }
        http_response(self.status, headers, self.body)
    }
}

fn http_response(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The response to a browser's CORS preflight request.
pub fn preflight(version: Version) -> Response<Bytes> {
    let mut response = GraphResponse::plain(Bytes::new(), "".into()).into_response(version, HeaderMap::new());
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, DELETE, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization, Content-Type"));
    response
}

/// The most characters of an error's message in a header.
const MAX_CHALLENGE: usize = 200;

/// `WWW-Authenticate`, which Meta sends with every error.
fn challenge(error: &GraphError) -> String {
    let kind = match (error.code, error.subcode) {
        _ if error.status >= 500 => "unknown_error",
        (190, _) => "invalid_token",
        (100, Some(36_007 | 36_009)) => "invalid_code",
        _ => "invalid_request",
    };
    // The message may quote the caller. The header must not grow with it.
    let message: String = error.message.replace('"', "'").chars().take(MAX_CHALLENGE).collect();
    format!(r#"OAuth "Facebook Platform" "{kind}" "{message}""#)
}

/// A header value that we made ourselves and that is always valid.
fn header_value(text: impl Into<Bytes>) -> HeaderValue {
    HeaderValue::from_maybe_shared(text.into()).unwrap_or(HeaderValue::from_static(""))
}

/// A header value without the characters that a header cannot carry. An error's message may quote such characters from the caller.
fn printable_header_value(text: &str) -> HeaderValue {
    let text: String = text.chars().filter(|character| (' '..='~').contains(character)).collect();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
