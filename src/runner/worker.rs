//! A worker of a run with real apps: a copy of the bot, the engine that it calls, and the loop that takes scenarios from the queue. A
//! scenario is reported when the next one is over, so that calls that come late are reported with it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::timeout;

use crate::engine::Engine;
use crate::language::files::Scenario;
use crate::language::world::overrides::WorldOverrides;

use super::beginnings::Beginnings;
use super::bot_process::{BotOutput, BotProcess};
use super::run_events::{LateReport, ScenarioReport};
use super::run_settings::{RunSettings, world_config};
use super::scenario_run::{ReportedScenario, ScenarioRun};

/// How long a failed scenario waits to learn that the bot has ended.
const END_NOTICED_WITHIN: Duration = Duration::from_millis(100);

/// Reported scenarios of which late calls are reported at the end of the run. The worlds of older ones are gone.
const MAX_REPORTED: usize = 100;

/// A copy of the bot, and the engine that it calls.
#[derive(Debug)]
pub struct BotWorker {
    pub engine: Arc<Engine>,
    pub beginnings: Beginnings,
    /// The process of the bot, if the run has started it.
    pub bot: Option<BotProcess>,
    /// Overrides of every world, with the URL of this copy.
    pub changes: WorldOverrides,
}

/// What a worker reports.
pub(super) enum WorkerMessage {
    Began(usize, String),
    Finished(usize, Box<(Scenario, ScenarioReport)>),
    Late(usize, LateReport),
    BotEnded(String),
}

/// The scenarios that no worker has taken.
pub(super) struct Queue {
    scenarios: Vec<Mutex<Option<Scenario>>>,
    next: AtomicUsize,
    is_over: AtomicBool,
}

impl Queue {
    pub(super) fn new(scenarios: Vec<Scenario>) -> Self {
        let scenarios = scenarios.into_iter().map(|scenario| Mutex::new(Some(scenario))).collect();
        Self { scenarios, next: AtomicUsize::new(0), is_over: AtomicBool::new(false) }
    }

    /// The next scenario and its number, counted from 1.
    fn take(&self) -> Option<(usize, Scenario)> {
        if self.is_over.load(Ordering::Acquire) {
            return None;
        }
        let place = self.next.fetch_add(1, Ordering::AcqRel);
        let scenario = self.scenarios.get(place)?.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some((place + 1, scenario))
    }

    /// No further scenario begins.
    fn end(&self) {
        self.is_over.store(true, Ordering::Release);
    }
}

/// What a worker needs in each scenario.
struct Shift {
    queue: Arc<Queue>,
    settings: RunSettings,
    messages: UnboundedSender<WorkerMessage>,
    reported: VecDeque<(usize, ReportedScenario)>,
}

impl BotWorker {
    /// Runs scenarios until none is left, and stops the bot.
    pub(super) async fn work(
        mut self,
        queue: Arc<Queue>,
        settings: RunSettings,
        messages: UnboundedSender<WorkerMessage>,
    ) {
        let mut shift = Shift { queue, settings, messages, reported: VecDeque::new() };
        let mut before: Option<ScenarioRun> = None;
        while let Some((number, scenario)) = shift.queue.take() {
            shift.send(WorkerMessage::Began(number, scenario.name.clone()));
            let stop = shift.settings.stop.clone();
            let (run, bot_ended) = tokio::select! {
                biased;
                () = stop.stopped() => {
                    shift.queue.end();
                    break;
                }
                ended = self.run(ScenarioRun::new(number, scenario), &shift.settings) => ended,
            };
            if let Some(before) = before.replace(run) {
                shift.close(before);
            }
            if let Some(failed) = before.take_if(|run| shift.settings.hold.is_some() && run.report.failure.is_some()) {
                shift.close(failed);
                tokio::select! {
                    biased;
                    () = stop.stopped() => shift.queue.end(),
                    () = shift.hold_last() => {}
                }
            }
            if let Some(why) = bot_ended {
                shift.queue.end();
                shift.send(WorkerMessage::BotEnded(why));
                break;
            }
            if shift.settings.fail_fast && before.as_ref().is_some_and(|run| run.report.failure.is_some()) {
                shift.queue.end();
            }
        }
        // While it stops, the bot may still do what it had begun.
        if let Some(bot) = self.bot.take() {
            bot.stop().await;
        }
        if let Some(last) = before {
            shift.close(last);
        }
        shift.report_late();
    }

    /// Runs one scenario. Returns what became of the bot, if it has ended.
    async fn run(&mut self, mut run: ScenarioRun, settings: &RunSettings) -> (ScenarioRun, Option<String>) {
        // A scenario meets people whom the bot does not know.
        let changes = WorldOverrides { people_salt: run.number as u64, ..self.changes.clone() };
        match world_config(&run.scenario, &changes) {
            Ok(config) => match self.beginnings.add_world(config, settings.timeouts.budget).await {
                Ok(world) => run.begin(&self.engine, &world, settings),
                Err(error) => run.cannot_begin(error),
            },
            Err(mistake) => run.report.failure = Some(mistake),
        }
        let bot_ended = match &self.bot {
            None => {
                run.perform().await;
                None
            }
            Some(bot) => {
                tokio::select! {
                    biased;
                    why = bot.ended() => Some(why),
                    () = run.perform() => match run.report.failure {
                        // A connection that breaks is often noticed before the end of the process behind it.
                        Some(_) => timeout(END_NOTICED_WITHIN, bot.ended()).await.ok(),
                        None => None,
                    },
                }
            }
        };
        if let Some(why) = &bot_ended {
            run.interrupt(why);
        }
        // Output is always taken, so that it is not shown with the next scenario.
        run.end(self.bot.as_ref().map(|bot| bot.output()).as_ref().map(BotOutput::take));
        (run, bot_ended)
    }
}

impl Shift {
    fn send(&self, message: WorkerMessage) {
        // The run takes messages for as long as there are workers.
        self.messages.send(message).unwrap_or_default();
    }

    fn close(&mut self, run: ScenarioRun) {
        let number = run.number;
        let (scenario, report, reported) = run.close(&self.settings);
        if self.settings.fail_fast && report.failure.is_some() {
            self.queue.end();
        }
        self.send(WorkerMessage::Finished(number, Box::new((scenario, report))));
        if let Some(reported) = reported {
            if self.reported.len() == MAX_REPORTED {
                self.reported.pop_front();
            }
            self.reported.push_back((number, reported));
        }
    }

    /// Keeps the world of the scenario that was reported last, if it has failed.
    async fn hold_last(&self) {
        if let Some((_, reported)) = self.reported.back() {
            reported.hold(&self.settings).await;
        }
    }

    /// Reports calls that came after the reports of their scenarios.
    fn report_late(&self) {
        for (number, reported) in &self.reported {
            if let Some(late) = reported.late_report() {
                self.send(WorkerMessage::Late(*number, late));
            }
        }
    }
}
