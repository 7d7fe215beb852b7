//! Handles one request: waits for its turn, picks the Graph side or the control side, checks the host, reads the body, and applies the
//! response fault.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use tokio::sync::watch;

use super::apply_fault::apply_fault;
use super::body_room::document_room;
use super::body_types::{NoResponse, ResponseBody, full_body, streaming_body};
use super::connection::{Connection, WayToEnd};
use super::host_guard::HostGuard;
use super::places::{ConnectionPlace, ServingPermit};
use super::request_body::{BodyError, read_body};
use super::served_body::{ServedBody, UnreadAnswers};
use super::service::{Service, Unserved};
use super::settings::ServerSettings;
use super::stoppable_body::until_stopped;
use crate::server_stop::ServerStop;

/// The paths that do not belong to the Graph API.
const CONTROL_PATHS: [&str; 2] = ["/_control", "/_inspector"];

/// What all connections of a server share.
pub(super) struct RequestHandler<S> {
    service: Arc<S>,
    settings: ServerSettings,
    guard: HostGuard,
    unread: UnreadAnswers,
    stop: watch::Receiver<bool>,
}

impl<S: Service> RequestHandler<S> {
    /// Streams end, and delayed responses leave, once `stop` is true.
    pub(super) fn new(service: Arc<S>, settings: ServerSettings, stop: watch::Receiver<bool>) -> Self {
        let guard = HostGuard::new(&settings.allowed_hosts, settings.allow_local_names);
        let unread = UnreadAnswers::new(settings.max_unread_answers);
        Self { service, guard, unread, settings, stop }
    }

    pub(super) fn settings(&self) -> &ServerSettings {
        &self.settings
    }

    /// Ends as soon as the server stops.
    pub(super) async fn stopped(&self) {
        until_stopped(self.stop.clone()).await;
    }

    /// Answers a request. Fails if nobody is left to answer, or if a fault ends the connection; in that case `connection` knows how.
    pub(super) async fn handle(
        &self,
        request: Request<Incoming>,
        connection: &impl Connection,
        place: &Arc<ConnectionPlace>,
    ) -> Result<Response<ServedBody>, NoResponse> {
        let (head, body) = request.into_parts();
        let path = head.uri.path().to_owned();
        let turn = match self.service.need(&head.method, &head.uri) {
            None => place.skip_turn(),
            Some(need) => match place.take_turn(need).await {
                Ok(turn) => turn,
                Err(too_many) => {
                    let response = full_body(closing(self.unserved(&path, Unserved::Busy(too_many.to_string()))));
                    return Ok(response.map(|body| ServedBody::new(body, place.skip_turn(), None)));
                }
            },
        };
        let response = match is_control_path(&path) {
            // The future is boxed because it is large; Graph calls do not pay for its size.
            true => Box::pin(self.handle_control_call(head, body, connection)).await,
            false => {
                let response = self.handle_graph_call(head, body, connection).await;
                apply_fault(response, self.stopped(), connection).await
            }
        };
        match response {
            Ok(response) => Ok(self.serve_body(&path, response, turn)),
            Err(none) => {
                connection.keep_turn(turn);
                Err(none)
            }
        }
    }

    /// Gives the body of a response its turn and its share, or refuses if too much is unread.
    fn serve_body(&self, path: &str, response: Response<ResponseBody>, turn: ServingPermit) -> Response<ServedBody> {
        let (response, share) = match self.unread.share(response.body()) {
            Ok(share) => (response, share),
            Err(too_much) => {
                tracing::warn!("an answer is refused: {too_much}");
                (full_body(self.unserved(path, Unserved::Busy(too_much.to_string()))), None)
            }
        };
        response.map(|body| ServedBody::new(body, turn, share))
    }

    async fn handle_graph_call(&self, head: Parts, body: Incoming, connection: &impl Connection) -> Response<Bytes> {
        match read_body(&head, body, self.settings.max_graph_body, self.settings.body_timeout).await {
            Ok(body) => self.service.answer_graph_call(Request::from_parts(head, body)).await,
            Err(BodyError::TooLarge) => self.service.answer_too_large(&head),
            Err(BodyError::DeclaredTooLarge) => {
                connection.end_by(WayToEnd::Linger);
                closing(self.service.answer_too_large(&head))
            }
            Err(BodyError::TooSlow) => too_slow(&self.settings),
            Err(BodyError::Broken(error)) => self.malformed_body(&head, &error, connection),
        }
    }

    async fn handle_control_call(
        &self,
        head: Parts,
        body: Incoming,
        connection: &impl Connection,
    ) -> Result<Response<ResponseBody>, NoResponse> {
        if let Err(refusal) = self.guard.check(&head) {
            return Ok(full_body(error_response(StatusCode::FORBIDDEN, &refusal)));
        }
        let limit = self.settings.max_control_body;
        match read_body(&head, body, limit, self.settings.body_timeout).await {
            Ok(body) => {
                let mut request = Request::from_parts(head, body);
                request.extensions_mut().insert(ServerStop::new(self.stop.clone()));
                let answer = async {
                    // If the client goes away while it waits here, its document is never read.
                    let _room = document_room(request.body().len()).await;
                    self.service.answer_control_call(request).await
                };
                let response = unless_client_gone(answer, connection).await.ok_or(NoResponse::ClientGone)?;
                Ok(streaming_body(response, self.stop.clone()))
            }
            Err(BodyError::TooLarge) => Ok(full_body(too_large(limit))),
            Err(BodyError::DeclaredTooLarge) => {
                connection.end_by(WayToEnd::Linger);
                Ok(full_body(closing(too_large(limit))))
            }
            Err(BodyError::TooSlow) => Ok(full_body(too_slow(&self.settings))),
            Err(BodyError::Broken(error)) => Ok(full_body(self.malformed_body(&head, &error, connection))),
        }
    }

    /// Answers a request whose body is not HTTP, or ends early.
    fn malformed_body(&self, head: &Parts, error: &hyper::Error, connection: &impl Connection) -> Response<Bytes> {
        connection.end_by(WayToEnd::Linger);
        closing(self.unserved(head.uri.path(), Unserved::Malformed(with_cause(error))))
    }

    /// The bytes of the answer to a request whose head is not HTTP. hyper would have answered with this status.
    pub(super) fn malformed(&self, path: &str, status: Option<StatusCode>, error: &hyper::Error) -> Vec<u8> {
        let mut response = closing(self.unserved(path, Unserved::Malformed(with_cause(error))));
        if let Some(status) = status {
            *response.status_mut() = status;
        }
        to_bytes(&response)
    }

    fn unserved(&self, path: &str, why: Unserved) -> Response<Bytes> {
        match (is_control_path(path), why) {
            (false, why) => self.service.answer_unserved(path, why),
            (true, Unserved::Malformed(why)) => error_response(StatusCode::BAD_REQUEST, &not_http(&why)),
            (true, Unserved::Busy(why)) => error_response(StatusCode::SERVICE_UNAVAILABLE, &why),
        }
    }
}

fn not_http(why: &str) -> String {
    format!("the request is not HTTP/1.1: {why}")
}

/// The words of an error and of what caused it.
fn with_cause(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// The same response, which is the last one of its connection.
fn closing(mut response: Response<Bytes>) -> Response<Bytes> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A response as HTTP/1.1, for a connection that hyper has given up.
fn to_bytes(response: &Response<Bytes>) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", response.body().len()).as_bytes());
    bytes.extend_from_slice(response.body());
    bytes
}

/// Waits for an answer as long as the client does. A call that only waits, such as a step, would otherwise hold its thread for nothing.
async fn unless_client_gone<R>(answer: impl Future<Output = R>, connection: &impl Connection) -> Option<R> {
    let mut answer = pin!(answer);
    poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => connection.poll_client_gone(context).map(|()| None),
    })
    .await
}

fn is_control_path(path: &str) -> bool {
    CONTROL_PATHS
        .into_iter()
        .filter_map(|prefix| path.strip_prefix(prefix))
        .any(|rest| matches!(rest.bytes().next(), None | Some(b'/')))
}

fn too_large(limit: usize) -> Response<Bytes> {
    let text = format!("the body is larger than {limit} bytes, which is the limit");
    error_response(StatusCode::PAYLOAD_TOO_LARGE, &text)
}

fn too_slow(settings: &ServerSettings) -> Response<Bytes> {
    let text = format!("the body did not end within {} s", settings.body_timeout.as_secs_f64());
    closing(error_response(StatusCode::REQUEST_TIMEOUT, &text))
}

fn error_response(status: StatusCode, message: &str) -> Response<Bytes> {
    let body = serde_json::json!({ "error": { "message": message } }).to_string();
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_paths_match_whole_segments() {
        for path in ["/_control", "/_control/health", "/_inspector", "/_inspector/"] {
            assert!(is_control_path(path), "{path}");
        }
        for path in ["/", "/me/messages", "/_controls", "/v25.0/_control", "//_control", "*"] {
            assert!(!is_control_path(path), "{path}");
        }
    }
}
