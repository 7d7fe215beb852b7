//! Idle connections, by host and port.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use hyper::header::HeaderValue;

use super::connection::BotConnection;

/// How long a connection may be idle. This is shorter than the keep-alive of the servers that bots use (gunicorn 2 s, Node and uvicorn
/// 5 s), so a server seldom closes a connection at the moment in which we reuse it.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// Idle connections per host and port.
const MAX_CONNECTIONS: usize = 1024;

#[derive(Debug, Default)]
pub(super) struct ConnectionPool(Mutex<IdleConnections>);

#[derive(Debug, Default)]
struct IdleConnections {
    connections: HashMap<HeaderValue, Vec<IdleConnection>>,
    /// True while a task runs that closes connections which have been idle for too long.
    is_swept: bool,
}

#[derive(Debug)]
struct IdleConnection {
    connection: Box<BotConnection>,
    since: Instant,
}

impl IdleConnection {
    fn is_fresh(&self) -> bool {
        self.since.elapsed() < MAX_IDLE
    }
}

impl ConnectionPool {
    /// Takes the connection that became idle last, so that the others can grow old.
    pub(super) fn take(&self, authority: &HeaderValue) -> Option<Box<BotConnection>> {
        let mut idle = self.lock();
        let connections = idle.connections.get_mut(authority)?;
        match connections.pop() {
            Some(newest) if newest.is_fresh() => Some(newest.connection),
            // The others are older still.
            _ => {
                idle.connections.remove(authority);
                None
            }
        }
    }

    /// Keeps an idle connection. Must be called inside a runtime.
    pub(super) fn put(self: &Arc<Self>, authority: &HeaderValue, connection: Box<BotConnection>) {
        let newest = IdleConnection { connection, since: Instant::now() };
        let mut idle = self.lock();
        match idle.connections.get_mut(authority) {
            Some(connections) if connections.len() >= MAX_CONNECTIONS => return,
            Some(connections) => connections.push(newest),
            None => drop(idle.connections.insert(authority.clone(), vec![newest])),
        }
        if !std::mem::replace(&mut idle.is_swept, true) {
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// Closes connections that have been idle for too long. Returns true if any are left.
    fn close_old(&self) -> bool {
        let mut idle = self.lock();
        idle.connections.retain(|_, connections| {
            connections.retain(IdleConnection::is_fresh);
            !connections.is_empty()
        });
        idle.is_swept = !idle.connections.is_empty();
        idle.is_swept
    }

    fn lock(&self) -> MutexGuard<'_, IdleConnections> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes old connections in time. A bot that shuts down waits for its idle connections to close.
async fn sweep(pool: Weak<ConnectionPool>) {
    loop {
        tokio::time::sleep(MAX_IDLE).await;
        if !pool.upgrade().is_some_and(|pool| pool.close_old()) {
            return;
        }
    }
}
