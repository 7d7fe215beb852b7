//! The body of a webhook: `object`, `entry`, `messaging` or `standby`, and `hop_context`. The order of the fields is Meta's.

use serde::{Serialize, Serializer};

use super::escape::{Escaping, to_bytes};
use super::event_json::{EventJson, event_json};
use crate::domain::event::{Channel, Visibility, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::knobs::HopContextForm;
use crate::domain::model::scoped_id::ScopedId;

#[derive(Serialize)]
struct WebhookBodyJson<E: Serialize> {
    object: &'static str,
    entry: E,
}

/// One entry of a webhook body, before it is written as JSON.
#[derive(Debug, Clone, Copy)]
pub struct WebhookEntry<'e> {
    pub event: &'e WebhookEvent,
    pub channel: Channel,
    /// What the app may see of the event.
    pub view: Visibility,
}

#[derive(Serialize)]
struct EntryJson<'e> {
    time: u64,
    id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    messaging: Option<[MessagingJson<'e>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standby: Option<[MessagingJson<'e>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hop_context: Option<HopContextsJson<'e>>,
}

struct MessagingJson<'e> {
    /// Absent if nobody in the thread caused the event.
    sender: Option<IdJson<'e>>,
    recipient: IdJson<'e>,
    timestamp: u64,
    event: EventJson<'e>,
    /// The checkbox through which an app wrote before the person's message.
    prior_user_ref: Option<&'e str>,
    accepts_request: bool,
    /// Only the summary of a lead has it here.
    hop_context: Option<HopContextJson<'e>>,
}

#[derive(Serialize)]
struct PriorMessageJson<'e> {
    source: &'static str,
    identifier: &'e str,
}

#[derive(Serialize)]
struct IdJson<'e> {
    id: PartyId<'e>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PartyId<'e> {
    Page(&'e str),
    Person(&'e ScopedId),
}

/// In recorded webhooks this is an object beside messages, and an array beside handovers.
#[derive(Serialize)]
#[serde(untagged)]
enum HopContextsJson<'e> {
    Object(HopContextJson<'e>),
    Array([HopContextJson<'e>; 1]),
}

#[derive(Serialize)]
struct HopContextJson<'e> {
    app_id: u64,
    metadata: &'e str,
}

impl Serialize for MessagingJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(4))?;
        if let Some(sender) = &self.sender {
            map.serialize_entry("sender", sender)?;
        }
        map.serialize_entry("recipient", &self.recipient)?;
        map.serialize_entry("timestamp", &self.timestamp)?;
        match &self.event {
            EventJson::Message(item) => map.serialize_entry("message", item)?,
            EventJson::Postback(item) => map.serialize_entry("postback", item)?,
            EventJson::Referral(item) => map.serialize_entry("referral", item)?,
            EventJson::Lead(referral, lead) => {
                map.serialize_entry("referral", referral)?;
                map.serialize_entry("lead", lead)?;
            }
            EventJson::PassThreadMetadata(item) => map.serialize_entry("pass_thread_metadata", item)?,
            EventJson::AppRoles(item) => map.serialize_entry("app_roles", item)?,
            EventJson::PassThreadControl(item) => map.serialize_entry("pass_thread_control", item)?,
            EventJson::TakeThreadControl(item) => map.serialize_entry("take_thread_control", item)?,
            EventJson::RequestThreadControl(item) => map.serialize_entry("request_thread_control", item)?,
            EventJson::Delivery(item) => map.serialize_entry("delivery", item)?,
            EventJson::Read(item) => map.serialize_entry("read", item)?,
            EventJson::Reaction(item) => map.serialize_entry("reaction", item)?,
            EventJson::Edit(item) => map.serialize_entry("message_edit", item)?,
            EventJson::Unsent(item) => map.serialize_entry("message", item)?,
            EventJson::NotificationOptIn(item) => map.serialize_entry("optin", item)?,
            EventJson::OneTimeOptIn(item) => map.serialize_entry("optin", item)?,
            EventJson::Feedback(item) => map.serialize_entry("messaging_feedback", item)?,
            EventJson::Coupon(item) => map.serialize_entry("template", item)?,
            EventJson::OptIn(item) => map.serialize_entry("optin", item)?,
            EventJson::AccountLinking(item) => map.serialize_entry("account_linking", item)?,
        }
        if let Some(identifier) = self.prior_user_ref {
            map.serialize_entry("prior_message", &PriorMessageJson { source: "checkbox_plugin", identifier })?;
        }
        if self.accepts_request {
            map.serialize_entry("message_request", "accept")?;
        }
        if let Some(context) = &self.hop_context {
            map.serialize_entry("hop_context", context)?;
        }
        map.end()
    }
}

/// The exact bytes of a body with these entries.
pub(super) fn webhook_bytes<'e>(
    config: &'e Config,
    entries: impl Iterator<Item = WebhookEntry<'e>>,
    escaping: Escaping,
) -> Vec<u8> {
    let mut entries = entries.map(|entry| entry_json(config, entry.event, entry.channel, entry.view));
    match (entries.next(), entries.next()) {
        // Nearly every body has one entry.
        (Some(only), None) => to_bytes(&webhook_body([only]), escaping),
        (first, second) => {
            let all: Vec<_> = first.into_iter().chain(second).chain(entries).collect();
            to_bytes(&webhook_body(all), escaping)
        }
    }
}

/// The body of a webhook with one entry.
pub fn webhook_view<'e>(
    config: &'e Config,
    webhook_event: &'e WebhookEvent,
    channel: Channel,
    view: Visibility,
) -> impl Serialize + 'e {
    webhook_body([entry_json(config, webhook_event, channel, view)])
}

fn webhook_body<E: Serialize>(entry: E) -> WebhookBodyJson<E> {
    WebhookBodyJson { object: "page", entry }
}

fn entry_json<'e>(
    config: &'e Config,
    webhook_event: &'e WebhookEvent,
    channel: Channel,
    view: Visibility,
) -> EntryJson<'e> {
    let messaging_json = messaging(config, webhook_event, view);
    let (messaging, standby) = match channel {
        Channel::Messaging => (Some([messaging_json]), None),
        Channel::Standby => (None, Some([messaging_json])),
    };
    EntryJson {
        time: webhook_event.at.millis(),
        id: &config.page(webhook_event.scope.page()).id,
        messaging,
        standby,
        hop_context: hop_context(config, webhook_event, channel),
    }
}

/// The element of `messaging` alone.
pub fn messaging_view<'e>(
    config: &'e Config,
    webhook_event: &'e WebhookEvent,
    view: Visibility,
) -> impl Serialize + 'e {
    messaging(config, webhook_event, view)
}

/// The element of `messaging` alone, as a value.
pub fn messaging_json(config: &Config, webhook_event: &WebhookEvent, view: Visibility) -> serde_json::Value {
    serde_json::to_value(messaging(config, webhook_event, view)).unwrap_or_default()
}

/// `hop_context` alone, as a value.
pub fn hop_context_json(config: &Config, webhook_event: &WebhookEvent, channel: Channel) -> Option<serde_json::Value> {
    serde_json::to_value(hop_context(config, webhook_event, channel)?).ok()
}

fn messaging<'e>(config: &'e Config, webhook_event: &'e WebhookEvent, view: Visibility) -> MessagingJson<'e> {
    let page = webhook_event.scope.page();
    let page_id = || IdJson { id: PartyId::Page(&config.page(page).id) };
    let person = webhook_event.person.as_ref().map(|person| IdJson { id: PartyId::Person(person) });
    let (sender, recipient) = match webhook_event.payload {
        WebhookPayload::Echo(_) => (Some(page_id()), person.unwrap_or_else(page_id)),
        // A checkbox does not say which person ticked it.
        WebhookPayload::OptedIn { .. } => (None, page_id()),
        _ => (person, page_id()),
    };
    let message = match &webhook_event.payload {
        WebhookPayload::Message { message, .. } => Some(message),
        _ => None,
    };
    MessagingJson {
        prior_user_ref: message.and_then(|message| message.prior_user_ref.as_deref()),
        accepts_request: message.is_some_and(|message| message.accepts_request),
        sender,
        recipient,
        timestamp: timestamp(config, webhook_event),
        event: event_json(config, page, &webhook_event.payload, view),
        hop_context: context(config, webhook_event)
            .filter(|_| matches!(webhook_event.payload, WebhookPayload::Summary { .. })),
    }
}

/// Milliseconds. Recorded webhooks of leads have seconds; other referrals have seconds if the page's knob says so.
fn timestamp(config: &Config, webhook_event: &WebhookEvent) -> u64 {
    let in_seconds = match webhook_event.payload {
        WebhookPayload::Lead(_) | WebhookPayload::Summary { .. } => true,
        WebhookPayload::Referral(_) => config.page(webhook_event.scope.page()).knobs.referral_seconds,
        _ => false,
    };
    if in_seconds { webhook_event.at.millis() / 1000 } else { webhook_event.at.millis() }
}

fn context<'e>(config: &'e Config, webhook_event: &'e WebhookEvent) -> Option<HopContextJson<'e>> {
    if config.page(webhook_event.scope.page()).knobs.hop_context == HopContextForm::Off {
        return None;
    }
    let context = webhook_event.context.as_ref()?;
    let metadata = context.metadata.as_deref().unwrap_or_default();
    Some(HopContextJson { app_id: config.app(context.app).id.0, metadata })
}

fn hop_context<'e>(
    config: &'e Config,
    webhook_event: &'e WebhookEvent,
    channel: Channel,
) -> Option<HopContextsJson<'e>> {
    let body = context(config, webhook_event).filter(|_| channel == Channel::Messaging)?;
    let is_message = match webhook_event.payload {
        WebhookPayload::Message { .. } => true,
        WebhookPayload::Passed { .. } | WebhookPayload::Taken { .. } | WebhookPayload::Requested { .. } => false,
        _ => return None,
    };
    match config.page(webhook_event.scope.page()).knobs.hop_context {
        HopContextForm::Array => Some(HopContextsJson::Array([body])),
        HopContextForm::Auto if !is_message => Some(HopContextsJson::Array([body])),
        HopContextForm::Off | HopContextForm::Object | HopContextForm::Auto => Some(HopContextsJson::Object(body)),
    }
}
