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
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

#[cfg(feature = "tls")]
use super::connection::has_unread_input;
use super::connection::{ClientSocket, lend_socket};
use super::head_timer::HeadTimer;
use super::places::{ConnectionPlace, Places};
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
    places: Arc<Places>,
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
            places: Places::new(settings.max_connections),
            handler: Arc::new(RequestHandler::new(service, settings, stopped)),
            http,
            graceful: GracefulShutdown::new(),
            stop,
            connections: JoinSet::new(),
        }
    }

    /// Accepts connections for ever.
    async fn accept_connections(&mut self, listeners: &[TcpListener]) {
        loop {
            let stream = accept(listeners, &self.places).await;
            let (handler, mut http) = (self.handler.clone(), self.http.clone());
            http.timer(HeadTimer::new());
            let connection =
                ClientConnection { handler, http, watcher: self.graceful.watcher(), place: self.places.enter() };
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

async fn accept(listeners: &[TcpListener], places: &Places) -> TcpStream {
    loop {
        match accept_first(listeners).await {
            Ok(stream) => return stream,
            Err(error) if is_about_the_client(&error) => {}
            Err(error) => {
                tracing::warn!("cannot accept connections: {error}");
                places.make_room_for_system();
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
    place: Arc<ConnectionPlace>,
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

    /// A connection ends before its first request if the server stops, or if it gives way to another.
    #[cfg(feature = "tls")]
    async fn open(&self, stream: TcpStream) -> Option<Opened> {
        let settings = self.handler.settings();
        if settings.certificates.is_none() {
            return Some(Opened::Plain(stream));
        }
        tokio::select! {
            opened = self.shake_hands(stream, settings) => opened,
            () = self.handler.stopped() => None,
        }
    }

    #[cfg(feature = "tls")]
    async fn shake_hands(&self, stream: TcpStream, settings: &ServerSettings) -> Option<Opened> {
        let first_byte = timeout(settings.head_timeout, stream.readable());
        unless_it_gives_way(first_byte, &self.place, || has_unread_input(&stream)).await?.ok()?.ok()?;
        unless_it_gives_way(tls::open(stream, settings), &self.place, || false).await?
    }

    /// Serves the requests of the connection. `scheme` goes into their extensions, because their heads do not have it.
    async fn serve<I: ClientSocket>(self, socket: I, scheme: Option<Scheme>) {
        let Self { handler, http, watcher, place } = self;
        let (hang_timeout, write_timeout) = (handler.settings().hang_timeout, handler.settings().write_timeout);
        let (socket, shared) = lend_socket(socket, place.clone(), write_timeout);
        let service = {
            let (handler, ends, place) = (handler.clone(), shared.clone(), place.clone());
            service_fn(move |mut request: Request<Incoming>| {
                let (handler, ends, place) = (handler.clone(), ends.clone(), place.clone());
                ends.begin_request();
                if let Some(scheme) = &scheme {
                    request.extensions_mut().insert(scheme.clone());
                }
                async move { handler.handle(request, &ends, &place).await }
            })
        };
        let connection = watcher.watch(http.serve_connection(TokioIo::new(socket), service));
        // The block drops the connection, which gives the socket back.
        let ended = { unless_it_gives_way(connection, &place, || shared.has_unread_input()).await };
        let mut last_bytes = Vec::new();
        match ended {
            Some(Err(error)) if error.is_parse() => {
                let (path, status) = shared.malformed_head();
                last_bytes = handler.malformed(&path, status, &error);
            }
            Some(Err(error)) => tracing::debug!("a connection ended early: {error}"),
            Some(Ok(())) => {}
            None => tracing::debug!("a connection ended to make room for another"),
        }
        shared.end_connection(hang_timeout, last_bytes).await;
    }
}

/// Waits for the work of a connection. `None` if the connection gives way to another one; it does not while it has unread input.
async fn unless_it_gives_way<R>(
    work: impl Future<Output = R>,
    place: &ConnectionPlace,
    has_unread_input: impl Fn() -> bool,
) -> Option<R> {
    let mut work = pin!(work);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if place.poll_is_to_end(context).is_ready() && !has_unread_input() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}
