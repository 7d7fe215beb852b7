//! Why a request got no response: in our words for the ledger, and in curl's words for the verification handshake.

use std::fmt;
use std::io;
use std::time::Duration;

#[derive(Debug)]
pub(super) enum ExchangeFailure {
    /// The URL cannot be read.
    BadUrl(Box<str>),
    /// The URL has this scheme, which is not supported.
    UnsupportedScheme(Box<str>),
    /// The host has no address.
    Unresolved(Box<str>),
    /// No connection to this host and port, for this reason.
    Unreachable(Box<str>, u16, io::Error),
    /// The connection was closed before the response.
    Closed,
    /// The connection was reset before the response.
    Reset,
    /// The connection ended in the middle of the response's body.
    Truncated,
    /// The response is not HTTP.
    NotHttp(Box<str>),
    /// There is no TLS connection: curl's number and words, and ours.
    #[cfg(feature = "tls")]
    Tls { curl: (u32, Box<str>), text: Box<str> },
    /// The time limit was reached at this stage.
    TimedOut(Duration, Stage),
}

/// How far a request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Connecting,
    /// For the head of the response.
    Waiting,
    /// The body of the response.
    Reading,
}

impl ExchangeFailure {
    /// The failure behind an error that came before the response's head was read.
    pub(super) fn before_head(error: &hyper::Error) -> Self {
        if error.is_parse() {
            return Self::NotHttp(error.to_string().into());
        }
        if is_reset(error) { Self::Reset } else { Self::Closed }
    }

    /// curl's number and curl's words for the failure. Meta prints them when a callback URL cannot be verified.
    pub(super) fn curl_number_and_text(&self) -> (u32, Box<str>) {
        let (number, text) = match self {
            Self::BadUrl(reason) => (3, format!("URL rejected: {reason}")),
            Self::UnsupportedScheme(scheme) => (1, format!("Protocol \"{scheme}\" not supported")),
            Self::Unresolved(host) => (6, format!("Could not resolve host: {host}")),
            Self::Unreachable(host, port, error) => {
                (7, format!("Failed to connect to {host} port {port}: {}", system_message(error)))
            }
            Self::Closed => (52, "Empty reply from server".to_owned()),
            Self::Reset => (56, "Recv failure: Connection reset by peer".to_owned()),
            Self::Truncated => (18, "Transferred a partial file".to_owned()),
            Self::NotHttp(_) => (1, "Received HTTP/0.9 when not allowed".to_owned()),
            #[cfg(feature = "tls")]
            Self::Tls { curl: (number, text), .. } => (*number, text.to_string()),
            Self::TimedOut(..) => (28, "Operation timed out".to_owned()),
        };
        (number, text.into())
    }
}

/// The system's message, without the number that Rust puts behind it.
fn system_message(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

fn is_reset(error: &hyper::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if matches!(kind, Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)) {
            return true;
        }
        source = error.source();
    }
    false
}

impl fmt::Display for ExchangeFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadUrl(reason) => write!(formatter, "the webhook URL cannot be used: {reason}"),
            Self::UnsupportedScheme(scheme) if &**scheme == "https" => formatter
                .write_str("this graphdouble was built without the feature `tls`: give the webhook an `http` URL"),
            Self::UnsupportedScheme(scheme) => {
                write!(formatter, "`{scheme}` is not supported: give the webhook an `http` URL")
            }
            Self::Unresolved(host) => write!(formatter, "the host `{host}` could not be resolved"),
            Self::Unreachable(host, port, error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                write!(formatter, "connection refused: nobody listens on port {port} of {host}")
            }
            Self::Unreachable(host, port, error) => {
                write!(formatter, "could not connect to port {port} of {host}: {}", system_message(error))
            }
            Self::Closed => formatter.write_str("connection closed before an answer"),
            Self::Reset => formatter.write_str("connection reset before an answer"),
            Self::Truncated => formatter.write_str("connection closed in the middle of the answer's body"),
            Self::NotHttp(error) => write!(formatter, "the answer is not HTTP: {error}"),
            #[cfg(feature = "tls")]
            Self::Tls { text, .. } => formatter.write_str(text),
            Self::TimedOut(after, stage) => {
                write!(formatter, "timed out after {} s: {stage}", after.as_secs_f64())
            }
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Connecting => "no connection could be made",
            Self::Waiting => "no answer came",
            Self::Reading => "the answer's body did not end",
        })
    }
}
