//! The interface through which webhooks leave the engine. `delivery` implements it; without an outbox, webhooks are only recorded.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use crate::domain::model::config::Config;

use super::attempt::{AttemptOutcome, Job};

/// Sends webhooks.
pub trait Outbox: Send + Sync + Debug {
    /// Queues a job, in order per app and thread, and reports it to its world. Called under the world's lock, so it must neither block nor
    /// call back before it returns.
    fn send(&self, job: Job, world: Arc<dyn JobWorld>);

    /// Asks a callback URL whether it wants webhooks: `GET url?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`.
    fn handshake(&self, handshake: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>>;
}

/// The world that a job belongs to, as an outbox sees it.
pub trait JobWorld: Send + Sync + Debug {
    /// The world file, as it was read.
    fn config(&self) -> &Config;

    /// An attempt begins. Returns `false` if the world has been reset since, and the webhook must not be sent.
    fn delivery_started(&self, job: &Job) -> bool;

    /// An attempt ended. Nothing is recorded if the world has been reset since.
    fn delivery_finished(self: Arc<Self>, job: Job, outcome: AttemptOutcome);
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

/// An outbox that sends nothing: in a replay the recorded run has the results of all attempts.
#[derive(Debug)]
pub struct NullOutbox;

impl Outbox for NullOutbox {
    fn send(&self, _: Job, _: Arc<dyn JobWorld>) {}

    fn handshake(&self, _: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
