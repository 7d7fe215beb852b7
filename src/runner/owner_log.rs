//! How the owners of threads changed, read from the ledger once for all callers of a world, and which of these owners an expectation may
//! name.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::domain::event::Event;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{LedgerEntry, Record};

use super::entry_origin::caller;

/// The most changes of one thread that are remembered.
const MOST_CHANGES: usize = 1000;

/// How the owners of threads changed.
#[derive(Debug)]
pub(crate) struct OwnerLog {
    /// The newest entry that was read.
    read: u64,
    threads: BTreeMap<ThreadKey, VecDeque<LoggedChange>>,
    /// The newest call of each thread that a step has observed.
    observed: BTreeMap<ThreadKey, u64>,
}

#[derive(Debug, Clone, Copy)]
struct LoggedChange {
    cursor: u64,
    cause: u64,
    /// The app whose call it was.
    by: Option<AppKey>,
    from: Option<AppKey>,
    was: RuleId,
    to: Option<AppKey>,
    rule: RuleId,
    /// True if time brought it about, before the command that wrote it down.
    is_lapse: bool,
}

/// An owner that a thread has, or had until an app changed that by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OwnerState {
    pub owner: Option<AppKey>,
    pub because: RuleId,
    /// The entry of the change, if an app brought it about and no step has observed it.
    pub unobserved: Option<u64>,
}

/// What decides whether a change is news to the steps.
pub(super) struct OwnerSight<'s> {
    /// Calls that a step has observed.
    pub calls: &'s dyn Fn(u64) -> bool,
    /// Entries that an expectation has matched.
    pub matched: &'s BTreeSet<u64>,
    pub is_real: &'s dyn Fn(AppKey) -> bool,
    /// Where the session began.
    pub begin: u64,
}

impl OwnerLog {
    /// A log of what happens after this entry.
    pub(crate) fn after(cursor: u64) -> Self {
        Self { read: cursor, threads: BTreeMap::new(), observed: BTreeMap::new() }
    }

    /// A step has observed this call: the owners before it are past.
    pub(crate) fn observe(&mut self, thread: ThreadKey, call: u64) {
        let newest = self.observed.entry(thread).or_default();
        *newest = call.max(*newest);
    }

    /// Forgets what is about entries before this one, which the ledger has dropped.
    pub(crate) fn forget_before(&mut self, oldest: u64) {
        self.observed.retain(|_, call| *call >= oldest);
        self.threads.retain(|_, changes| {
            while changes.front().is_some_and(|change| change.cursor < oldest) {
                changes.pop_front();
            }
            !changes.is_empty()
        });
    }

    /// The owners that an expectation may name, in their order. The first one is the owner as the steps know it: what they did, and what
    /// they observed. The others came from calls that no step has observed. `now` is the owner now.
    pub(super) fn states(
        &mut self,
        ledger: &Ledger,
        thread: ThreadKey,
        sight: &OwnerSight<'_>,
        now: (Option<AppKey>, RuleId),
    ) -> Vec<OwnerState> {
        self.read(ledger);
        let observed = self.observed.get(&thread).copied().unwrap_or_default().max(sight.begin);
        let mut states: Vec<OwnerState> = Vec::new();
        for change in self.threads.get(&thread).into_iter().flatten() {
            let is_news = !change.is_lapse && change.cursor > observed && sight.is_news(change);
            let before = OwnerState { owner: change.from, because: change.was, unobserved: None };
            let after = OwnerState { owner: change.to, because: change.rule, unobserved: None };
            match is_news {
                true if states.is_empty() => {
                    states.extend([before, OwnerState { unobserved: Some(change.cursor), ..after }]);
                }
                true => states.push(OwnerState { unobserved: Some(change.cursor), ..after }),
                false => states = vec![after],
            }
        }
        let now = OwnerState { owner: now.0, because: now.1, unobserved: None };
        match states.last_mut() {
            Some(last) if last.owner == now.owner && last.unobserved.is_none() => *last = now,
            Some(last) if last.owner == now.owner && last.because == now.because => {}
            Some(last) if last.owner == now.owner => states.push(now),
            // Only time and settings change the owner without an entry.
            _ => states = vec![now],
        }
        states
    }

    /// Reads the entries that are new.
    fn read(&mut self, ledger: &Ledger) {
        let after = self.read.max(ledger.oldest_cursor() - 1);
        for entry in ledger.after(after).into_iter().flatten() {
            self.read = entry.cursor;
            if let Some((thread, change)) = LoggedChange::of(ledger, entry) {
                let changes = self.threads.entry(thread).or_default();
                if changes.len() == MOST_CHANGES {
                    changes.pop_front();
                }
                changes.push_back(change);
            }
        }
    }
}

impl LoggedChange {
    fn of(ledger: &Ledger, entry: &LedgerEntry) -> Option<(ThreadKey, Self)> {
        let Record::Happened(Event::OwnerChanged { thread, from, to, was, at, rule }) = &entry.record else {
            return None;
        };
        let change = Self {
            cursor: entry.cursor,
            cause: entry.cause,
            by: ledger.get(entry.cause).and_then(caller),
            from: *from,
            was: *was,
            to: *to,
            rule: *rule,
            is_lapse: *at < entry.at,
        };
        Some((*thread, change))
    }
}

impl OwnerSight<'_> {
    /// True if an app changed the owner by itself, and no step knows of it yet.
    fn is_news(&self, change: &LoggedChange) -> bool {
        let is_known = (self.calls)(change.cause) || self.matched.contains(&change.cursor);
        change.by.is_some_and(self.is_real) && !is_known
    }
}
