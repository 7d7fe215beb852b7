//! Run room: a run of scenarios. Each gets a fresh world. With puppets alone they run in parallel and are reported in order; with a
//! real app in play they run one at a time, with people whom the bot never met.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use crate::engine::Engine;
use crate::engine::clock::Mode;

use super::super::language::diagnostic::Diagnostic;
use super::super::language::files::Scenario;
use super::super::language::world::{self, Changes};
use super::bots::Output;
use super::events::{Reporter, RunEvent, ScenarioReport, StepReport, Summary};
use super::keeper::{History, Keeper};
use super::record;
use super::stage::{Patience, Stage};

/// How a run is made.
#[derive(Debug, Clone, Default)]
pub struct RunSettings {
    /// Real apps and their URLs.
    pub changes: Changes,
    /// How long real apps are waited for.
    pub patience: Patience,
    /// What real apps print.
    pub output: Option<Output>,
    /// Who keeps something of each scenario.
    pub keepers: Vec<Arc<dyn Keeper>>,
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
        rules.extend(report.rules.iter().copied());
        reporter.report(&RunEvent::Scenario(Box::new(report)));
    };
    match engine {
        Some(engine) => {
            for (index, scenario) in scenarios.iter().enumerate() {
                let mut settings = settings.clone();
                settings.changes.people_salt = index as u64 + 1;
                finished(scenario, run_one(&engine, scenario, &settings).await, reporter);
            }
        }
        None => {
            for (scenario, report) in run_parallel(scenarios, settings).await {
                finished(&scenario, report, reporter);
            }
        }
    }
    summary.rules = rules.len();
    summary.took = began.elapsed();
    reporter.report(&RunEvent::Finished(summary));
    summary
}

async fn run_parallel(scenarios: Vec<Scenario>, settings: &RunSettings) -> Vec<(Scenario, ScenarioReport)> {
    let tasks: Vec<_> = scenarios
        .into_iter()
        .map(|scenario| {
            let settings = settings.clone();
            tokio::spawn(async move {
                let engine = Arc::new(Engine::new(None));
                let report = run_one(&engine, &scenario, &settings).await;
                (scenario, report)
            })
        })
        .collect();
    let mut reports = Vec::new();
    for task in tasks {
        // A panic inside a scenario is a bug of ours; it ends the run rather than pass for a scenario that never was.
        match task.await {
            Ok(report) => reports.push(report),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    reports
}

async fn run_one(engine: &Arc<Engine>, scenario: &Scenario, settings: &RunSettings) -> ScenarioReport {
    let began = Instant::now();
    let mut report = ScenarioReport::of(scenario);
    let mut changes = settings.changes.clone();
    changes.routing.clone_from(&scenario.routing);
    let failure = match world::read(&scenario.world, &changes) {
        Ok(config) => match engine.add("scenario", config, Mode::Frozen) {
            Ok(world) => {
                let mut stage = Stage::new(engine.clone(), world, settings.patience);
                let needs = |failed: bool| settings.keepers.iter().any(|keeper| keeper.needs_history(failed));
                let failure = play(&mut stage, scenario, &mut report, needs).await;
                engine.remove("scenario");
                failure
            }
            Err(error) => Some(Diagnostic::new(scenario.place.clone(), error.to_string())),
        },
        Err(mistakes) => mistakes.into_iter().next(),
    };
    // Taken in any case: what was printed during one scenario is not shown with the next.
    let output = settings.output.as_ref().map(Output::take);
    report.output = output.filter(|_| failure.is_some());
    report.failure = failure;
    report.took = began.elapsed();
    report
}

/// Plays a scenario on its stage and describes what happened; what went wrong, if anything did.
pub(super) async fn play(
    stage: &mut Stage,
    scenario: &Scenario,
    report: &mut ScenarioReport,
    needs_history: impl Fn(bool) -> bool,
) -> Option<Diagnostic> {
    let mut ends = Vec::new();
    let failure = perform(stage, scenario, report, &mut ends).await;
    stage.world.play_rest();
    describe(stage, report);
    report.history = needs_history(failure.is_some()).then(|| History::of(stage, ends));
    failure
}

async fn perform(
    stage: &mut Stage,
    scenario: &Scenario,
    report: &mut ScenarioReport,
    ends: &mut Vec<u64>,
) -> Option<Diagnostic> {
    for step in &scenario.steps {
        stage.world.begin_step();
        let performed = stage.perform(step).await;
        ends.push(stage.newest_entry());
        match performed {
            Ok(performed) => report.steps.push(StepReport { place: step.place.clone(), how: performed.how }),
            Err(failure) => return Some(failure),
        }
    }
    let quiet = stage.patience.quiet;
    stage.world.begin_step();
    let settled = stage.settle(&scenario.place, quiet).await;
    ends.push(stage.newest_entry());
    if let Err(failure) = settled {
        return Some(failure);
    }
    let mut unfired = stage.unfired().into_iter();
    if let Some(first) = unfired.next() {
        return Some(unfired.fold(first, |first, other| first.note(format!("and {}", other.one_line()))));
    }
    strictness(stage, scenario)
}

/// What `strict` has against a scenario that is over, if it is strict.
pub(super) fn strictness(stage: &Stage, scenario: &Scenario) -> Option<Diagnostic> {
    if !scenario.strict {
        return None;
    }
    let strict = |message: String| Diagnostic::new(scenario.place.clone(), message);
    match stage.unasked() {
        Ok(unasked) if unasked.is_empty() => None,
        Ok(unasked) => {
            let message = format!("strict: {} webhooks that no expectation asked about", unasked.len());
            Some(unasked.into_iter().fold(strict(message), Diagnostic::note))
        }
        Err(gone) => Some(strict(gone)),
    }
}

fn describe(stage: &Stage, report: &mut ScenarioReport) {
    stage.world.read(|_, ledger, _| {
        report.rules = ledger.all().filter_map(|entry| entry.record.rule()).collect();
        report.transcript = record::transcript(stage.world.config(), ledger);
    });
    report.rules.extend(stage.rules_of_owners());
    report.warnings = stage.unasked_refusals();
}
