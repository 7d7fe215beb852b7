//! Webhooks that wait: for their next attempt, or because a fault holds them back. The domain decides when they are due.

use std::collections::BTreeMap;

use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;

use super::webhook::WebhookRequest;

/// Requests that wait to be sent, or are in flight after a failed attempt; by their first webhook.
#[derive(Debug, Default)]
pub(crate) struct PendingWebhooks(pub(super) BTreeMap<WebhookId, PendingWebhook>);

/// A request that waits.
#[derive(Debug)]
pub(crate) struct PendingWebhook {
    pub(super) request: WebhookRequest,
    /// The number of the newest attempt.
    pub(super) attempts: u32,
    /// Why it is held back, if it has not been sent yet.
    pub(super) held: Option<Delay>,
}

/// Why a webhook is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// The number of the fault.
    pub fault: u32,
    /// What releases it before its time.
    pub waits_for: Option<WaitsFor>,
}

/// What a webhook waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// The next webhook to its app about its thread.
    TheNext,
    /// This many webhooks to its app, itself included.
    Others(usize),
}

/// The webhooks of an app that wait to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillWaiting {
    pub app: AppKey,
    pub webhooks: usize,
    /// When the first is sent.
    pub first: Moment,
    /// When the last is.
    pub last: Moment,
}

impl PendingWebhook {
    /// How many more webhooks it waits for.
    pub(super) fn room(&self) -> usize {
        match self.held.and_then(|held| held.waits_for) {
            Some(WaitsFor::Others(size)) => size.saturating_sub(1 + self.request.more.len()),
            _ => 0,
        }
    }
}

impl PendingWebhooks {
    /// The webhooks that are sent after this request has left.
    pub(super) fn waiting_behind(&self, request: &WebhookRequest) -> Vec<WebhookId> {
        let is_about = |waiting: &PendingWebhook| {
            request.items().any(|item| item.event.scope == waiting.request.first.event.scope)
        };
        let waits = |waiting: &PendingWebhook| {
            waiting.held.is_some_and(|held| held.waits_for == Some(WaitsFor::TheNext))
                && waiting.request.app == request.app
                && is_about(waiting)
        };
        let waiting = self.0.iter().filter(|(_, waiting)| waits(waiting));
        waiting.map(|(webhook, _)| *webhook).collect()
    }
}
