//! Server room: one request: which side it is for, whether it may, its body, its answer. Only `accept` enters; `cli` and `emulator`
//! name [`Service`].

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use tokio::sync::watch;

use super::ServerSettings;
use super::apply_fault::{Broken, Half, spoil};
use super::body::{self, Unreadable};
use super::guard::Guard;
use super::line::Ends;
use super::stream::Stream;

/// The paths that are not the Graph API's.
const CONTROL_PATHS: [&str; 2] = ["/_control", "/_inspector"];

/// The body of an answer that may go on for as long as somebody listens.
pub type StreamingBody = BoxBody<Bytes, Infallible>;

/// What a server serves. A request that came by TLS has the `Scheme` in its extensions.
pub trait Service: Send + Sync + 'static {
    /// Answers a Graph call.
    fn graph(&self, request: Request<Bytes>) -> impl Future<Output = Response<Bytes>> + Send;

    /// Answers a call to the control API or the inspector.
    fn control(&self, request: Request<Bytes>) -> impl Future<Output = Response<StreamingBody>> + Send;

    /// Answers a Graph call whose body is larger than the limit.
    fn body_too_large(&self, head: &Parts) -> Response<Bytes>;
}

/// What a request comes to: an answer, or the end of its connection.
pub(super) type Served = Result<Response<AnswerBody>, Broken>;

pub(super) type AnswerBody = Either<Full<Bytes>, Either<Stream, Half>>;

/// What all connections of a server share.
pub(super) struct Shared<S> {
    site: Arc<S>,
    settings: ServerSettings,
    guard: Guard,
    stop: watch::Receiver<bool>,
}

impl<S: Service> Shared<S> {
    /// Streams end when `stop` says so.
    pub(super) fn new(site: Arc<S>, settings: ServerSettings, stop: watch::Receiver<bool>) -> Self {
        Self { site, guard: Guard::new(&settings.allowed_hosts, settings.allow_local_names), settings, stop }
    }

    /// What bounds the server.
    pub(super) fn settings(&self) -> &ServerSettings {
        &self.settings
    }

    /// Over as soon as the server stops.
    pub(super) async fn stopped(&self) {
        // A sender that is gone means the same.
        drop(self.stop.clone().wait_for(|stopped| *stopped).await);
    }

    /// Answers a request. Fails if the connection broke off, for then there is nobody to answer, or if it is to break off here, which
    /// `end` learns.
    pub(super) async fn answer(&self, request: Request<Incoming>, end: &impl Ends) -> Served {
        let (head, body) = request.into_parts();
        match is_control(head.uri.path()) {
            true => Ok(self.control(head, body).await?),
            false => spoil(self.graph(head, body).await?, self.stopped(), end).await,
        }
    }

    async fn graph(&self, head: Parts, body: Incoming) -> Result<Response<Bytes>, hyper::Error> {
        match body::read(&head, body, self.settings.max_graph_body, self.settings.body_timeout).await {
            Ok(body) => Ok(self.site.graph(Request::from_parts(head, body)).await),
            Err(Unreadable::TooLarge) => Ok(self.site.body_too_large(&head)),
            Err(Unreadable::TooSlow) => Ok(too_slow(&self.settings)),
            Err(Unreadable::Broken(error)) => Err(error),
        }
    }

    async fn control(&self, head: Parts, body: Incoming) -> Result<Response<AnswerBody>, hyper::Error> {
        if let Err(refusal) = self.guard.check(&head) {
            return Ok(plain(error(StatusCode::FORBIDDEN, &refusal)));
        }
        let limit = self.settings.max_control_body;
        match body::read(&head, body, limit, self.settings.body_timeout).await {
            Ok(body) => {
                let answer = self.site.control(Request::from_parts(head, body)).await;
                Ok(answer.map(|body| Either::Right(Either::Left(Stream::new(body, self.stop.clone())))))
            }
            Err(Unreadable::TooLarge) => {
                let text = format!("the body is larger than {limit} bytes, which is the limit");
                Ok(plain(error(StatusCode::PAYLOAD_TOO_LARGE, &text)))
            }
            Err(Unreadable::TooSlow) => Ok(plain(too_slow(&self.settings))),
            Err(Unreadable::Broken(error)) => Err(error),
        }
    }
}

fn is_control(path: &str) -> bool {
    CONTROL_PATHS
        .into_iter()
        .filter_map(|prefix| path.strip_prefix(prefix))
        .any(|rest| matches!(rest.bytes().next(), None | Some(b'/')))
}

pub(super) fn plain(answer: Response<Bytes>) -> Response<AnswerBody> {
    answer.map(|body| Either::Left(Full::new(body)))
}

fn too_slow(settings: &ServerSettings) -> Response<Bytes> {
    let text = format!("the body did not end within {} s", settings.body_timeout.as_secs_f64());
    let mut answer = error(StatusCode::REQUEST_TIMEOUT, &text);
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

fn error(status: StatusCode, message: &str) -> Response<Bytes> {
    let body = serde_json::json!({ "error": { "message": message } }).to_string();
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_lead_to_the_control_side() {
        for path in ["/_control", "/_control/health", "/_inspector", "/_inspector/"] {
            assert!(is_control(path), "{path}");
        }
        for path in ["/", "/me/messages", "/_controls", "/v25.0/_control", "//_control", "*"] {
            assert!(!is_control(path), "{path}");
        }
    }
}
