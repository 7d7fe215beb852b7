//! The interface through which webhooks leave the engine. `delivery` implements it; without an outbox, webhooks are only recorded.

use std::pin::Pin;
use std::sync::Arc;

use crate::domain::event::{Channel, Decision, Scope, View, WebhookEvent};
use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, PageKey};

use crate::wire::{Post, PostOptions, WebhookItem, post};

use super::ActiveWorld;
use super::ledger::{DeliveryResult, LedgerEntry};

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
    pub fn scene(&self) -> Scope {
        self.request.first.event.scene
    }
}

/// Webhooks for one app that leave in one POST.
#[derive(Debug, Clone)]
pub struct WebhookRequest {
    /// The receiver.
    pub app: AppKey,
    /// The first webhook identifies the request.
    pub first: Webhook,
    /// The others, if it is a batch.
    pub more: Vec<Webhook>,
}

/// A webhook that goes to an app.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The cursor of its ledger entry.
    pub entry: u64,
    /// What it is about.
    pub event: Arc<WebhookEvent>,
    /// Where it stands in Meta's payload.
    pub channel: Channel,
    /// What the app may see of it.
    pub view: View,
}

impl Webhook {
    /// The webhook of an entry and its receiver. Returns `None` if the entry is no webhook or was withheld.
    pub fn of(entry: &LedgerEntry) -> Option<(AppKey, Self)> {
        let (event, decision) = entry.record.webhook()?;
        let Decision::Deliver(channel, view) = decision.decision else { return None };
        Some((decision.app, Self { entry: entry.cursor, event: event.clone(), channel, view }))
    }

    /// The field under which the app gets it, which is `standby` on the standby channel.
    pub fn field(&self) -> Field {
        match self.channel {
            Channel::Standby => Field::Standby,
            Channel::Messaging => self.event.body.field(),
        }
    }
}

impl WebhookRequest {
    /// The request of these webhooks, if `find` finds all of them.
    pub(super) fn of(app: AppKey, webhooks: &[u64], find: impl Fn(u64) -> Option<Webhook>) -> Option<Self> {
        let mut items = webhooks.iter().map(|webhook| find(*webhook));
        Some(Self { app, first: items.next()??, more: items.collect::<Option<_>>()? })
    }

    /// All its webhooks.
    pub fn items(&self) -> impl Iterator<Item = &Webhook> + Clone {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The POST that carries it.
    pub fn post(&self, config: &Config, options: PostOptions) -> Post {
        let webhooks =
            self.items().map(|item| WebhookItem { event: &item.event, channel: item.channel, view: item.view });
        post(config, self.app, webhooks, options)
    }

    /// The page of the first webhook.
    pub fn page(&self) -> PageKey {
        self.first.event.scene.page()
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
