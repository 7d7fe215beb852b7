//! The part of the ledger that expectations see.

use crate::domain::model::config::Config;
use crate::engine::ledger::{EntriesGone, Ledger};
use crate::engine::ledger_entry::LedgerEntry;

use super::entry_origin::root_of;
use super::observations::Observed;
use super::step_effects::StepTrace;

/// The part of the ledger that expectations see.
#[derive(Debug, Clone)]
pub enum LedgerWindow {
    /// All entries after a cursor: the effects of the last acting step, if nobody else acts in the world.
    Since(u64),
    /// The effects of the last acting step, if others act in the world, too.
    OfStep(StepTrace),
    /// All entries that this one caused. It is the call that a step observed last.
    CausedBy(u64),
}

impl LedgerWindow {
    /// The cursor after which the window begins.
    pub fn start(&self) -> u64 {
        match self {
            Self::Since(cursor) => *cursor,
            Self::OfStep(scope) => scope.since,
            Self::CausedBy(cause) => cause.saturating_sub(1),
        }
    }

    /// The entries of the window, oldest first. Fails if some of them are gone.
    pub(crate) fn entries<'o, 'l: 'o>(
        &'o self,
        config: &'o Config,
        ledger: &'l Ledger,
        observed: &'o Observed,
    ) -> Result<Box<dyn Iterator<Item = &'l LedgerEntry> + 'o>, EntriesGone> {
        let after = ledger.after(self.start())?;
        Ok(match self {
            Self::Since(_) => Box::new(after),
            Self::OfStep(scope) => Box::new(scope.effects(config, ledger, observed, scope.followed_by())),
            Self::CausedBy(cause) => Box::new(after.filter(move |entry| root_of(ledger, entry) == *cause)),
        })
    }
}
