//! The load: connections that are kept alive, each with one request under way at a time. The same for every server.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::Measured;

/// A connection that is kept alive.
#[derive(Debug)]
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

impl Connection {
    /// Connects. Must be called inside a runtime.
    pub async fn open(address: SocketAddr) -> Measured<Self> {
        let error = |error: &dyn std::fmt::Display| format!("no connection to {address}: {error}");
        let stream = TcpStream::connect(address).await.map_err(|e| error(&e))?;
        stream.set_nodelay(true).map_err(|e| error(&e))?;
        let (sender, driver) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| error(&e))?;
        // It ends with the sender.
        tokio::spawn(async move { driver.await.unwrap_or_default() });
        let host = HeaderValue::from_str(&address.to_string()).map_err(|e| error(&e))?;
        Ok(Self { sender, host })
    }

    /// Posts JSON and returns the answer's body; anything but a 2xx is an error.
    pub async fn post(&mut self, path: &str, body: Bytes) -> Measured<Bytes> {
        self.sender.ready().await.map_err(|error| format!("{path}: {error}"))?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.parse().map_err(|error| format!("{path}: {error}"))?;
        request.headers_mut().insert(HOST, self.host.clone());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let answer = self.sender.send_request(request).await.map_err(|error| format!("{path}: {error}"))?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|error| format!("{path}: {error}"))?.to_bytes();
        match status.is_success() {
            true => Ok(body),
            false => Err(format!("{path} answered {status}: {}", String::from_utf8_lossy(&body))),
        }
    }
}

/// A port at which many may connect at once.
pub async fn listen() -> Measured<TcpListener> {
    let open = || {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        socket.listen(4096)
    };
    open().map_err(|error: std::io::Error| error.to_string())
}

/// What each connection posts, over and over.
#[derive(Debug, Clone)]
pub struct Post {
    /// Path and query.
    pub path: String,
    /// The body.
    pub body: Bytes,
}

/// When a load ends.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// When the time is up.
    Over(Duration),
    /// When each connection has had this many answers.
    Answers(u64),
}

/// Posts over one connection each; returns answers and the time that they took together.
pub async fn run(address: SocketAddr, posts: &[Post], until: Until) -> Measured<(u64, Duration)> {
    let mut connections = Vec::new();
    for post in posts {
        connections.push((Connection::open(address).await?, post.clone()));
    }
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (mut connection, post) in connections {
        tasks.spawn(async move {
            let mut answers = 0;
            loop {
                let over = match until {
                    Until::Over(duration) => began.elapsed() >= duration,
                    Until::Answers(count) => answers >= count,
                };
                if over {
                    return Measured::Ok(answers);
                }
                connection.post(&post.path, post.body.clone()).await?;
                answers += 1;
            }
        });
    }
    let mut answers = 0;
    while let Some(task) = tasks.join_next().await {
        answers += task.map_err(|error| error.to_string())??;
    }
    Ok((answers, began.elapsed()))
}

/// The runtime of the load: a single thread, so that the servers have the other core.
pub fn runtime() -> Measured<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("there is no runtime: {error}"))
}
