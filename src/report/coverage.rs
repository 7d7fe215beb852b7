//! Coverage: which rules the scenarios applied, and which applicable rules they never applied.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::domain::rules::Rule;
use crate::runner::run_events::{Reporter, RunEvent};

use super::report_output::ReportOutput;
use super::rule_coverage::RuleCoverage;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageFormat {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
}

pub struct CoverageReporter {
    output: ReportOutput,
    form: CoverageFormat,
    rules: RuleCoverage,
}

impl CoverageReporter {
    pub fn new(output: ReportOutput, form: CoverageFormat) -> Self {
        Self { output, form, rules: RuleCoverage::default() }
    }

    fn text(&self) -> String {
        let (all, covered) = self.rules.counts();
        let mut text = format!("{}: {covered} of {all} rules applied\n", self.rules.generations.words().join(", "));
        for (rule, times) in self.rules.applicable().filter(|(_, times)| *times > 0) {
            let scenarios = if times == 1 { "scenario" } else { "scenarios" };
            let _ = writeln!(text, "  {}  {times} {scenarios}", rule.id);
        }
        if covered < all {
            text.push_str("never applied:\n");
        }
        for (rule, _) in self.rules.applicable().filter(|(_, times)| *times == 0) {
            let _ = writeln!(text, "  {}\n      {}", rule.id, rule.statement);
        }
        text
    }

    fn json(&self) -> Value {
        let (all, covered) = self.rules.counts();
        let rule = |(rule, times): (&Rule, usize)| {
            json!({
                "id": rule.id,
                "statement": rule.statement,
                "under": rule.under.words(),
                "basis": rule.basis.name(),
                "scenarios": times,
            })
        };
        json!({
            "under": self.rules.generations.words(),
            "applicable": all,
            "covered": covered,
            "rules": self.rules.applicable().map(rule).collect::<Vec<_>>(),
        })
    }
}

impl Reporter for CoverageReporter {
    fn report(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started { .. }
            | RunEvent::ScenarioStarted { .. }
            | RunEvent::Progress(_)
            | RunEvent::Late(_)
            | RunEvent::Stopped { .. }
            | RunEvent::Abandoned => {}
            RunEvent::ScenarioFinished(report) => self.rules.add(report),
            RunEvent::Finished(_) => {
                let text = match self.form {
                    CoverageFormat::Text => self.text(),
                    CoverageFormat::Json => format!("{:#}\n", self.json()),
                };
                self.output.write(&text);
            }
        }
    }

    fn write_error(&self) -> Option<String> {
        self.output.write_error()
    }
}
