//! Run room: a run of scenarios. Each gets a fresh world. With puppets alone they run in parallel and are reported in order; with a
//! real app in play they run one at a time, with people whom the bot never met.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinHandle;

use crate::domain::World;
use crate::domain::model::generations::Generations;
use crate::domain::model::ids::PageKey;
use crate::engine::Engine;
use crate::engine::clock::Mode;
use crate::lint::Levels;

use super::artifact_writer::{ArtifactWriter, History};
use super::bots::Output;
use super::events::{Reporter, RunEvent, ScenarioReport, StepReport, Summary};
use super::faults::RunFault;
use super::linting;
use super::session::{Session, Timeouts};
use crate::journal::delivery_text::still_waiting_text;
use crate::journal::entry_text;
use crate::journal::owner_history::OwnerHistory;
use crate::language::files::Scenario;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::text::diagnostic::Diagnostic;

/// How a run is made.
#[derive(Debug, Clone, Default)]
pub struct RunSettings {
    /// Real apps and their URLs.
    pub changes: WorldOverrides,
    /// How long real apps are waited for.
    pub patience: Timeouts,
    /// What real apps print.
    pub output: Option<Output>,
    /// Faults that scenarios begin with.
    pub faults: Vec<Arc<RunFault>>,
    /// What becomes of what lints find.
    pub lints: Levels,
    /// Who keeps something of each scenario.
    pub keepers: Vec<Arc<dyn ArtifactWriter>>,
}

/// Runs scenarios. `engine` is the one that real apps can call; without it every app is a puppet.
pub async fn run(
    scenarios: Vec<Scenario>,
    engine: Option<Arc<Engine>>,
    settings: &RunSettings,
    reporter: &mut dyn Reporter,
) -> Summary {
    let began = Instant::now();
    let files: BTreeSet<&str> = scenarios.iter().map(|scenario| scenario.file.as_str()).collect();
    reporter.report(&RunEvent::Started { scenarios: scenarios.len(), files: files.len() });
    let mut summary = Summary::default();
    let mut rules = BTreeSet::new();
    let mut finished = |scenario: &Scenario, mut report: ScenarioReport, reporter: &mut dyn Reporter| {
        settings.keepers.iter().for_each(|keeper| keeper.keep(scenario, &mut report));
        match report.failure {
            None => summary.passed += 1,
            Some(_) => summary.failed += 1,
        }
        summary.findings += report.findings.len();
        rules.extend(report.rules.iter().copied());
        reporter.report(&RunEvent::Scenario(Box::new(report)));
    };
    match engine {
        Some(engine) => {
            for (scenario, number) in scenarios.iter().zip(1..) {
                reporter.report(&RunEvent::Begins { number, name: scenario.name.clone() });
                let mut settings = settings.clone();
                settings.changes.people_salt = number as u64;
                finished(scenario, run_one(&engine, scenario, &settings).await, reporter);
            }
        }
        None => {
            for ((name, task), number) in begin_all(scenarios, settings).into_iter().zip(1..) {
                reporter.report(&RunEvent::Begins { number, name });
                match task.await {
                    Ok((scenario, report)) => finished(&scenario, report, reporter),
                    // A panic inside a scenario is a bug of ours; it ends the run rather than pass for a scenario that never was.
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                }
            }
        }
    }
    summary.rules = rules.len();
    summary.took = began.elapsed();
    reporter.report(&RunEvent::Finished(summary));
    summary
}

/// Begins every scenario, each in an engine of its own.
fn begin_all(scenarios: Vec<Scenario>, settings: &RunSettings) -> Vec<(String, JoinHandle<Played>)> {
    let begin = |scenario: Scenario| {
        let settings = settings.clone();
        let name = scenario.name.clone();
        let run = async move {
            let report = run_one(&Arc::new(Engine::new(None)), &scenario, &settings).await;
            (scenario, report)
        };
        (name, tokio::spawn(run))
    };
    scenarios.into_iter().map(begin).collect()
}

/// A scenario that was run, and what came of it.
type Played = (Scenario, ScenarioReport);

async fn run_one(engine: &Arc<Engine>, scenario: &Scenario, settings: &RunSettings) -> ScenarioReport {
    let began = Instant::now();
    let mut report = ScenarioReport::of(scenario);
    let mut changes = settings.changes.clone();
    changes.routing.clone_from(&scenario.routing);
    match read_world::read(&scenario.world, &changes) {
        Ok(config) => match engine.add("scenario", config, Mode::Frozen) {
            Ok(world) => {
                let armed: Vec<_> =
                    settings.faults.iter().filter_map(|fault| Some((fault, fault.arm(&world)?))).collect();
                let mut session = Session::new(engine.clone(), world.clone(), settings.patience);
                let ends = play(&mut session, scenario, &mut report).await;
                armed.iter().for_each(|(fault, number)| fault.note(&world, *number));
                let denied = linting::report(&session, &settings.lints.allowing(&scenario.allow_lints), &mut report);
                let failed = report.failure.is_some() || denied.is_some();
                if settings.keepers.iter().any(|keeper| keeper.needs_history(failed)) {
                    let faults = armed.iter().map(|(fault, _)| fault.written.json()).collect();
                    report.history = Some(History::of(&session, ends, faults, report.failure.as_ref()));
                }
                report.failure = report.failure.take().or(denied);
                if report.failure.is_some() {
                    report.owners = session.world.read(OwnerHistory::read_all);
                }
                engine.remove("scenario");
            }
            Err(error) => report.failure = Some(Diagnostic::new(scenario.place.clone(), error.to_string())),
        },
        Err(mistakes) => report.failure = mistakes.into_iter().next(),
    }
    // Taken in any case: what was printed during one scenario is not shown with the next.
    let output = settings.output.as_ref().map(Output::take);
    report.output = output.filter(|_| report.failure.is_some());
    report.took = began.elapsed();
    report
}

/// Plays a scenario on its session and describes what happened, what went wrong among it; the newest entry when each step was over.
pub(crate) async fn play(session: &mut Session, scenario: &Scenario, report: &mut ScenarioReport) -> Vec<u64> {
    let mut ends = Vec::new();
    report.failure = perform(session, scenario, report, &mut ends).await;
    session.world.play_rest();
    describe(session, report);
    ends
}

async fn perform(
    session: &mut Session,
    scenario: &Scenario,
    report: &mut ScenarioReport,
    ends: &mut Vec<u64>,
) -> Option<Diagnostic> {
    for step in &scenario.steps {
        session.world.begin_step();
        let performed = session.perform(step).await;
        let until = session.newest_entry();
        ends.push(until);
        match performed {
            Ok(performed) => {
                report.steps.push(StepReport { place: step.place.clone(), how: performed.how, until });
            }
            Err(failure) => return Some(failure),
        }
    }
    let quiet = session.patience.quiet;
    session.world.begin_step();
    let settled = session.settle(&scenario.place, quiet).await;
    ends.push(session.newest_entry());
    if let Err(failure) = settled {
        return Some(failure);
    }
    let mut unfired = session.unfired().into_iter();
    if let Some(first) = unfired.next() {
        return Some(unfired.fold(first, |first, other| first.note(format!("and {}", other.one_line()))));
    }
    strictness(session, scenario)
}

/// What `strict` has against a scenario that is over, if it is strict.
pub(crate) fn strictness(session: &Session, scenario: &Scenario) -> Option<Diagnostic> {
    if !scenario.strict {
        return None;
    }
    let strict = |message: String| Diagnostic::new(scenario.place.clone(), message);
    match session.unasked() {
        Ok(unasked) if unasked.is_empty() => None,
        Ok(unasked) => {
            let message = format!("strict: {} webhooks that no expectation asked about", unasked.len());
            Some(unasked.into_iter().fold(strict(message), Diagnostic::note))
        }
        Err(gone) => Some(strict(gone)),
    }
}

fn describe(session: &Session, report: &mut ScenarioReport) {
    session.world.read(|world, ledger, _| {
        report.generations = generations(world);
        report.rules = ledger.all().filter_map(|entry| entry.record.rule()).collect();
        report.transcript = entry_text::transcript(session.world.config(), ledger);
    });
    report.rules.extend(session.rules_of_owners());
    let waiting = session.world.still_waiting();
    report.warnings.extend(waiting.iter().map(|waiting| still_waiting_text(session.world.config(), waiting)));
}

/// The generations of Meta's rules under which the pages live, as they were declared and as admins left them.
fn generations(world: &World) -> Generations {
    let pages = world.config().pages.iter().zip(0..);
    pages.fold(Generations::NONE, |all, (declared, key)| {
        all.union(declared.ruleset.generation).union(world.page(PageKey(key)).ruleset.generation)
    })
}
