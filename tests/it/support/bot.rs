//! A bot on a real socket. It records every request byte by byte and answers what the test says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};

use super::http::{Connection, Request};

/// A recorded request.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Request line and headers, to the empty line.
    pub head: String,
    pub body: Vec<u8>,
    /// The number of the connection, counted from 1.
    pub connection: usize,
}

/// What the bot does with a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Writes these bytes and keeps the connection.
    Bytes(String),
    /// Writes these bytes and closes the connection.
    Cut(String),
    /// Closes the connection without an answer.
    HangUp,
    /// Resets the connection.
    Reset,
    /// Answers nothing and keeps the connection.
    Silence,
    /// Makes these calls to a server, one after another, and answers then.
    AfterCalls(String, Vec<Request>, Box<Answer>),
    /// Accepts once as many requests wait here as the barrier wants.
    Together(Arc<tokio::sync::Barrier>),
}

impl Answer {
    /// A status with a short body.
    pub fn status(status: &str, body: &str) -> Self {
        Self::Bytes(format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    }
}

impl Seen {
    /// The request line without the version.
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1")
    }

    /// Headers in their order and spelling.
    pub fn headers(&self) -> Vec<(&str, &str)> {
        self.head.lines().skip(1).filter_map(|line| line.split_once(": ")).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        let found = self.headers().into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value).unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body in ASCII")
    }

    pub fn json(&self) -> serde_json::Value {
        super::parsed(&self.body)
    }

    /// The one item of the one entry.
    pub fn item(&self) -> serde_json::Value {
        let entry = &self.json()["entry"][0];
        let items = ["messaging", "standby", "changes"].iter().find_map(|channel| entry.get(channel));
        items.expect("an item")[0].clone()
    }
}

/// A bot.
pub struct Bot {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Bot {
    /// A bot that answers each request with what the function returns.
    pub async fn answering(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(accept_loop(listener, seen.clone(), Arc::new(answer)));
        Self { address, seen, task }
    }

    /// A bot that accepts everything.
    pub async fn accepting() -> Self {
        Self::answering(|_| Answer::status("200 OK", "EVENT_RECEIVED")).await
    }

    /// The URL of one of its paths.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The requests to a path.
    pub fn seen_at(&self, path: &str) -> Vec<Seen> {
        let wanted = format!("POST {path}");
        self.seen().into_iter().filter(|seen| seen.line() == wanted).collect()
    }

    pub fn forget(&self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Answering = Arc<dyn Fn(&Seen) -> Answer + Send + Sync>;

async fn accept_loop(listener: TcpListener, seen: Arc<Mutex<Vec<Seen>>>, answer: Answering) {
    let connections = AtomicUsize::new(0);
    while let Ok((stream, _)) = listener.accept().await {
        let number = connections.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::spawn(serve(stream, number, seen.clone(), answer.clone()));
    }
}

async fn serve(stream: TcpStream, connection: usize, seen: Arc<Mutex<Vec<Seen>>>, answer: Answering) {
    let mut stream = BufStream::new(stream);
    while let Some((head, body)) = request(&mut stream).await {
        let request = Seen { head, body, connection };
        seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        let answer = match answer(&request) {
            Answer::Together(barrier) => {
                barrier.wait().await;
                Answer::status("200 OK", "EVENT_RECEIVED")
            }
            Answer::AfterCalls(server, calls, answer) => {
                let mut connection = Connection::open(&server).await;
                for call in calls {
                    connection.ask(&call.bytes(&server)).await;
                }
                *answer
            }
            answer => answer,
        };
        match answer {
            Answer::Bytes(bytes) if say(&mut stream, &bytes).await.is_ok() => {}
            Answer::Cut(bytes) => {
                // A client that has gone away reads no answer.
                say(&mut stream, &bytes).await.unwrap_or_default();
                return;
            }
            Answer::Reset => return stream.get_ref().set_zero_linger().unwrap_or_default(),
            Answer::Bytes(_) | Answer::HangUp => return,
            Answer::Silence | Answer::Together(_) | Answer::AfterCalls(..) => {}
        }
    }
}

async fn say(stream: &mut BufStream<TcpStream>, bytes: &str) -> std::io::Result<()> {
    stream.write_all(bytes.as_bytes()).await?;
    stream.flush().await
}

async fn request(stream: &mut BufStream<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().filter_map(|line| line.split_once(": "));
    let length =
        length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).map(|(_, length)| length).next();
    let mut body = vec![0; length.unwrap_or("0").parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, body))
}
