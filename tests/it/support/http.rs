//! A raw HTTP/1.1 client: sends exactly the bytes of a test and reads one whole answer, so that odd requests can be made too.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A test that waits longer than this hangs; nothing is ever measured against it.
const GUARD: Duration = Duration::from_secs(30);

/// A request, as a well-behaved client would write it; odd ones are written by hand.
#[derive(Debug, Clone)]
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

pub fn get(target: impl Into<String>) -> Request {
    Request::new("GET", target)
}

pub fn post(target: impl Into<String>) -> Request {
    Request::new("POST", target)
}

pub fn put(target: impl Into<String>) -> Request {
    Request::new("PUT", target)
}

pub fn delete(target: impl Into<String>) -> Request {
    Request::new("DELETE", target)
}

impl Request {
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Self { method: method.to_owned(), target: target.into(), headers: Vec::new(), body: None }
    }

    pub fn method(&self) -> &str {
        &self.method
    }

    #[cfg(feature = "tls")]
    pub fn target(&self) -> &str {
        &self.target
    }

    #[cfg(feature = "tls")]
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(self.body.as_deref().unwrap_or_default()).into_owned()
    }

    /// The target without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a token where most clients put it.
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub fn json(self, body: impl Into<Vec<u8>>) -> Self {
        self.header("Content-Type", "application/json").body(body)
    }

    pub fn form(self, body: &str) -> Self {
        self.header("Content-Type", "application/x-www-form-urlencoded").body(body)
    }

    /// The headers that every client sends, unless the request has its own, and those of the request.
    fn all_headers<'r>(&'r self, host: &'r str) -> impl Iterator<Item = (&'r str, &'r str)> {
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let is_missing =
            |(usual, _): &(&str, &str)| !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(usual));
        [("Host", host), ("Accept", "*/*")].into_iter().filter(is_missing).chain(own)
    }

    /// The bytes on the wire. A `Host` or `Accept` of the request's own replaces the usual one.
    pub fn bytes(&self, host: &str) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in self.all_headers(host) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = &self.body {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend(self.body.iter().flatten());
        bytes
    }

    /// The request as a server hands it to its service.
    pub fn to_hyper(&self, host: &str) -> hyper::Request<Bytes> {
        let mut request = hyper::Request::builder().method(self.method.as_str()).uri(&self.target);
        for (name, value) in self.all_headers(host) {
            request = request.header(name, value);
        }
        if let Some(body) = &self.body {
            request = request.header("Content-Length", body.len());
        }
        request.body(self.body.clone().unwrap_or_default().into()).expect("a request that hyper can write")
    }
}

/// One whole answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of a header, which stands there at most once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "`{name}` stands twice");
        value
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body in UTF-8")
    }

    pub fn json(&self) -> serde_json::Value {
        super::parsed(&self.body)
    }

    /// Status and body in one line, without the `fbtrace_id` of an error, which says nothing about it.
    pub fn line(&self) -> String {
        let text = self.text();
        let Some((before, rest)) = text.split_once(r#","fbtrace_id":""#) else {
            return format!("{} {text}", self.status);
        };
        let after = rest.split_once('"').map_or("", |(_, after)| after);
        format!("{} {before}{after}", self.status)
    }

    /// Code and subcode of Meta's error envelope.
    pub fn code(&self) -> (i64, Option<i64>) {
        let error = &self.json()["error"];
        (error["code"].as_i64().unwrap_or_default(), error["error_subcode"].as_i64())
    }

    /// The text of Meta's error envelope.
    pub fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap_or_default().to_owned()
    }
}

/// A connection to a server.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> Self {
        Self { stream: TcpStream::connect(address).await.expect("the server accepts"), read: Vec::new() }
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the server reads");
    }

    /// Sends and reads one answer.
    pub async fn ask(&mut self, bytes: &[u8]) -> Reply {
        self.send(bytes).await;
        self.reply().await
    }

    /// The next answer, to its end.
    pub async fn reply(&mut self) -> Reply {
        let mut reply = self.head().await;
        let length = reply.header("content-length").and_then(|length| length.parse().ok());
        match length {
            Some(length) => {
                while self.read.len() < length {
                    assert!(self.more().await, "the answer broke off");
                }
                reply.body = self.read.drain(..length).collect();
            }
            None if reply.header("transfer-encoding") == Some("chunked") => {
                while let Some(chunk) = self.chunk().await {
                    reply.body.extend(chunk);
                }
            }
            None => {}
        }
        reply
    }

    /// The head of the next answer.
    pub async fn head(&mut self) -> Reply {
        let end = self.find(b"\r\n\r\n").await.expect("an answer");
        let head: Vec<u8> = self.read.drain(..end + 4).collect();
        let head = String::from_utf8(head).expect("a head in ASCII");
        let mut lines = head.lines();
        let status = lines.next().unwrap_or_default().split(' ').nth(1).expect("a status");
        Reply {
            status: status.parse().expect("a status"),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect(),
            body: Vec::new(),
        }
    }

    /// The next chunk of an answer that has no length; none at its end.
    pub async fn chunk(&mut self) -> Option<Vec<u8>> {
        let end = self.find(b"\r\n").await?;
        let size: Vec<u8> = self.read.drain(..end + 2).collect();
        let size = String::from_utf8_lossy(&size[..end]).into_owned();
        let size = usize::from_str_radix(&size, 16).expect("a chunk size");
        while self.read.len() < size + 2 {
            assert!(self.more().await, "the chunk broke off");
        }
        let chunk: Vec<u8> = self.read.drain(..size + 2).take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    }

    /// Everything that is still to come, and the error that ends it, if one does.
    pub async fn rest(&mut self) -> (Vec<u8>, Option<std::io::ErrorKind>) {
        let end = timeout(GUARD, self.stream.read_to_end(&mut self.read)).await.expect("an end within the guard");
        (std::mem::take(&mut self.read), end.err().map(|error| error.kind()))
    }

    async fn find(&mut self, wanted: &[u8]) -> Option<usize> {
        loop {
            if let Some(at) = self.read.windows(wanted.len()).position(|window| window == wanted) {
                return Some(at);
            }
            if !self.more().await {
                return None;
            }
        }
    }

    async fn more(&mut self) -> bool {
        let count = timeout(GUARD, self.stream.read_buf(&mut self.read)).await.expect("an answer within the guard");
        count.expect("an open connection") > 0
    }
}
