//! The settings of a run, and the config of each world in it.

use std::sync::Arc;

use crate::domain::model::config::Config;
use crate::language::files::Scenario;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::lint::Levels;
use crate::text::diagnostic::Diagnostic;

use super::arm_faults::RunFault;
use super::artifact_writer::ArtifactWriter;
use super::failure_hold::FailureHold;
use super::stop_switch::StopSwitch;
use super::timeouts::Timeouts;

/// The settings of a run.
#[derive(Debug, Clone, Default)]
pub struct RunSettings {
    /// Overrides of every world, such as the URLs of real apps.
    pub changes: WorldOverrides,
    /// How long the run waits for real apps.
    pub timeouts: Timeouts,
    /// Faults of the command line.
    pub faults: Vec<Arc<RunFault>>,
    /// Which lints fail a scenario.
    pub lints: Levels,
    /// Writers of ledgers, transcripts and bundles.
    pub artifact_writers: Vec<Arc<dyn ArtifactWriter>>,
    /// Holds scenarios that fail, if somebody wants to look at them.
    pub hold: Option<Arc<dyn FailureHold>>,
    /// True if no scenario begins after one has failed.
    pub fail_fast: bool,
    /// Ends the run from outside.
    pub stop: StopSwitch,
}

/// The config of a scenario's world.
pub(super) fn world_config(scenario: &Scenario, changes: &WorldOverrides) -> Result<Arc<Config>, Diagnostic> {
    let changes = WorldOverrides { routing: scenario.routing.clone(), ..changes.clone() };
    read_world::read(&scenario.world, &changes).map_err(|mistakes| {
        let first = mistakes.into_iter().next();
        first.unwrap_or_else(|| Diagnostic::new(scenario.place.clone(), "the world has mistakes"))
    })
}
