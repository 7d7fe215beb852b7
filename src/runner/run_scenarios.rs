//! Runs scenarios, each in a fresh world. Scenarios with puppets only run in parallel and are reported in order. Scenarios with a real app
//! run one after the other in front of each copy of the bot, with people that it has not met before.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::engine::Engine;
use crate::engine::clock::Mode;
use crate::language::files::Scenario;

use super::beginnings::Beginnings;
use super::run_collector::{RunCollector, RunEnd};
use super::run_events::{Reporter, ScenarioReport, StopCause};
use super::run_settings::{RunSettings, world_config};
use super::scenario_run::ScenarioRun;
use super::worker::{BotWorker, Queue, WorkerMessage};

/// Runs scenarios. Real apps call `engine`; without it every app is a puppet.
pub async fn run(
    scenarios: Vec<Scenario>,
    engine: Option<Arc<Engine>>,
    settings: &RunSettings,
    reporter: &mut dyn Reporter,
) -> RunEnd {
    let Some(engine) = engine else { return run_puppets(scenarios, settings, reporter).await };
    match Beginnings::new(&engine, &scenarios, &settings.changes) {
        Ok(beginnings) => {
            let worker = BotWorker { engine, beginnings, bot: None, changes: settings.changes.clone() };
            run_real_apps(scenarios, vec![worker], settings, reporter).await
        }
        Err(error) => {
            let mut collected = RunCollector::begin(&scenarios, settings, reporter);
            for (number, scenario) in (1..).zip(scenarios) {
                let mut run = ScenarioRun::new(number, scenario);
                run.cannot_begin(error.clone());
                let (scenario, report, _) = run.close(settings);
                collected.finish(number, scenario, report);
            }
            collected.end(None)
        }
    }
}

/// Runs scenarios with puppets only.
async fn run_puppets(scenarios: Vec<Scenario>, settings: &RunSettings, reporter: &mut dyn Reporter) -> RunEnd {
    let mut collected = RunCollector::begin(&scenarios, settings, reporter);
    for (number, (name, mut task)) in (1..).zip(spawn_all(scenarios, settings)) {
        let has_failed = settings.fail_fast && collected.has_failure();
        if has_failed || settings.stop.is_stopped() {
            task.abort();
            continue;
        }
        collected.start(number, name);
        let ended = tokio::select! {
            biased;
            ended = &mut task => ended,
            () = settings.stop.stopped() => {
                task.abort();
                continue;
            }
        };
        match ended {
            Ok((scenario, report)) => collected.finish(number, scenario, report),
            // A panic in a scenario is a bug in graphdouble. It ends the run.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    let stopped = stop_cause(&collected, settings);
    collected.end(stopped)
}

/// Why scenarios are left, if any are.
fn stop_cause(collected: &RunCollector<'_>, settings: &RunSettings) -> Option<StopCause> {
    match collected.left() {
        0 => None,
        _ if settings.stop.is_stopped() => Some(StopCause::Signal),
        _ => settings.fail_fast.then_some(StopCause::FirstFailure),
    }
}

type Ended = (Scenario, ScenarioReport);

/// Starts every scenario in its own engine.
fn spawn_all(scenarios: Vec<Scenario>, settings: &RunSettings) -> Vec<(String, JoinHandle<Ended>)> {
    let begin = |(number, scenario): (usize, Scenario)| {
        let (name, settings) = (scenario.name.clone(), settings.clone());
        let task = tokio::spawn(async move {
            let mut run = ScenarioRun::new(number, scenario);
            let engine = Arc::new(Engine::new(None));
            match world_config(&run.scenario, &settings.changes) {
                Ok(config) => match engine.add("scenario", config, Mode::Frozen) {
                    Ok(world) => run.begin(&engine, &world, &settings),
                    Err(error) => run.cannot_begin(error.to_string()),
                },
                Err(mistake) => run.report.failure = Some(mistake),
            }
            run.perform().await;
            run.end(None);
            let (scenario, report, reported) = run.close(&settings);
            if let Some(reported) = reported {
                reported.hold(&settings).await;
            }
            (scenario, report)
        });
        (name, task)
    };
    (1..).zip(scenarios).map(begin).collect()
}

/// Runs scenarios with real apps. Each worker has a copy of the bot, or they are one that runs already.
pub async fn run_real_apps(
    scenarios: Vec<Scenario>,
    workers: Vec<BotWorker>,
    settings: &RunSettings,
    reporter: &mut dyn Reporter,
) -> RunEnd {
    let mut collected = RunCollector::begin(&scenarios, settings, reporter);
    let queue = Arc::new(Queue::new(scenarios));
    let (sender, mut messages) = mpsc::unbounded_channel();
    let tasks: Vec<JoinHandle<()>> = workers
        .into_iter()
        .map(|worker| tokio::spawn(worker.work(queue.clone(), settings.clone(), sender.clone())))
        .collect();
    drop(sender);
    let mut stopped = None;
    while let Some(message) = messages.recv().await {
        match message {
            WorkerMessage::Began(number, name) => collected.start(number, name),
            WorkerMessage::Finished(number, finished) => {
                let (scenario, report) = *finished;
                collected.finish(number, scenario, report);
            }
            WorkerMessage::Late(number, late) => collected.add_late(number, late),
            WorkerMessage::BotEnded(why) => stopped = Some(StopCause::BotEnded(why)),
        }
    }
    for task in tasks {
        if let Err(error) = task.await {
            // A panic in a scenario is a bug in graphdouble. It ends the run.
            std::panic::resume_unwind(error.into_panic());
        }
    }
    let stopped = stopped.or_else(|| stop_cause(&collected, settings));
    collected.end(stopped)
}
