//! The limits of a server, with their defaults.

#[cfg(feature = "tls")]
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "tls")]
use crate::certificates::Certificates;

/// Requests that are served at the same time. More requests wait for their turn. As many connections may be open, and 64 more; then the
/// oldest one that rests ends for a new one.
pub const MAX_CONNECTIONS: usize = 1024;
/// How long a connection may take to send the head of its next request. It may also rest that long between two requests, so the limit
/// is longer than the keep-alive of any client that we know.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// How long a TLS handshake may take, from its first byte on.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request may take to send its body.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a client may take nothing of its answer. Then its connection is reset.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of answers larger than 1 MiB that clients have not read, in all connections together. More such answers are refused with 503.
const MAX_UNREAD_ANSWERS: usize = 256 * 1024 * 1024;
/// How long a client may wait for a response that never comes. No client that we know waits longer.
const HANG_TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// How long requests may go on after the server begins to stop.
const GRACE: Duration = Duration::from_secs(10);
/// A Graph call carries an attachment of at most 25 MB and a few fields.
const MAX_GRAPH_BODY: usize = 26 * 1024 * 1024;
/// A world file or a snapshot.
const MAX_CONTROL_BODY: usize = 16 * 1024 * 1024;

/// The limits of a server, and its certificates.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Hosts under which the control API and the inspector answer, besides those of the loopback interface. `*` allows all.
    pub allowed_hosts: Vec<String>,
    /// Whether names without a dot and plain addresses are allowed, too. Other containers of a network use them. A web page cannot be
    /// rebound to either.
    pub allow_local_names: bool,
    /// Requests that are served at the same time. Somewhat more connections may be open.
    pub max_connections: usize,
    /// Time for the head of a request, and between two requests.
    pub head_timeout: Duration,
    /// Time for a TLS handshake.
    pub handshake_timeout: Duration,
    /// Time for the body of a request.
    pub body_timeout: Duration,
    /// Time for a client to take some of its answer.
    pub write_timeout: Duration,
    /// Bytes of large answers that clients have not read.
    pub max_unread_answers: usize,
    /// Time for a client to give up on a response that never comes.
    pub hang_timeout: Duration,
    /// Time for requests to finish after the server begins to stop.
    pub grace: Duration,
    /// Bytes of the body of a Graph call.
    pub max_graph_body: usize,
    /// Bytes of the body of a call to the control API.
    pub max_control_body: usize,
    /// The certificates for clients that speak TLS. Without them the server understands plain HTTP only.
    #[cfg(feature = "tls")]
    pub certificates: Option<Arc<Certificates>>,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            allowed_hosts: Vec::new(),
            allow_local_names: false,
            max_connections: MAX_CONNECTIONS,
            head_timeout: HEAD_TIMEOUT,
            handshake_timeout: HANDSHAKE_TIMEOUT,
            body_timeout: BODY_TIMEOUT,
            write_timeout: WRITE_TIMEOUT,
            max_unread_answers: MAX_UNREAD_ANSWERS,
            hang_timeout: HANG_TIMEOUT,
            grace: GRACE,
            max_graph_body: MAX_GRAPH_BODY,
            max_control_body: MAX_CONTROL_BODY,
            #[cfg(feature = "tls")]
            certificates: None,
        }
    }
}
