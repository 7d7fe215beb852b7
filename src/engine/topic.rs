//! What one can wait for in a ledger, and what an entry is about.

use crate::domain::model::ids::{AppKey, ThreadKey};

use super::ledger::Ledger;
use super::ledger_entry::LedgerEntry;
use super::subjects::subjects_of;

/// What an entry of the ledger can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Any entry.
    Any,
    /// A thread: what happens in it, its webhooks and their attempts, and the Graph calls that changed it.
    Thread(ThreadKey),
    /// An app: its Graph calls, its webhooks and their attempts, and what is decided about it.
    App(AppKey),
    /// What this entry caused.
    Cause(u64),
}

/// The topics of the entries from `begin` on, each once in a row.
pub(super) fn topics_since(ledger: &Ledger, begin: u64) -> Vec<Topic> {
    let mut topics = Vec::new();
    for entry in ledger.after(begin.saturating_sub(1)).into_iter().flatten() {
        topics.extend(topics_of(ledger, entry));
    }
    if !topics.is_empty() {
        topics.push(Topic::Any);
    }
    topics.dedup();
    topics
}

fn topics_of(ledger: &Ledger, entry: &LedgerEntry) -> impl Iterator<Item = Topic> {
    let subjects = subjects_of(&entry.record);
    // The entry of a call does not name its thread. Its command does.
    let of_cause = || subjects_of(&ledger.get(entry.cause).filter(|cause| cause.cursor != entry.cursor)?.record).thread;
    let thread = subjects.thread.or_else(of_cause);
    let (thread, app) = (thread.map(Topic::Thread), subjects.app.map(Topic::App));
    [Some(Topic::Cause(entry.cause)), thread, app].into_iter().flatten()
}
