//! Delivery room: one HTTP/1.1 connection to a bot. It is driven by whoever uses it and by no task of its own: that saves a change
//! of tasks per webhook, and leaves the socket at hand to ask how the connection ended. `client` and `pool` enter.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};

use super::destination::Destination;
use super::failure::{Failure, Stage};

/// How much of an answer's body is read. A bot answers with a word or two; what is longer than this is left unread, and the
/// connection is closed.
const MAX_ANSWER_BODY: usize = 64 * 1024;

type Driver = http1::Connection<TokioIo<TcpStream>, Full<Bytes>>;

/// A connection to a bot.
#[derive(Debug)]
pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    state: State,
}

#[derive(Debug)]
struct State {
    /// None when the connection is over.
    driver: Option<Driver>,
    /// Whether the other side tore it down.
    torn: bool,
    /// Whether it ended in the middle of an answer's head.
    heard: bool,
}

/// A request that got no answer on this connection.
#[derive(Debug)]
pub(super) struct Unanswered {
    /// What happened.
    pub(super) failure: Failure,
    /// Whether the bot cannot have read the request to its end, so that it may be sent again.
    pub(super) unread: bool,
}

/// An answer that was read.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its head, without a body.
    pub(super) head: Response<()>,
    /// Its body, or the beginning of one that is too long.
    pub(super) body: Vec<u8>,
    /// Whether the connection can be used again.
    pub(super) reusable: bool,
}

impl Connection {
    /// Connects.
    pub(super) async fn open(destination: &Destination) -> Result<Self, Failure> {
        let stream = connect(destination).await?;
        stream.set_nodelay(true).map_err(|_| Failure::Reset)?;
        let mut builder = http1::Builder::new();
        // Meta's spelling; some raw bots look for it.
        builder.title_case_headers(true);
        let (sender, driver) = builder.handshake(TokioIo::new(stream)).await.map_err(|error| Failure::of(&error))?;
        Ok(Self { sender, state: State { driver: Some(driver), torn: false, heard: false } })
    }

    /// Sends a request and reads the answer.
    pub(super) async fn ask(&mut self, request: Request<Full<Bytes>>, stage: &mut Stage) -> Result<Answer, Unanswered> {
        *stage = Stage::Waiting;
        let (head, body) = self.head(request).await?.into_parts();
        *stage = Stage::Reading;
        let (body, whole) = self.body(body).await.map_err(|failure| Unanswered { failure, unread: false })?;
        Ok(Answer { head: Response::from_parts(head, ()), body, reusable: whole && self.is_ready().await })
    }

    async fn head(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Unanswered> {
        let mut answer = pin!(self.sender.try_send_request(request));
        let state = &mut self.state;
        let answer = poll_fn(|context| {
            state.drive(context);
            answer.as_mut().poll(context)
        });
        answer.await.map_err(|mut error| {
            let unsent = error.take_message().is_some();
            self.state.unanswered(unsent, &error.into_error())
        })
    }

    /// The body up to the limit, and whether that is all of it.
    async fn body(&mut self, mut body: Incoming) -> Result<(Vec<u8>, bool), Failure> {
        let mut read = Vec::new();
        while !body.is_end_stream() {
            let frame = poll_fn(|context| {
                self.state.drive(context);
                Pin::new(&mut body).poll_frame(context)
            });
            let Some(frame) = frame.await else { break };
            let Ok(data) = frame.map_err(|_| Failure::Truncated)?.into_data() else { continue };
            let room = MAX_ANSWER_BODY - read.len();
            read.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() > room {
                return Ok((read, false));
            }
        }
        Ok((read, true))
    }

    /// Whether the next request may be sent at once. Asked a single time, for an answer is an answer even if the connection is
    /// not at rest after it.
    async fn is_ready(&mut self) -> bool {
        poll_fn(|context| {
            self.state.drive(context);
            Poll::Ready(matches!(self.sender.poll_ready(context), Poll::Ready(Ok(()))))
        })
        .await
    }
}

impl State {
    /// Lets the connection read and write as far as it can.
    fn drive(&mut self, context: &mut Context<'_>) {
        let Some(driver) = &mut self.driver else { return };
        if driver.poll_without_shutdown(context).is_pending() {
            return;
        }
        // DeliveryMonitor it apart also tells a request that still waits in it.
        let Some(parts) = self.driver.take().map(Driver::into_parts) else { return };
        self.torn = matches!(parts.io.inner().take_error(), Ok(Some(_)));
        self.heard = !parts.read_buf.is_empty();
    }

    /// Tells the bot that read the request and hung up from the one that never read it. A socket that is closed by its program
    /// while a request is unread, or before it arrives, answers with a reset; one whose program has read everything does not (unless
    /// the program asks for a reset, and then it is asked twice on a used connection).
    fn unanswered(&self, unsent: bool, error: &hyper::Error) -> Unanswered {
        let failure = match Failure::of(error) {
            Failure::Closed if self.torn => Failure::Reset,
            failure => failure,
        };
        let unread = unsent || (matches!(failure, Failure::Reset) && !self.heard);
        Unanswered { failure, unread }
    }
}

async fn connect(destination: &Destination) -> Result<TcpStream, Failure> {
    let unresolved = || Failure::Unresolved(destination.host.clone());
    let addresses = lookup_host((&*destination.host, destination.port)).await.map_err(|_| unresolved())?;
    let mut refusal = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => refusal = Some(error),
        }
    }
    let unreachable = |error| Failure::Unreachable(destination.host.clone(), destination.port, error);
    Err(refusal.map_or_else(unresolved, unreachable))
}
