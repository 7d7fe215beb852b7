//! The body of a webhook: `object`, `entry`, `messaging`, `standby` or `changes`, and `hop_context`. The order of the fields is Meta's.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::change_json::seconds;
use super::escape::{Escaping, to_bytes};
use super::event_json::{EventJson, event_json};
use crate::domain::event::{Channel, Visibility, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::knobs::HopContextForm;
use crate::domain::model::page_change::PageChange;
use crate::domain::model::platform::Platform;
use crate::domain::model::scoped_id::ScopedId;
use crate::domain::model::time::Moment;

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

struct EntryJson<'e> {
    object: &'static str,
    at: Moment,
    id: &'e str,
    channel: Channel,
    item: ItemJson<'e>,
    hop_context: Option<HopContextsJson<'e>>,
}

impl Serialize for EntryJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        if matches!(self.channel, Channel::Changes | Channel::Entry) {
            map.serialize_entry("id", self.id)?;
            map.serialize_entry("time", &seconds(self.at))?;
        } else {
            map.serialize_entry("time", &self.at.millis())?;
            map.serialize_entry("id", self.id)?;
        }
        match (&self.item.event, self.channel) {
            (EventJson::Change(change), Channel::Entry) => change.serialize_into(&mut map)?,
            _ => map.serialize_entry(self.channel.name(), &[&self.item])?,
        }
        if let Some(hop_context) = &self.hop_context {
            map.serialize_entry("hop_context", hop_context)?;
        }
        map.end()
    }
}

/// An element of `messaging`, `standby` or `changes`.
struct ItemJson<'e> {
    /// Absent if nobody in the thread caused the event.
    sender: Option<IdJson<'e>>,
    recipient: IdJson<'e>,
    timestamp: u64,
    /// False in `changes`.
    is_message: bool,
    event: EventJson<'e>,
    /// The checkbox through which an app wrote before the person's message.
    prior_user_ref: Option<&'e str>,
    accepts_request: bool,
    /// True for what the account taps in its own thread. A message has it inside.
    is_self: bool,
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

impl Serialize for ItemJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.event {
            // An example of a Test button is a whole item.
            EventJson::Change(change) if self.is_message => return change.value.serialize(serializer),
            EventJson::Change(change) => return change.serialize(serializer),
            _ => {}
        }
        let mut map = serializer.serialize_map(Some(4))?;
        if let Some(sender) = &self.sender {
            map.serialize_entry("sender", sender)?;
        }
        map.serialize_entry("recipient", &self.recipient)?;
        map.serialize_entry("timestamp", &self.timestamp)?;
        match &self.event {
            EventJson::Message(item) => map.serialize_entry("message", item)?,
            EventJson::InstagramMessage(item) => map.serialize_entry("message", item)?,
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
            EventJson::Change(_) => {}
        }
        if let Some(identifier) = self.prior_user_ref {
            map.serialize_entry("prior_message", &PriorMessageJson { source: "checkbox_plugin", identifier })?;
        }
        if self.is_self {
            map.serialize_entry("is_self", &true)?;
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
        (Some(only), None) => to_bytes(&webhook_body(only.object, [only]), escaping),
        (first, second) => {
            let all: Vec<_> = first.into_iter().chain(second).chain(entries).collect();
            to_bytes(&webhook_body(all.first().map_or("page", |first| first.object), all), escaping)
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
    webhook_body(webhook_event.platform.object(), [entry_json(config, webhook_event, channel, view)])
}

fn webhook_body<E: Serialize>(object: &'static str, entry: E) -> WebhookBodyJson<E> {
    WebhookBodyJson { object, entry }
}

fn entry_json<'e>(
    config: &'e Config,
    webhook_event: &'e WebhookEvent,
    channel: Channel,
    view: Visibility,
) -> EntryJson<'e> {
    EntryJson {
        object: webhook_event.platform.object(),
        at: webhook_event.at,
        id: entry_id(config, webhook_event),
        channel,
        item: item(config, webhook_event, channel, view),
        hop_context: hop_context(config, webhook_event, channel),
    }
}

/// The page. The examples of Test buttons are about none.
fn entry_id<'e>(config: &'e Config, webhook_event: &WebhookEvent) -> &'e str {
    match &webhook_event.payload {
        WebhookPayload::Change(change) if matches!(**change, PageChange::Test(_)) => "0",
        _ => &config.asset(webhook_event.scope.asset()).id,
    }
}

/// The element of `messaging`, `standby` or `changes` alone.
pub fn item_view<'e>(
    config: &'e Config,
    webhook_event: &'e WebhookEvent,
    channel: Channel,
    view: Visibility,
) -> impl Serialize + 'e {
    item(config, webhook_event, channel, view)
}

/// The element of `messaging`, `standby` or `changes` alone, as a value.
pub fn item_json(
    config: &Config,
    webhook_event: &WebhookEvent,
    channel: Channel,
    view: Visibility,
) -> serde_json::Value {
    serde_json::to_value(item(config, webhook_event, channel, view)).unwrap_or_default()
}

/// `hop_context` alone, as a value.
pub fn hop_context_json(config: &Config, webhook_event: &WebhookEvent, channel: Channel) -> Option<serde_json::Value> {
    serde_json::to_value(hop_context(config, webhook_event, channel)?).ok()
}

fn item<'e>(config: &'e Config, webhook_event: &'e WebhookEvent, channel: Channel, view: Visibility) -> ItemJson<'e> {
    let page = webhook_event.scope.asset();
    let page_id = || IdJson { id: PartyId::Page(&config.asset(page).id) };
    let person = webhook_event.person.as_ref().map(|person| IdJson { id: PartyId::Person(person) });
    let (sender, recipient) = match webhook_event.payload {
        WebhookPayload::Echo(_) | WebhookPayload::EchoInOwnField(_) => {
            (Some(page_id()), person.unwrap_or_else(page_id))
        }
        // A checkbox does not say which person ticked it.
        WebhookPayload::OptedIn { .. } => (None, page_id()),
        _ => (person, page_id()),
    };
    let message = match &webhook_event.payload {
        WebhookPayload::Message { message, .. } => Some(message),
        _ => None,
    };
    let is_postback = matches!(webhook_event.payload, WebhookPayload::Postback { .. });
    ItemJson {
        is_self: is_postback && webhook_event.scope.thread().is_some_and(|thread| config.is_note_to_self(thread)),
        prior_user_ref: message.and_then(|message| message.prior_user_ref.as_deref()),
        accepts_request: message.is_some_and(|message| message.accepts_request),
        sender,
        recipient,
        timestamp: timestamp(config, webhook_event),
        is_message: matches!(channel, Channel::Messaging | Channel::Standby),
        event: event_json(config, page, webhook_event, view),
        hop_context: context(config, webhook_event)
            .filter(|_| matches!(webhook_event.payload, WebhookPayload::Summary { .. })),
    }
}

/// Milliseconds. Recorded webhooks of leads have seconds; other referrals have seconds if the page's knob says so.
fn timestamp(config: &Config, webhook_event: &WebhookEvent) -> u64 {
    let in_seconds = match webhook_event.payload {
        WebhookPayload::Lead(_) | WebhookPayload::Summary { .. } => true,
        WebhookPayload::Referral(_) => config.asset(webhook_event.scope.asset()).knobs.referral_seconds,
        _ => false,
    };
    if in_seconds { webhook_event.at.millis() / 1000 } else { webhook_event.at.millis() }
}

fn context<'e>(config: &'e Config, webhook_event: &'e WebhookEvent) -> Option<HopContextJson<'e>> {
    let knobs = config.asset(webhook_event.scope.asset()).knobs;
    if webhook_event.platform == Platform::Instagram || knobs.hop_context == HopContextForm::Off {
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
    match config.asset(webhook_event.scope.asset()).knobs.hop_context {
        HopContextForm::Array => Some(HopContextsJson::Array([body])),
        HopContextForm::Auto if !is_message => Some(HopContextsJson::Array([body])),
        HopContextForm::Off | HopContextForm::Object | HopContextForm::Auto => Some(HopContextsJson::Object(body)),
    }
}
