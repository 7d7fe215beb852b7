//! TAP 14 (Test Anything Protocol): one line for each scenario, written at once, with a YAML block for a failure.

use serde_json::{Value, json};

use crate::runner::run_events::{Reporter, RunEvent, ScenarioReport};
use crate::text::diagnostic::Diagnostic;
use crate::text::printable::{for_log, json_for_log};

use super::report_output::ReportOutput;
use super::shared_text;

pub struct TapReporter {
    output: ReportOutput,
    count: usize,
}

impl TapReporter {
    pub fn new(output: ReportOutput) -> Self {
        Self { output, count: 0 }
    }

    fn scenario(&mut self, report: &ScenarioReport) {
        self.count += 1;
        let decision = if report.failure.is_some() { "not ok" } else { "ok" };
        let name = description(&format!("{}: {}", report.file, report.name));
        let mut text = format!("{decision} {} - {name}\n", self.count);
        if let Some(failure) = &report.failure {
            text.push_str(&block(report, failure));
        }
        for remark in shared_text::remarks(report) {
            text.push_str(&comment(&remark));
        }
        self.output.write(&text);
    }
}

impl Reporter for TapReporter {
    fn report(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started { scenarios, .. } => self.output.write(&format!("TAP version 14\n1..{scenarios}\n")),
            RunEvent::ScenarioStarted { .. } | RunEvent::Progress(_) => {}
            RunEvent::ScenarioFinished(report) => self.scenario(report),
            RunEvent::Late(late) => shared_text::late(late).for_each(|line| self.output.write(&comment(&line))),
            RunEvent::Stopped { why, skipped } => {
                self.output.write(&format!("Bail out! {}\n", one_line(&shared_text::stopped(why, skipped))));
            }
            RunEvent::Finished(summary) => {
                self.output.write(&comment(&format!("{} passed, {} failed", summary.passed, summary.failed)));
            }
            RunEvent::Abandoned => {
                self.output.write(&format!("TAP version 14\nBail out! {}\n", shared_text::ABANDONED))
            }
        }
    }

    fn write_error(&self) -> Option<String> {
        self.output.write_error()
    }
}

/// A description has one line. A `#` in it is escaped, because it would begin a directive.
fn description(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('#', "\\#")
}

fn one_line(text: &str) -> String {
    for_log(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn comment(text: &str) -> String {
    for_log(text).lines().map(|line| format!("# {line}\n")).collect()
}

/// The failure as YAML. The values are JSON, which is valid YAML.
fn block(report: &ScenarioReport, failure: &Diagnostic) -> String {
    let (line, column) = failure.place.line_and_column();
    let values: [(&str, Value); 6] = [
        ("message", json!(failure.message)),
        ("severity", json!("fail")),
        ("at", json!({ "file": failure.place.source.name, "line": line, "column": column })),
        ("notes", json!(failure.notes)),
        ("owners", json!(shared_text::owners(report).collect::<Vec<_>>())),
        ("duration_ms", json!(report.took.as_millis() as u64)),
    ];
    let lines: String = values.iter().map(|(key, value)| format!("  {key}: {}\n", json_for_log(value))).collect();
    format!("  ---\n{lines}  ...\n")
}
