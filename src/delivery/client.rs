//! Sends a request and reads the response, over an idle connection if there is one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use tokio::time::{Instant, timeout_at};

use super::bot_stream::BotSocket;
#[cfg(feature = "tls")]
use super::client_tls::ClientTls;
use super::connection::{BotConnection, BotResponse, Deadline, Unanswered, connect};
use super::destination::Destination;
use super::failure::{ExchangeFailure, Stage};
use super::pool::ConnectionPool;
use super::settings::DeliverySettings;

/// Parsed URLs that are kept. A process with more of them parses some again.
const MAX_DESTINATIONS: usize = 1024;

#[derive(Debug)]
pub(super) struct HttpClient {
    #[cfg(feature = "tls")]
    tls: ClientTls,
    pool: Arc<ConnectionPool>,
    /// By URL.
    destinations: Mutex<HashMap<Arc<str>, Arc<Destination>>>,
}

impl HttpClient {
    pub(super) fn new(settings: &DeliverySettings) -> Self {
        Self {
            #[cfg(feature = "tls")]
            tls: ClientTls::new(settings.trusted_cas.clone()),
            pool: Arc::new(ConnectionPool::new(settings.reuse_after)),
            destinations: Mutex::default(),
        }
    }

    /// The destination that a URL names.
    pub(super) fn destination(&self, url: &Arc<str>) -> Result<Arc<Destination>, ExchangeFailure> {
        let mut known = self.destinations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(destination) = known.get(url) {
            return Ok(destination.clone());
        }
        let destination = Arc::new(Destination::parse(url)?);
        if known.len() >= MAX_DESTINATIONS {
            known.clear();
        }
        known.insert(url.clone(), destination.clone());
        Ok(destination)
    }

    /// Sends a request and reads the response, all within `limit`. A redirect is a response like any other.
    pub(super) async fn exchange(
        &self,
        destination: &Destination,
        request: impl Fn() -> Request<Full<Bytes>>,
        limit: Duration,
    ) -> Result<BotResponse, ExchangeFailure> {
        let deadline = Deadline { at: Instant::now() + limit, limit };
        if let Some(connection) = self.pool.take(&destination.key) {
            match self.exchange_over(connection, destination, request(), deadline).await {
                // The bot ended the connection while it was idle, and nothing of the request has left. So this is not its failure.
                Err(unanswered) if unanswered.unsent => self.pool.distrust(&destination.key),
                Err(unanswered) => return Err(unanswered.failure),
                Ok(response) => {
                    self.pool.trust(&destination.key);
                    return Ok(response);
                }
            }
        }
        let connection = Box::new(self.open_until(destination, deadline).await?);
        let response = self.exchange_over(connection, destination, request(), deadline).await;
        response.map_err(|unanswered| unanswered.failure)
    }

    async fn exchange_over(
        &self,
        mut connection: Box<BotConnection>,
        destination: &Destination,
        request: Request<Full<Bytes>>,
        deadline: Deadline,
    ) -> Result<BotResponse, Unanswered> {
        let response = connection.exchange(request, deadline).await?;
        if response.reusable {
            self.pool.put(&destination.key, connection);
        }
        Ok(response)
    }

    /// Sends a request over a connection of its own, which is closed afterwards.
    pub(super) async fn exchange_once(
        &self,
        destination: &Destination,
        request: Request<Full<Bytes>>,
        limit: Duration,
    ) -> Result<BotResponse, ExchangeFailure> {
        let deadline = Deadline { at: Instant::now() + limit, limit };
        let mut connection = self.open_until(destination, deadline).await?;
        connection.exchange(request, deadline).await.map_err(|unanswered| unanswered.failure)
    }

    async fn open_until(
        &self,
        destination: &Destination,
        deadline: Deadline,
    ) -> Result<BotConnection, ExchangeFailure> {
        let opened = timeout_at(deadline.at, self.open(destination)).await;
        opened.unwrap_or(Err(ExchangeFailure::TimedOut(deadline.limit, Stage::Connecting)))
    }

    async fn open(&self, destination: &Destination) -> Result<BotConnection, ExchangeFailure> {
        let stream = connect(destination).await?;
        stream.set_nodelay(true).map_err(|_| ExchangeFailure::Reset)?;
        #[cfg(feature = "tls")]
        if destination.is_https {
            // The future is boxed because it is large; plain connections do not pay for its size.
            let stream = Box::pin(self.tls.connect(stream, destination)).await?;
            return BotConnection::open(BotSocket::Tls(stream)).await;
        }
        BotConnection::open(BotSocket::Plain(stream)).await
    }
}
