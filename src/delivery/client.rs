//! Delivery room: a request and its answer, over a connection at rest where there is one. `attempt` and `handshake` enter.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use tokio::time::timeout;

use super::connection::{Answer, Connection};
use super::destination::Destination;
use super::failure::{Failure, Stage};
use super::pool::Pool;

/// Sends requests.
#[derive(Debug, Default)]
pub(super) struct Client {
    pool: Arc<Pool>,
}

impl Client {
    /// Sends a request and reads the answer, all within `limit`. Redirects are answers like any other.
    pub(super) async fn exchange(
        &self,
        destination: &Destination,
        request: impl Fn() -> Request<Full<Bytes>>,
        limit: Duration,
    ) -> Result<Answer, Failure> {
        let mut stage = Stage::Connecting;
        let answer = timeout(limit, self.over_any(destination, request, &mut stage)).await;
        answer.unwrap_or(Err(Failure::TimedOut(limit, stage)))
    }

    async fn over_any(
        &self,
        destination: &Destination,
        request: impl Fn() -> Request<Full<Bytes>>,
        stage: &mut Stage,
    ) -> Result<Answer, Failure> {
        if let Some(connection) = self.pool.take(&destination.authority) {
            match self.over(connection, destination, request(), stage).await {
                // The bot closed the connection while it rested. It cannot have acted on the request, so that is not its failure.
                Err(unanswered) if unanswered.unread => {}
                Err(unanswered) => return Err(unanswered.failure),
                Ok(answer) => return Ok(answer),
            }
        }
        *stage = Stage::Connecting;
        let connection = Box::new(Connection::open(destination).await?);
        self.over(connection, destination, request(), stage).await.map_err(|unanswered| unanswered.failure)
    }

    async fn over(
        &self,
        mut connection: Box<Connection>,
        destination: &Destination,
        request: Request<Full<Bytes>>,
        stage: &mut Stage,
    ) -> Result<Answer, super::connection::Unanswered> {
        let answer = connection.ask(request, stage).await?;
        if answer.reusable {
            self.pool.put(&destination.authority, connection);
        }
        Ok(answer)
    }
}

/// Sends a request over a connection of its own, which nobody uses afterwards.
pub(super) async fn exchange_once(
    destination: &Destination,
    request: Request<Full<Bytes>>,
    limit: Duration,
) -> Result<Answer, Failure> {
    let mut stage = Stage::Connecting;
    let answer = timeout(limit, over_own(destination, request, &mut stage)).await;
    answer.unwrap_or(Err(Failure::TimedOut(limit, stage)))
}

async fn over_own(
    destination: &Destination,
    request: Request<Full<Bytes>>,
    stage: &mut Stage,
) -> Result<Answer, Failure> {
    let mut connection = Connection::open(destination).await?;
    connection.ask(request, stage).await.map_err(|unanswered| unanswered.failure)
}
