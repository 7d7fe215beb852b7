//! Runs scenarios, each in a fresh world. Scenarios with puppets only run in parallel and are reported in order.
//! Scenarios with a real app run one after the other, with people that the bot has not met before.

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

use super::arm_faults::RunFault;
use super::artifact_writer::ArtifactWriter;
use super::bot_process::BotOutput;
use super::linting;
use super::run_events::{Reporter, RunEvent, ScenarioReport, StepReport, Summary};
use super::scenario_history::ScenarioHistory;
use super::session::Session;
use super::timeouts::Timeouts;
use crate::journal::delivery_text::still_waiting_text;
use crate::journal::entry_text;
use crate::journal::owner_history::OwnerHistory;
use crate::language::files::Scenario;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::text::diagnostic::Diagnostic;

/// The settings of a run.
#[derive(Debug, Clone, Default)]
pub struct RunSettings {
    /// Overrides of every world, such as the URLs of real apps.
    pub changes: WorldOverrides,
    /// How long the run waits for real apps.
    pub timeouts: Timeouts,
    /// The output of the bot.
    pub output: Option<BotOutput>,
    /// Faults of the command line.
    pub faults: Vec<Arc<RunFault>>,
    /// Which lints fail a scenario.
    pub lints: Levels,
    /// Writers of ledgers, transcripts and bundles.
    pub artifact_writers: Vec<Arc<dyn ArtifactWriter>>,
}

/// Runs scenarios. Real apps call `engine`; without it every app is a puppet.
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
        settings.artifact_writers.iter().for_each(|writer| writer.on_scenario_end(scenario, &mut report));
        match report.failure {
            None => summary.passed += 1,
            Some(_) => summary.failed += 1,
        }
        summary.findings += report.findings.len();
        rules.extend(report.rules.iter().copied());
        reporter.report(&RunEvent::ScenarioFinished(Box::new(report)));
    };
    match engine {
        Some(engine) => {
            for (scenario, number) in scenarios.iter().zip(1..) {
                reporter.report(&RunEvent::ScenarioStarted { number, name: scenario.name.clone() });
                let mut settings = settings.clone();
                settings.changes.people_salt = number as u64;
                finished(scenario, run_one(&engine, scenario, &settings).await, reporter);
            }
        }
        None => {
            for ((name, task), number) in spawn_all(scenarios, settings).into_iter().zip(1..) {
                reporter.report(&RunEvent::ScenarioStarted { number, name });
                match task.await {
                    Ok((scenario, report)) => finished(&scenario, report, reporter),
                    // A panic in a scenario is a bug in graphdouble. It ends the run.
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

/// Starts every scenario in its own engine.
fn spawn_all(scenarios: Vec<Scenario>, settings: &RunSettings) -> Vec<(String, JoinHandle<Played>)> {
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
                let mut session = Session::new(engine.clone(), world.clone(), settings.timeouts);
                let ends = play(&mut session, scenario, &mut report).await;
                armed.iter().for_each(|(fault, number)| fault.record_firing(&world, *number));
                let denied =
                    linting::add_findings(&session, &settings.lints.allowing(&scenario.allow_lints), &mut report);
                let failed = report.failure.is_some() || denied.is_some();
                if settings.artifact_writers.iter().any(|writer| writer.needs_history(failed)) {
                    let faults = armed.iter().map(|(fault, _)| fault.written.json()).collect();
                    report.history = Some(ScenarioHistory::of(&session, ends, faults, report.failure.as_ref()));
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
    // Output is always taken, so that it is not shown with the next scenario.
    let output = settings.output.as_ref().map(BotOutput::take);
    report.output = output.filter(|_| report.failure.is_some());
    report.took = began.elapsed();
    report
}

/// Runs a scenario on its session and fills in the report. Returns the newest cursor at the end of each step.
pub(crate) async fn play(session: &mut Session, scenario: &Scenario, report: &mut ScenarioReport) -> Vec<u64> {
    let mut ends = Vec::new();
    report.failure = perform(session, scenario, report, &mut ends).await;
    session.world.replay_rest();
    fill_report(session, report);
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
        let until = session.newest_cursor();
        ends.push(until);
        match performed {
            Ok(performed) => {
                report.steps.push(StepReport { place: step.place.clone(), kind: performed.kind, until });
            }
            Err(failure) => return Some(failure),
        }
    }
    let quiet = session.timeouts.quiet;
    session.world.begin_step();
    let settled = session.settle(&scenario.place, quiet).await;
    ends.push(session.newest_cursor());
    if let Err(failure) = settled {
        return Some(failure);
    }
    let mut unfired = session.unfired_faults().into_iter();
    if let Some(first) = unfired.next() {
        return Some(unfired.fold(first, |first, other| first.note(format!("and {}", other.one_line()))));
    }
    strictness(session, scenario)
}

/// The failure of a strict scenario in which a webhook was not expected.
pub(crate) fn strictness(session: &Session, scenario: &Scenario) -> Option<Diagnostic> {
    if !scenario.strict {
        return None;
    }
    let strict = |message: String| Diagnostic::new(scenario.place.clone(), message);
    match session.unexpected_webhooks() {
        Ok(unexpected) if unexpected.is_empty() => None,
        Ok(unexpected) => {
            let message = format!("strict: webhooks that no expectation matched: {}", unexpected.len());
            Some(unexpected.into_iter().fold(strict(message), Diagnostic::note))
        }
        Err(gone) => Some(strict(gone)),
    }
}

fn fill_report(session: &Session, report: &mut ScenarioReport) {
    session.world.read(|world, ledger, _| {
        report.generations = generations(world);
        report.rules = ledger.all().filter_map(|entry| entry.record.rule()).collect();
        report.transcript = entry_text::transcript(&session.world.config(), ledger);
    });
    report.rules.extend(session.rules_of_owners());
    let waiting = session.world.still_waiting();
    report.warnings.extend(waiting.iter().map(|waiting| still_waiting_text(&session.world.config(), waiting)));
}

/// The generations of Meta's rules that the pages use, at the start and at the end.
fn generations(world: &World) -> Generations {
    let pages = world.config().pages.iter().zip(0..);
    pages.fold(Generations::NONE, |all, (declared, key)| {
        all.union(declared.ruleset.generation).union(world.page(PageKey(key)).ruleset.generation)
    })
}
