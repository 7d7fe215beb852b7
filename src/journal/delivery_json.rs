//! The delivery of webhooks as JSON: the members that `entry_json` adds to an entry.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::moment_json::MomentView;
use crate::domain::event::DeliveryState;
use crate::domain::model::config::Config;
use crate::engine::ledger_entry::{DeliveryAttempt, DeliveryResult};
use crate::wire::Post;

/// Writes the members of an attempt. `with_time` adds how long it took.
pub(super) fn write_attempt<M: SerializeMap>(
    members: &mut M,
    delivered: &DeliveryAttempt,
    with_time: bool,
) -> Result<(), M::Error> {
    let DeliveryAttempt { request, url, attempt, fault, result, said, took, .. } = delivered;
    members.serialize_entry("webhook", &delivered.webhook())?;
    if !request.more.is_empty() {
        let with: Vec<u64> = request.more.iter().map(|item| item.entry).collect();
        members.serialize_entry("with", &with)?;
    }
    members.serialize_entry("url", url)?;
    members.serialize_entry("attempt", attempt)?;
    if let Some(number) = fault {
        members.serialize_entry("fault", number)?;
    }
    if with_time {
        members.serialize_entry("took_ms", &(took.as_millis() as u64))?;
    }
    match result {
        DeliveryResult::Answered(status) => members.serialize_entry("status", status)?,
        DeliveryResult::Failed(why) => members.serialize_entry("failure", why)?,
        DeliveryResult::Lost => members.serialize_entry("failure", "lost on its way")?,
    }
    match said.is_empty() {
        true => Ok(()),
        false => members.serialize_entry("said", &String::from_utf8_lossy(said)),
    }
}

/// The headers and the body that an attempt sent. The ledger does not keep them: they are made and signed again.
pub(super) struct SentRequest(Post);

impl SentRequest {
    pub(super) fn of(config: &Config, delivered: &DeliveryAttempt) -> Self {
        Self(delivered.request.post(config, delivered.options))
    }
}

impl Serialize for SentRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry("headers", &SentHeaders(&self.0))?;
        members.serialize_entry("body", &String::from_utf8_lossy(&self.0.body))?;
        members.end()
    }
}

struct SentHeaders<'p>(&'p Post);

impl Serialize for SentHeaders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.headers.iter().map(|(name, value)| (*name, &**value)))
    }
}

/// Writes what follows from an attempt, or from several.
pub(super) fn write_news<M: SerializeMap>(members: &mut M, news: &DeliveryState) -> Result<(), M::Error> {
    if let DeliveryState::Waits { webhook, .. } = news {
        members.serialize_entry("webhook", webhook)?;
    }
    let word = match news {
        DeliveryState::Waits { .. } => "waits",
        DeliveryState::Sent { .. } => "sent",
        DeliveryState::GivenUp { .. } => "given_up",
        DeliveryState::Recovered { .. } => "recovered",
        DeliveryState::Alerted { .. } => "alerted",
        DeliveryState::Disabled { .. } => "disabled",
    };
    members.serialize_entry("what", word)?;
    match news {
        DeliveryState::Waits { until, .. } => members.serialize_entry("until", &MomentView(*until)),
        DeliveryState::Sent { webhook } => members.serialize_entry("webhook", webhook),
        DeliveryState::GivenUp { webhooks } => members.serialize_entry("webhooks", webhooks),
        DeliveryState::Recovered { since } | DeliveryState::Alerted { since } | DeliveryState::Disabled { since } => {
            members.serialize_entry("since", &MomentView(*since))
        }
    }
}
