//! Run room: what becomes of webhooks, as JSON. `entry_json` enters.

use serde_json::{Map, Value, json};

use super::entry_json::Durations;
use crate::domain::event::DeliveryState;
use crate::domain::model::config::Config;
use crate::engine::ledger::{DeliveryAttempt, DeliveryResult};
use crate::text::units::format_moment;

/// What an entry of an attempt says beyond the others.
pub(crate) fn attempt(
    delivered: &DeliveryAttempt,
    durations: Durations,
    put: &mut impl FnMut(&str, Value) -> Option<Value>,
) {
    let DeliveryAttempt { request, url, attempt, fault, result, said, took, .. } = delivered;
    put("webhook", json!(delivered.webhook()));
    if !request.more.is_empty() {
        put("with", request.more.iter().map(|item| item.entry).collect());
    }
    put("url", json!(url));
    put("attempt", json!(attempt));
    fault.map(|number| put("fault", json!(number)));
    if durations == Durations::Real {
        put("took_ms", json!(took.as_millis() as u64));
    }
    match result {
        DeliveryResult::Answered(status) => put("status", json!(status)),
        DeliveryResult::Failed(why) => put("failure", json!(why)),
        DeliveryResult::Lost => put("failure", json!("lost on its way")),
    };
    if !said.is_empty() {
        put("said", json!(String::from_utf8_lossy(said)));
    }
}

/// The headers and bytes that an attempt sent. They are made and signed anew, so only who reads the ledger gets them.
pub(crate) fn sent(config: &Config, delivered: &DeliveryAttempt) -> Value {
    let post = delivered.request.post(config, delivered.options);
    let headers: Map<String, Value> =
        post.headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({ "headers": headers, "body": String::from_utf8_lossy(&post.body) })
}

/// What became of a webhook that was not taken at once.
pub(crate) fn news(news: &DeliveryState, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let (word, key, value) = match news {
        DeliveryState::Waits { webhook, until } => {
            put("webhook", json!(webhook));
            ("waits", "until", json!(format_moment(*until)))
        }
        DeliveryState::Sent { webhook } => ("sent", "webhook", json!(webhook)),
        DeliveryState::GivenUp { webhooks } => ("given_up", "webhooks", json!(webhooks)),
        DeliveryState::Recovered { since } => ("recovered", "since", json!(format_moment(*since))),
        DeliveryState::Alerted { since } => ("alerted", "since", json!(format_moment(*since))),
        DeliveryState::Disabled { since } => ("disabled", "since", json!(format_moment(*since))),
    };
    put("what", json!(word));
    put(key, value);
}
