//! The interface through which webhooks leave the engine. `delivery` implements it; without an outbox, webhooks are only recorded.

use std::pin::Pin;
use std::sync::Arc;

use crate::domain::event::Scope;
use crate::wire::PostOptions;

use super::ActiveWorld;
use super::ledger_entry::DeliveryResult;
use super::webhook::WebhookRequest;

/// An attempt to send a request.
#[derive(Debug)]
pub struct Job {
    pub world: Arc<ActiveWorld>,
    /// The generation of the world when the job was made.
    pub generation: u64,
    pub url: Box<str>,
    /// Counted from 1.
    pub attempt: u32,
    pub request: WebhookRequest,
    pub options: PostOptions,
    /// The number of the fault that it met, if it met one.
    pub fault: Option<u32>,
    /// True if a caller asked for this attempt.
    pub on_demand: bool,
}

impl Job {
    /// The thread or page of the first webhook. Jobs of the same scope are sent in order.
    pub fn scope(&self) -> Scope {
        self.request.first.event.scope
    }
}

/// How an attempt went.
#[derive(Debug)]
pub struct AttemptOutcome {
    pub result: DeliveryResult,
    /// The beginning of the body of the app's answer.
    pub said: Box<[u8]>,
    /// Real time that it took.
    pub took: std::time::Duration,
    /// Something that the app's developer should know although it went well.
    pub warning: Option<Box<str>>,
}

impl From<DeliveryResult> for AttemptOutcome {
    /// The outcome of an attempt for which nothing was really sent.
    fn from(result: DeliveryResult) -> Self {
        Self { result, said: Box::default(), took: std::time::Duration::ZERO, warning: None }
    }
}

/// Sends webhooks.
pub trait Outbox: Send + Sync + std::fmt::Debug {
    /// Queues a job, in order per app and thread, and reports it to [`ActiveWorld::delivery_started`] and
    /// [`ActiveWorld::delivered`]. Called under a world's lock, so it must neither block nor call back before it returns.
    fn send(&self, job: Job);

    /// Asks a callback URL whether it wants webhooks: `GET url?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`.
    fn handshake(&self, handshake: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>>;
}

/// A verification request.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// The callback URL.
    pub url: Box<str>,
    /// What the app said it expects.
    pub verify_token: Box<str>,
    /// What the app must answer, a decimal number.
    pub challenge: u64,
}

/// Why a handshake failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandshakeError {
    /// It answered, but not with 200: status and reason phrase.
    Status(u16, Box<str>),
    /// It answered 200 with something other than the challenge.
    WrongChallenge(Box<str>),
    /// It did not answer: curl's number for the failure, and its words.
    NoAnswer(u32, Box<str>),
}
