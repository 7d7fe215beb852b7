//! Server room: the accept loop and the life of a connection. `cli` and `emulator` enter.

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
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::ServerSettings;
use super::line::{Line, Socket};
use super::service::{Service, Shared};
#[cfg(feature = "tls")]
use super::tls::{self, Opened};

/// How long accepting rests when the system has no file or memory to spare; trying again at once would only burn the processor.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves the site on all of these ports until `stop` is over and the requests under way are answered, or the grace is spent. Dropping
/// the future ends all connections at once.
pub async fn serve<S: Service>(
    listeners: Vec<TcpListener>,
    site: Arc<S>,
    settings: ServerSettings,
    stop: impl Future<Output = ()>,
) {
    let grace = settings.grace;
    let mut house = Server::new(site, settings);
    tokio::select! {
        () = house.welcome(&listeners) => {}
        () = stop => {}
    }
    // Whoever knocks now is refused by the system instead of waiting for nobody.
    drop(listeners);
    house.close(grace).await;
}

struct Server<S> {
    shared: Arc<Shared<S>>,
    http: http1::Builder,
    places: Arc<Semaphore>,
    graceful: GracefulShutdown,
    stop: watch::Sender<bool>,
    connections: JoinSet<()>,
}

impl<S: Service> Server<S> {
    fn new(site: Arc<S>, settings: ServerSettings) -> Self {
        let mut http = http1::Builder::new();
        // A client may close its half of the connection and still wait for the answer.
        http.half_close(true).timer(TokioTimer::new()).header_read_timeout(settings.head_timeout);
        let (stop, stopped) = watch::channel(false);
        Self {
            places: Arc::new(Semaphore::new(settings.max_connections)),
            shared: Arc::new(Shared::new(site, settings, stopped)),
            http,
            graceful: GracefulShutdown::new(),
            stop,
            connections: JoinSet::new(),
        }
    }

    /// Accepts for ever.
    async fn welcome(&mut self, listeners: &[TcpListener]) {
        // The semaphore is never closed.
        while let Ok(place) = self.places.clone().acquire_owned().await {
            let stream = accept(listeners).await;
            let shared = self.shared.clone();
            let talk = Connection { shared, http: self.http.clone(), watcher: self.graceful.watcher(), _place: place };
            self.connections.spawn(talk.begin(stream));
            // What is over is forgotten; a connection that ended in a panic has been told of by the panic hook.
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
        match first(listeners).await {
            Ok(stream) => return stream,
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::warn!("cannot accept connections: {error}");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Whoever comes first, on whatever port.
async fn first(listeners: &[TcpListener]) -> io::Result<TcpStream> {
    poll_fn(|context| {
        let mut came = listeners.iter().map(|listener| listener.poll_accept(context));
        came.find(Poll::is_ready).unwrap_or(Poll::Pending).map_ok(|(stream, _)| stream)
    })
    .await
}

/// Whether the error says something about the connection that came, not about us.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A connection from its first byte to its end.
struct Connection<S> {
    shared: Arc<Shared<S>>,
    http: http1::Builder,
    watcher: Watcher,
    _place: OwnedSemaphorePermit,
}

impl<S: Service> Connection<S> {
    async fn begin(self, stream: TcpStream) {
        // Without it small answers wait for the client's acknowledgement. It fails only where the client is already gone.
        stream.set_nodelay(true).unwrap_or_default();
        #[cfg(not(feature = "tls"))]
        self.converse(stream, None).await;
        #[cfg(feature = "tls")]
        match self.open(stream).await {
            Some(Opened::Plain(stream)) => self.converse(stream, None).await,
            // In a box, so that plain ones do not pay for its size.
            Some(Opened::Tls(stream)) => Box::pin(self.converse(stream, Some(Scheme::HTTPS))).await,
            None => {}
        }
    }

    /// Whoever has not even begun is not waited for when the server stops.
    #[cfg(feature = "tls")]
    async fn open(&self, stream: TcpStream) -> Option<Opened> {
        tokio::select! {
            opened = tls::open(stream, self.shared.settings()) => opened,
            () = self.shared.stopped() => None,
        }
    }

    /// What is not plain is told to the site, for the head of a request does not have it.
    async fn converse<I: Socket>(self, stream: I, scheme: Option<Scheme>) {
        let Self { shared, http, watcher, _place } = self;
        let (line, end) = Line::new(stream);
        let broken = end.clone();
        let hang_timeout = shared.settings().hang_timeout;
        let service = service_fn(move |mut request: Request<Incoming>| {
            let (shared, broken) = (shared.clone(), broken.clone());
            if let Some(scheme) = &scheme {
                request.extensions_mut().insert(scheme.clone());
            }
            async move { shared.answer(request, &broken).await }
        });
        let connection = http.serve_connection(TokioIo::new(line), service);
        // In a block, for the line comes back only when the connection is gone.
        if let Err(error) = { pin!(watcher.watch(connection)).await } {
            tracing::debug!("a connection ended early: {error}");
        }
        end.come(hang_timeout).await;
    }
}
