//! Answers of the control API: a success in one of its formats, or a problem, which says in words what was expected and what to try.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame};
use hyper::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::text::diagnostic::{Diagnostic, one_line_each, render_all};

use super::ControlResponse;

/// The media type of JSON Lines.
pub const NDJSON: &str = "application/x-ndjson";

/// The media type of YAML.
pub const YAML: &str = "application/yaml";

/// Why a call that waits is given up.
pub const SERVER_STOPS: &str = "the server stops: what this call waited for has not come";

/// A success.
pub enum ControlAnswer {
    /// A status and a JSON body.
    Json(u16, Vec<u8>),
    /// A certificate.
    #[cfg(feature = "tls")]
    Pem(String),
    /// Ledger entries as JSON Lines.
    Lines(Vec<u8>),
    /// A file in YAML.
    Yaml(String),
    /// A status without a body.
    Empty(u16),
    /// The methods that the path takes, and the error.
    NotAllowed(String, Vec<u8>),
    /// Ledger entries as server-sent events, each sent when it is written.
    Events(EventStream),
}

/// A mistake of the caller, or something that keeps the call from being done.
#[derive(Debug)]
pub struct Problem {
    status: u16,
    message: String,
    drawn: Option<String>,
    /// The address of the inspector page that shows it.
    inspector: Option<String>,
    more: Option<Box<Value>>,
    /// The methods that the path takes, if the call has another one.
    allowed: Vec<&'static str>,
}

/// The body of a stream of events. It ends when its sender is dropped.
pub struct EventStream(pub mpsc::Receiver<Bytes>);

impl Body for EventStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.get_mut().0.poll_recv(context).map(|chunk| chunk.map(|bytes| Ok(Frame::data(bytes))))
    }
}

impl ControlAnswer {
    /// A JSON answer.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        Self::Json(status, crate::wire::escape::to_plain_bytes(value))
    }

    /// The answer as HTTP.
    pub fn into_response(self) -> ControlResponse {
        let mut allowed = None;
        let (status, content_type, body) = match self {
            Self::NotAllowed(methods, bytes) => {
                allowed = HeaderValue::try_from(methods).ok();
                (405, "application/json", Full::new(Bytes::from(bytes)).boxed())
            }
            Self::Json(status, bytes) => (status, "application/json", Full::new(Bytes::from(bytes)).boxed()),
            #[cfg(feature = "tls")]
            Self::Pem(text) => (200, "application/x-pem-file", Full::new(Bytes::from(text)).boxed()),
            Self::Yaml(text) => (200, YAML, Full::new(Bytes::from(text)).boxed()),
            Self::Lines(lines) => (200, NDJSON, Full::new(Bytes::from(lines)).boxed()),
            Self::Empty(status) => (status, "application/json", Full::new(Bytes::new()).boxed()),
            Self::Events(stream) => (200, "text/event-stream", stream.boxed()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(allowed) = allowed {
            response.headers_mut().insert(header::ALLOW, allowed);
        }
        response
    }
}

impl Problem {
    /// A problem in one sentence.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), drawn: None, inspector: None, more: None, allowed: Vec::new() }
    }

    /// Mistakes in the text of a request, drawn at their places.
    pub fn of_mistakes(status: u16, mistakes: &[Diagnostic]) -> Self {
        Self { drawn: Some(render_all(mistakes, false)), ..Self::new(status, one_line_each(mistakes)) }
    }

    /// The path takes other methods than the call has.
    pub fn not_allowed(message: String, allowed: Vec<&'static str>) -> Self {
        Self { allowed, ..Self::new(405, message) }
    }

    /// The same problem, with the address of the inspector page that shows it.
    pub fn shown_at(self, inspector: Option<String>) -> Self {
        Self { inspector, ..self }
    }

    /// The same problem, which also says this.
    pub fn note(self, text: &str) -> Self {
        Self { message: format!("{}; {text}", self.message), ..self }
    }

    /// The same problem, with these members beside `error` in its answer.
    pub fn with_members(self, more: Value) -> Self {
        Self { more: Some(Box::new(more)), ..self }
    }

    /// `{"error":{"message":…,"drawn":…}}`.
    pub fn into_answer(self) -> ControlAnswer {
        let mut body = json!({ "error": { "message": self.message } });
        if let Some(drawn) = self.drawn {
            body["error"]["drawn"] = json!(drawn);
        }
        if let Some(inspector) = self.inspector {
            body["error"]["inspector"] = json!(inspector);
        }
        if let (Value::Object(body), Some(Value::Object(more))) = (&mut body, self.more.map(|more| *more)) {
            body.extend(more);
        }
        let body = crate::wire::escape::to_plain_bytes(&body);
        match self.allowed.is_empty() {
            true => ControlAnswer::Json(self.status, body),
            false => ControlAnswer::NotAllowed(self.allowed.join(", "), body),
        }
    }
}
