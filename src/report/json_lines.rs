//! JSON Lines: one object for each event of a run, written at once.

use serde_json::{Value, json};

use crate::journal::owner_history::{OwnerChange, OwnerHistory};
use crate::runner::linting::finding_json;
use crate::runner::run_events::{
    ReportedFinding, Reporter, RunEvent, ScenarioReport, SkippedScenario, StepReport, Summary,
};
use crate::text::diagnostic::Diagnostic;
use crate::text::printable::json_for_log;
use crate::text::source::SourcePlace;
use crate::text::units::format_moment;

use super::report_output::ReportOutput;
use super::shared_text;

pub struct JsonLinesReporter(ReportOutput);

impl JsonLinesReporter {
    pub fn new(output: ReportOutput) -> Self {
        Self(output)
    }
}

impl Reporter for JsonLinesReporter {
    fn report(&mut self, event: &RunEvent) {
        let line = match event {
            RunEvent::Started { scenarios, files } => {
                json!({ "event": "started", "scenarios": scenarios, "files": files })
            }
            RunEvent::ScenarioStarted { number, name } => json!({ "event": "begins", "number": number, "name": name }),
            RunEvent::ScenarioFinished(report) => scenario(report),
            RunEvent::Late(late) => json!({
                "event": "late",
                "name": late.name,
                "at": at(&late.place),
                "findings": late.findings.iter().map(found).collect::<Vec<_>>(),
            }),
            RunEvent::Stopped { why, skipped } => {
                let lines = skipped.iter().map(|one| skipped_scenario(one, shared_text::stop_cause(why)));
                lines.for_each(|line| self.0.write(&format!("{}\n", json_for_log(&line))));
                json!({ "event": "stopped", "why": shared_text::stopped(why, skipped), "left": skipped.len() })
            }
            RunEvent::Finished(summary) => finished(summary),
            RunEvent::Progress(_) => return,
            RunEvent::Abandoned => json!({ "event": "abandoned", "why": shared_text::ABANDONED }),
        };
        self.0.write(&format!("{}\n", json_for_log(&line)));
    }

    fn write_error(&self) -> Option<String> {
        self.0.write_error()
    }
}

fn scenario(report: &ScenarioReport) -> Value {
    json!({
        "event": "scenario",
        "name": report.name,
        "at": at(&report.place),
        "passed": report.failure.is_none(),
        "took_ms": millis(report.took),
        "steps": report.steps.iter().map(step).collect::<Vec<_>>(),
        "failure": report.failure.as_ref().map(failure),
        "owners": report.owners.iter().map(owner_history).collect::<Vec<_>>(),
        "warnings": report.warnings,
        "findings": report.findings.iter().map(found).collect::<Vec<_>>(),
        "rules": report.rules.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "printed": report.output,
    })
}

fn skipped_scenario(skipped: &SkippedScenario, why: &str) -> Value {
    json!({ "event": "skipped", "name": skipped.name, "at": at(&skipped.place), "why": why })
}

fn at(place: &SourcePlace) -> Value {
    let (line, column) = place.line_and_column();
    json!({ "file": place.source.name, "line": line, "column": column })
}

fn step(step: &StepReport) -> Value {
    let mut json = json!({ "line": step.place.line_and_column().0, "how": step.kind.word() });
    if !step.shown.is_empty() {
        json["shown"] = json!(step.shown);
    }
    json
}

fn failure(failure: &Diagnostic) -> Value {
    json!({
        "message": failure.message,
        "at": at(&failure.place),
        "notes": failure.notes,
        "drawn": failure.render(false),
    })
}

fn owner_history(history: &OwnerHistory) -> Value {
    let change = |change: &OwnerChange| {
        json!({
            "at": format_moment(change.at),
            "from": history.name(change.from),
            "to": history.name(change.to),
            "rule": change.rule.to_string(),
        })
    };
    json!({
        "thread": history.thread_name(),
        "changes": history.changes.iter().map(change).collect::<Vec<_>>(),
        "owner": history.name(history.owner),
        "because": history.because.to_string(),
    })
}

fn found(found: &ReportedFinding) -> Value {
    let mut json = finding_json(&found.finding);
    json["denied"] = json!(found.denied);
    json["place"] = at(&found.place);
    json
}

fn finished(summary: &Summary) -> Value {
    json!({
        "event": "finished",
        "passed": summary.passed,
        "failed": summary.failed,
        "findings": summary.findings,
        "rules": summary.rules,
        "took_ms": millis(summary.took),
    })
}

fn millis(took: std::time::Duration) -> u64 {
    took.as_millis() as u64
}
