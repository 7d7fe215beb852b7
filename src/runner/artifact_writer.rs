//! The interface of everything that writes files about scenarios: ledgers, transcripts, bundles. `cli` has the
//! implementations.

use crate::language::files::Scenario;

use super::run_events::ScenarioReport;

/// Writes files about scenarios. It sees each scenario in the order of the files, before the reporters do.
pub trait ArtifactWriter: std::fmt::Debug + Send + Sync {
    /// True if the writer needs the history of a scenario.
    fn needs_history(&self, _failed: bool) -> bool {
        false
    }

    /// Takes a finished scenario. It may set the failure of the report, or add a note to it.
    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport);
}
