//! Webhooks in words: what they are about, and what an app gets of them.

use std::fmt;

use serde_json::{Map, Value};

use crate::domain::event::{Channel, Decision, ReceiverDecision, Visibility, WebhookEvent, WebhookPayload};
use crate::domain::model::access::Role;
use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::message::Referral;
use crate::engine::ledger_entry::Record;
use crate::wire::escape::to_plain_bytes;
use crate::wire::item_view;

use super::bare_item::bare_item;
use super::call_text::compact_json;
use super::change_text::change_text;
use super::content_text::content_text;
use super::names::app_name;

/// Writes the line of a webhook that was sent or withheld.
pub(super) fn write_webhook(formatter: &mut fmt::Formatter<'_>, config: &Config, record: &Record) -> fmt::Result {
    let Some((webhook_event, decision)) = record.webhook() else { return Ok(()) };
    let app = &config.app(decision.app).name;
    let field = decision.field(webhook_event).name();
    let (sign, view) = match decision.decision {
        Decision::Deliver(channel, view) => ("→ ", Some((channel, view))),
        Decision::Withhold(_) => ("✗ ", None),
    };
    for part in [sign, app, " ", field, " "] {
        formatter.write_str(part)?;
    }
    match view {
        Some((channel, view)) => formatter.write_str(&item_text(config, webhook_event, channel, view))?,
        None => formatter.write_str("withheld")?,
    }
    for part in ["  (", decision.rule.rule().id, ")"] {
        formatter.write_str(part)?;
    }
    Ok(())
}

/// The JSON of the item without what says nothing new.
fn item_text(config: &Config, webhook_event: &WebhookEvent, channel: Channel, view: Visibility) -> String {
    let item = to_plain_bytes(&item_view(config, webhook_event, channel, view));
    bare_item(&String::from_utf8(item).unwrap_or_default())
}

/// What a webhook says to an app, in as few words as possible, without ids, times, sender and recipient.
pub fn delivered_text(
    config: &Config,
    webhook_event: &WebhookEvent,
    decision: &ReceiverDecision,
    view: Visibility,
) -> String {
    let field = decision.field(webhook_event);
    let brief = match &webhook_event.payload {
        WebhookPayload::Change(change) => Some(change_text(config, change)),
        payload => handover_text(config, payload),
    };
    let on_standby = field == Field::Standby;
    let channel = if on_standby { Channel::Standby } else { Channel::Messaging };
    let content = brief.unwrap_or_else(|| part_text(&item_text(config, webhook_event, channel, view), on_standby));
    if content.is_empty() { field.name().to_owned() } else { format!("{} {content}", field.name()) }
}

/// A hand-over, if the webhook event is one.
fn handover_text(config: &Config, body: &WebhookPayload) -> Option<String> {
    let (verb, parties, metadata) = match body {
        WebhookPayload::Passed { previous, new, metadata } => {
            ("pass", format!("{} → {}", app_name(config, *previous), app_name(config, Some(*new))), metadata)
        }
        WebhookPayload::Taken { previous, new, metadata } => {
            ("take", format!("{} → {}", app_name(config, Some(*previous)), app_name(config, Some(*new))), metadata)
        }
        WebhookPayload::Requested { by, metadata } => {
            ("request", format!("by {}", app_name(config, Some(*by))), metadata)
        }
        _ => return None,
    };
    let metadata = metadata.as_deref().map(|text| format!(" {text:?}")).unwrap_or_default();
    Some(format!("{verb}_thread_control {parties}{metadata}"))
}

/// The parts of an item: the kind where the field does not say it, the text of a message, and the rest as JSON.
fn part_text(item: &str, on_standby: bool) -> String {
    let item: Map<String, Value> = serde_json::from_str(item).unwrap_or_default();
    let mut words = Vec::new();
    for (kind, part) in item {
        let Value::Object(mut part) = part else {
            words.push(format!("{kind} {part}"));
            continue;
        };
        let is_echo = part.remove("is_echo").is_some();
        let kind = if is_echo { "echo".to_owned() } else { kind };
        words.extend(Some(kind).filter(|kind| on_standby && kind != "message"));
        words.extend(part.remove("text").map(|text| text.to_string()));
        words.extend(compact_json(part));
    }
    words.join(" ")
}

/// What a webhook event is about, beside the name of its field. It is empty if the field says it all.
pub fn webhook_event_text(config: &Config, body: &WebhookPayload) -> String {
    match body {
        WebhookPayload::Message { message, .. }
        | WebhookPayload::Echo(message)
        | WebhookPayload::EchoInOwnField(message) => content_text(&message.content).to_string(),
        WebhookPayload::Edited { text: None, .. } => "the shadow of a new message".to_owned(),
        WebhookPayload::Summary { text, .. }
        | WebhookPayload::Edited { text: Some(text), .. }
        | WebhookPayload::Postback { title: text, .. } => format!("{text:?}"),
        WebhookPayload::Unsent { .. } => "a message taken back".to_owned(),
        WebhookPayload::Referral(referral) => match &**referral {
            Referral::Ad { ad } => format!("by the ad {}", config.ad(*ad).name),
            Referral::Link { reference } => format!("by the link with ref {reference:?}"),
            Referral::Product { id } => format!("about the product {id}"),
        },
        WebhookPayload::Lead(lead) => {
            let how = if lead.complete { "all" } else { "not all" };
            format!("the ad {}: {how} of its questions answered", config.ad(lead.ad).name)
        }
        WebhookPayload::RoleChanged { app, role } => {
            format!("{} becomes {}", app_name(config, Some(*app)), role_text(*role))
        }
        WebhookPayload::MetadataPassed { metadata } => format!("text {:?}", metadata.as_deref().unwrap_or_default()),
        WebhookPayload::Change(change) => change_text(config, change),
        body => handover_text(config, body).unwrap_or_default(),
    }
}

fn role_text(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary receiver",
        Role::Secondary => "secondary receiver",
    }
}
