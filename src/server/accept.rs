//! Server room: the accept loop and the life of a connection. `cli` and `emulator` enter.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::ServerSettings;
use super::service::{Shared, Site};

/// How long accepting rests when the system has no file or memory to spare; trying again at once would only burn the processor.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves the site until `stop` is over and the requests under way are answered, or the grace is spent. Dropping the future ends
/// all connections at once.
pub async fn serve<S: Site>(
    listener: TcpListener,
    site: Arc<S>,
    settings: ServerSettings,
    stop: impl Future<Output = ()>,
) {
    let grace = settings.grace;
    let mut house = House::new(site, settings);
    tokio::select! {
        () = house.welcome(&listener) => {}
        () = stop => {}
    }
    // Whoever knocks now is refused by the system instead of waiting for nobody.
    drop(listener);
    house.close(grace).await;
}

struct House<S> {
    shared: Arc<Shared<S>>,
    http: http1::Builder,
    places: Arc<Semaphore>,
    graceful: GracefulShutdown,
    stop: watch::Sender<bool>,
    connections: JoinSet<()>,
}

impl<S: Site> House<S> {
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
    async fn welcome(&mut self, listener: &TcpListener) {
        // The semaphore is never closed.
        while let Ok(place) = self.places.clone().acquire_owned().await {
            let stream = accept(listener).await;
            self.connections.spawn(converse(
                self.shared.clone(),
                self.http.clone(),
                self.graceful.watcher(),
                stream,
                place,
            ));
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

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::warn!("cannot accept connections: {error}");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Whether the error says something about the connection that came, not about us.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn converse<S: Site>(
    shared: Arc<Shared<S>>,
    http: http1::Builder,
    watcher: Watcher,
    stream: TcpStream,
    place: OwnedSemaphorePermit,
) {
    // Without it small answers wait for the client's acknowledgement. It fails only where the client is already gone.
    stream.set_nodelay(true).unwrap_or_default();
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { shared.answer(request).await }
    });
    let connection = pin!(watcher.watch(http.serve_connection(TokioIo::new(stream), service)));
    if let Err(error) = connection.await {
        tracing::debug!("a connection ended early: {error}");
    }
    drop(place);
}
