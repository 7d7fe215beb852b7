//! What all callers of a world share: which calls of apps are observed, which entries an expectation has matched, which calls a step made,
//! and how far deliveries were looked at. One short lock guards it, which is never held over an await.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::lint::Provoked;

use super::delivery_monitor::DeliveryMonitor;

/// What all callers of a world share. Whoever needs the world's lock, too, takes that first.
#[derive(Debug)]
pub struct Observations(Mutex<Observed>);

/// What the lock guards. Numbers are cursors of the ledger.
#[derive(Debug)]
pub(crate) struct Observed {
    /// Calls of real apps that a step has observed.
    pub(crate) calls: BTreeSet<u64>,
    /// Entries that an expectation has matched.
    pub(crate) matched: BTreeSet<u64>,
    /// Graph calls that a step made in the place of a puppet.
    pub(crate) made_by_steps: BTreeSet<u64>,
    /// Calls and refusals that a step caused on purpose. Lints ignore them.
    pub(crate) provoked: Provoked,
    pub(crate) deliveries: DeliveryMonitor,
    /// The newest entry when the scenario ended, if it has.
    pub(crate) ended: Option<u64>,
}

impl Observations {
    /// Observations that begin after this entry.
    pub(crate) fn after(cursor: u64) -> Self {
        Self(Mutex::new(Observed {
            calls: BTreeSet::new(),
            matched: BTreeSet::new(),
            made_by_steps: BTreeSet::new(),
            provoked: Provoked::default(),
            deliveries: DeliveryMonitor::after(cursor),
            ended: None,
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
        for cursors in [&mut self.calls, &mut self.matched, &mut self.made_by_steps] {
            while cursors.first().is_some_and(|cursor| *cursor < oldest) {
                cursors.pop_first();
            }
        }
        self.provoked.forget_before(oldest);
    }
}
