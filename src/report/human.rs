//! Report room: for people at a terminal: one line a scenario, failures drawn at their step, a summary at the end.

use std::io::Write;

use crate::scenario::language::diagnostic::Diagnostic;
use crate::scenario::run::How;
use crate::scenario::run::events::{Reporter, RunEvent, ScenarioReport, Summary};

/// Writes for people.
pub struct Human<W: Write + Send> {
    out: W,
    colors: bool,
    verbose: bool,
    file: String,
}

impl<W: Write + Send> Human<W> {
    /// A reporter that writes to `out`; `verbose` adds the transcript of each scenario.
    pub fn new(out: W, colors: bool, verbose: bool) -> Self {
        Self { out, colors, verbose, file: String::new() }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colors { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn line(&mut self, text: &str) {
        // A reader who went away (`| head`) is no reason to fail a run.
        writeln!(self.out, "{text}").unwrap_or_default();
    }

    fn scenario(&mut self, report: &ScenarioReport) {
        if self.file != report.file {
            self.file.clone_from(&report.file);
            let file = self.paint("1", &report.file);
            self.line(&file);
        }
        let mark = match report.failure {
            None => self.paint("32", "  ok  "),
            Some(_) => self.paint("31", "FAILED"),
        };
        let observed = report.steps.iter().filter(|step| step.how == How::Observed).count();
        let how = if observed > 0 { format!(", {observed} steps observed") } else { String::new() };
        let took = format!("{:.1} ms{how}", report.took.as_secs_f64() * 1000.0);
        let took = self.paint("2", &took);
        self.line(&format!("{mark} {}  {took}", report.name));
        if self.verbose {
            report.transcript.lines().for_each(|line| self.line(&format!("       {line}")));
        }
        for warning in &report.warnings {
            let mark = self.paint("33", "  warn");
            self.line(&format!("{mark} {warning}"));
        }
        if let Some(failure) = &report.failure {
            self.failure(report, failure);
        }
    }

    fn failure(&mut self, report: &ScenarioReport, failure: &Diagnostic) {
        self.line("");
        self.line(&failure.render(self.colors));
        for step in report.steps.iter().filter(|step| step.how != How::Held) {
            let how = if step.how == How::Observed { "observed" } else { "acted" };
            self.line(&format!("       {how:>8}  {}", first_line(step.place.text())));
        }
        if let Some(output) = report.output.as_ref().filter(|output| !output.is_empty()) {
            self.line("the bot printed:");
            self.line(output);
        }
        self.line("");
    }

    fn summary(&mut self, summary: &Summary) {
        let Summary { passed, failed, rules, took } = summary;
        let code = if *failed == 0 { "32" } else { "31" };
        let counts = self.paint(code, &format!("{passed} passed, {failed} failed"));
        self.line("");
        self.line(&format!("{rules} rules at work, {:.0} ms", took.as_secs_f64() * 1000.0));
        self.line(&counts);
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

impl<W: Write + Send> Reporter for Human<W> {
    fn report(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started { .. } => {}
            RunEvent::Scenario(report) => self.scenario(report),
            RunEvent::Finished(summary) => self.summary(summary),
        }
    }
}
