//! What HTTP does not know of a connection: it is reset, closed without a response, or hangs; and the client goes away before it has a
//! response. For that, the socket is shared with hyper, which only borrows it.

use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::StatusCode;
use rustix::net::{RecvFlags, recv};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::malformed_head::HeadInProgress;
use super::places::{ConnectionPlace, ServingPermit};
use super::write_timer::WriteTimer;

/// Bytes that are read at once, and thrown away, while a connection hangs.
const DISCARD_BUFFER: usize = 1024;
/// How long a client that sent what is not HTTP may go on sending. If the connection were closed at once, the system would take back the answer.
const LINGER: Duration = Duration::from_secs(1);

/// The socket of a client, plain or TLS.
pub(super) trait ClientSocket: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// The TCP connection beneath.
    fn tcp(&self) -> &TcpStream;
}

impl ClientSocket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

#[cfg(feature = "tls")]
impl ClientSocket for Box<tokio_rustls::server::TlsStream<TcpStream>> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WayToEnd {
    /// The connection stays open and silent until the client gives up.
    Hang,
    Reset,
    Close,
    /// Closes it when the client has stopped sending.
    Linger,
}

/// True if bytes have come that nobody has read. Asks the system, because the runtime may not have noticed yet.
pub(super) fn has_unread_input(tcp: &TcpStream) -> bool {
    matches!(recv(tcp, &mut [0_u8; 1], RecvFlags::PEEK), Ok((_, 1..)))
}

/// A connection beside hyper. A trait, so that those who use it need not know the type of the socket.
pub(super) trait Connection {
    /// Decides how the connection ends.
    fn end_by(&self, way: WayToEnd);

    /// Keeps the turn of a request that has no response until the connection has ended.
    fn keep_turn(&self, turn: ServingPermit);

    /// Ready when the client has closed the connection, or its half of it. Only for the time in which hyper reads nothing: while a
    /// request is being answered.
    fn poll_client_gone(&self, context: &mut Context<'_>) -> Poll<()>;
}

/// A socket that hyper may use as long as it lives.
pub(super) struct LentSocket<I> {
    shared: SharedSocket<I>,
    timer: WriteTimer,
    place: Arc<ConnectionPlace>,
}

/// A socket that has been lent out.
pub(super) struct SharedSocket<I>(Arc<Mutex<LentOut<I>>>);

struct LentOut<I> {
    socket: I,
    way: WayToEnd,
    turn: Option<ServingPermit>,
    head: HeadInProgress,
}

impl<I> Clone for SharedSocket<I> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Lends a socket out. Unless `end_by` says otherwise, its connection is closed in the end. It is reset if the client takes nothing of an answer
/// for as long as `write_timeout`.
pub(super) fn lend_socket<I: ClientSocket>(
    socket: I,
    place: Arc<ConnectionPlace>,
    write_timeout: Duration,
) -> (LentSocket<I>, SharedSocket<I>) {
    let lent_out = LentOut { socket, way: WayToEnd::Close, turn: None, head: HeadInProgress::default() };
    let shared = SharedSocket(Arc::new(Mutex::new(lent_out)));
    let timer = WriteTimer::new(write_timeout, place.clone());
    (LentSocket { shared: shared.clone(), timer, place }, shared)
}

impl<I: ClientSocket> SharedSocket<I> {
    fn lock(&self) -> MutexGuard<'_, LentOut<I>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if bytes have come that hyper has not read.
    pub(super) fn has_unread_input(&self) -> bool {
        has_unread_input(self.lock().socket.tcp())
    }

    /// A head is whole, and its request begins.
    pub(super) fn begin_request(&self) {
        self.lock().head.clear();
    }

    /// Where a request wanted to go whose head is not HTTP, and the status that hyper would have answered.
    pub(super) fn malformed_head(&self) -> (String, Option<StatusCode>) {
        let shared = self.lock();
        (shared.head.path(), shared.head.refused())
    }

    /// Ends the connection, after some last bytes if there are any. Nobody may use the socket any more.
    pub(super) async fn end_connection(self, hang_timeout: Duration, last_bytes: Vec<u8>) {
        let Some(shared) = Arc::into_inner(self.0) else { return };
        let LentOut { mut socket, way, turn, head: _ } = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
        match way {
            WayToEnd::Close if last_bytes.is_empty() => {}
            WayToEnd::Close | WayToEnd::Linger => {
                timeout(LINGER, linger(socket, &last_bytes)).await.unwrap_or_default()
            }
            WayToEnd::Hang => timeout(hang_timeout, discard_input(&mut socket)).await.unwrap_or_default(),
            // It fails only if the client is already gone.
            WayToEnd::Reset => socket.tcp().set_zero_linger().unwrap_or_default(),
        }
        drop(turn);
    }
}

/// Writes the last bytes, and waits until the client sends nothing any more.
async fn linger(mut socket: impl ClientSocket, last_bytes: &[u8]) {
    // These fail only if the client is already gone.
    socket.write_all(last_bytes).await.unwrap_or_default();
    socket.shutdown().await.unwrap_or_default();
    discard_input(&mut socket).await;
}

impl<I: ClientSocket> Connection for SharedSocket<I> {
    fn end_by(&self, way: WayToEnd) {
        self.lock().way = way;
    }

    fn keep_turn(&self, turn: ServingPermit) {
        self.lock().turn = Some(turn);
    }

    fn poll_client_gone(&self, context: &mut Context<'_>) -> Poll<()> {
        let shared = self.lock();
        let tcp = shared.socket.tcp();
        let mut byte = [0; 1];
        match tcp.poll_peek(context, &mut ReadBuf::new(&mut byte)) {
            Poll::Ready(Ok(0) | Err(_)) => Poll::Ready(()),
            // The next request, or the farewell of TLS, which comes with the end.
            Poll::Ready(Ok(_)) => match pin!(tcp.ready(Interest::READABLE)).poll(context) {
                Poll::Ready(Ok(ready)) if ready.is_read_closed() => Poll::Ready(()),
                _ => Poll::Pending,
            },
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Reads and throws away until the client hangs up.
async fn discard_input(socket: &mut impl ClientSocket) {
    let mut buffer = [0; DISCARD_BUFFER];
    while socket.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
}

impl<I: ClientSocket> LentSocket<I> {
    /// Writes, and sets the time limit. An answer that hyper makes by itself is not written.
    fn write(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
        write: impl FnOnce(Pin<&mut I>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let mut shared = self.shared.lock();
        let written = match shared.head.without_automatic_answer(bytes) {
            all if all == bytes.len() => write(Pin::new(&mut shared.socket), context),
            0 => return Poll::Ready(Ok(bytes.len())),
            before => Pin::new(&mut shared.socket).poll_write(context, &bytes[..before]),
        };
        let written = self.timer.check(context, written);
        if matches!(&written, Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::TimedOut) {
            shared.way = WayToEnd::Reset;
        }
        written
    }
}

impl<I: ClientSocket> AsyncRead for LentSocket<I> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let mut shared = self.shared.lock();
        let read = Pin::new(&mut shared.socket).poll_read(context, into);
        if read.is_ready() && self.place.rests() {
            shared.head.extend(&into.filled()[before..]);
        }
        read
    }
}

impl<I: ClientSocket> AsyncWrite for LentSocket<I> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().write(context, bytes, |socket, context| socket.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // hyper never writes an answer of its own behind a body that still waits.
        let only = parts.iter().find(|part| !part.is_empty()).map_or(&[][..], |part| &**part);
        self.get_mut().write(context, only, |socket, context| socket.poll_write_vectored(context, parts))
    }

    fn is_write_vectored(&self) -> bool {
        self.shared.lock().socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.shared.lock().socket).poll_flush(context);
        this.timer.check(context, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // Somebody else still writes the answer to a malformed head.
        if this.shared.lock().head.refused().is_some() {
            return Poll::Ready(Ok(()));
        }
        let shut = Pin::new(&mut this.shared.lock().socket).poll_shutdown(context);
        this.timer.check(context, shut)
    }
}
