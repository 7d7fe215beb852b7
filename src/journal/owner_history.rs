//! Run room: the owners of a thread so far, as the ledger and the clock tell. Failures and reports show it.

use std::fmt;

use crate::domain::World;
use crate::domain::event::Event;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::domain::rules::RuleId;
use crate::engine::ledger::{Ledger, Record};

use super::event_text::app_name;
use crate::text::units::format_moment;

/// Threads of one scenario whose owners are told.
const MAX_THREADS: usize = 20;

/// The owners of a thread.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The thread, as `alice@bakery` or `alice`.
    pub thread: String,
    /// How they changed, oldest first.
    pub changes: Vec<Change>,
    /// The owner now; `nobody` where there is none.
    pub owner: String,
    /// The rule by which it is.
    pub because: RuleId,
}

/// A thread changed its owner.
#[derive(Debug, Clone)]
pub struct Change {
    /// When; an idle release is dated at the moment when control lapsed.
    pub at: Moment,
    /// The owner before.
    pub from: String,
    /// The owner after.
    pub to: String,
    /// Why.
    pub rule: RuleId,
}

/// A change of owner by keys, for rooms that do not print it at once.
#[derive(Debug, Clone, Copy)]
pub struct OwnerChange {
    pub from: Option<AppKey>,
    pub to: Option<AppKey>,
    pub at: Moment,
    pub rule: RuleId,
}

/// The lapse of control since the last command of a thread. No ledger entry records it yet.
pub fn unrecorded_lapse(world: &World, thread: ThreadKey, now: Moment) -> Option<OwnerChange> {
    let holder = world.thread(thread)?.holder.as_ref()?.app;
    let ownership = world.ownership(thread, now);
    let change = OwnerChange {
        from: Some(holder),
        to: ownership.owner,
        at: ownership.since.unwrap_or(now),
        rule: ownership.because,
    };
    (ownership.owner != Some(holder)).then_some(change)
}

impl Timeline {
    /// The owners of a thread so far.
    pub fn read(world: &World, ledger: &Ledger, wanted: ThreadKey, now: Moment) -> Self {
        let config = world.config();
        let change = |event: &Event| match event {
            Event::OwnerChanged { thread, from, to, at, rule, .. } if *thread == wanted => Some(Change {
                at: *at,
                from: app_name(config, *from).to_owned(),
                to: app_name(config, *to).to_owned(),
                rule: *rule,
            }),
            _ => None,
        };
        let mut changes: Vec<Change> = ledger
            .all()
            .filter_map(|entry| match &entry.record {
                Record::Happened(event) => change(event),
                _ => None,
            })
            .collect();
        let ownership = world.ownership(wanted, now);
        let owner = app_name(config, ownership.owner).to_owned();
        // Control that has lapsed since the thread's last turn stands in no entry yet.
        if let (Some(last), Some(since)) = (changes.last(), ownership.since)
            && last.to != owner
            && last.at < since
        {
            let from = last.to.clone();
            changes.push(Change { at: since, from, to: owner.clone(), rule: ownership.because });
        }
        Self { thread: config.thread_name(wanted), changes, owner, because: ownership.because }
    }

    /// Of every thread in which anything happened, up to a bound.
    pub fn all(world: &World, ledger: &Ledger, now: Moment) -> Vec<Self> {
        world.threads().take(MAX_THREADS).map(|thread| Self::read(world, ledger, thread, now)).collect()
    }
}

impl fmt::Display for Timeline {
    /// In one line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(first) = self.changes.first() {
            formatter.write_str(&first.from)?;
        }
        for Change { at, to, rule, .. } in &self.changes {
            write!(formatter, " → {to} at {} ({rule})", format_moment(*at))?;
        }
        let lead = if self.changes.is_empty() { "" } else { " — now " };
        write!(formatter, "{lead}{} ({})", self.owner, self.because)
    }
}
