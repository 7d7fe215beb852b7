//! The report for people: one line for each scenario, failures drawn at their step, and a summary. A terminal also
//! shows how far the run is.

use crate::runner::PerformedKind;
use crate::runner::run_events::{
    LateReport, ReportedFinding, Reporter, RunEvent, RunProgress, ScenarioReport, Summary,
};
use crate::text::diagnostic::Diagnostic;
use crate::text::printable::{printable, without_commands};

use super::report_output::ReportOutput;
use super::rule_coverage::RuleCoverage;
use super::shared_text;

/// The most characters of the line about the progress. It must not wrap.
const MAX_SHOWN: usize = 76;

#[derive(Debug, Clone, Copy, Default)]
pub struct ConsoleStyle {
    pub colors: bool,
    /// Also print everything that happened in each scenario.
    pub verbose: bool,
    /// Show how far the run is and which scenarios run, in a line that is overwritten.
    pub progress: bool,
}

pub struct ConsoleReporter {
    output: ReportOutput,
    look: ConsoleStyle,
    /// True if the line about the progress stands there.
    shows_progress: bool,
    file: String,
    coverage: RuleCoverage,
}

impl ConsoleReporter {
    pub fn new(output: ReportOutput, look: ConsoleStyle) -> Self {
        Self { output, look, shows_progress: false, file: String::new(), coverage: RuleCoverage::default() }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.look.colors { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn line(&mut self, text: &str) {
        self.output.write(&format!("{}\n", without_commands(text)));
    }

    /// Shows how far the run is. What is written next overwrites it.
    fn progress(&mut self, progress: &RunProgress) {
        if !self.look.progress || progress.running.is_empty() {
            return;
        }
        let RunProgress { scenarios, done, failed, running } = progress;
        let failed = if *failed > 0 { format!(", {failed} failed") } else { String::new() };
        let text = format!("{done}/{scenarios}{failed}  {}", running.join(", "));
        let text: String = text.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect();
        self.output.write(&format!("{text} …"));
        self.shows_progress = true;
    }

    fn wipe(&mut self) {
        if std::mem::take(&mut self.shows_progress) {
            self.output.write("\r\u{1b}[2K");
        }
    }

    fn scenario(&mut self, report: &ScenarioReport) {
        if self.file != report.file {
            self.file.clone_from(&report.file);
            let file = self.paint("1", &printable(&report.file));
            self.line(&file);
        }
        let mark = match report.failure {
            None => self.paint("32", "  ok  "),
            Some(_) => self.paint("31", "FAILED"),
        };
        let observed = report.steps.iter().filter(|step| step.kind == PerformedKind::Observation).count();
        let steps = if observed == 1 { "step" } else { "steps" };
        let how = if observed > 0 { format!(", {observed} {steps} observed") } else { String::new() };
        let took = format!("{:.1} ms{how}", report.took.as_secs_f64() * 1000.0);
        let took = self.paint("2", &took);
        self.line(&format!("{mark} {}  {took}", printable(&report.name)));
        if self.look.verbose {
            printable(&report.transcript).lines().for_each(|line| self.line(&format!("       {line}")));
        }
        for text in report.steps.iter().flat_map(|step| &step.shown) {
            let mark = self.paint("36", " shown");
            self.line(&format!("{mark} {}", printable(text)));
        }
        if let Some(failure) = &report.failure {
            self.failure(report, failure);
        }
        for warning in &report.warnings {
            let mark = self.paint("33", "  warn");
            self.line(&format!("{mark} {}", printable(warning)));
        }
        report.findings.iter().for_each(|found| self.finding(found));
    }

    fn late(&mut self, late: &LateReport) {
        self.line(&printable(&format!("\ncalls that came after the report of {}: {}", late.file, late.name)));
        late.findings.iter().for_each(|found| self.finding(found));
    }

    fn finding(&mut self, found: &ReportedFinding) {
        let lint = found.finding.lint;
        let mark = if found.denied { self.paint("31", "denied") } else { self.paint("33", "  lint") };
        self.line(&format!("{mark} {}: {}", lint.name, printable(&found.finding.text())));
        let (line, column) = found.place.line_and_column();
        let advice = format!("         {}  [{}:{line}:{column}]", lint.advice, found.place.source.name);
        let advice = self.paint("2", &printable(&advice));
        self.line(&advice);
    }

    fn failure(&mut self, report: &ScenarioReport, failure: &Diagnostic) {
        self.line("");
        self.line(&failure.render(self.look.colors));
        for step in report.steps.iter().filter(|step| step.shown.is_empty() && step.kind != PerformedKind::Expectation)
        {
            self.line(&format!("       {:>8}  {}", step.kind.word(), printable(first_line(step.place.text()))));
        }
        if let Some(output) = report.output.as_ref().filter(|output| !output.is_empty()) {
            self.line("the bot printed:");
            self.line(&printable(output));
        }
        self.line("");
    }

    fn summary(&mut self, summary: &Summary) {
        let Summary { passed, failed, took, .. } = summary;
        let code = if *failed == 0 { "32" } else { "31" };
        let counts = self.paint(code, &format!("{passed} passed, {failed} failed"));
        self.line("");
        let (all, covered) = self.coverage.counts();
        self.line(&format!("{covered} of {all} rules applied, {:.0} ms", took.as_secs_f64() * 1000.0));
        self.line(&counts);
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

impl Reporter for ConsoleReporter {
    fn report(&mut self, event: &RunEvent) {
        self.wipe();
        match event {
            RunEvent::Progress(progress) => self.progress(progress),
            RunEvent::ScenarioFinished(report) => {
                self.coverage.add(report);
                self.scenario(report);
            }
            RunEvent::Late(late) => self.late(late),
            RunEvent::Stopped { why, skipped } => {
                let text = self.paint("31", &printable(&shared_text::stopped(why, skipped)));
                self.line(&format!("\n{text}"));
            }
            RunEvent::Finished(summary) => self.summary(summary),
            // The line about the progress has the name, and the reason of the last is on standard error.
            RunEvent::Started { .. } | RunEvent::ScenarioStarted { .. } | RunEvent::Abandoned => {}
        }
    }

    fn write_error(&self) -> Option<String> {
        self.output.write_error()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    /// Keeps what was written.
    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn written(look: ConsoleStyle) -> String {
        let paper = Paper::default();
        let mut human = ConsoleReporter::new(ReportOutput::new("paper", paper.clone()), look);
        let running = vec!["a tap\u{1b}[2J".to_owned(), "a message".to_owned()];
        let progress = RunProgress { scenarios: 12, done: 3, failed: 1, running };
        human.report(&RunEvent::Progress(progress.clone()));
        let long = vec!["n".repeat(200)];
        human.report(&RunEvent::Progress(RunProgress { failed: 0, running: long, ..progress.clone() }));
        human.report(&RunEvent::Progress(RunProgress { running: Vec::new(), ..progress }));
        let bytes = paper.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn the_progress_is_shown_only_on_a_terminal_in_one_line() {
        let long = format!("3/12  {} …", "n".repeat(MAX_SHOWN - 6));
        assert_eq!(
            written(ConsoleStyle { progress: true, ..ConsoleStyle::default() }),
            format!("3/12, 1 failed  a tap[2J, a message …\r\u{1b}[2K{long}\r\u{1b}[2K")
        );
        assert_eq!(written(ConsoleStyle::default()), "");
    }
}
