//! Run room: what a run says while it runs. One enum for every reporter.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::model::generations::Generations;
use crate::domain::rules::RuleId;
use crate::lint::Finding;

use super::artifact_writer::History;
use super::session::How;
use crate::journal::owner_history::OwnerHistory;
use crate::language::files::Scenario;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

/// Something that happened in a run.
#[derive(Debug)]
pub enum RunEvent {
    /// It begins.
    Started {
        /// How many scenarios there are.
        scenarios: usize,
        /// In how many files.
        files: usize,
    },
    /// A scenario is waited for: it runs, or ran beside those before it.
    Begins {
        /// Its place in the run, counted from 1.
        number: usize,
        /// Its name.
        name: String,
    },
    /// A scenario is over.
    Scenario(Box<ScenarioReport>),
    /// The run is over.
    Finished(Summary),
    /// The run could not begin: a port is taken, a bot does not start. Nothing else is reported then.
    Abandoned,
}

/// A scenario that is over.
#[derive(Debug)]
pub struct ScenarioReport {
    /// Its file.
    pub file: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// Its steps, as far as they went well.
    pub steps: Vec<StepReport>,
    /// What went wrong, if it failed.
    pub failure: Option<Diagnostic>,
    /// What went well enough, and should be looked at all the same.
    pub warnings: Vec<String>,
    /// What apps did wrong though nothing failed.
    pub findings: Vec<Found>,
    /// What real apps printed, where one failed.
    pub output: Option<String>,
    /// The rules that were at work.
    pub rules: BTreeSet<RuleId>,
    /// The generations of Meta's rules under which its pages live.
    pub generations: Generations,
    /// The owners of its threads, where it failed.
    pub owners: Vec<OwnerHistory>,
    /// Everything that happened, in words.
    pub transcript: String,
    /// What a keeper needs, where there is one.
    pub history: Option<History>,
    /// Real time that it took.
    pub took: Duration,
}

impl ScenarioReport {
    /// Of a scenario that has not begun yet.
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

/// What a lint found, and where.
#[derive(Debug, Clone)]
pub struct Found {
    /// What.
    pub finding: Finding,
    /// The step during which it happened; the scenario, where it happened during none.
    pub place: SourcePlace,
    /// Whether it fails the scenario.
    pub denied: bool,
}

/// A step that went well.
#[derive(Debug, Clone)]
pub struct StepReport {
    /// Where it stands.
    pub place: SourcePlace,
    /// How it came about.
    pub how: How,
    /// The newest entry of the ledger when it was over.
    pub until: u64,
}

/// The outcome of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Scenarios that passed.
    pub passed: usize,
    /// Scenarios that failed.
    pub failed: usize,
    /// Rules that were at work.
    pub rules: usize,
    /// What lints found, all together.
    pub findings: usize,
    /// Real time that it took.
    pub took: Duration,
}

/// Whoever reports a run.
pub trait Reporter: Send {
    /// Takes one event. Scenarios come in the order of the files, whatever order they ran in.
    fn report(&mut self, event: &RunEvent);

    /// What kept the report from being written, in words. It changes nothing about the run's decision.
    fn trouble(&self) -> Option<String> {
        None
    }
}
