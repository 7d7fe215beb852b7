//! A client of the control API of a running server, over plain HTTP. Each call under way has a connection of its own.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::HOST;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A client of the control API.
#[derive(Debug)]
pub struct ControlClient {
    /// Host and port.
    authority: String,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

/// A status, and the JSON of the body.
pub type ControlReply = (u16, Value);

/// A segment of a path.
pub fn encoded(segment: &str) -> String {
    form_urlencoded::byte_serialize(segment.as_bytes()).collect::<String>().replace('+', "%20")
}

impl ControlClient {
    /// A client of the server with this URL, `http://HOST:PORT`.
    pub fn new(url: &str) -> Result<Self, String> {
        let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let authority = authority.filter(|authority| !authority.is_empty() && !authority.contains('/'));
        let authority =
            authority.ok_or_else(|| format!("`{url}` is not the URL of a server: write http://HOST:PORT"))?;
        let authority = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
        Ok(Self { authority, idle: Mutex::default() })
    }

    /// Makes a call and waits for the whole answer.
    pub async fn call(&self, method: Method, path: &str, body: &Value) -> Result<ControlReply, String> {
        let bytes = Bytes::from(body.to_string());
        let pooled = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match pooled {
            Some(connection) if !connection.is_closed() => connection,
            _ => self.connect().await?,
        };
        let request = Request::builder().method(method).uri(path).header(HOST, &self.authority).body(Full::new(bytes));
        let request = request.map_err(|error| error.to_string())?;
        let failed = |error: hyper::Error| format!("{} did not answer: {error}", self.authority);
        connection.ready().await.map_err(failed)?;
        let response = connection.send_request(request).await.map_err(failed)?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.map_err(failed)?.to_bytes();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, String> {
        let failed = |error: &dyn std::error::Error| format!("cannot connect to {}: {error}", self.authority);
        let stream = TcpStream::connect(&self.authority).await.map_err(|error| failed(&error))?;
        stream.set_nodelay(true).unwrap_or_default();
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
        tokio::spawn(async move {
            // What goes wrong, the call on this connection says.
            connection.await.unwrap_or_default();
        });
        Ok(sender)
    }
}
