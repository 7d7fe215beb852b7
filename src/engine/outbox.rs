//! Engine room: the slot through which webhooks leave. `delivery` fills it; without one, webhooks stand in
//! the ledger alone.

use std::pin::Pin;
use std::sync::Arc;

use crate::domain::event::{Channel, Decision, Scope, Visibility, WebhookEvent};
use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, PageKey};

use crate::wire::{Post, PostOptions, WebhookEntry, build_post};

use super::ActiveWorld;
use super::ledger::{DeliveryResult, Entry};

/// An attempt to send a request.
#[derive(Debug)]
pub struct Job {
    /// The world that it comes from.
    pub world: Arc<ActiveWorld>,
    /// How often that world had been reset when it was made.
    pub generation: u64,
    /// Where it goes.
    pub url: Box<str>,
    /// Which attempt it is, counted from 1.
    pub attempt: u32,
    /// What is sent.
    pub request: WebhookRequest,
    /// How it is made.
    pub options: PostOptions,
    /// The number of the fault that it met, if it met one.
    pub fault: Option<u32>,
    /// Whether somebody asked for this attempt.
    pub on_demand: bool,
}

impl Job {
    /// The thread, or the page, of the first webhook: what is sent about it goes in order.
    pub fn scope(&self) -> Scope {
        self.request.first.event.scope
    }
}

/// Webhooks for one app that leave in one POST.
#[derive(Debug, Clone)]
pub struct WebhookRequest {
    /// The receiving app.
    pub app: AppKey,
    /// The webhook; where there are several, the one by which the request is known.
    pub first: Webhook,
    /// The others.
    pub more: Vec<Webhook>,
}

/// A webhook.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its entry in the ledger.
    pub entry: u64,
    /// What it is about.
    pub event: Arc<WebhookEvent>,
    /// Where in the entry it stands.
    pub channel: Channel,
    /// What the app may see of it.
    pub view: Visibility,
}

impl Webhook {
    /// The webhook of an entry, and the app that is told, if it is one.
    pub fn of(entry: &Entry) -> Option<(AppKey, Self)> {
        let (event, decision) = entry.record.webhook()?;
        let Decision::Deliver(channel, view) = decision.decision else { return None };
        Some((decision.app, Self { entry: entry.cursor, event: event.clone(), channel, view }))
    }

    /// The field under which the app gets it: `standby` on the standby channel.
    pub fn field(&self) -> Field {
        match self.channel {
            Channel::Standby => Field::Standby,
            Channel::Messaging => self.event.payload.field(),
        }
    }
}

impl WebhookRequest {
    /// The request of these webhooks, where all of them are found.
    pub(super) fn of(app: AppKey, webhooks: &[u64], find: impl Fn(u64) -> Option<Webhook>) -> Option<Self> {
        let mut items = webhooks.iter().map(|webhook| find(*webhook));
        Some(Self { app, first: items.next()??, more: items.collect::<Option<_>>()? })
    }

    /// All webhooks of it.
    pub fn items(&self) -> impl Iterator<Item = &Webhook> + Clone {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The POST that it leaves in.
    pub fn post(&self, config: &Config, options: PostOptions) -> Post {
        let entries = self.items();
        let entries = entries.map(|item| WebhookEntry { event: &item.event, channel: item.channel, view: item.view });
        build_post(config, self.app, entries, options)
    }

    /// The page of the first webhook.
    pub fn page(&self) -> PageKey {
        self.first.event.scope.page()
    }
}

/// How an attempt went.
#[derive(Debug)]
pub struct Outcome {
    /// Answered or failed.
    pub result: DeliveryResult,
    /// What the app said in its answer, the beginning of it.
    pub said: Box<[u8]>,
    /// Real time that it took.
    pub took: std::time::Duration,
    /// What the app should know all the same.
    pub warning: Option<Box<str>>,
}

impl From<DeliveryResult> for Outcome {
    /// Where nothing was really sent.
    fn from(result: DeliveryResult) -> Self {
        Self { result, said: Box::default(), took: std::time::Duration::ZERO, warning: None }
    }
}

/// Takes webhooks out of the engine.
pub trait Outbox: Send + Sync + std::fmt::Debug {
    /// Sends a job, in order per app and thread, and reports it to [`ActiveWorld::delivery_tries`] and
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
