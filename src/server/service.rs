//! The trait that the server calls for each request.

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, Uri};

use super::stoppable_body::StreamingBody;

/// Answers requests. A request that came by TLS has the `Scheme` in its extensions.
pub trait Service: Send + Sync + 'static {
    /// What a request needs to be served. `None` if it waits for nobody, such as the health check.
    fn need(&self, method: &Method, uri: &Uri) -> Option<Need>;

    /// Answers a Graph call.
    fn answer_graph_call(&self, request: Request<Bytes>) -> impl Future<Output = Response<Bytes>> + Send;

    /// Answers a call to the control API or the inspector.
    fn answer_control_call(&self, request: Request<Bytes>) -> impl Future<Output = Response<StreamingBody>> + Send;

    /// Answers a Graph call whose body is larger than the limit.
    fn answer_too_large(&self, head: &Parts) -> Response<Bytes>;

    /// Answers a Graph call that is not served. Only its path is known, and that may be broken, too.
    fn answer_unserved(&self, path: &str, why: Unserved) -> Response<Bytes>;
}

/// What a request needs to be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// One of the places.
    Call,
    /// One of the places, of which such requests have only a share: it waits for something to happen, maybe for ever.
    Watch,
}

/// Why a request is not served.
#[derive(Debug)]
pub enum Unserved {
    /// It is not HTTP, in these words.
    Malformed(String),
    /// Too much else is under way, in these words.
    Busy(String),
}
