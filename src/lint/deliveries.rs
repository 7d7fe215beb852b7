//! Lint room: webhooks on their way to real apps, as the ledger tells of each attempt.

use std::time::Duration;

use crate::domain::ids::AppKey;
use crate::engine::ledger::{Entry, Record};

use super::case::Case;

/// An attempt to deliver a webhook.
pub struct Delivery<'c> {
    /// Its entry.
    pub entry: &'c Entry,
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
    case.entries().filter_map(|entry| match &entry.record {
        Record::Delivered { app, webhook, result, took, .. } => {
            Some(Delivery { entry, app: *app, webhook: *webhook, is_taken: result.is_success(), took: *took })
        }
        _ => None,
    })
}
