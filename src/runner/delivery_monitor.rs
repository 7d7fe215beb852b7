//! Finds new failures to deliver a webhook to a real app.

use std::collections::BTreeSet;

use crate::domain::model::deliveries::WebhookId;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{DeliveryAttempt, Record};
use crate::wire::PostOptions;

/// The most failed webhooks that are remembered. A failed retry of one of them is not reported again.
const MOST_REMEMBERED: usize = 10_000;

/// How far the delivery attempts in the ledger were checked.
#[derive(Debug)]
pub(crate) struct DeliveryMonitor {
    /// The newest entry that was checked.
    checked: u64,
    /// Webhooks whose failure was reported.
    known: BTreeSet<WebhookId>,
}

impl DeliveryMonitor {
    /// A monitor that begins after this entry.
    pub(crate) fn after(cursor: u64) -> Self {
        Self { checked: cursor, known: BTreeSet::new() }
    }

    /// The first new failure since the last check. Entries that the ledger has dropped are skipped.
    pub(crate) fn next_failure(&mut self, ledger: &Ledger) -> Option<DeliveryAttempt> {
        let after = self.checked.max(ledger.oldest_cursor() - 1);
        self.checked = ledger.next_cursor() - 1;
        let failures = ledger.after(after).into_iter().flatten().filter_map(|entry| failure(&entry.record));
        let mut news = failures.filter(|failed| self.is_news(failed.webhook()));
        let first = news.next().cloned();
        // `for_each` marks the other failures as known.
        news.for_each(drop);
        first
    }

    fn is_news(&mut self, webhook: WebhookId) -> bool {
        let is_news = self.known.insert(webhook);
        if self.known.len() > MOST_REMEMBERED {
            self.known.pop_first();
        }
        is_news
    }
}

/// The attempt, if the app failed it. An attempt does not count if no request was sent, or if a fault made the request
/// invalid: an app must reject a bad signature.
fn failure(record: &Record) -> Option<&DeliveryAttempt> {
    let Record::DeliveryAttempt(delivered) = record else { return None };
    let counts = delivered.url.is_some() && delivered.options == PostOptions::default();
    (counts && !delivered.result.is_success()).then_some(&**delivered)
}
