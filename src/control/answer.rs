//! Control room: how a control answer goes out, and how a mistake is told: in words, with what was expected and what to try.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::http::{HeaderValue, Method, Response, StatusCode, header};
use serde_json::{Value, json};

#[cfg(feature = "tls")]
use crate::certificates::Certificates;
use crate::domain::rules::{RULES, Rule};
use crate::text::diagnostic::{Diagnostic, render_all};
use crate::text::suggest::did_you_mean;

use super::ControlResponse;
use super::body::EntryStream;
use super::openapi;

/// JSON Lines.
pub const LINES: &str = "application/x-ndjson";

/// An answer.
pub enum Answer {
    /// A status and a JSON body.
    Json(u16, Vec<u8>),
    /// A certificate.
    #[cfg(feature = "tls")]
    Pem(String),
    /// Entries of the ledger, one a line.
    Lines(Vec<u8>),
    /// A status alone.
    Empty(u16),
    /// Entries as they are written.
    Stream(EntryStream),
}

/// A mistake of the caller.
#[derive(Debug)]
pub struct Problem {
    status: u16,
    message: String,
    drawn: Option<String>,
    more: Option<Box<Value>>,
}

impl Answer {
    /// A JSON answer.
    pub fn json(status: u16, value: &Value) -> Self {
        Self::Json(status, crate::wire::escape::to_plain_bytes(value))
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self::Empty(status)
    }

    /// The answer as HTTP.
    pub fn into_response(self) -> ControlResponse {
        let (status, content_type, body) = match self {
            Self::Json(status, bytes) => (status, "application/json", Full::new(Bytes::from(bytes)).boxed()),
            #[cfg(feature = "tls")]
            Self::Pem(text) => (200, "application/x-pem-file", Full::new(Bytes::from(text)).boxed()),
            Self::Lines(lines) => (200, LINES, Full::new(Bytes::from(lines)).boxed()),
            Self::Empty(status) => (status, "application/json", Full::new(Bytes::new()).boxed()),
            Self::Stream(stream) => (200, "text/event-stream", stream.boxed()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl Problem {
    /// A mistake in one sentence.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), drawn: None, more: None }
    }

    /// Mistakes of a text that was sent, drawn at their places.
    pub fn of(status: u16, mistakes: &[Diagnostic]) -> Self {
        let lines: Vec<String> = mistakes.iter().map(Diagnostic::one_line).collect();
        Self { status, message: lines.join("\n"), drawn: Some(render_all(mistakes, false)), more: None }
    }

    /// With more members beside `error`.
    pub fn with(mut self, more: Value) -> Self {
        self.more = Some(Box::new(more));
        self
    }

    /// `{"error":{"message":…,"drawn":…}}`.
    pub fn into_answer(self) -> Answer {
        let mut body = json!({ "error": { "message": self.message } });
        if let Some(drawn) = self.drawn {
            body["error"]["drawn"] = json!(drawn);
        }
        if let (Value::Object(body), Some(Value::Object(more))) = (&mut body, self.more.map(|more| *more)) {
            body.extend(more);
        }
        Answer::json(self.status, &body)
    }
}

/// `GET /_control/health`.
pub fn health() -> Answer {
    Answer::json(200, &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// `GET /_control/ca.pem`.
#[cfg(feature = "tls")]
pub fn ca_pem(certificates: Option<&Certificates>) -> Result<Answer, Problem> {
    let certificates = certificates.ok_or_else(|| Problem::new(404, "this server speaks no TLS, so it has no CA"))?;
    match certificates.ca_pem() {
        Ok(pem) => Ok(Answer::Pem(pem.to_owned())),
        Err(error) => Err(Problem::new(500, error.to_string())),
    }
}

/// `GET /_control/rules`.
pub fn rules() -> Answer {
    Answer::json(200, &json!({ "rules": RULES.iter().map(rule_json).collect::<Vec<_>>() }))
}

/// A rule as JSON.
pub fn rule_json(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "statement": rule.statement,
        "under": rule.under.words(),
        "basis": rule.basis.name(),
        "source": rule.source,
    })
}

/// A path that is none, or that knows other methods.
pub fn unknown_path(method: &Method, segments: &[&str]) -> Problem {
    let path = segments.join("/");
    let allowed = openapi::methods_at(segments);
    if !allowed.is_empty() {
        let allowed = allowed.join(" and ");
        return Problem::new(405, format!("/_control/{path} takes {allowed}, not {method}"));
    }
    let (unknown, known) = openapi::unknown_word(segments);
    let nearest = did_you_mean(unknown, known);
    Problem::new(404, format!("/_control/{path} is not there{nearest} (/_control/openapi.json describes all there is)"))
}
