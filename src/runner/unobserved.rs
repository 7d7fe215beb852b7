//! What real apps did by themselves: the effects of calls that no step has observed. What an app has brought about is true, whether a step
//! has named the call or not, and however long ago it was.

use std::collections::BTreeSet;

use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::LedgerEntry;
use crate::engine::subjects::subjects_of;

use super::entry_origin::caller;
use super::entry_origin::root_of;
use super::observations::Observed;
use super::session::Session;

/// Reads the effects of unobserved calls, each once.
#[derive(Debug)]
pub(super) struct UnobservedEffects {
    /// The newest entry that was read.
    read: u64,
    /// The calls of real apps so far.
    calls: BTreeSet<u64>,
}

impl UnobservedEffects {
    /// What happens after this entry.
    pub fn after(cursor: u64) -> Self {
        Self { read: cursor, calls: BTreeSet::new() }
    }

    /// The effects that are new since the last call, in the threads at which the session looks.
    pub fn read<'l>(&mut self, session: &Session, ledger: &'l Ledger, observed: &Observed) -> Vec<&'l LedgerEntry> {
        let after = self.read.max(ledger.oldest_cursor() - 1);
        self.read = ledger.next_cursor() - 1;
        let mut effects = Vec::new();
        for entry in ledger.after(after).into_iter().flatten() {
            if entry.cause == entry.cursor && session.is_real(caller(entry)) {
                self.calls.insert(entry.cursor);
            }
            let root = root_of(ledger, entry);
            let is_effect = self.calls.contains(&root) && !observed.calls.contains(root);
            if is_effect && session.looks_at(subjects_of(&entry.record).thread) {
                effects.push(entry);
            }
        }
        effects
    }
}
