//! Wire room: the envelope of a webhook: object, entry, `messaging` or `standby`, `hop_context`.

use serde::{Serialize, Serializer};

use super::escape::{Escaping, to_bytes};
use super::items::{Item, item};
use crate::domain::event::{Channel, Visibility, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::knobs::HopContextForm;

#[derive(Serialize)]
struct Envelope<E: Serialize> {
    object: &'static str,
    entry: E,
}

/// What an app is told, and how much of it.
#[derive(Debug, Clone, Copy)]
pub struct WebhookItem<'e> {
    /// What happened.
    pub event: &'e WebhookEvent,
    /// Where in the entry it stands.
    pub channel: Channel,
    /// What the app may see of it.
    pub view: Visibility,
}

#[derive(Serialize)]
struct Entry<'e> {
    time: u64,
    id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    messaging: Option<[MessagingItem<'e>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standby: Option<[MessagingItem<'e>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hop_context: Option<HopContextItem<'e>>,
}

struct MessagingItem<'e> {
    /// Nobody sends what happens on the page itself.
    sender: Option<&'e str>,
    recipient: &'e str,
    timestamp: u64,
    item: Item<'e>,
    /// The summary of a lead carries it inside.
    hop_context: Option<HopContextBody<'e>>,
}

#[derive(Serialize)]
struct Id<'e> {
    id: &'e str,
}

/// As recorded: an object beside messages, an array beside handovers.
#[derive(Serialize)]
#[serde(untagged)]
enum HopContextItem<'e> {
    Object(HopContextBody<'e>),
    Array([HopContextBody<'e>; 1]),
}

#[derive(Serialize)]
struct HopContextBody<'e> {
    app_id: u64,
    metadata: &'e str,
}

impl Serialize for MessagingItem<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(4))?;
        if let Some(sender) = self.sender {
            map.serialize_entry("sender", &Id { id: sender })?;
        }
        map.serialize_entry("recipient", &Id { id: self.recipient })?;
        map.serialize_entry("timestamp", &self.timestamp)?;
        match &self.item {
            Item::Message(item) => map.serialize_entry("message", item)?,
            Item::Postback(item) => map.serialize_entry("postback", item)?,
            Item::Referral(item) => map.serialize_entry("referral", item)?,
            Item::Lead(referral, lead) => {
                map.serialize_entry("referral", referral)?;
                map.serialize_entry("lead", lead)?;
            }
            Item::PassThreadMetadata(item) => map.serialize_entry("pass_thread_metadata", item)?,
            Item::AppRoles(item) => map.serialize_entry("app_roles", item)?,
            Item::PassThreadControl(item) => map.serialize_entry("pass_thread_control", item)?,
            Item::TakeThreadControl(item) => map.serialize_entry("take_thread_control", item)?,
            Item::RequestThreadControl(item) => map.serialize_entry("request_thread_control", item)?,
            Item::Delivery(item) => map.serialize_entry("delivery", item)?,
            Item::Read(item) => map.serialize_entry("read", item)?,
            Item::Reaction(item) => map.serialize_entry("reaction", item)?,
            Item::NotificationOptIn(item) => map.serialize_entry("optin", item)?,
            Item::OneTimeOptIn(item) => map.serialize_entry("optin", item)?,
            Item::Feedback(item) => map.serialize_entry("messaging_feedback", item)?,
            Item::Coupon(item) => map.serialize_entry("template", item)?,
            Item::OptIn(item) => map.serialize_entry("optin", item)?,
            Item::AccountLinking(item) => map.serialize_entry("account_linking", item)?,
        }
        if let Some(context) = &self.hop_context {
            map.serialize_entry("hop_context", context)?;
        }
        map.end()
    }
}

/// The exact bytes of a body that tells one app of all this: an entry for each.
pub(super) fn webhook_bytes<'e>(
    config: &'e Config,
    told: impl Iterator<Item = WebhookItem<'e>>,
    escaping: Escaping,
) -> Vec<u8> {
    let mut entries = told.map(|told| entry(config, told.event, told.channel, told.view));
    match (entries.next(), entries.next()) {
        // Nearly always there is one.
        (Some(only), None) => to_bytes(&envelope([only]), escaping),
        (first, second) => {
            let all: Vec<_> = first.into_iter().chain(second).chain(entries).collect();
            to_bytes(&envelope(all), escaping)
        }
    }
}

/// A webhook of its own as JSON to read.
pub fn webhook_json(
    config: &Config,
    webhook_event: &WebhookEvent,
    channel: Channel,
    view: Visibility,
) -> serde_json::Value {
    serde_json::to_value(envelope([entry(config, webhook_event, channel, view)])).unwrap_or_default()
}

fn envelope<E: Serialize>(entry: E) -> Envelope<E> {
    Envelope { object: "page", entry }
}

fn entry<'e>(config: &'e Config, webhook_event: &'e WebhookEvent, channel: Channel, view: Visibility) -> Entry<'e> {
    let item = messaging_item(config, webhook_event, view);
    let (messaging, standby) = match channel {
        Channel::Messaging => (Some([item]), None),
        Channel::Standby => (None, Some([item])),
    };
    Entry {
        time: webhook_event.at.0,
        id: &config.page(webhook_event.scope.page()).id,
        messaging,
        standby,
        hop_context: hop_context(config, webhook_event, channel),
    }
}

/// The messaging item alone, as JSON to match against.
pub fn item_json(config: &Config, webhook_event: &WebhookEvent, view: Visibility) -> serde_json::Value {
    serde_json::to_value(messaging_item(config, webhook_event, view)).unwrap_or_default()
}

/// `hop_context` alone, as JSON to match against.
pub fn hop_context_json(config: &Config, webhook_event: &WebhookEvent, channel: Channel) -> Option<serde_json::Value> {
    serde_json::to_value(hop_context(config, webhook_event, channel)?).ok()
}

fn messaging_item<'e>(config: &'e Config, webhook_event: &'e WebhookEvent, view: Visibility) -> MessagingItem<'e> {
    let page = webhook_event.scope.page();
    let page_id = &*config.page(page).id;
    let person = webhook_event.scope.thread().map(|thread| config.psid(thread));
    let (sender, recipient) = match webhook_event.payload {
        WebhookPayload::Echo(_) => (Some(page_id), person.unwrap_or(page_id)),
        // A checkbox does not tell who ticked it.
        WebhookPayload::OptedIn { .. } => (None, page_id),
        _ => (person, page_id),
    };
    MessagingItem {
        sender,
        recipient,
        timestamp: timestamp(config, webhook_event),
        item: item(config, page, &webhook_event.payload, view),
        hop_context: context(config, webhook_event)
            .filter(|_| matches!(webhook_event.payload, WebhookPayload::Summary { .. })),
    }
}

/// Milliseconds; but what comes of leads has seconds, as recorded, and other referrals have them where the page is switched so.
fn timestamp(config: &Config, webhook_event: &WebhookEvent) -> u64 {
    let in_seconds = match webhook_event.payload {
        WebhookPayload::Lead(_) | WebhookPayload::Summary { .. } => true,
        WebhookPayload::Referral(_) => config.page(webhook_event.scope.page()).knobs.referral_seconds,
        _ => false,
    };
    if in_seconds { webhook_event.at.0 / 1000 } else { webhook_event.at.0 }
}

fn context<'e>(config: &'e Config, webhook_event: &'e WebhookEvent) -> Option<HopContextBody<'e>> {
    if config.page(webhook_event.scope.page()).knobs.hop_context == HopContextForm::Off {
        return None;
    }
    let context = webhook_event.context.as_ref()?;
    let metadata = context.metadata.as_deref().unwrap_or_default();
    Some(HopContextBody { app_id: config.app(context.app).id.0, metadata })
}

fn hop_context<'e>(
    config: &'e Config,
    webhook_event: &'e WebhookEvent,
    channel: Channel,
) -> Option<HopContextItem<'e>> {
    let body = context(config, webhook_event).filter(|_| channel == Channel::Messaging)?;
    let is_message = match webhook_event.payload {
        WebhookPayload::Message { .. } => true,
        WebhookPayload::Passed { .. } | WebhookPayload::Taken { .. } | WebhookPayload::Requested { .. } => false,
        _ => return None,
    };
    match config.page(webhook_event.scope.page()).knobs.hop_context {
        HopContextForm::Array => Some(HopContextItem::Array([body])),
        HopContextForm::Auto if !is_message => Some(HopContextItem::Array([body])),
        HopContextForm::Off | HopContextForm::Object | HopContextForm::Auto => Some(HopContextItem::Object(body)),
    }
}
