//! Markdown for a job summary: results, failures with the owners of their threads, and findings. It is written at the
//! end of a run.

use std::fmt::Write;

use crate::journal::owner_history::OwnerHistory;
use crate::runner::run_events::{ReportedFinding, Reporter, RunEvent, ScenarioReport, Summary};
use crate::text::printable::printable;
use crate::text::units::format_moment;

use super::report_output::ReportOutput;
use super::shared_text;

/// GitHub rejects a summary of more than 1 MiB.
const MAX_BYTES: usize = 900_000;
/// The most characters of one failure.
const MAX_DRAWN: usize = 20_000;

pub struct MarkdownReporter {
    output: ReportOutput,
    rows: String,
    failures: Vec<String>,
    findings: String,
}

impl MarkdownReporter {
    pub fn new(output: ReportOutput) -> Self {
        Self { output, rows: String::new(), failures: Vec::new(), findings: String::new() }
    }

    fn scenario(&mut self, report: &ScenarioReport) {
        let mark = if report.failure.is_some() { "❌ failed" } else { "✅ passed" };
        let (name, file) = (cell(&report.name), cell(&report.file));
        let line = report.place.line_and_column().0;
        let took = report.took.as_secs_f64() * 1000.0;
        row(&mut self.rows, &[mark, &name, &format!("{file}:{line}"), &format!("{took:.1} ms")]);
        self.failures.extend(failure(report));
        report.findings.iter().for_each(|found| self.finding(&name, found));
        for warning in &report.warnings {
            row(&mut self.findings, &["", "warning", &name, &cell(warning)]);
        }
    }

    fn finding(&mut self, scenario: &str, found: &ReportedFinding) {
        let lint = found.finding.lint;
        let severity = if found.denied { "denied" } else { lint.severity.name() };
        let text = cell(&format!("{}; {}", found.finding.text(), lint.advice));
        row(&mut self.findings, &[&format!("`{}`", lint.name), severity, scenario, &text]);
    }

    fn finished(&mut self, summary: &Summary) {
        let mark = if summary.failed == 0 { "✅" } else { "❌" };
        let Summary { passed, failed, rules, .. } = summary;
        let mut text = format!("## {mark} graphdouble: {passed} passed, {failed} failed\n\n");
        let _ = writeln!(text, "{rules} rules applied, {:.0} ms\n", summary.took.as_secs_f64() * 1000.0);
        let failures = std::mem::take(&mut self.failures);
        let mut left_out = 0;
        for failure in failures {
            match text.len() + failure.len() < MAX_BYTES {
                true => text.push_str(&failure),
                false => left_out += 1,
            }
        }
        if left_out > 0 {
            let _ = writeln!(text, "{left_out} more failures are too long to be shown here.\n");
        }
        table(&mut text, "Findings", &["lint", "", "scenario", "what"], &self.findings);
        table(&mut text, "Scenarios", &["", "scenario", "where", "time"], &self.rows);
        self.output.write(&text);
    }
}

impl Reporter for MarkdownReporter {
    fn report(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started { .. } | RunEvent::ScenarioStarted { .. } | RunEvent::Progress(_) => {}
            RunEvent::ScenarioFinished(report) => self.scenario(report),
            RunEvent::Late(late) => late.findings.iter().for_each(|found| self.finding(&cell(&late.name), found)),
            RunEvent::Stopped { why, skipped } => {
                self.failures.push(format!("### ❌ {}\n\n", cell(&shared_text::stopped(why, skipped))));
            }
            RunEvent::Finished(summary) => self.finished(summary),
            RunEvent::Abandoned => self.output.write(&format!("## ❌ graphdouble: {}\n\n", shared_text::ABANDONED)),
        }
    }

    fn write_error(&self) -> Option<String> {
        self.output.write_error()
    }
}

fn failure(report: &ScenarioReport) -> Option<String> {
    let failure = report.failure.as_ref()?;
    let mut text = format!("### ❌ {}\n\n{}\n\n", cell(&report.name), cell(&failure.one_line()));
    fenced(&mut text, &failure.render(false));
    for history in &report.owners {
        owners(&mut text, history);
    }
    if let Some(printed) = report.output.as_ref().filter(|printed| !printed.is_empty()) {
        text.push_str("The bot printed:\n\n");
        fenced(&mut text, printed);
    }
    Some(text)
}

/// The table of owners of a thread.
fn owners(text: &mut String, history: &OwnerHistory) {
    let mut rows = String::new();
    for change in &history.changes {
        let rule = format!("`{}`", change.rule);
        row(
            &mut rows,
            &[&format_moment(change.at), &cell(history.name(change.from)), &cell(history.name(change.to)), &rule],
        );
    }
    let title = format!(
        "Owners of {}: now {} (`{}`)",
        cell(&history.thread_name()),
        cell(history.name(history.owner)),
        history.because
    );
    match rows.is_empty() {
        true => {
            let _ = writeln!(text, "{title}\n");
        }
        false => {
            let _ = writeln!(text, "{title}\n\n{}{rows}", head(&["when", "from", "to", "rule"]));
        }
    }
}

/// A table with its title, if it has rows. Rows that do not fit are counted.
fn table(text: &mut String, title: &str, columns: &[&str], rows: &str) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(text, "### {title}\n\n{}", head(columns));
    let mut left_out = 0;
    for row in rows.lines() {
        match text.len() + row.len() < MAX_BYTES {
            true => {
                let _ = writeln!(text, "{row}");
            }
            false => left_out += 1,
        }
    }
    if left_out > 0 {
        let _ = write!(text, "\n{left_out} more are not shown.\n");
    }
    text.push('\n');
}

fn head(columns: &[&str]) -> String {
    format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len()))
}

fn row(rows: &mut String, cells: &[&str]) {
    let _ = writeln!(rows, "| {} |", cells.join(" | "));
}

/// A text on one line, with the special characters of Markdown escaped.
fn cell(text: &str) -> String {
    let mut plain = String::new();
    for c in printable(text).split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if "\\`*_[]<>|#~&".contains(c) {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

/// A block of text. The fence is longer than any fence in the text.
fn fenced(text: &mut String, drawn: &str) {
    let drawn = printable(drawn);
    let end = drawn.char_indices().nth(MAX_DRAWN).map_or(drawn.len(), |(end, _)| end);
    let drawn = &drawn[..end];
    let longest = drawn.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(text, "{fence}text\n{}\n{fence}\n", drawn.trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(cell("a|b\n`c` <d>"), "a\\|b \\`c\\` \\<d\\>");
        let mut text = String::new();
        fenced(&mut text, "has ```` in it");
        assert_eq!(text, "`````text\nhas ```` in it\n`````\n\n");
    }
}
