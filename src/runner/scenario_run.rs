//! One scenario of a run: its steps, and then its end. Between the two, calls that come late still belong to it.

use std::sync::Arc;
use std::time::Instant;

use crate::domain::World;
use crate::domain::model::generations::Generations;
use crate::domain::model::ids::AssetKey;
use crate::engine::history::RecordedInput;
use crate::engine::{ActiveWorld, Beginning, Engine};
use crate::journal::delivery_text::still_waiting_text;
use crate::journal::entry_text;
use crate::journal::owner_history::OwnerHistory;
use crate::language::files::{Scenario, Strictness};
use crate::lint::Levels;
use crate::text::diagnostic::Diagnostic;

use super::arm_faults::RunFault;
use super::failure_hold::HeldScenario;
use super::linting;
use super::run_events::{LateReport, ReportedFinding, ScenarioReport, StepReport};
use super::run_settings::RunSettings;
use super::scenario_history::ScenarioHistory;
use super::session::Session;

/// A scenario of a run that has a world.
pub(super) struct ScenarioRun {
    pub number: usize,
    pub scenario: Scenario,
    pub report: ScenarioReport,
    began: Instant,
    stage: Option<ScenarioStage>,
    /// False if the failure came from outside, so that a replay cannot repeat it.
    is_replayable: bool,
}

/// The world of a scenario, and what was prepared in it.
struct ScenarioStage {
    session: Session,
    /// What apps had set before the first step.
    beginning: Vec<RecordedInput>,
    armed: Vec<(Arc<RunFault>, u32)>,
    /// The newest cursor at the end of each step.
    ends: Vec<u64>,
}

/// A scenario that has been reported. Calls may still come.
pub(super) struct ReportedScenario {
    scenario: Scenario,
    session: Session,
    levels: Levels,
    steps: Vec<StepReport>,
    known: Vec<ReportedFinding>,
    failure: Option<Diagnostic>,
}

impl ScenarioRun {
    pub(super) fn new(number: usize, scenario: Scenario) -> Self {
        let report = ScenarioReport::of(&scenario);
        Self { number, scenario, report, began: Instant::now(), stage: None, is_replayable: true }
    }

    /// The scenario cannot have its world.
    pub(super) fn cannot_begin(&mut self, why: impl Into<String>) {
        self.report.failure = Some(Diagnostic::new(self.scenario.place.clone(), why.into()));
    }

    /// The scenario gets its world.
    pub(super) fn begin(&mut self, engine: &Arc<Engine>, world: &Arc<ActiveWorld>, settings: &RunSettings) {
        let beginning = Beginning::of(world, 0).inputs().to_vec();
        let arm = |fault: &Arc<RunFault>| Some((fault.clone(), fault.arm(world)?));
        let armed = settings.faults.iter().filter_map(arm).collect();
        let session = Session::new(engine.clone(), world.clone(), settings.timeouts);
        self.stage = Some(ScenarioStage { session, beginning, armed, ends: Vec::new() });
    }

    /// Performs the steps, and waits until the world is quiet.
    pub(super) async fn perform(&mut self) {
        if let Some(stage) = &mut self.stage {
            self.report.failure = perform(&mut stage.session, &self.scenario, &mut self.report, &mut stage.ends).await;
        }
    }

    /// Something outside of the scenario ended it in the middle of a step.
    pub(super) fn interrupt(&mut self, why: &str) {
        let step = self.scenario.steps.get(self.report.steps.len());
        let place = step.map_or(&self.scenario.place, |step| &step.place).clone();
        self.report.failure = Some(Diagnostic::new(place, why.to_owned()));
        self.is_replayable = false;
    }

    /// The steps are over. Calls that come from now on are late.
    pub(super) fn end(&mut self, output: Option<String>) {
        self.report.output = output;
        self.report.took = self.began.elapsed();
        if let Some(stage) = &self.stage {
            let world = &stage.session.world;
            stage.armed.iter().for_each(|(fault, number)| fault.record_firing(world, *number));
            stage.session.observations.lock().ended = Some(stage.session.newest_cursor());
        }
    }

    /// The report, and the scenario as somebody who waits for late calls needs it.
    pub(super) fn close(mut self, settings: &RunSettings) -> (Scenario, ScenarioReport, Option<ReportedScenario>) {
        let levels = settings.lints.allowing(&self.scenario.allow_lints);
        if let Some(stage) = &self.stage {
            // What a bot says after the end counts, too.
            let failure = self.report.failure.take();
            self.report.failure = failure.or_else(|| strictness(&stage.session, &self.scenario));
            fill_report(&stage.session, &mut self.report);
            let denied = linting::add_findings(&stage.session, &levels, &mut self.report);
            let failed = self.report.failure.is_some() || denied.is_some();
            let is_wanted = settings.artifact_writers.iter().any(|writer| writer.needs_history(failed));
            if is_wanted && self.is_replayable {
                self.report.history = Some(stage.history(self.report.failure.as_ref()));
            }
            self.report.failure = self.report.failure.take().or(denied);
            if self.report.failure.is_some() {
                self.report.owners = stage.session.world.read(OwnerHistory::read_all);
            }
        }
        if self.report.failure.is_none() {
            self.report.output = None;
        }
        let reported = self.stage.map(|stage| ReportedScenario {
            scenario: self.scenario.clone(),
            session: stage.session,
            levels,
            steps: self.report.steps.clone(),
            known: self.report.findings.clone(),
            failure: self.report.failure.clone(),
        });
        (self.scenario, self.report, reported)
    }
}

impl ScenarioStage {
    fn history(&self, failure: Option<&Diagnostic>) -> ScenarioHistory {
        let faults = self.armed.iter().map(|(fault, _)| fault.written.json()).collect();
        let history = ScenarioHistory::of(&self.session, self.ends.clone(), faults, failure);
        ScenarioHistory { beginning: self.beginning.clone(), ..history }
    }
}

impl ReportedScenario {
    /// If the scenario has failed, keeps its world for those who want to look at it.
    pub(super) async fn hold(&self, settings: &RunSettings) {
        if let (Some(hold), Some(failure)) = (&settings.hold, &self.failure) {
            let Session { engine, world, .. } = &self.session;
            hold.hold(HeldScenario { name: &self.scenario.name, failure, engine, world }).await;
        }
    }

    /// What lints find now that was not in the report.
    pub(super) fn late_report(&self) -> Option<LateReport> {
        let (steps, failure) = (self.steps.clone(), self.failure.clone());
        let mut report = ScenarioReport { steps, failure, ..ScenarioReport::of(&self.scenario) };
        linting::add_findings(&self.session, &self.levels, &mut report);
        report.findings.retain(|found| !self.known.iter().any(|known| is_same(known, found)));
        let ScenarioReport { file, name, place, findings, .. } = report;
        (!findings.is_empty()).then_some(LateReport { file, name, place, findings })
    }
}

/// True if a finding is an earlier one. More calls may have been added to it, which are late, too.
fn is_same(known: &ReportedFinding, found: &ReportedFinding) -> bool {
    known.finding.lint.name == found.finding.lint.name && known.finding.entries == found.finding.entries
}

/// Runs a scenario on its session and fills in the report. Returns the newest cursor at the end of each step.
pub(crate) async fn play(session: &mut Session, scenario: &Scenario, report: &mut ScenarioReport) -> Vec<u64> {
    let mut ends = Vec::new();
    report.failure = perform(session, scenario, report, &mut ends).await;
    session.world.replay_rest();
    report.failure = report.failure.take().or_else(|| strictness(session, scenario));
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
                report.warnings.extend(session.made_in_place_of_app(step));
                let shown = session.take_shown();
                report.steps.push(StepReport { place: step.place.clone(), kind: performed.kind, shown, until });
            }
            Err(failure) => return Some(failure),
        }
    }
    // Who wants to know that an app says nothing more has to wait for it.
    let quiet = match scenario.strict {
        Strictness::Messages => session.silence(None),
        Strictness::Off | Strictness::Webhooks => session.timeouts.quiet,
    };
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

/// The failure of a strict scenario in which something was not expected.
pub(crate) fn strictness(session: &Session, scenario: &Scenario) -> Option<Diagnostic> {
    let (what, unexpected) = match scenario.strict {
        Strictness::Off => return None,
        Strictness::Webhooks => ("webhooks that no expectation matched", session.unexpected_webhooks()),
        Strictness::Messages => {
            let unasked = session.all_unasked_messages();
            ("messages that no step has asked for", Ok(session.described_unasked(&unasked)))
        }
    };
    let strict = |message: String| Diagnostic::new(scenario.place.clone(), message);
    match unexpected {
        Ok(unexpected) if unexpected.is_empty() => None,
        Ok(unexpected) => {
            let message = format!("strict: {what}: {}", unexpected.len());
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
    let pages = world.config().assets.iter().zip(0..);
    pages.fold(Generations::NONE, |all, (declared, key)| {
        all.union(declared.ruleset.generation).union(world.asset(AssetKey(key)).ruleset.generation)
    })
}
