//! Where the ledger has the messages of a thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::event::{Event, WebhookPayload};
use crate::domain::model::ids::ThreadKey;
use crate::domain::model::message::Message;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{LedgerEntry, Record};

/// The entry of each message of a thread that the ledger still has, by message id: the command that wrote it, or the entry that says that the
/// person sees it.
#[derive(Debug)]
pub struct MessageEntries(BTreeMap<Arc<str>, u64>);

impl MessageEntries {
    pub fn read(ledger: &Ledger, thread: ThreadKey) -> Self {
        let of_thread = ledger.all().filter_map(message_of).filter(|(message, _)| message.thread == thread);
        let mut entries = BTreeMap::new();
        for (message, entry) in of_thread {
            entries.entry(message.mid.clone()).or_insert(entry);
        }
        Self(entries)
    }

    /// The cursor of the entry of a message.
    pub fn of(&self, mid: &str) -> Option<u64> {
        self.0.get(mid).copied()
    }
}

/// The message that an entry is about when it is new, and the cursor that stands for it.
fn message_of(entry: &LedgerEntry) -> Option<(&Arc<Message>, u64)> {
    match &entry.record {
        Record::Happened(Event::Shown { message, .. }) => Some((message, entry.cursor)),
        Record::Happened(Event::WebhookEvent(event)) => match &event.payload {
            WebhookPayload::Message { message, .. } | WebhookPayload::Echo(message) => Some((message, entry.cause)),
            _ => None,
        },
        _ => None,
    }
}
