//! Where an entry of the ledger comes from: the app that made the call, and the entry that caused it.

use crate::domain::model::ids::AppKey;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{LedgerEntry, Record};

/// The app that made the call of an entry.
pub fn caller(entry: &LedgerEntry) -> Option<AppKey> {
    match &entry.record {
        Record::Command { by, .. } | Record::Refused { by, .. } | Record::Read { by, .. } => by.app(),
        Record::GraphCall(call) => call.by.app(),
        _ => None,
    }
}

/// The entry that an entry goes back to. An attempt to deliver a webhook goes back to what caused the webhook.
pub(super) fn root_of(ledger: &Ledger, entry: &LedgerEntry) -> u64 {
    match &entry.record {
        Record::DeliveryAttempt(_) => ledger.get(entry.cause).map_or(entry.cause, |webhook| webhook.cause),
        _ => entry.cause,
    }
}
