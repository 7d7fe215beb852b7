//! Sends a request and reads the response, over an idle connection if there is one.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use tokio::time::timeout;

use super::connection::{BotConnection, BotResponse, Unanswered};
use super::destination::Destination;
use super::failure::{ExchangeFailure, Stage};
use super::pool::ConnectionPool;

#[derive(Debug, Default)]
pub(super) struct HttpClient {
    pool: Arc<ConnectionPool>,
}

impl HttpClient {
    /// Sends a request and reads the response, all within `limit`. A redirect is a response like any other.
    pub(super) async fn exchange(
        &self,
        destination: &Destination,
        request: impl Fn() -> Request<Full<Bytes>>,
        limit: Duration,
    ) -> Result<BotResponse, ExchangeFailure> {
        let mut stage = Stage::Connecting;
        let response = timeout(limit, self.exchange_over_any(destination, request, &mut stage)).await;
        response.unwrap_or(Err(ExchangeFailure::TimedOut(limit, stage)))
    }

    async fn exchange_over_any(
        &self,
        destination: &Destination,
        request: impl Fn() -> Request<Full<Bytes>>,
        stage: &mut Stage,
    ) -> Result<BotResponse, ExchangeFailure> {
        if let Some(connection) = self.pool.take(&destination.authority) {
            match self.exchange_over(connection, destination, request(), stage).await {
                // The bot closed the connection while it was idle. The bot cannot have read the request, so this is not its failure.
                Err(unanswered) if unanswered.unread => {}
                Err(unanswered) => return Err(unanswered.failure),
                Ok(response) => return Ok(response),
            }
        }
        *stage = Stage::Connecting;
        let connection = Box::new(BotConnection::open(destination).await?);
        let response = self.exchange_over(connection, destination, request(), stage).await;
        response.map_err(|unanswered| unanswered.failure)
    }

    async fn exchange_over(
        &self,
        mut connection: Box<BotConnection>,
        destination: &Destination,
        request: Request<Full<Bytes>>,
        stage: &mut Stage,
    ) -> Result<BotResponse, Unanswered> {
        let response = connection.exchange(request, stage).await?;
        if response.reusable {
            self.pool.put(&destination.authority, connection);
        }
        Ok(response)
    }
}

/// Sends a request over a connection of its own, which is closed afterwards.
pub(super) async fn exchange_once(
    destination: &Destination,
    request: Request<Full<Bytes>>,
    limit: Duration,
) -> Result<BotResponse, ExchangeFailure> {
    let mut stage = Stage::Connecting;
    let response = timeout(limit, exchange_over_own(destination, request, &mut stage)).await;
    response.unwrap_or(Err(ExchangeFailure::TimedOut(limit, stage)))
}

async fn exchange_over_own(
    destination: &Destination,
    request: Request<Full<Bytes>>,
    stage: &mut Stage,
) -> Result<BotResponse, ExchangeFailure> {
    let mut connection = BotConnection::open(destination).await?;
    connection.exchange(request, stage).await.map_err(|unanswered| unanswered.failure)
}
