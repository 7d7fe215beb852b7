//! The timer for the heads of a connection. hyper sets a timer before each head and drops it when the head is there. A timer of tokio's is
//! entered into a list of the runtime and taken out again each time, under a lock. So a connection keeps one alarm, which stays set
//! while heads come and go, and is set again only when it rings too early.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::rt::{Sleep, Timer};
use tokio::time::Instant;

/// The timer of one connection.
pub(super) struct HeadTimer(Arc<Mutex<HeadAlarm>>);

type HeadAlarm = Pin<Box<tokio::time::Sleep>>;

impl HeadTimer {
    /// Its alarm rings at once, and is set when it is needed.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Box::pin(tokio::time::sleep(Duration::ZERO)))))
    }

    fn until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(HeadTimeout { alarm: self.0.clone(), deadline })
    }
}

impl Timer for HeadTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: std::time::Instant) -> Pin<Box<dyn Sleep>> {
        self.until(deadline.into())
    }

    fn now(&self) -> std::time::Instant {
        Instant::now().into()
    }
}

/// Ends at its deadline. The deadlines of a connection only grow, so the alarm never rings too late.
struct HeadTimeout {
    alarm: Arc<Mutex<HeadAlarm>>,
    deadline: Instant,
}

impl Sleep for HeadTimeout {}

impl Future for HeadTimeout {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut alarm = self.alarm.lock().unwrap_or_else(PoisonError::into_inner);
        while alarm.as_mut().poll(context).is_ready() {
            if Instant::now() >= self.deadline {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(self.deadline);
        }
        Poll::Pending
    }
}
