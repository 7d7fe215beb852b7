//! Handles one request: picks the Graph side or the control side, checks the host, reads the body, and applies the response fault.

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
use super::body_types::{NoResponse, ResponseBody, full_body, streaming_body};
use super::connection::Connection;
use super::host_guard::HostGuard;
use super::request_body::{BodyError, read_body};
use super::service::Service;
use super::settings::ServerSettings;
use super::stoppable_body::until_stopped;

/// The paths that do not belong to the Graph API.
const CONTROL_PATHS: [&str; 2] = ["/_control", "/_inspector"];

/// What all connections of a server share.
pub(super) struct RequestHandler<S> {
    service: Arc<S>,
    settings: ServerSettings,
    guard: HostGuard,
    stop: watch::Receiver<bool>,
}

impl<S: Service> RequestHandler<S> {
    /// Streams end, and delayed responses leave, once `stop` is true.
    pub(super) fn new(service: Arc<S>, settings: ServerSettings, stop: watch::Receiver<bool>) -> Self {
        let guard = HostGuard::new(&settings.allowed_hosts, settings.allow_local_names);
        Self { service, guard, settings, stop }
    }

    pub(super) fn settings(&self) -> &ServerSettings {
        &self.settings
    }

    /// Ends as soon as the server stops.
    pub(super) async fn stopped(&self) {
        until_stopped(self.stop.clone()).await;
    }

    /// Answers a request. Fails if the connection broke off, because nobody is left to answer, or if a fault ends the connection; in
    /// that case `connection` knows how.
    pub(super) async fn handle(
        &self,
        request: Request<Incoming>,
        connection: &impl Connection,
    ) -> Result<Response<ResponseBody>, NoResponse> {
        let (head, body) = request.into_parts();
        match is_control_path(head.uri.path()) {
            // The future is boxed because it is large; Graph calls do not pay for its size.
            true => Box::pin(self.handle_control_call(head, body, connection)).await,
            false => apply_fault(self.handle_graph_call(head, body).await?, self.stopped(), connection).await,
        }
    }

    async fn handle_graph_call(&self, head: Parts, body: Incoming) -> Result<Response<Bytes>, hyper::Error> {
        match read_body(&head, body, self.settings.max_graph_body, self.settings.body_timeout).await {
            Ok(body) => Ok(self.service.answer_graph_call(Request::from_parts(head, body)).await),
            Err(BodyError::TooLarge) => Ok(self.service.answer_too_large(&head)),
            Err(BodyError::TooSlow) => Ok(too_slow(&self.settings)),
            Err(BodyError::Connection(error)) => Err(error),
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
                let answer = self.service.answer_control_call(Request::from_parts(head, body));
                let response = unless_client_gone(answer, connection).await.ok_or(NoResponse::ClientGone)?;
                Ok(streaming_body(response, self.stop.clone()))
            }
            Err(BodyError::TooLarge) => {
                let text = format!("the body is larger than {limit} bytes, which is the limit");
                Ok(full_body(error_response(StatusCode::PAYLOAD_TOO_LARGE, &text)))
            }
            Err(BodyError::TooSlow) => Ok(full_body(too_slow(&self.settings))),
            Err(BodyError::Connection(error)) => Err(error.into()),
        }
    }
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

fn too_slow(settings: &ServerSettings) -> Response<Bytes> {
    let text = format!("the body did not end within {} s", settings.body_timeout.as_secs_f64());
    let mut response = error_response(StatusCode::REQUEST_TIMEOUT, &text);
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
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
