//! How the owner of a thread changed, as the ledger and the clock say. Failures, reports and `explain` read it here.

use std::fmt;
use std::sync::Arc;

use crate::domain::World;
use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::domain::rules::RuleId;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{LedgerEntry, Record};
use crate::text::units::format_moment;

use super::names::app_name;

/// The most threads of one scenario whose owners are reported.
const MAX_THREADS: usize = 20;

/// A thread changed its owner.
#[derive(Debug, Clone, Copy)]
pub struct OwnerChange {
    /// An idle release is dated at the moment when control lapsed.
    pub at: Moment,
    pub from: Option<AppKey>,
    pub to: Option<AppKey>,
    pub rule: RuleId,
    /// The cursor of the entry that says so, if one does.
    pub entry: Option<u64>,
}

impl OwnerChange {
    /// The change that an entry says, if it is about this thread.
    fn of_entry(entry: &LedgerEntry, wanted: ThreadKey) -> Option<Self> {
        match &entry.record {
            Record::Happened(Event::OwnerChanged { thread, from, to, at, rule, .. }) if *thread == wanted => {
                Some(Self { at: *at, from: *from, to: *to, rule: *rule, entry: Some(entry.cursor) })
            }
            _ => None,
        }
    }
}

/// The lapse of control since the last command of a thread. No ledger entry records it yet.
pub fn unrecorded_lapse(world: &World, thread: ThreadKey, now: Moment) -> Option<OwnerChange> {
    let holder = world.thread(thread)?.holder.as_ref()?.app;
    let ownership = world.ownership(thread, now);
    let at = ownership.since.unwrap_or(now);
    let change = OwnerChange { at, from: Some(holder), to: ownership.owner, rule: ownership.because, entry: None };
    (ownership.owner != Some(holder)).then_some(change)
}

/// The owners of a thread so far.
#[derive(Debug, Clone)]
pub struct OwnerHistory {
    config: Arc<Config>,
    thread: ThreadKey,
    /// Oldest first.
    pub changes: Vec<OwnerChange>,
    /// The owner now.
    pub owner: Option<AppKey>,
    pub because: RuleId,
}

impl OwnerHistory {
    /// Reads the owners of one thread.
    pub fn read(world: &World, ledger: &Ledger, thread: ThreadKey, now: Moment) -> Self {
        let mut changes: Vec<OwnerChange> =
            ledger.all().filter_map(|entry| OwnerChange::of_entry(entry, thread)).collect();
        let ownership = world.ownership(thread, now);
        // No entry says yet that control lapsed after the last command of the thread.
        if let (Some(last), Some(since)) = (changes.last(), ownership.since)
            && last.to != ownership.owner
            && last.at < since
        {
            let change =
                OwnerChange { at: since, from: last.to, to: ownership.owner, rule: ownership.because, entry: None };
            changes.push(change);
        }
        let config = world.config().clone();
        Self { config, thread, changes, owner: ownership.owner, because: ownership.because }
    }

    /// Reads the owners of every thread in which something happened, up to a bound.
    pub fn read_all(world: &World, ledger: &Ledger, now: Moment) -> Vec<Self> {
        world.threads().take(MAX_THREADS).map(|thread| Self::read(world, ledger, thread, now)).collect()
    }

    /// The thread, as `alice@bakery` or `alice`.
    pub fn thread_name(&self) -> String {
        self.config.thread_name(self.thread)
    }

    /// The name of an owner, or `nobody`.
    pub fn name(&self, owner: Option<AppKey>) -> &str {
        app_name(&self.config, owner)
    }
}

impl fmt::Display for OwnerHistory {
    /// In one line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(first) = self.changes.first() {
            formatter.write_str(self.name(first.from))?;
        }
        for OwnerChange { at, to, rule, .. } in &self.changes {
            write!(formatter, " → {} at {} ({rule})", self.name(*to), format_moment(*at))?;
        }
        let lead = if self.changes.is_empty() { "" } else { " — now " };
        write!(formatter, "{lead}{} ({})", self.name(self.owner), self.because)
    }
}
