//! Run room: what is kept of a scenario beyond its report: ledgers, transcripts and bundles are written by those who implement
//! `ArtifactWriter`. `cli` enters.

use crate::language::files::Scenario;

use super::run_events::ScenarioReport;

/// Whoever keeps something of each scenario. Scenarios come in the order of the files, before anybody reports them.
pub trait ArtifactWriter: std::fmt::Debug + Send + Sync {
    /// Whether it looks at the history of a scenario that passed, or failed.
    fn needs_history(&self, _failed: bool) -> bool {
        false
    }

    /// Looks at a scenario that is over; what it finds wrong becomes the scenario's failure, unless it has one.
    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport);
}
