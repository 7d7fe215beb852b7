//! Delivery room: connections at rest, by host and port. Only `client` enters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use hyper::header::HeaderValue;

use super::connection::Connection;

/// How long a connection may rest. Shorter than the keep-alive of servers that bots are written with (gunicorn 2 s, Node and
/// uvicorn 5 s), so that a server seldom closes a connection in the very moment in which we reuse it.
const MAX_REST: Duration = Duration::from_secs(1);

/// Connections that rest per host and port.
const MAX_RESTING: usize = 64;

/// Connections at rest.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Resting>);

#[derive(Debug, Default)]
struct Resting {
    connections: HashMap<HeaderValue, Vec<Rest>>,
    /// Whether a task is under way that closes those which rested too long.
    swept: bool,
}

#[derive(Debug)]
struct Rest {
    connection: Box<Connection>,
    since: Instant,
}

impl Rest {
    fn is_fresh(&self) -> bool {
        self.since.elapsed() < MAX_REST
    }
}

impl Pool {
    /// The connection that came last, so that the others may grow old.
    pub(super) fn take(&self, authority: &HeaderValue) -> Option<Box<Connection>> {
        let mut resting = self.lock();
        let rests = resting.connections.get_mut(authority)?;
        match rests.pop() {
            Some(rest) if rest.is_fresh() => Some(rest.connection),
            // The others came earlier still.
            _ => {
                resting.connections.remove(authority);
                None
            }
        }
    }

    /// Lays a connection to rest. Must be called inside a runtime.
    pub(super) fn put(self: &Arc<Self>, authority: &HeaderValue, connection: Box<Connection>) {
        let rest = Rest { connection, since: Instant::now() };
        let mut resting = self.lock();
        match resting.connections.get_mut(authority) {
            Some(rests) if rests.len() >= MAX_RESTING => return,
            Some(rests) => rests.push(rest),
            None => drop(resting.connections.insert(authority.clone(), vec![rest])),
        }
        if !std::mem::replace(&mut resting.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// Closes what rested too long; whether anything is left.
    fn close_old(&self) -> bool {
        let mut resting = self.lock();
        resting.connections.retain(|_, rests| {
            rests.retain(Rest::is_fresh);
            !rests.is_empty()
        });
        resting.swept = !resting.connections.is_empty();
        resting.swept
    }

    fn lock(&self) -> MutexGuard<'_, Resting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A bot that shuts down waits for connections at rest to close, so they are not left until somebody needs one.
async fn sweep(pool: Weak<Pool>) {
    loop {
        tokio::time::sleep(MAX_REST).await;
        if !pool.upgrade().is_some_and(|pool| pool.close_old()) {
            return;
        }
    }
}
