//! Finds new failures to deliver a webhook to a real app, so that the step fails that the webhook belongs to.

use std::collections::{BTreeSet, VecDeque};

use crate::domain::model::deliveries::WebhookId;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{DeliveryAttempt, Record};
use crate::wire::PostOptions;

/// The most failed webhooks that are remembered. A failed retry of one of them is not reported again.
const MOST_REMEMBERED: usize = 10_000;
/// The most failures that wait for their step. A failure that no step waits for makes room for newer ones.
const MOST_WAITING: usize = 1000;

/// How far the delivery attempts in the ledger were checked, and the failures that no step has reported.
#[derive(Debug)]
pub(crate) struct DeliveryMonitor {
    /// The newest entry that was checked.
    checked: u64,
    /// Webhooks whose failure was found.
    known: BTreeSet<WebhookId>,
    waiting: VecDeque<DeliveryAttempt>,
}

impl DeliveryMonitor {
    /// A monitor that begins after this entry.
    pub(crate) fn after(cursor: u64) -> Self {
        Self { checked: cursor, known: BTreeSet::new(), waiting: VecDeque::new() }
    }

    /// Takes out the new failures that belong to a step, and returns the first of them. Entries that the ledger has dropped are skipped.
    pub(crate) fn take_failure(
        &mut self,
        ledger: &Ledger,
        belongs: impl Fn(&DeliveryAttempt) -> bool,
    ) -> Option<DeliveryAttempt> {
        self.check(ledger);
        let (mine, others) = std::mem::take(&mut self.waiting).into_iter().partition(|failed| belongs(failed));
        self.waiting = others;
        let mut mine: VecDeque<DeliveryAttempt> = mine;
        mine.pop_front()
    }

    fn check(&mut self, ledger: &Ledger) {
        let after = self.checked.max(ledger.oldest_cursor() - 1);
        self.checked = ledger.next_cursor() - 1;
        for failed in ledger.after(after).into_iter().flatten().filter_map(|entry| failure(&entry.record)) {
            if !self.known.insert(failed.webhook()) {
                continue;
            }
            if self.known.len() > MOST_REMEMBERED {
                self.known.pop_first();
            }
            if self.waiting.len() == MOST_WAITING {
                self.waiting.pop_front();
            }
            self.waiting.push_back(failed.clone());
        }
    }
}

/// The attempt, if the app failed it. An attempt does not count if a fault made it up, or made the request
/// invalid: an app must reject a bad signature.
fn failure(record: &Record) -> Option<&DeliveryAttempt> {
    let Record::DeliveryAttempt(delivered) = record else { return None };
    let was_due = delivered.url.is_some() || delivered.fault.is_none();
    let counts = was_due && delivered.options == PostOptions::default();
    (counts && !delivered.result.is_success()).then_some(&**delivered)
}
