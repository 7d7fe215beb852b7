//! Webhooks on their way to an app, and the requests that carry them.

use std::sync::Arc;

use crate::domain::event::{Channel, Visibility, WebhookEvent};
use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::wire::{Post, PostOptions, WebhookEntry, build_post};

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

/// The webhooks of a request by their cursors. What they say stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestCursors {
    /// The receiver.
    pub app: AppKey,
    /// The cursors of the webhooks, in order.
    pub webhooks: Vec<u64>,
}

impl RequestCursors {
    /// The cursors of a request.
    pub(super) fn of(request: &WebhookRequest) -> Self {
        Self { app: request.app, webhooks: request.items().map(|item| item.entry).collect() }
    }

    /// The request, if `find` finds all its webhooks.
    pub(super) fn request(&self, find: impl Fn(u64) -> Option<Webhook>) -> Option<WebhookRequest> {
        let mut items = self.webhooks.iter().map(|webhook| find(*webhook));
        Some(WebhookRequest { app: self.app, first: items.next()??, more: items.collect::<Option<_>>()? })
    }
}

/// A webhook that goes to an app.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The cursor of its ledger entry.
    pub entry: u64,
    /// The entry of the command that led to it.
    pub cause: u64,
    /// What it is about.
    pub event: Arc<WebhookEvent>,
    /// Where it stands in Meta's payload.
    pub channel: Channel,
    /// What the app may see of it.
    pub view: Visibility,
}

impl Webhook {
    /// The field under which the app gets it, which is `standby` on the standby channel.
    pub fn field(&self) -> Field {
        match self.channel {
            Channel::Standby => Field::Standby,
            Channel::Messaging | Channel::Changes | Channel::Entry => self.event.field(),
        }
    }
}

impl WebhookRequest {
    /// All its webhooks.
    pub fn items(&self) -> impl Iterator<Item = &Webhook> + Clone {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The POST that carries it.
    pub fn post(&self, config: &Config, options: PostOptions) -> Post {
        let webhooks =
            self.items().map(|item| WebhookEntry { event: &item.event, channel: item.channel, view: item.view });
        build_post(config, self.app, webhooks, options)
    }

    /// The page of the first webhook.
    pub fn page(&self) -> AssetKey {
        self.first.event.scope.asset()
    }
}
