//! The accept loop, and the life of a connection from its first byte to its end.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::http::uri::Scheme;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::connection::{ClientSocket, lend_socket};
use super::head_timer::HeadTimer;
use super::request_handler::RequestHandler;
use super::service::Service;
use super::settings::ServerSettings;
#[cfg(feature = "tls")]
use super::tls::{self, Opened};

/// How long the accept loop rests when the system has no file or memory to spare. To try again at once would only burn the processor.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves on all of these ports until `stop` ends. Requests that are being answered then have the grace period to finish. Dropping the
/// future ends all connections at once.
pub async fn serve<S: Service>(
    listeners: Vec<TcpListener>,
    service: Arc<S>,
    settings: ServerSettings,
    stop: impl Future<Output = ()>,
) {
    let grace = settings.grace;
    let mut server = Server::new(service, settings);
    tokio::select! {
        () = server.accept_connections(&listeners) => {}
        () = stop => {}
    }
    // From here on the system refuses new connections; otherwise they would wait in its queue for nothing.
    drop(listeners);
    server.close(grace).await;
}

struct Server<S> {
    handler: Arc<RequestHandler<S>>,
    http: http1::Builder,
    permits: Arc<Semaphore>,
    graceful: GracefulShutdown,
    stop: watch::Sender<bool>,
    connections: JoinSet<()>,
}

impl<S: Service> Server<S> {
    fn new(service: Arc<S>, settings: ServerSettings) -> Self {
        let mut http = http1::Builder::new();
        // A client may close its half of the connection and still wait for the response.
        http.half_close(true).header_read_timeout(settings.head_timeout);
        let (stop, stopped) = watch::channel(false);
        Self {
            permits: Arc::new(Semaphore::new(settings.max_connections)),
            handler: Arc::new(RequestHandler::new(service, settings, stopped)),
            http,
            graceful: GracefulShutdown::new(),
            stop,
            connections: JoinSet::new(),
        }
    }

    /// Accepts connections for ever.
    async fn accept_connections(&mut self, listeners: &[TcpListener]) {
        // The semaphore is never closed.
        while let Ok(permit) = self.permits.clone().acquire_owned().await {
            let stream = accept(listeners).await;
            let (handler, mut http) = (self.handler.clone(), self.http.clone());
            http.timer(HeadTimer::new());
            let connection = ClientConnection { handler, http, watcher: self.graceful.watcher(), _permit: permit };
            self.connections.spawn(connection.run(stream));
            // Forgets the connections that are over. If one of them panicked, the panic hook has already reported it.
            while self.connections.try_join_next().is_some() {}
        }
    }

    async fn close(self, grace: Duration) {
        let Self { graceful, connections, stop, .. } = self;
        stop.send_replace(true);
        if timeout(grace, graceful.shutdown()).await.is_err() {
            tracing::warn!("{} connections were cut off after a grace of {grace:?}", connections.len());
        }
    }
}

async fn accept(listeners: &[TcpListener]) -> TcpStream {
    loop {
        match accept_first(listeners).await {
            Ok(stream) => return stream,
            Err(error) if is_about_the_client(&error) => {}
            Err(error) => {
                tracing::warn!("cannot accept connections: {error}");
                sleep(PAUSE).await;
            }
        }
    }
}

/// The first connection that comes to any of the ports.
async fn accept_first(listeners: &[TcpListener]) -> io::Result<TcpStream> {
    poll_fn(|context| {
        let mut accepted = listeners.iter().map(|listener| listener.poll_accept(context));
        accepted.find(Poll::is_ready).unwrap_or(Poll::Pending).map_ok(|(stream, _)| stream)
    })
    .await
}

/// True if the error is about the connection that came, not about this process.
fn is_about_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// One connection of a client.
struct ClientConnection<S> {
    handler: Arc<RequestHandler<S>>,
    http: http1::Builder,
    watcher: Watcher,
    _permit: OwnedSemaphorePermit,
}

impl<S: Service> ClientConnection<S> {
    async fn run(self, stream: TcpStream) {
        // Without it, small responses wait for the client's acknowledgement. It fails only if the client is already gone.
        stream.set_nodelay(true).unwrap_or_default();
        #[cfg(not(feature = "tls"))]
        self.serve(stream, None).await;
        #[cfg(feature = "tls")]
        match self.open(stream).await {
            Some(Opened::Plain(stream)) => self.serve(stream, None).await,
            // The future is boxed because it is large; plain connections do not pay for its size.
            Some(Opened::Tls(stream)) => Box::pin(self.serve(stream, Some(Scheme::HTTPS))).await,
            None => {}
        }
    }

    /// A connection that has sent nothing yet ends as soon as the server stops.
    #[cfg(feature = "tls")]
    async fn open(&self, stream: TcpStream) -> Option<Opened> {
        tokio::select! {
            opened = tls::open(stream, self.handler.settings()) => opened,
            () = self.handler.stopped() => None,
        }
    }

    /// Serves the requests of the connection. `scheme` goes into their extensions, because their heads do not have it.
    async fn serve<I: ClientSocket>(self, socket: I, scheme: Option<Scheme>) {
        let Self { handler, http, watcher, _permit } = self;
        let (socket, shared) = lend_socket(socket);
        let ends = shared.clone();
        let hang_timeout = handler.settings().hang_timeout;
        let service = service_fn(move |mut request: Request<Incoming>| {
            let (handler, ends) = (handler.clone(), ends.clone());
            if let Some(scheme) = &scheme {
                request.extensions_mut().insert(scheme.clone());
            }
            async move { handler.handle(request, &ends).await }
        });
        let connection = http.serve_connection(TokioIo::new(socket), service);
        // The block drops the connection, which gives the socket back.
        if let Err(error) = { pin!(watcher.watch(connection)).await } {
            tracing::debug!("a connection ended early: {error}");
        }
        shared.end_connection(hang_timeout).await;
    }
}
