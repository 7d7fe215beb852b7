//! Texts that several reports share.

use crate::runner::run_events::{ReportedFinding, ScenarioReport};

/// The message of a run that could not begin.
pub const ABANDONED: &str = "the run could not begin: see standard error";

/// Warnings and findings, one line each.
pub fn remarks(report: &ScenarioReport) -> impl Iterator<Item = String> {
    let warnings = report.warnings.iter().map(|warning| format!("warning: {warning}"));
    warnings.chain(report.findings.iter().map(finding))
}

pub fn finding(found: &ReportedFinding) -> String {
    let finding = &found.finding;
    format!("{} {}: {}; {}", finding.lint.severity.name(), finding.lint.name, finding.text(), finding.lint.advice)
}

/// The owners of each thread, one line for each. Lines that the failure has in its notes are left out.
pub fn owners(report: &ScenarioReport) -> impl Iterator<Item = String> {
    let lines =
        report.owners.iter().map(|owners| format!("owners of the thread of {}: {owners}", owners.thread_name()));
    let notes = report.failure.as_ref().map(|failure| failure.notes.as_slice()).unwrap_or_default();
    lines.filter(|line| !notes.contains(line))
}
