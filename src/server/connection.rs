//! What HTTP does not know of a connection: it is reset, closed without a response, or hangs; and the client goes away before it has a
//! response. For that, the socket is shared with hyper, which only borrows it.

use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, Interest, ReadBuf};
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

/// A connection beside hyper. A trait, so that those who use it need not know the type of the socket.
pub(super) trait Connection {
    /// Decides how the connection ends.
    fn end_by(&self, way: WayToEnd);

    /// Ready when the client has closed the connection, or its half of it. Only for the time in which hyper reads nothing: while a
    /// request is being answered.
    fn poll_client_gone(&self, context: &mut Context<'_>) -> Poll<()>;
}

/// A socket that hyper may use as long as it lives.
pub(super) struct LentSocket<I>(SharedSocket<I>);

/// A socket that has been lent out.
pub(super) struct SharedSocket<I>(Arc<Mutex<LentOut<I>>>);

struct LentOut<I> {
    socket: I,
    way: WayToEnd,
}

impl<I> Clone for SharedSocket<I> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Lends a socket out. Unless `end_by` says otherwise, its connection is closed in the end.
pub(super) fn lend_socket<I: ClientSocket>(socket: I) -> (LentSocket<I>, SharedSocket<I>) {
    let shared = SharedSocket(Arc::new(Mutex::new(LentOut { socket, way: WayToEnd::Close })));
    (LentSocket(shared.clone()), shared)
}

impl<I: ClientSocket> SharedSocket<I> {
    fn lock(&self) -> MutexGuard<'_, LentOut<I>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the connection. Nobody may use the socket any more.
    pub(super) async fn end_connection(self, hang_timeout: Duration) {
        let Some(shared) = Arc::into_inner(self.0) else { return };
        let LentOut { mut socket, way } = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
        match way {
            WayToEnd::Close => {}
            WayToEnd::Hang => timeout(hang_timeout, discard_input(&mut socket)).await.unwrap_or_default(),
            // It fails only if the client is already gone.
            WayToEnd::Reset => socket.tcp().set_zero_linger().unwrap_or_default(),
        }
    }
}

impl<I: ClientSocket> Connection for SharedSocket<I> {
    fn end_by(&self, way: WayToEnd) {
        self.lock().way = way;
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

impl<I: ClientSocket> AsyncRead for LentSocket<I> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.lock().socket).poll_read(context, into)
    }
}

impl<I: ClientSocket> AsyncWrite for LentSocket<I> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0.lock().socket).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0.lock().socket).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.lock().socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.lock().socket).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.lock().socket).poll_shutdown(context)
    }
}
