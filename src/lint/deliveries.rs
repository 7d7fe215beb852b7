//! Lint room: webhooks on their way to real apps, as the ledger tells of each attempt.

use std::time::Duration;

use crate::domain::model::ids::AppKey;
use crate::engine::ledger::{LedgerEntry, Record};

use super::context::Case;

/// An attempt to deliver a webhook.
pub struct Delivery<'c> {
    /// Its entry.
    pub entry: &'c LedgerEntry,
    /// The app.
    pub app: AppKey,
    /// The entry of the webhook.
    pub webhook: u64,
    /// Whether the app took it.
    pub is_taken: bool,
    /// Real time that it took.
    pub took: Duration,
}

/// All of them, oldest first.
pub fn deliveries<'c>(case: &Case<'c>) -> impl Iterator<Item = Delivery<'c>> + use<'c> {
    let really_made = |entry: &'c LedgerEntry| match &entry.record {
        // What a fault keeps from an app says nothing about the app.
        Record::DeliveryAttempt(delivered) => delivered.url.is_some().then_some((entry, delivered)),
        _ => None,
    };
    case.entries().filter_map(really_made).flat_map(|(entry, delivered)| {
        let (app, is_taken, took) = (delivered.request.app, delivered.result.is_success(), delivered.took);
        delivered.request.items().map(move |item| Delivery { entry, app, webhook: item.entry, is_taken, took })
    })
}
