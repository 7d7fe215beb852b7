//! The attempts to deliver webhooks to real apps, from the ledger.

use std::time::Duration;

use crate::domain::model::ids::AppKey;
use crate::engine::ledger_entry::{LedgerEntry, Record};

use super::context::LintContext;

/// An attempt to deliver one webhook.
pub struct WebhookAttempt<'c> {
    pub entry: &'c LedgerEntry,
    pub app: AppKey,
    /// The entry of the webhook.
    pub webhook: u64,
    /// True if the app answered with a success.
    pub is_accepted: bool,
    /// The real time until the app's answer.
    pub took: Duration,
}

/// All attempts, oldest first. A request with several webhooks is an attempt for each of them.
pub fn webhook_attempts<'c>(context: &LintContext<'c>) -> impl Iterator<Item = WebhookAttempt<'c>> + use<'c> {
    let sent = |entry: &'c LedgerEntry| match &entry.record {
        // Without a URL a fault kept the request from the app, which says nothing about the app.
        Record::DeliveryAttempt(attempt) => attempt.url.is_some().then_some((entry, attempt)),
        _ => None,
    };
    context.entries().filter_map(sent).flat_map(|(entry, attempt)| {
        let (app, is_accepted, took) = (attempt.request.app, attempt.result.is_success(), attempt.took);
        attempt.request.items().map(move |item| WebhookAttempt { entry, app, webhook: item.entry, is_accepted, took })
    })
}
