//! Ends a connection in ways that HTTP does not know: resets it, closes it without a response, or lets it hang. For that, hyper only
//! borrows the socket and gives it back when it is done.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Bytes that are read at once, and thrown away, while a connection hangs.
const DISCARD_BUFFER: usize = 1024;

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
}

/// Decides how a connection ends. A trait, so that faults need not know the type of the socket.
pub(super) trait EndsConnection {
    fn end_by(&self, way: WayToEnd);
}

/// A socket that hyper may use. On drop it goes to the [`ReturnedSocket`].
pub(super) struct LentSocket<I: ClientSocket> {
    socket: Option<I>,
    to: ReturnedSocket<I>,
}

/// The place where a lent socket arrives when hyper has dropped it.
pub(super) struct ReturnedSocket<I>(Arc<Mutex<ReturnSlot<I>>>);

struct ReturnSlot<I> {
    way: WayToEnd,
    socket: Option<I>,
}

impl<I> Clone for ReturnedSocket<I> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Lends a socket out. Unless `end_by` says otherwise, its connection is closed in the end.
pub(super) fn lend_socket<I: ClientSocket>(socket: I) -> (LentSocket<I>, ReturnedSocket<I>) {
    let returned = ReturnedSocket(Arc::new(Mutex::new(ReturnSlot { way: WayToEnd::Close, socket: None })));
    (LentSocket { socket: Some(socket), to: returned.clone() }, returned)
}

impl<I: ClientSocket> ReturnedSocket<I> {
    /// Ends the connection, if its socket has been given back.
    pub(super) async fn end_connection(self, hang_timeout: Duration) {
        let (socket, way) = {
            let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            (slot.socket.take(), slot.way)
        };
        let Some(mut socket) = socket else { return };
        match way {
            WayToEnd::Close => {}
            WayToEnd::Hang => timeout(hang_timeout, discard_input(&mut socket)).await.unwrap_or_default(),
            // It fails only if the client is already gone.
            WayToEnd::Reset => socket.tcp().set_zero_linger().unwrap_or_default(),
        }
    }
}

impl<I: ClientSocket> EndsConnection for ReturnedSocket<I> {
    fn end_by(&self, way: WayToEnd) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).way = way;
    }
}

/// Reads and throws away until the client hangs up.
async fn discard_input(socket: &mut impl ClientSocket) {
    let mut buffer = [0; DISCARD_BUFFER];
    while socket.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
}

impl<I: ClientSocket> Drop for LentSocket<I> {
    fn drop(&mut self) {
        self.to.0.lock().unwrap_or_else(PoisonError::into_inner).socket = self.socket.take();
    }
}

impl<I: ClientSocket> LentSocket<I> {
    /// The socket is there until `self` is dropped.
    fn socket(&mut self) -> io::Result<Pin<&mut I>> {
        self.socket.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl<I: ClientSocket> AsyncRead for LentSocket<I> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.socket()?.poll_read(context, into)
    }
}

impl<I: ClientSocket> AsyncWrite for LentSocket<I> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.socket()?.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.socket()?.poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket()?.poll_shutdown(context)
    }
}
