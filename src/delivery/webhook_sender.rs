//! The [`WebhookSender`]: the engine's outbox, and the workers that send what it receives.

use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::runtime::Handle;

use crate::domain::event::Scope;
use crate::engine::{Handshake, HandshakeError, Job, JobWorld, Outbox};

use super::attempt::QueuedDelivery;
use super::client::HttpClient;
use super::handshake::verify;
use super::settings::DeliverySettings;
use super::thread_queues::{AppQueueKey, ThreadQueues};

/// Sends webhooks over HTTP: in order within a thread, concurrently across threads.
#[derive(Debug)]
pub struct WebhookSender {
    shared: Arc<Shared>,
    /// Jobs may come from threads that know no runtime.
    runtime: Handle,
}

/// What the workers share.
struct Shared {
    settings: DeliverySettings,
    client: HttpClient,
    queues: ThreadQueues,
}

impl WebhookSender {
    /// A sender whose workers run on the current runtime.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(settings: DeliverySettings) -> Arc<Self> {
        let shared = Shared { client: HttpClient::new(&settings), queues: ThreadQueues::default(), settings };
        Arc::new(Self { shared: Arc::new(shared), runtime: Handle::current() })
    }

    /// True if no delivery waits and none is being sent.
    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        self.shared.queues.is_empty()
    }
}

impl Outbox for WebhookSender {
    fn send(&self, job: Job, world: Arc<dyn JobWorld>) {
        if let Some(app) = self.shared.queues.push(QueuedDelivery::new(job, world)) {
            let worker = Worker { shared: self.shared.clone(), app, thread: None, has_ended: false };
            self.runtime.spawn(worker.run());
        }
    }

    fn handshake(&self, handshake: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>> {
        let shared = self.shared.clone();
        Box::pin(async move { verify(handshake, &shared.client, shared.settings.timeout).await })
    }
}

/// Sends the deliveries of one app, and ends when none is ready.
struct Worker {
    shared: Arc<Shared>,
    app: AppQueueKey,
    /// The thread of the delivery that is being sent.
    thread: Option<Scope>,
    has_ended: bool,
}

impl Worker {
    async fn run(mut self) {
        while let Some(delivery) = self.next_delivery() {
            survive_panic(delivery.send_and_report(&self.shared.client, &self.shared.settings)).await;
        }
    }

    fn next_delivery(&mut self) -> Option<QueuedDelivery> {
        let next = self.shared.queues.next(self.app, self.thread.take());
        self.thread = next.as_ref().map(QueuedDelivery::scope);
        self.has_ended = next.is_none();
        next
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        // The runtime is shutting down. To report a delivery takes the world's lock, and `send` is called under that lock; so the reports
        // come from another thread.
        let abandoned = self.shared.queues.abandon(self.app, self.thread);
        if !abandoned.is_empty() {
            std::thread::spawn(move || drop(abandoned));
        }
    }
}

/// Runs a delivery to its end or to its panic. After a panic the delivery reports itself when it is dropped, and the worker goes on.
async fn survive_panic(delivery: impl Future<Output = ()>) {
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
