//! Wire room: the envelope of a webhook: object, entry, `messaging` or `standby`, `hop_context`.

use serde::{Serialize, Serializer};

use super::escape::{Escaping, to_bytes};
use super::items::{Item, item};
use crate::domain::config::Config;
use crate::domain::event::{Body, Channel, Notice, View};

#[derive(Serialize)]
struct Envelope<'e> {
    object: &'static str,
    entry: [Entry<'e>; 1],
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
    sender: &'e str,
    recipient: &'e str,
    timestamp: u64,
    item: Item<'e>,
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
        map.serialize_entry("sender", &Id { id: self.sender })?;
        map.serialize_entry("recipient", &Id { id: self.recipient })?;
        map.serialize_entry("timestamp", &self.timestamp)?;
        match &self.item {
            Item::Message(item) => map.serialize_entry("message", item)?,
            Item::Postback(item) => map.serialize_entry("postback", item)?,
            Item::Referral(item) => map.serialize_entry("referral", item)?,
            Item::PassThreadControl(item) => map.serialize_entry("pass_thread_control", item)?,
            Item::TakeThreadControl(item) => map.serialize_entry("take_thread_control", item)?,
            Item::RequestThreadControl(item) => map.serialize_entry("request_thread_control", item)?,
            Item::Delivery(item) => map.serialize_entry("delivery", item)?,
            Item::Read(item) => map.serialize_entry("read", item)?,
            Item::Reaction(item) => map.serialize_entry("reaction", item)?,
        }
        map.end()
    }
}

/// The exact bytes of the POST that tells one app of a notice.
pub fn webhook_body(config: &Config, notice: &Notice, channel: Channel, view: View) -> Vec<u8> {
    to_bytes(&envelope(config, notice, channel, view), Escaping::Webhook)
}

/// The same as JSON to read.
pub fn webhook_json(config: &Config, notice: &Notice, channel: Channel, view: View) -> serde_json::Value {
    serde_json::to_value(envelope(config, notice, channel, view)).unwrap_or_default()
}

fn envelope<'e>(config: &'e Config, notice: &'e Notice, channel: Channel, view: View) -> Envelope<'e> {
    let item = messaging_item(config, notice, view);
    let (messaging, standby) = match channel {
        Channel::Messaging => (Some([item]), None),
        Channel::Standby => (None, Some([item])),
    };
    let entry = Entry {
        time: notice.at.0,
        id: &config.page(notice.thread.page).id,
        messaging,
        standby,
        hop_context: hop_context(config, notice, channel),
    };
    Envelope { object: "page", entry: [entry] }
}

/// The messaging item alone, as JSON to match against.
pub fn item_json(config: &Config, notice: &Notice, view: View) -> serde_json::Value {
    serde_json::to_value(messaging_item(config, notice, view)).unwrap_or_default()
}

fn messaging_item<'e>(config: &'e Config, notice: &'e Notice, view: View) -> MessagingItem<'e> {
    let (psid, page) = (config.psid(notice.thread), &*config.page(notice.thread.page).id);
    let (sender, recipient) = match notice.body {
        Body::Echo(_) => (page, psid),
        _ => (psid, page),
    };
    MessagingItem { sender, recipient, timestamp: notice.at.0, item: item(config, &notice.body, view) }
}

fn hop_context<'e>(config: &'e Config, notice: &'e Notice, channel: Channel) -> Option<HopContextItem<'e>> {
    let context = notice.context.as_ref().filter(|_| channel == Channel::Messaging)?;
    let body = HopContextBody {
        app_id: config.app(context.app).id.0,
        metadata: context.metadata.as_deref().unwrap_or_default(),
    };
    match notice.body {
        Body::Message { .. } => Some(HopContextItem::Object(body)),
        Body::Passed { .. } | Body::Taken { .. } | Body::Requested { .. } => Some(HopContextItem::Array([body])),
        _ => None,
    }
}
