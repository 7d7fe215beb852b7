//! Tests of the server: a service that echoes each request, on a real socket, and a client that sends raw HTTP.

mod connections;
mod malformed;
mod places;
mod requests;
mod response_faults;
#[cfg(feature = "tls")]
mod tls;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode, Uri};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::stoppable_body::StreamingBody;
use super::{Need, ServerSettings, Service, Unserved, serve};
use crate::response_fault::{ResponseFault, WireFault};

/// Longer than any test.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);
const BUDGET: Duration = Duration::from_secs(10);
/// More bytes than the system keeps for a client that does not read.
const LARGE: usize = 32 * 1024 * 1024;
const HOLD: &[u8] = b"GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n";
const PLAIN: &[u8] = b"GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n";

async fn in_time<R>(work: impl Future<Output = R>) -> R {
    tokio::time::timeout(BUDGET, work).await.expect("it is done in time")
}

/// Echoes each request, with the fault that the path names. `/hold` waits until the test releases it, `/_control/wait` waits for ever,
/// `/panic` panics, `/_control/stream` never ends, and `/large` is large.
#[derive(Default)]
struct EchoService {
    arrived: Notify,
    release: Notify,
    given_up: Notify,
}

/// Notifies when the answer to a request is given up.
struct NotifyOnDrop<'n>(&'n Notify);

impl Drop for NotifyOnDrop<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl EchoService {
    async fn echo(&self, side: &str, request: Request<Bytes>) -> Bytes {
        match request.uri().path() {
            "/panic" => panic!("the test asked for it"),
            "/hold" => {
                self.arrived.notify_one();
                self.release.notified().await;
            }
            "/_control/wait" => {
                let _given_up = NotifyOnDrop(&self.given_up);
                self.arrived.notify_one();
                std::future::pending::<()>().await;
            }
            _ => {}
        }
        format!("{side} {} {} {}", request.method(), request.uri().path(), request.body().len()).into()
    }
}

fn response_fault(path: &str) -> Option<ResponseFault> {
    let wire_fault = match path {
        "/hang" => WireFault::Hang,
        "/reset" => WireFault::Reset,
        "/close" => WireFault::Close,
        "/half" => WireFault::Truncate,
        "/late" => return Some(ResponseFault { delay: NEVER, ..ResponseFault::default() }),
        _ => return None,
    };
    Some(ResponseFault { wire_fault: Some(wire_fault), ..ResponseFault::default() })
}

/// A body that sends one piece and then never ends.
struct Endless(Option<Bytes>);

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.take().map_or(Poll::Pending, |piece| Poll::Ready(Some(Ok(Frame::data(piece)))))
    }
}

impl Service for EchoService {
    fn need(&self, _: &Method, uri: &Uri) -> Option<Need> {
        match uri.path() {
            "/_control/health" => None,
            "/_control/stream" => Some(Need::Watch),
            _ => Some(Need::Call),
        }
    }

    async fn answer_graph_call(&self, request: Request<Bytes>) -> Response<Bytes> {
        let response_fault = response_fault(request.uri().path());
        let is_large = request.uri().path() == "/large";
        let echo = self.echo("graph", request).await;
        let mut answer = Response::new(if is_large { vec![b'x'; LARGE].into() } else { echo });
        if let Some(response_fault) = response_fault {
            answer.extensions_mut().insert(response_fault);
        }
        answer
    }

    async fn answer_control_call(&self, request: Request<Bytes>) -> Response<StreamingBody> {
        let endless = request.uri().path() == "/_control/stream";
        let echo = self.echo("control", request).await;
        Response::new(match endless {
            true => Endless(Some(echo)).boxed(),
            false => Full::new(echo).boxed(),
        })
    }

    fn answer_too_large(&self, head: &Parts) -> Response<Bytes> {
        let mut answer = Response::new(format!("too large for {}", head.uri.path()).into());
        *answer.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        answer
    }

    fn answer_unserved(&self, path: &str, why: Unserved) -> Response<Bytes> {
        let (status, why) = match why {
            Unserved::Malformed(why) => (StatusCode::BAD_REQUEST, why),
            Unserved::Busy(why) => (StatusCode::SERVICE_UNAVAILABLE, why),
        };
        let mut answer = Response::new(format!("graph {path}: {why}").into());
        *answer.status_mut() = status;
        answer
    }
}

struct TestServer {
    address: std::net::SocketAddr,
    service: Arc<EchoService>,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

impl TestServer {
    async fn start(settings: ServerSettings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let service = Arc::new(EchoService::default());
        let (stop, stopped) = oneshot::channel();
        let stopped = async move { stopped.await.unwrap_or_default() };
        let done = tokio::spawn(serve(vec![listener], service.clone(), settings, stopped));
        Self { address, service, stop, done }
    }

    async fn connect(&self) -> TestClient {
        TestClient(TcpStream::connect(self.address).await.expect("the server accepts"))
    }

    /// Sends a request and reads until the server closes the connection.
    async fn exchange(&self, request: &str) -> String {
        let mut client = self.connect().await;
        client.send(request.as_bytes()).await;
        client.read_to_end().await
    }
}

struct TestClient(TcpStream);

impl TestClient {
    async fn send(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            self.0.writable().await.expect("an open connection");
            match self.0.try_write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    async fn read_piece(&mut self) -> Vec<u8> {
        loop {
            self.0.readable().await.expect("an open connection");
            let mut piece = [0; 4096];
            match self.0.try_read(&mut piece) {
                Ok(count) => return piece[..count].to_vec(),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return Vec::new(),
            }
        }
    }

    /// Reads until `end` has come or the connection is over.
    async fn read_until(&mut self, end: &str) -> String {
        let mut read = Vec::new();
        while !read.ends_with(end.as_bytes()) {
            let piece = self.read_piece().await;
            if piece.is_empty() {
                break;
            }
            read.extend(piece);
        }
        String::from_utf8_lossy(&read).into_owned()
    }

    async fn read_to_end(&mut self) -> String {
        let mut read = Vec::new();
        loop {
            let piece = self.read_piece().await;
            if piece.is_empty() {
                return String::from_utf8_lossy(&read).into_owned();
            }
            read.extend(piece);
        }
    }
}
