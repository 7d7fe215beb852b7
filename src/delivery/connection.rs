//! One HTTP/1.1 connection to a bot. The code that sends the request also drives the connection, instead of a task of its own. That saves
//! a task switch per webhook, and it keeps the socket at hand, to find out how the connection ended.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, Sleep, sleep_until};

use super::bot_stream::{BotSocket, BotStream, RequestProgress};
use super::destination::Destination;
use super::failure::{ExchangeFailure, Stage};

/// How much of a response's body is read. A bot answers with a word or two. The rest of a longer body stays unread, and the connection
/// is closed.
pub const MAX_RESPONSE_BODY: usize = 64 * 1024;

type Driver = http1::Connection<TokioIo<BotStream>, Full<Bytes>>;

#[derive(Debug)]
pub(super) struct BotConnection {
    exchange: Exchange,
    /// The timer of the exchanges, one after another. To set a timer later costs less than to make one for each exchange.
    timer: Pin<Box<Sleep>>,
}

/// When an exchange must be over, and how long that was from its beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    pub(super) at: Instant,
    pub(super) limit: Duration,
}

#[derive(Debug)]
struct Exchange {
    sender: http1::SendRequest<Full<Bytes>>,
    state: DriverState,
    stage: Stage,
    progress: RequestProgress,
}

#[derive(Debug)]
struct DriverState {
    /// `None` after the connection has ended.
    driver: Option<Driver>,
    /// True if the other side reset the connection.
    was_reset: bool,
}

/// A request that got no response on this connection.
#[derive(Debug)]
pub(super) struct Unanswered {
    pub(super) failure: ExchangeFailure,
    /// True if nothing of the request has left, so that it may be sent again. Whether a bot has read what has left, nobody can know: it also
    /// resets a connection whose request it has read.
    pub(super) unsent: bool,
}

#[derive(Debug)]
pub(super) struct BotResponse {
    pub(super) head: Response<()>,
    /// The body, or the beginning of one that is too long.
    pub(super) body: Vec<u8>,
    /// True if the connection can be used again.
    pub(super) reusable: bool,
}

impl BotConnection {
    pub(super) async fn open(socket: BotSocket) -> Result<Self, ExchangeFailure> {
        let progress = RequestProgress::default();
        let stream = BotStream::new(socket, progress.clone());
        let mut builder = http1::Builder::new();
        // This is Meta's spelling, and some bots without a framework look for it.
        builder.title_case_headers(true);
        let connected = builder.handshake(TokioIo::new(stream)).await;
        let (sender, driver) = connected.map_err(|error| ExchangeFailure::before_head(&error))?;
        let state = DriverState { driver: Some(driver), was_reset: false };
        let exchange = Exchange { sender, state, stage: Stage::Waiting, progress };
        // The first exchange sets it.
        Ok(Self { exchange, timer: Box::pin(sleep_until(Instant::now())) })
    }

    /// Sends a request and reads the response, until the deadline. After it the connection must not be used again.
    pub(super) async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
        deadline: Deadline,
    ) -> Result<BotResponse, Unanswered> {
        let Self { exchange, timer } = self;
        timer.as_mut().reset(deadline.at);
        let response = {
            let mut running = pin!(exchange.run(request));
            poll_fn(|context| match running.as_mut().poll(context) {
                Poll::Ready(response) => Poll::Ready(Some(response)),
                Poll::Pending => timer.as_mut().poll(context).map(|()| None),
            })
            .await
        };
        response.unwrap_or_else(|| {
            let failure = ExchangeFailure::TimedOut(deadline.limit, exchange.stage);
            Err(Unanswered { failure, unsent: false })
        })
    }
}

impl Exchange {
    /// Sends a request and reads the response.
    async fn run(&mut self, request: Request<Full<Bytes>>) -> Result<BotResponse, Unanswered> {
        self.stage = Stage::Waiting;
        self.progress.begin();
        let (head, body) = self.send(request).await?.into_parts();
        self.stage = Stage::Reading;
        let (body, is_whole) = self.read_body(body).await.map_err(|failure| Unanswered { failure, unsent: false })?;
        let reusable = is_whole && self.is_ready().await;
        Ok(BotResponse { head: Response::from_parts(head, ()), body, reusable })
    }

    /// Sends a request and reads the head of the response.
    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Unanswered> {
        let mut response = pin!(self.sender.try_send_request(request));
        let state = &mut self.state;
        let response = poll_fn(|context| {
            state.drive(context);
            response.as_mut().poll(context)
        });
        response.await.map_err(|mut error| {
            let unsent = error.take_message().is_some() || !self.progress.has_left();
            Unanswered { failure: self.state.failure(&error.into_error()), unsent }
        })
    }

    /// The body up to the limit, and whether that is the whole body.
    async fn read_body(&mut self, mut body: Incoming) -> Result<(Vec<u8>, bool), ExchangeFailure> {
        let mut read = Vec::new();
        while !body.is_end_stream() {
            let frame = poll_fn(|context| {
                self.state.drive(context);
                Pin::new(&mut body).poll_frame(context)
            });
            let Some(frame) = frame.await else { break };
            let Ok(data) = frame.map_err(|_| ExchangeFailure::Truncated)?.into_data() else { continue };
            let room = MAX_RESPONSE_BODY - read.len();
            read.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() > room {
                return Ok((read, false));
            }
        }
        Ok((read, true))
    }

    /// True if the next request may be sent at once. Polls a single time, because the response is complete even if the connection is not
    /// ready after it.
    async fn is_ready(&mut self) -> bool {
        poll_fn(|context| {
            self.state.drive(context);
            Poll::Ready(matches!(self.sender.poll_ready(context), Poll::Ready(Ok(()))))
        })
        .await
    }
}

impl DriverState {
    /// Lets the connection read and write as far as it can.
    fn drive(&mut self, context: &mut Context<'_>) {
        let Some(driver) = &mut self.driver else { return };
        if driver.poll_without_shutdown(context).is_pending() {
            return;
        }
        // Taking the driver apart also fails a request that still waits in it.
        let Some(parts) = self.driver.take().map(Driver::into_parts) else { return };
        self.was_reset = matches!(parts.io.inner().socket.tcp().take_error(), Ok(Some(_)));
    }

    fn failure(&self, error: &hyper::Error) -> ExchangeFailure {
        match ExchangeFailure::before_head(error) {
            ExchangeFailure::Closed if self.was_reset => ExchangeFailure::Reset,
            failure => failure,
        }
    }
}

/// Connects to the server of a destination, at the first of its addresses that takes connections.
pub(super) async fn connect(destination: &Destination) -> Result<TcpStream, ExchangeFailure> {
    let unresolved = || ExchangeFailure::Unresolved(destination.host.clone());
    let addresses = lookup_host((&*destination.host, destination.port)).await.map_err(|_| unresolved())?;
    let mut refusal = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => refusal = Some(error),
        }
    }
    let unreachable = |error| ExchangeFailure::Unreachable(destination.host.clone(), destination.port, error);
    Err(refusal.map_or_else(unresolved, unreachable))
}
