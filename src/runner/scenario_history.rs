//! Everything that happened in one scenario, for files that outlive the run: ledgers and bundles.

use std::sync::Arc;

use serde_json::Value;

use crate::domain::model::config::Config;
use crate::engine::Quiescence;
use crate::engine::ledger::{Entry, Forgotten};
use crate::text::diagnostic::Diagnostic;

use super::session::Session;
use super::timeouts::Timeouts;

/// Everything that happened in a scenario.
#[derive(Debug)]
pub struct ScenarioHistory {
    /// The world as it was declared.
    pub config: Arc<Config>,
    /// The entries of its ledger, oldest first.
    pub entries: Vec<Entry>,
    /// What the ledger has forgotten, if it was too small.
    pub lost: Option<Forgotten>,
    /// The newest entry when each step was over, the one that failed included, and when the world was quiet after the last.
    pub ends: Vec<u64>,
    /// What was under way, if it ended because the world was not quiet in time.
    pub never_quiet: Option<Quiescence>,
    /// StepKind long real apps were waited for.
    pub timeouts: Timeouts,
    /// Whether any app was real.
    pub has_real_apps: bool,
    /// Calls that belonged to no world.
    pub unmatched_calls: Vec<String>,
    /// Faults that it began with, as they were written.
    pub faults: Vec<Value>,
    /// StepKind it failed, as it is drawn. What lints say of it comes later.
    pub failure: Option<String>,
}

impl ScenarioHistory {
    /// What has happened on a session, where the ledger ended with each step like this.
    pub(crate) fn of(session: &Session, ends: Vec<u64>, faults: Vec<Value>, failure: Option<&Diagnostic>) -> Self {
        session.world.read(|_, ledger, _| Self {
            config: session.world.config().clone(),
            entries: ledger.all().cloned().collect(),
            lost: ledger.lost(),
            ends,
            never_quiet: session.never_quiet.clone(),
            timeouts: session.timeouts,
            has_real_apps: session.has_real_apps(),
            unmatched_calls: session.engine.stray_calls(),
            faults,
            failure: failure.map(|failure| failure.render(false)),
        })
    }
}
