//! Engine room: the slot through which webhooks leave. `delivery` fills it; without one, webhooks stand in
//! the ledger alone.

use std::pin::Pin;
use std::sync::Arc;

use crate::domain::event::{Channel, Notice, View};
use crate::domain::ids::AppKey;

use super::Hosted;
use super::ledger::DeliveryResult;

/// A webhook to send.
#[derive(Debug)]
pub struct Job {
    /// The world that it comes from.
    pub world: Arc<Hosted>,
    /// How often that world had been reset when it was made.
    pub generation: u64,
    /// Its entry in the ledger.
    pub entry: u64,
    /// The receiving app.
    pub app: AppKey,
    /// Where it goes.
    pub url: Box<str>,
    /// What it is about.
    pub notice: Arc<Notice>,
    /// Where in the entry it stands.
    pub channel: Channel,
    /// What the app may see of it.
    pub view: View,
}

/// One attempt to send a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt(pub u32);

/// How an attempt went.
#[derive(Debug)]
pub struct Outcome {
    /// Answered or failed.
    pub result: DeliveryResult,
    /// Real time that it took.
    pub took: std::time::Duration,
    /// What the app should know all the same.
    pub warning: Option<Box<str>>,
}

/// Takes webhooks out of the engine.
pub trait Outbox: Send + Sync + std::fmt::Debug {
    /// Sends a job, in order per app and thread, and reports each attempt to [`Hosted::delivery_tries`] and
    /// [`Hosted::delivered`]. Called under a world's lock, so it must neither block nor call back before it returns.
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
