//! Everything that happened in one scenario, for files that outlive the run: ledgers and bundles.

use std::sync::Arc;

use serde_json::Value;

use crate::domain::model::config::Config;
use crate::engine::Quiescence;
use crate::engine::history::RecordedInput;
use crate::engine::ledger::EntriesGone;
use crate::engine::ledger_entry::LedgerEntry;
use crate::text::diagnostic::Diagnostic;

use super::session::Session;
use super::timeouts::Timeouts;

#[derive(Debug)]
pub struct ScenarioHistory {
    pub config: Arc<Config>,
    /// What apps had set before the first step.
    pub beginning: Vec<RecordedInput>,
    /// The entries of the ledger, oldest first.
    pub entries: Vec<LedgerEntry>,
    /// What the ledger dropped, if it was too small.
    pub lost: Option<EntriesGone>,
    /// The newest cursor at the end of each step (also of a step that failed), and after the world became quiet.
    pub ends: Vec<u64>,
    /// What was in flight, if the scenario ended because the world did not become quiet in time.
    pub never_quiet: Option<Quiescence>,
    pub timeouts: Timeouts,
    pub has_real_apps: bool,
    /// Calls that matched no world, of those that the failure names.
    pub unmatched_calls: Vec<String>,
    /// Faults that the command line armed, as they were written.
    pub faults: Vec<Value>,
    /// The failure as text, without the findings of lints.
    pub failure: Option<String>,
}

impl ScenarioHistory {
    pub(crate) fn of(session: &Session, ends: Vec<u64>, faults: Vec<Value>, failure: Option<&Diagnostic>) -> Self {
        session.world.read(|_, ledger, _| Self {
            config: session.world.config(),
            beginning: Vec::new(),
            entries: ledger.all().cloned().collect(),
            lost: ledger.lost(),
            ends,
            never_quiet: session.never_quiet.clone(),
            timeouts: session.timeouts,
            has_real_apps: session.has_real_apps(),
            unmatched_calls: session.observations.lock().unmatched_calls.clone(),
            faults,
            failure: failure.map(|failure| failure.render(false)),
        })
    }
}
