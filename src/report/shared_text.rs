//! Texts that several reports share.

use crate::runner::run_events::{LateReport, ReportedFinding, ScenarioReport, SkippedScenario, StopCause};

/// The message of a run that could not begin.
pub const ABANDONED: &str = "the run could not begin: see standard error";

/// Why scenarios did not run.
pub fn stop_cause(why: &StopCause) -> &str {
    match why {
        StopCause::BotEnded(why) => why.as_str(),
        StopCause::FirstFailure => "a scenario failed, and --fail-fast ends the run then",
        StopCause::Signal => "a signal stopped the run",
    }
}

/// Why some scenarios did not run, and how many, in one line.
pub fn stopped(why: &StopCause, skipped: &[SkippedScenario]) -> String {
    let why = stop_cause(why);
    match skipped.len() {
        0 => why.to_owned(),
        1 => format!("{why}; 1 scenario did not run"),
        left => format!("{why}; {left} scenarios did not run"),
    }
}

/// Findings about calls that came after the report of their scenario, one line each.
pub fn late(late: &LateReport) -> impl Iterator<Item = String> {
    late.findings.iter().map(|found| format!("{}: {}", late.name, finding(found)))
}

/// Warnings and findings, one line each.
pub fn remarks(report: &ScenarioReport) -> impl Iterator<Item = String> {
    let warnings = report.warnings.iter().map(|warning| format!("warning: {warning}"));
    warnings.chain(report.findings.iter().map(finding))
}

pub fn finding(found: &ReportedFinding) -> String {
    let finding = &found.finding;
    let severity = if found.denied { "denied" } else { finding.lint.severity.name() };
    format!("{severity} {}: {}; {}", finding.lint.name, finding.text(), finding.lint.advice)
}

/// The owners of each thread, one line for each. Lines that the failure has in its notes are left out.
pub fn owners(report: &ScenarioReport) -> impl Iterator<Item = String> {
    let lines =
        report.owners.iter().map(|owners| format!("owners of the thread of {}: {owners}", owners.thread_name()));
    let notes = report.failure.as_ref().map(|failure| failure.notes.as_slice()).unwrap_or_default();
    lines.filter(|line| !notes.contains(line))
}
