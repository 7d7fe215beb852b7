//! The byte stream to a bot: a TCP connection, or TLS over one. Before the first byte of a request leaves, the stream asks the system whether
//! the bot has ended the connection. Only if nothing of a request has left may it be sent again over another connection.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use rustix::net::{RecvFlags, recv};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(feature = "tls")]
use tokio_rustls::client::TlsStream;

/// The connection to a bot, plain or TLS.
#[derive(Debug)]
pub(super) enum BotSocket {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<TlsStream<TcpStream>>),
}

impl BotSocket {
    /// The TCP connection below it.
    pub(super) fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.get_ref().0,
        }
    }
}

/// Whether any byte of the current request has left. The stream, which hyper owns, writes it.
#[derive(Debug, Clone, Default)]
pub(super) struct RequestProgress(Arc<AtomicBool>);

impl RequestProgress {
    /// A new request begins.
    pub(super) fn begin(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// True if the bot may have read some of the request.
    pub(super) fn has_left(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn leave(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The byte stream to a bot.
#[derive(Debug)]
pub(super) struct BotStream {
    pub(super) socket: BotSocket,
    progress: RequestProgress,
    /// True after the first request.
    is_used: bool,
}

impl BotStream {
    pub(super) fn new(socket: BotSocket, progress: RequestProgress) -> Self {
        Self { socket, progress, is_used: false }
    }

    /// Before the first byte of a request leaves: fails if the bot has ended the connection, or has sent something that nobody asked for, such
    /// as a 408. Asks the system, because the runtime may not have noticed yet.
    fn begin_to_write(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_used, true) && !is_silent(self.socket.tcp())? {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        // TLS keeps what it could not write, so it is unknown what of it has left.
        if !matches!(self.socket, BotSocket::Plain(_)) {
            self.progress.leave();
        }
        Ok(())
    }

    fn write(&mut self, write: impl FnOnce(Pin<&mut BotSocket>) -> Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if !self.progress.has_left() {
            self.begin_to_write()?;
        }
        let written = write(Pin::new(&mut self.socket));
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.progress.leave();
        }
        written
    }
}

/// True if a connection is open and has nothing to read.
fn is_silent(tcp: &TcpStream) -> io::Result<bool> {
    match recv(tcp, &mut [0_u8; 1], RecvFlags::PEEK) {
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(true),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(false),
    }
}

impl AsyncRead for BotStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_read(context, into)
    }
}

impl AsyncWrite for BotStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().write(|socket| socket.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.get_mut().write(|socket| socket.poll_write_vectored(context, parts))
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(context)
    }
}

impl AsyncRead for BotSocket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, into),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_read(context, into),
        }
    }
}

impl AsyncWrite for BotSocket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(context, parts),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(context, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
