//! Run room: a scenario once more, with what real apps did in it the first time. No bot is needed, and no time passes.

use std::sync::Arc;

use crate::domain::model::config::Config;
use crate::engine::clock::Mode;
use crate::engine::{Engine, NullOutbox, Replay};

use super::arm_faults;
use super::run_events::ScenarioReport;
use super::run_scenarios::play;
use super::scenario_history::ScenarioHistory;
use super::session::Session;
use super::timeouts::Timeouts;
use crate::language::Node;
use crate::language::files::Scenario;
use crate::text::diagnostic::Diagnostic;

/// StepKind a scenario went the first time.
#[derive(Debug)]
pub struct RecordedRun {
    /// The world as it was declared.
    pub config: Arc<Config>,
    /// StepKind long real apps were waited for; what is said of them names it.
    pub timeouts: Timeouts,
    /// Whether any app was real.
    pub has_real_apps: bool,
    /// Calls that belonged to no world.
    pub unmatched_calls: Vec<String>,
    /// Faults that it began with.
    pub faults: Vec<Arc<Node>>,
    /// What real apps did.
    pub replay: Replay,
}

/// Runs a scenario once more. The report has its history.
pub async fn replay(scenario: &Scenario, recorded: RecordedRun) -> ScenarioReport {
    let mut report = ScenarioReport::of(scenario);
    let engine = Arc::new(match recorded.has_real_apps {
        true => Engine::new(Some(Arc::new(NullOutbox))),
        false => Engine::new(None),
    });
    recorded.unmatched_calls.into_iter().for_each(|call| engine.note_stray(call));
    match engine.add("scenario", recorded.config, Mode::Frozen) {
        Ok(world) => {
            // They were armed before, so this world understands them.
            arm_faults::arm(&world, &recorded.faults).map(drop).unwrap_or_default();
            world.play(recorded.replay);
            let mut session = Session::new(engine, world, recorded.timeouts);
            let ends = play(&mut session, scenario, &mut report).await;
            report.history = Some(ScenarioHistory::of(&session, ends, Vec::new(), report.failure.as_ref()));
        }
        Err(error) => report.failure = Some(Diagnostic::new(scenario.place.clone(), error.to_string())),
    }
    report
}
