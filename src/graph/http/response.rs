//! Graph room: how an answer goes out: body, error envelope, Meta's headers, and the entry in the ledger.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use crate::engine::Engine;
use crate::engine::ledger::{CallError, RawCall, Record, Source};
use crate::response_fault::ResponseFault;
use crate::wire::escape::{Escaping, to_bytes};

use super::auth;
use super::call::{Call, raw_call};
use super::faulted_call::{BodyCut, FaultHit, FaultedCall};
use super::response_options::polish;
use super::usage::Usage;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;

/// What an edge answers.
pub type Result = std::result::Result<Vec<u8>, Failure>;

const API_VERSION: HeaderName = HeaderName::from_static("facebook-api-version");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-fb-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-fb-trace-id");
const REVISION: HeaderName = HeaderName::from_static("x-fb-rev");
/// Headers of an answer, with those that the server adds.
const HEADERS: usize = 17;
const JSON: &str = "application/json; charset=UTF-8";
const SCRIPT: &str = "text/javascript; charset=UTF-8";

/// A success body.
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

/// An answer on its way out.
pub struct GraphResponse {
    status: StatusCode,
    body: Bytes,
    trace: Box<str>,
    challenge: Option<String>,
    etag: Option<String>,
    is_script: bool,
    /// How much of its quota the app has used on which page, or everywhere.
    usage: Option<Usage>,
    /// What the body is said to be, where it is none of the Graph API's own.
    foreign: Option<&'static str>,
    response_fault: Option<ResponseFault>,
}

/// The answers to all items of a batch, in their order.
pub struct BatchAnswers {
    /// An item without an answer, or without one in time, has `null`.
    pub answers: Vec<Value>,
    /// How late all of them are together.
    pub delay: Duration,
}

#[derive(Serialize)]
struct Envelope<'e> {
    error: EnvelopeError<'e>,
}

#[derive(Serialize)]
struct EnvelopeError<'e> {
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
    /// The answer to a call whose world is known.
    pub fn new(call: &Call, result: Result) -> Self {
        let (answered, failure) = Self::of_call(call, result);
        call.note(call.cause(), answered.record(call.source(), call.raw(), call.cause(), failure, None));
        answered
    }

    /// The answer to a call that met a fault: what was to be answered, and what the fault makes of it.
    pub fn with_fault(call: &Call, result: Result, met: FaultedCall) -> Self {
        let (mut answered, mut failure) = Self::of_call(call, result);
        if let Some(foreign) = met.foreign {
            failure = None;
            answered.status = StatusCode::from_u16(foreign.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            answered.foreign = Some(foreign.content_type);
            answered.body = foreign.body;
            answered.usage = None;
        }
        if let Some(usage) = met.usage {
            answered.usage = Some(Usage::told(call, usage));
        }
        match met.cut {
            Some(BodyCut::Half) => answered.body.truncate(answered.body.len() / 2),
            Some(BodyCut::All) => answered.body.clear(),
            None => {}
        }
        answered.response_fault = met.response_fault;
        let record = answered.record(call.source(), call.raw(), call.cause(), failure, Some(met.hit));
        call.note(call.cause(), record);
        answered
    }

    fn of_call(call: &Call, result: Result) -> (Self, Option<Failure>) {
        let trace = call.world().next_trace();
        let (mut answered, failure) = match result {
            Ok(body) => (Self::success(call, body, trace), None),
            Err(failure) => (Self::error(&failure.error, trace), Some(failure)),
        };
        answered.usage = Some(Usage::of(call));
        let is_suppressed = call.params.text("suppress_http_code").is_ok_and(|flag| flag.as_deref() == Some("1"));
        if failure.is_some() && is_suppressed {
            answered.status = StatusCode::OK;
        }
        (answered, failure)
    }

    /// The answer to a batch, whose items are entries of the ledger by themselves. It is late by what they are late.
    pub fn of_batch(call: &Call, result: std::result::Result<BatchAnswers, GraphError>) -> Self {
        match result {
            Ok(BatchAnswers { answers, delay }) => {
                let answers = to_bytes(&Value::Array(answers), Escaping::Answer);
                let response_fault = (!delay.is_zero()).then(|| call.response_fault(delay, None));
                Self { response_fault, ..Self::success(call, answers, call.world().next_trace()) }
            }
            Err(error) => Self::new(call, Err(error.into())),
        }
    }

    fn success(call: &Call, body: Vec<u8>, trace: Box<str>) -> Self {
        let polished = polish(call, body);
        let answered = Self::plain(polished.body.into(), trace);
        let answered = Self { etag: polished.etag, is_script: polished.is_script, ..answered };
        match polished.is_known {
            true => Self { status: StatusCode::NOT_MODIFIED, body: Bytes::new(), ..answered },
            false => answered,
        }
    }

    fn plain(body: Bytes, trace: Box<str>) -> Self {
        Self {
            status: StatusCode::OK,
            body,
            trace,
            challenge: None,
            etag: None,
            is_script: false,
            usage: None,
            foreign: None,
            response_fault: None,
        }
    }

    /// The answer to a call that could not be understood. The world of its token hears of it, where anything still says which.
    pub fn unmatched(engine: &Engine, head: &Parts, body: &Bytes, failure: Failure) -> Self {
        let raw = raw_call(head, body);
        let Some(grant) = auth::whose(engine, head, body) else {
            engine.note_stray(format!("{} {} — {}", head.method, head.uri.path(), failure.error.message));
            return Self::without_call(engine, failure);
        };
        let by = Source::Graph { app: grant.holder.app(), call: format!("{} {}", head.method, head.uri.path()).into() };
        let trace = grant.world.next_trace();
        let answered = Self::error(&failure.error, trace);
        grant.world.write(None, answered.record(by, Arc::new(raw), None, Some(failure), None));
        answered
    }

    /// The answer to a call that belongs to no world.
    pub fn without_call(engine: &Engine, failure: Failure) -> Self {
        Self::error(&failure.error, engine.next_trace())
    }

    /// Every call is an entry of the ledger, with what was asked and what was answered.
    fn record(
        &self,
        by: Source,
        request: Arc<RawCall>,
        cause: Option<u64>,
        failure: Option<Failure>,
        hit: Option<FaultHit>,
    ) -> Record {
        Record::GraphCall {
            by,
            request,
            status: self.status.as_u16(),
            answer: self.body.clone(),
            // The refused command's entry names the rule already.
            rule: failure.as_ref().and_then(|failure| failure.rule).filter(|_| cause.is_none()),
            fault: hit.map(|hit| hit.fault),
            lost: hit.and_then(|hit| hit.lost),
            error: failure.map(|failure| CallError {
                code: failure.error.code,
                subcode: failure.error.subcode,
                message: failure.error.message.into(),
            }),
        }
    }

    fn error(error: &GraphError, trace: Box<str>) -> Self {
        let body = EnvelopeError {
            message: &error.message,
            r#type: error.kind,
            code: error.code,
            error_subcode: error.subcode,
            is_transient: error.transient,
            error_user_title: error.user.map(|user| user.title),
            error_user_msg: error.user.map(|user| user.message),
            fbtrace_id: &trace,
        };
        let body = to_bytes(&Envelope { error: body }, Escaping::Answer).into();
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, challenge: challenge(error), ..Self::plain(body, trace) }
    }

    /// The answer as HTTP.
    pub fn into_response(mut self, version: String) -> Response<Bytes> {
        let response_fault = self.response_fault.take();
        let mut response = match self.foreign {
            Some(content_type) => self.into_foreign(content_type),
            None => self.into_own(version),
        };
        if let Some(response_fault) = response_fault {
            response.extensions_mut().insert(response_fault);
        }
        response
    }

    /// The Graph API's own answer, with Meta's headers.
    fn into_own(self, version: String) -> Response<Bytes> {
        let failed = !self.status.is_success() && self.status != StatusCode::NOT_MODIFIED;
        let content_type = if self.is_script { SCRIPT } else { JSON };
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.reserve(HEADERS);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(API_VERSION, own(version));
        headers.insert(TRACE_ID, own(self.trace[self.trace.len().saturating_sub(11)..].to_owned()));
        headers.insert(REQUEST_ID, own(self.trace.into_string()));
        headers.insert(REVISION, HeaderValue::from_static("1003118628"));
        let cache = if failed { "no-store" } else { "private, no-cache, no-store, must-revalidate" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        headers.insert(header::EXPIRES, HeaderValue::from_static("Sat, 01 Jan 2000 00:00:00 GMT"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if let Some(etag) = self.etag {
            headers.insert(header::ETAG, own(etag));
        }
        if let Some(usage) = self.usage {
            usage.insert_into(headers);
        }
        if let Some(challenge) = &self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, value(challenge));
        }
        response
    }

    /// What is none of the Graph API's own comes without its headers.
    fn into_foreign(self, content_type: &'static str) -> Response<Bytes> {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(usage) = self.usage {
            usage.insert_into(headers);
        }
        response
    }
}

/// The answer to a browser's question whether it may call.
pub fn preflight(version: String) -> Response<Bytes> {
    let mut response = GraphResponse::plain(Bytes::new(), "".into()).into_response(version);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, DELETE, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization, Content-Type"));
    response
}

/// Characters of an error's message in a header.
const MAX_CHALLENGE: usize = 200;

/// `WWW-Authenticate`, which Meta sends with every client error.
fn challenge(error: &GraphError) -> Option<String> {
    if error.status >= 500 {
        return None;
    }
    let kind = match (error.code, error.subcode) {
        (190, _) => "invalid_token",
        (100, Some(36_007 | 36_009)) => "invalid_code",
        _ => "invalid_request",
    };
    // A caller's own words may stand in the message; a header must not grow with them.
    let message: String = error.message.replace('"', "'").chars().take(MAX_CHALLENGE).collect();
    Some(format!(r#"OAuth "Facebook Platform" "{kind}" "{message}""#))
}

/// Header text of our own making: letters, digits and the like.
fn own(text: impl Into<Bytes>) -> HeaderValue {
    HeaderValue::from_maybe_shared(text.into()).unwrap_or(HeaderValue::from_static(""))
}

/// Header text; what a header cannot carry (a caller's words inside an error) is left out.
fn value(text: &str) -> HeaderValue {
    let text: String = text.chars().filter(|character| (' '..='~').contains(character)).collect();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
