//! The delivery of webhooks as JSON: the members that `entry_json` adds to an entry.

use serde_json::{Map, Value, json};

use crate::domain::event::DeliveryState;
use crate::domain::model::config::Config;
use crate::engine::ledger_entry::{DeliveryAttempt, DeliveryResult};
use crate::text::units::format_moment;

/// Adds the members of an attempt. `with_time` adds how long it took.
pub(super) fn put_attempt(
    delivered: &DeliveryAttempt,
    with_time: bool,
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
    if with_time {
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

/// The headers and the body that an attempt sent. The ledger does not keep them: they are made and signed again.
pub(super) fn sent_request_json(config: &Config, delivered: &DeliveryAttempt) -> Value {
    let post = delivered.request.post(config, delivered.options);
    let headers: Map<String, Value> =
        post.headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({ "headers": headers, "body": String::from_utf8_lossy(&post.body) })
}

/// Adds what follows from an attempt, or from several.
pub(super) fn put_news(news: &DeliveryState, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
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
