//! What all callers of a world share: which calls of apps are observed, which entries an expectation has matched, which calls a step made,
//! and how far deliveries were looked at. One short lock guards it, which is never held over an await.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::lint::Provoked;
use crate::text::source::SourcePlace;

use super::delivery_monitor::DeliveryMonitor;
use super::owner_log::OwnerLog;

/// What all callers of a world share. Whoever needs the world's lock, too, takes that first.
#[derive(Debug)]
pub struct Observations(Mutex<Observed>);

/// What the lock guards. Numbers are cursors of the ledger.
#[derive(Debug)]
pub(crate) struct Observed {
    /// Calls of real apps that a step has observed.
    pub(crate) calls: ClaimedCalls,
    /// Entries that an expectation has matched.
    pub(crate) matched: BTreeSet<u64>,
    /// Graph calls that a step made in the place of a puppet.
    pub(crate) made_by_steps: BTreeSet<u64>,
    /// Calls and refusals that a step caused on purpose. Lints ignore them.
    pub(crate) provoked: Provoked,
    pub(crate) deliveries: DeliveryMonitor,
    /// The newest entry when the scenario ended, if it has.
    pub(crate) ended: Option<u64>,
    pub(crate) owners: OwnerLog,
    /// Calls that matched no world, as the last failure names them.
    pub(crate) unmatched_calls: Vec<String>,
}

/// Calls of real apps that a step has observed, each with the place of the step.
#[derive(Debug, Default)]
pub(crate) struct ClaimedCalls(BTreeMap<u64, SourcePlace>);

impl Observations {
    /// Observations that begin after this entry.
    pub(crate) fn after(cursor: u64) -> Self {
        Self(Mutex::new(Observed {
            calls: ClaimedCalls::default(),
            matched: BTreeSet::new(),
            made_by_steps: BTreeSet::new(),
            provoked: Provoked::default(),
            deliveries: DeliveryMonitor::after(cursor),
            ended: None,
            owners: OwnerLog::after(cursor),
            unmatched_calls: Vec::new(),
        }))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Observed> {
        // Whatever panicked under the lock has left sets of numbers behind, which are whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observed {
    /// Forgets what is about entries before this one, which the ledger has dropped.
    pub(crate) fn forget_before(&mut self, oldest: u64) {
        self.calls.0 = self.calls.0.split_off(&oldest);
        self.owners.forget_before(oldest);
        for cursors in [&mut self.matched, &mut self.made_by_steps] {
            while cursors.first().is_some_and(|cursor| *cursor < oldest) {
                cursors.pop_first();
            }
        }
        self.provoked.forget_before(oldest);
    }
}

impl ClaimedCalls {
    /// True if a step has observed the call.
    pub(crate) fn contains(&self, call: u64) -> bool {
        self.0.contains_key(&call)
    }

    /// A step observes the call.
    pub(crate) fn claim(&mut self, call: u64, step: &SourcePlace) {
        self.0.entry(call).or_insert_with(|| step.clone());
    }

    /// The step that has observed the call.
    pub(crate) fn claimant(&self, call: u64) -> Option<&SourcePlace> {
        self.0.get(&call)
    }
}
