//! Collects the reports of a run: brings them into the order of the files, hands them to the writers and the reporter, and counts them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::domain::rules::RuleId;
use crate::language::files::Scenario;

use super::run_events::{
    LateReport, Reporter, RunEvent, RunProgress, ScenarioReport, SkippedScenario, StopCause, Summary,
};
use super::run_settings::RunSettings;

/// How a run ended.
#[derive(Debug)]
pub struct RunEnd {
    pub summary: Summary,
    /// Why some scenarios did not run.
    pub stopped: Option<StopCause>,
}

/// Brings reports into the order of the files, and counts them.
pub(super) struct RunCollector<'r> {
    settings: &'r RunSettings,
    reporter: &'r mut dyn Reporter,
    began: Instant,
    count: usize,
    /// The number of the next scenario to report.
    next: usize,
    /// The names of scenarios that have begun and are not announced yet.
    names: BTreeMap<usize, String>,
    /// The names of scenarios that run.
    running: BTreeMap<usize, String>,
    /// The scenarios that have not ended.
    waiting: BTreeMap<usize, SkippedScenario>,
    /// How many have failed, reported or not.
    known_failures: usize,
    finished: BTreeMap<usize, (Scenario, ScenarioReport)>,
    late: BTreeMap<usize, LateReport>,
    /// The numbers of scenarios that failed.
    failed: BTreeSet<usize>,
    rules: BTreeSet<RuleId>,
    summary: Summary,
}

impl<'r> RunCollector<'r> {
    pub(super) fn begin(scenarios: &[Scenario], settings: &'r RunSettings, reporter: &'r mut dyn Reporter) -> Self {
        let files: BTreeSet<&str> = scenarios.iter().map(|scenario| scenario.file.as_str()).collect();
        reporter.report(&RunEvent::Started { scenarios: scenarios.len(), files: files.len() });
        Self {
            settings,
            reporter,
            began: Instant::now(),
            count: scenarios.len(),
            next: 1,
            names: BTreeMap::new(),
            running: BTreeMap::new(),
            waiting: (1..).zip(scenarios.iter().map(skipped)).collect(),
            known_failures: 0,
            finished: BTreeMap::new(),
            late: BTreeMap::new(),
            failed: BTreeSet::new(),
            rules: BTreeSet::new(),
            summary: Summary::default(),
        }
    }

    /// A scenario begins. It is announced once those before it are reported.
    pub(super) fn start(&mut self, number: usize, name: String) {
        self.running.insert(number, name.clone());
        if number == self.next {
            self.reporter.report(&RunEvent::ScenarioStarted { number, name });
        } else {
            self.names.insert(number, name);
        }
        self.report_progress();
    }

    pub(super) fn finish(&mut self, number: usize, scenario: Scenario, report: ScenarioReport) {
        self.running.remove(&number);
        self.waiting.remove(&number);
        self.known_failures += usize::from(report.failure.is_some());
        self.finished.insert(number, (scenario, report));
        while let Some((scenario, report)) = self.finished.remove(&self.next) {
            self.report(self.next, &scenario, report);
            self.next += 1;
            if let Some(name) = self.names.remove(&self.next) {
                self.reporter.report(&RunEvent::ScenarioStarted { number: self.next, name });
            }
        }
        self.report_progress();
    }

    fn report_progress(&mut self) {
        let (scenarios, failed) = (self.count, self.known_failures);
        let (done, running) = (scenarios - self.waiting.len(), self.running.values().cloned().collect());
        self.reporter.report(&RunEvent::Progress(RunProgress { scenarios, done, failed, running }));
    }

    /// True if a scenario has failed.
    pub(super) fn has_failure(&self) -> bool {
        self.summary.failed > 0
    }

    fn report(&mut self, number: usize, scenario: &Scenario, mut report: ScenarioReport) {
        self.settings.artifact_writers.iter().for_each(|writer| writer.on_scenario_end(scenario, &mut report));
        match report.failure {
            None => self.summary.passed += 1,
            Some(_) => {
                self.summary.failed += 1;
                self.failed.insert(number);
            }
        }
        self.summary.findings += report.findings.len();
        self.rules.extend(report.rules.iter().copied());
        self.reporter.report(&RunEvent::ScenarioFinished(Box::new(report)));
    }

    pub(super) fn add_late(&mut self, number: usize, late: LateReport) {
        self.late.insert(number, late);
    }

    /// How many scenarios have no report.
    pub(super) fn left(&self) -> usize {
        self.waiting.len()
    }

    /// Ends the run. `stopped` says why scenarios are left, if any are.
    pub(super) fn end(mut self, stopped: Option<StopCause>) -> RunEnd {
        // Scenarios that did not run leave gaps.
        for (number, (scenario, report)) in std::mem::take(&mut self.finished) {
            self.report(number, &scenario, report);
        }
        for (number, late) in std::mem::take(&mut self.late) {
            self.summary.findings += late.findings.len();
            if late.is_denied() && self.failed.insert(number) {
                self.summary.passed -= 1;
                self.summary.failed += 1;
            }
            self.reporter.report(&RunEvent::Late(Box::new(late)));
        }
        if let Some(why) = &stopped {
            let skipped = std::mem::take(&mut self.waiting).into_values().collect();
            self.reporter.report(&RunEvent::Stopped { why: why.clone(), skipped });
        }
        self.summary.rules = self.rules.len();
        self.summary.took = self.began.elapsed();
        self.reporter.report(&RunEvent::Finished(self.summary));
        RunEnd { summary: self.summary, stopped }
    }
}

fn skipped(scenario: &Scenario) -> SkippedScenario {
    let Scenario { file, name, place, .. } = scenario;
    SkippedScenario { file: file.clone(), name: name.clone(), place: place.clone() }
}
