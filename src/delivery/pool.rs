//! Idle connections, by host and port. Those of a host are used again only once it has shown that it keeps connections open.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use hyper::header::HeaderValue;

use super::connection::BotConnection;

/// How long a connection may be idle. This is shorter than the keep-alive of the servers that bots use (gunicorn 2 s, Node and uvicorn
/// 5 s), so a server seldom closes a connection at the moment in which we reuse it.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// Idle connections per host and port.
const MAX_CONNECTIONS: usize = 1024;

/// Hosts that are remembered although they have no idle connection.
const MAX_HOSTS: usize = 1024;

/// The idle connections of a client.
#[derive(Debug)]
pub(super) struct ConnectionPool {
    /// How long a host must once have kept a connection open before its connections are used again at once.
    reuse_after: Duration,
    idle: Mutex<IdleConnections>,
}

#[derive(Debug, Default)]
struct IdleConnections {
    hosts: HashMap<HeaderValue, Host>,
    /// True while a task runs that closes connections which have been idle for too long.
    is_swept: bool,
}

/// A host and port, and its idle connections, the newest last.
#[derive(Debug, Default)]
struct Host {
    /// True if the host has kept a connection open for some time, and has ended none since.
    is_trusted: bool,
    connections: VecDeque<IdleConnection>,
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
    pub(super) fn new(reuse_after: Duration) -> Self {
        Self { reuse_after, idle: Mutex::default() }
    }

    /// Takes an idle connection. Of a trusted host that is the one that became idle last, so that the others can grow old. Of another host it
    /// is the oldest, if that is old enough.
    pub(super) fn take(&self, authority: &HeaderValue) -> Option<Box<BotConnection>> {
        let mut idle = self.lock();
        let Host { is_trusted, connections } = idle.hosts.get_mut(authority)?;
        while connections.front().is_some_and(|oldest| !oldest.is_fresh()) {
            connections.pop_front();
        }
        let taken = match is_trusted {
            true => connections.pop_back(),
            false => connections.pop_front_if(|oldest| oldest.since.elapsed() >= self.reuse_after),
        };
        taken.map(|idle| idle.connection)
    }

    /// A request went well over an idle connection of this host.
    pub(super) fn trust(&self, authority: &HeaderValue) {
        self.set_trust(authority, true);
    }

    /// The host has ended an idle connection. The others are likely to be ended, too.
    pub(super) fn distrust(&self, authority: &HeaderValue) {
        self.set_trust(authority, false);
    }

    fn set_trust(&self, authority: &HeaderValue, is_trusted: bool) {
        if let Some(host) = self.lock().hosts.get_mut(authority) {
            host.is_trusted = is_trusted;
        }
    }

    /// Keeps an idle connection. Must be called inside a runtime.
    pub(super) fn put(self: &Arc<Self>, authority: &HeaderValue, connection: Box<BotConnection>) {
        let newest = IdleConnection { connection, since: Instant::now() };
        let mut idle = self.lock();
        match idle.hosts.get_mut(authority) {
            Some(host) if host.connections.len() >= MAX_CONNECTIONS => return,
            Some(host) => host.connections.push_back(newest),
            None => {
                let host = Host { is_trusted: false, connections: VecDeque::from([newest]) };
                idle.hosts.insert(authority.clone(), host);
            }
        }
        if !std::mem::replace(&mut idle.is_swept, true) {
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// Closes connections that have been idle for too long. Returns true if any are left.
    fn close_old(&self) -> bool {
        let mut idle = self.lock();
        for host in idle.hosts.values_mut() {
            host.connections.retain(IdleConnection::is_fresh);
        }
        if idle.hosts.len() > MAX_HOSTS {
            idle.hosts.retain(|_, host| !host.connections.is_empty());
        }
        idle.is_swept = idle.hosts.values().any(|host| !host.connections.is_empty());
        idle.is_swept
    }

    fn lock(&self) -> MutexGuard<'_, IdleConnections> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
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
