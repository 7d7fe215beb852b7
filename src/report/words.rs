//! Report room: what several reports say of a scenario in the same words.

use crate::runner::events::{Found, ScenarioReport};

/// What is said of a run that could not begin.
pub const ABANDONED: &str = "the run could not begin: standard error says why";

/// Warnings and findings, one line each.
pub fn remarks(report: &ScenarioReport) -> impl Iterator<Item = String> {
    let warnings = report.warnings.iter().map(|warning| format!("warning: {warning}"));
    warnings.chain(report.findings.iter().map(finding))
}

/// A finding in one line.
pub fn finding(found: &Found) -> String {
    let finding = &found.finding;
    format!("{} {}: {}; {}", finding.lint.severity.name(), finding.lint.name, finding.text(), finding.lint.advice)
}

/// The owners of each thread, one line a thread, but for those that the failure names itself.
pub fn owners(report: &ScenarioReport) -> impl Iterator<Item = String> {
    let lines =
        report.owners.iter().map(|owners| format!("owners of the thread of {}: {owners}", owners.thread_name()));
    let notes = report.failure.as_ref().map(|failure| failure.notes.as_slice()).unwrap_or_default();
    lines.filter(|line| !notes.contains(line))
}
