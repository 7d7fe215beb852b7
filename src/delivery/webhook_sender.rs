//! Delivery room: the courier, who fills the engine's outbox slot and keeps workers as long as something waits. `cli` and `emulator`
//! enter.

use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::runtime::Handle;

use crate::domain::event::Scope;
use crate::engine::{Handshake, HandshakeError, Job, Outbox};

use super::attempt::Delivery;
use super::client::Client;
use super::handshake::verify;
use super::settings::DeliverySettings;
use super::thread_queues::{DeskKey, Lanes};

/// Sends webhooks over HTTP: in order within a thread, at the same time across threads.
#[derive(Debug)]
pub struct WebhookSender {
    office: Arc<Shared>,
    /// Jobs may come from threads that know of no runtime.
    runtime: Handle,
}

/// What the workers share.
struct Shared {
    settings: DeliverySettings,
    client: Client,
    lanes: Lanes,
}

impl WebhookSender {
    /// A courier who works on the current runtime.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(settings: DeliverySettings) -> Arc<Self> {
        let office = Shared { settings, client: Client::default(), lanes: Lanes::default() };
        Arc::new(Self { office: Arc::new(office), runtime: Handle::current() })
    }

    /// Whether nothing waits and nothing is under way.
    #[cfg(test)]
    pub(crate) fn is_idle(&self) -> bool {
        self.office.lanes.desks() == 0
    }
}

impl Outbox for WebhookSender {
    fn send(&self, job: Job) {
        if let Some(desk) = self.office.lanes.push(Delivery::new(job)) {
            let worker = Worker { office: self.office.clone(), desk, lane: None, left: false };
            self.runtime.spawn(worker.work());
        }
    }

    fn handshake(&self, handshake: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>> {
        Box::pin(verify(handshake, self.office.settings.timeout))
    }
}

/// Delivers what waits at a desk, and leaves when nothing is ready.
struct Worker {
    office: Arc<Shared>,
    desk: DeskKey,
    /// The lane of the delivery that is under way.
    lane: Option<Scope>,
    left: bool,
}

impl Worker {
    async fn work(mut self) {
        while let Some(delivery) = self.next() {
            survive(delivery.make(&self.office.client, &self.office.settings)).await;
        }
    }

    fn next(&mut self) -> Option<Delivery> {
        let next = self.office.lanes.next(self.desk, self.lane.take());
        self.lane = next.as_ref().map(|delivery| delivery.scope());
        self.left = next.is_none();
        next
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        // The runtime is going down. Reports take the world's lock, and `send` is called under it: so they come from elsewhere.
        let abandoned = self.office.lanes.abandon(self.desk, self.lane);
        if !abandoned.is_empty() {
            std::thread::spawn(move || drop(abandoned));
        }
    }
}

/// Runs a delivery to its end or to its panic: that costs the one delivery, which reports itself when it is dropped, and leaves the
/// worker at work.
async fn survive(delivery: impl Future<Output = ()>) {
    let mut delivery = pin!(delivery);
    poll_fn(|context| {
        let poll = catch_unwind(AssertUnwindSafe(|| delivery.as_mut().poll(context)));
        poll.unwrap_or(Poll::Ready(()))
    })
    .await;
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shared").field("settings", &self.settings).finish_non_exhaustive()
    }
}
