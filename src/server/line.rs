//! Server room: the line to a client, which comes back when HTTP is done with it, so that it can end in ways that HTTP does not know. Only
//! `accept` and `service` enter.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// What is read at once of a client that nobody listens to any more.
const PERSON_IGNORED: usize = 1024;

/// A connection to a client, plain or not.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// The connection beneath it.
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

#[cfg(feature = "tls")]
impl Socket for Box<tokio_rustls::server::TlsStream<TcpStream>> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It stays open and silent until the client gives up.
    Hang,
    /// It is reset.
    Reset,
    /// It is closed.
    Close,
}

/// Who is told how a line is to end.
pub(crate) trait Ends {
    /// It is to end so, now.
    fn end_by(&self, end: End);
}

/// A line, as HTTP gets it. When HTTP drops it, it comes back to its [`LastWord`].
pub(super) struct Line<I: Socket> {
    socket: Option<I>,
    last: LastWord<I>,
}

/// What becomes of a line in the end.
pub(super) struct LastWord<I>(Arc<Mutex<Fate<I>>>);

struct Fate<I> {
    end: End,
    /// The line that came back.
    socket: Option<I>,
}

impl<I> Clone for LastWord<I> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<I: Socket> Line<I> {
    /// A line on this connection, and what becomes of it: it is closed, unless somebody says otherwise.
    pub(super) fn new(socket: I) -> (Self, LastWord<I>) {
        let last = LastWord(Arc::new(Mutex::new(Fate { end: End::Close, socket: None })));
        (Self { socket: Some(socket), last: last.clone() }, last)
    }
}

impl<I: Socket> LastWord<I> {
    /// Ends the line, if it has come back.
    pub(super) async fn come(self, hang_timeout: Duration) {
        let (socket, end) = {
            let mut fate = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            (fate.socket.take(), fate.end)
        };
        let Some(mut socket) = socket else { return };
        match end {
            End::Close => {}
            End::Hang => timeout(hang_timeout, until_gone(&mut socket)).await.unwrap_or_default(),
            // Where it fails the client is gone already.
            End::Reset => socket.tcp().set_zero_linger().unwrap_or_default(),
        }
    }
}

impl<I: Socket> Ends for LastWord<I> {
    fn end_by(&self, end: End) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).end = end;
    }
}

/// Reads what nobody hears until the client hangs up.
async fn until_gone(socket: &mut impl Socket) {
    let mut unheard = [0; PERSON_IGNORED];
    while socket.read(&mut unheard).await.is_ok_and(|count| count > 0) {}
}

impl<I: Socket> Drop for Line<I> {
    fn drop(&mut self) {
        self.last.0.lock().unwrap_or_else(PoisonError::into_inner).socket = self.socket.take();
    }
}

impl<I: Socket> Line<I> {
    /// The connection, which is there until the line is dropped.
    fn socket(&mut self) -> io::Result<Pin<&mut I>> {
        self.socket.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl<I: Socket> AsyncRead for Line<I> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.socket()?.poll_read(context, into)
    }
}

impl<I: Socket> AsyncWrite for Line<I> {
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
