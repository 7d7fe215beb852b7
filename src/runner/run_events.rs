//! The events of a run. Every reporter takes them.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::model::generations::Generations;
use crate::domain::rules::RuleId;
use crate::lint::Finding;

use super::performed::PerformedKind;
use super::scenario_history::ScenarioHistory;
use crate::journal::owner_history::OwnerHistory;
use crate::language::files::Scenario;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

/// An event of a run.
#[derive(Debug)]
pub enum RunEvent {
    /// The run begins.
    Started {
        /// The number of scenarios.
        scenarios: usize,
        /// The number of files.
        files: usize,
    },
    /// The run waits for a scenario. Scenarios may run in parallel, but their events come in order.
    ScenarioStarted {
        /// Its position in the run, from 1.
        number: usize,
        /// The name of the scenario.
        name: String,
    },
    /// A scenario has ended.
    ScenarioFinished(Box<ScenarioReport>),
    /// Calls came after the report of their scenario. These events come when all scenarios have ended.
    Late(Box<LateReport>),
    /// Some scenarios did not run.
    Stopped {
        /// Why.
        why: StopCause,
        /// Those that did not run, in order.
        skipped: Vec<SkippedScenario>,
    },
    /// A scenario has begun or ended, in whatever order.
    Progress(RunProgress),
    /// The run has ended.
    Finished(Summary),
    /// The run could not begin: a port is taken, or the bot does not start. No other event follows.
    Abandoned,
}

/// Why some scenarios of a run did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopCause {
    /// The bot ended, and how.
    BotEnded(String),
    /// A scenario failed, and the run was to end then.
    FirstFailure,
    /// A signal.
    Signal,
}

/// A scenario that did not run, or not to its end.
#[derive(Debug, Clone)]
pub struct SkippedScenario {
    /// The scenario file.
    pub file: String,
    /// The name with the values of the row.
    pub name: String,
    /// The place of the scenario in its file.
    pub place: SourcePlace,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunProgress {
    pub scenarios: usize,
    /// How many have ended.
    pub done: usize,
    /// How many of these failed.
    pub failed: usize,
    /// The names of those that run, in the order of the files.
    pub running: Vec<String>,
}

/// What lints found in calls that came after the report of their scenario.
#[derive(Debug)]
pub struct LateReport {
    /// The scenario file.
    pub file: String,
    /// The name of the scenario.
    pub name: String,
    /// The place of the scenario in its file.
    pub place: SourcePlace,
    pub findings: Vec<ReportedFinding>,
}

impl LateReport {
    /// True if a finding fails the scenario.
    pub fn is_denied(&self) -> bool {
        self.findings.iter().any(|found| found.denied)
    }
}

/// The result of a scenario.
#[derive(Debug)]
pub struct ScenarioReport {
    /// The scenario file.
    pub file: String,
    /// The name with the values of the row.
    pub name: String,
    /// The place of the scenario in its file.
    pub place: SourcePlace,
    /// The steps that succeeded.
    pub steps: Vec<StepReport>,
    /// Why the scenario failed.
    pub failure: Option<Diagnostic>,
    /// Problems that do not fail the scenario.
    pub warnings: Vec<String>,
    /// Findings of lints.
    pub findings: Vec<ReportedFinding>,
    /// The output of the bot, if the scenario failed.
    pub output: Option<String>,
    /// The rules that were applied.
    pub rules: BTreeSet<RuleId>,
    /// The generations of Meta's rules that its pages use.
    pub generations: Generations,
    /// The owners of its threads, if it failed.
    pub owners: Vec<OwnerHistory>,
    /// Everything that happened, as text.
    pub transcript: String,
    /// The history, if an artifact writer needs it.
    pub history: Option<ScenarioHistory>,
    /// The real time from start to end.
    pub took: Duration,
}

impl ScenarioReport {
    /// The report of a scenario that has not begun.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        Self {
            file: scenario.file.clone(),
            name: scenario.name.clone(),
            place: scenario.place.clone(),
            steps: Vec::new(),
            failure: None,
            warnings: Vec::new(),
            findings: Vec::new(),
            output: None,
            rules: BTreeSet::new(),
            generations: Generations::NONE,
            owners: Vec::new(),
            transcript: String::new(),
            history: None,
            took: Duration::ZERO,
        }
    }
}

/// A finding of a lint and its place.
#[derive(Debug, Clone)]
pub struct ReportedFinding {
    pub finding: Finding,
    /// The step during which it happened, or the scenario if there is no such step.
    pub place: SourcePlace,
    /// True if the finding fails the scenario.
    pub denied: bool,
}

/// A step that succeeded.
#[derive(Debug, Clone)]
pub struct StepReport {
    pub place: SourcePlace,
    pub kind: PerformedKind,
    /// What it showed.
    pub shown: Vec<String>,
    /// The newest cursor of the ledger at its end.
    pub until: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub passed: usize,
    pub failed: usize,
    /// How many rules were applied.
    pub rules: usize,
    /// How many findings the lints had.
    pub findings: usize,
    pub took: Duration,
}

/// Reports a run.
pub trait Reporter: Send {
    /// Takes one event. Scenarios come in the order of the files.
    fn report(&mut self, event: &RunEvent);

    /// The error that kept the report from being written. It does not change the result of the run.
    fn write_error(&self) -> Option<String> {
        None
    }
}
