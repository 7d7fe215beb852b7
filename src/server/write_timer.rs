//! The time that a client has to take the next bytes of its answer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

use super::places::ConnectionPlace;

/// The timer for the writes of one connection.
pub(super) struct WriteTimer {
    limit: Duration,
    place: Arc<ConnectionPlace>,
    /// Set while bytes wait.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl WriteTimer {
    pub(super) fn new(limit: Duration, place: Arc<ConnectionPlace>) -> Self {
        Self { limit, place, alarm: None }
    }

    /// Looks at the result of a write. Fails if the client has taken nothing for too long.
    pub(super) fn check<R>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<R>>) -> Poll<io::Result<R>> {
        if written.is_ready() {
            if self.alarm.take().is_some() {
                self.place.set_stalled(false);
            }
            return written;
        }
        let alarm = self.alarm.get_or_insert_with(|| {
            self.place.set_stalled(true);
            Box::pin(sleep(self.limit))
        });
        ready!(alarm.as_mut().poll(context));
        tracing::warn!(
            "a client has taken nothing of its answer for {} s: its connection is reset",
            self.limit.as_secs_f64()
        );
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}
