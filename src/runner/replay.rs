//! Runs a scenario again with the recorded calls and answers of its real apps. No bot is needed, and no time passes.

use std::sync::Arc;

use crate::domain::model::config::Config;
use crate::engine::clock::Mode;
use crate::engine::{ActiveWorld, Beginning, Engine, NullOutbox, Replay, UnmatchedCall};

use super::arm_faults;
use super::run_events::ScenarioReport;
use super::scenario_history::ScenarioHistory;
use super::scenario_run::play;
use super::session::Session;
use super::timeouts::Timeouts;
use crate::language::Node;
use crate::language::files::Scenario;
use crate::text::diagnostic::Diagnostic;

/// What the bundle recorded of the first run.
#[derive(Debug)]
pub struct RecordedRun {
    /// The world as it was declared.
    pub config: Arc<Config>,
    /// What apps had set before the first step.
    pub beginning: Beginning,
    /// The timeouts of the first run. Failure messages name them.
    pub timeouts: Timeouts,
    /// True if any app was real.
    pub has_real_apps: bool,
    /// Calls that matched no world.
    pub unmatched_calls: Vec<String>,
    /// Faults that the command line armed.
    pub faults: Vec<Arc<Node>>,
    /// What the real apps did.
    pub replay: Replay,
}

/// The world of a run as it was in the end, and the engine that has it.
pub type ReplayedWorld = (Arc<Engine>, Arc<ActiveWorld>);

/// Runs the scenario again. The report has a history. The world is as it was in the end, or it could not be made.
pub async fn replay(
    scenario: &Scenario,
    recorded: RecordedRun,
) -> (ScenarioReport, Result<Arc<ActiveWorld>, Diagnostic>) {
    let (report, replayed) = replay_in("scenario", scenario, recorded).await;
    (report, replayed.map(|(_, world)| world))
}

/// The same, in a world of this name.
pub async fn replay_in(
    name: &str,
    scenario: &Scenario,
    recorded: RecordedRun,
) -> (ScenarioReport, Result<ReplayedWorld, Diagnostic>) {
    let mut report = ScenarioReport::of(scenario);
    let engine = Arc::new(match recorded.has_real_apps {
        true => Engine::new(Some(Arc::new(NullOutbox))),
        false => Engine::new(None),
    });
    let world = match engine.add(name, recorded.config, Mode::Frozen) {
        Ok(world) => world,
        Err(error) => {
            let failure = Diagnostic::new(scenario.place.clone(), error.to_string());
            report.failure = Some(failure.clone());
            return (report, Err(failure));
        }
    };
    world.begin_with(&recorded.beginning);
    // The first run armed the same faults, so this cannot fail.
    arm_faults::arm(&world, &recorded.faults).map(drop).unwrap_or_default();
    world.play(recorded.replay);
    let mut session = Session::new(engine.clone(), world.clone(), recorded.timeouts);
    recorded.unmatched_calls.iter().for_each(|call| engine.note_unmatched_call(UnmatchedCall::of_text(call)));
    let ends = play(&mut session, scenario, &mut report).await;
    report.history = Some(ScenarioHistory::of(&session, ends, Vec::new(), report.failure.as_ref()));
    (report, Ok((engine, world)))
}
