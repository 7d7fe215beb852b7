//! Annotations for GitHub Actions: commands in the output of a run. They show a failure at its line in a pull request.

use std::path::{Path, PathBuf};

use crate::lint::Severity;
use crate::runner::run_events::{ReportedFinding, Reporter, RunEvent, ScenarioReport};
use crate::text::printable::printable;
use crate::text::source::SourcePlace;

use super::report_output::ReportOutput;
use super::shared_text;

/// Annotations need paths from the root of the repository. A run has paths from the current folder.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    /// The root of the repository, if it is known.
    pub workspace: Option<PathBuf>,
    pub current: PathBuf,
}

pub struct GithubReporter {
    output: ReportOutput,
    folders: Folders,
}

impl GithubReporter {
    pub fn new(output: ReportOutput, folders: Folders) -> Self {
        Self { output, folders }
    }

    fn scenario(&mut self, report: &ScenarioReport) {
        if let Some(failure) = &report.failure {
            let notes: String = failure.notes.iter().map(|note| format!("\n{note}")).collect();
            let text = format!("{}{notes}", failure.message);
            self.annotate("error", &failure.place, &report.name, &text);
        }
        for warning in &report.warnings {
            self.annotate("warning", &report.place, &report.name, warning);
        }
        report.findings.iter().for_each(|found| self.finding(found));
    }

    fn finding(&mut self, found: &ReportedFinding) {
        self.annotate(level(found), &found.place, found.finding.lint.name, &shared_text::finding(found));
    }

    fn annotate(&mut self, level: &str, place: &SourcePlace, title: &str, text: &str) {
        let (line, column) = place.line_and_column();
        let file = property(&self.folders.relative(&place.source.name));
        let title = property(title);
        self.output.write(&format!("::{level} file={file},line={line},col={column},title={title}::{}\n", data(text)));
    }
}

impl Folders {
    /// The path of a file from the root of the repository.
    fn relative(&self, file: &str) -> String {
        let file = Path::new(file.trim_start_matches("./"));
        let whole = self.current.join(file);
        let below = self.workspace.as_deref().and_then(|workspace| whole.strip_prefix(workspace).ok());
        below.unwrap_or(file).display().to_string()
    }
}

impl Reporter for GithubReporter {
    fn report(&mut self, event: &RunEvent) {
        match event {
            RunEvent::ScenarioFinished(report) => self.scenario(report),
            RunEvent::Abandoned => {
                self.output.write(&format!("::error title=graphdouble::{}\n", shared_text::ABANDONED))
            }
            RunEvent::Late(late) => late.findings.iter().for_each(|found| self.finding(found)),
            RunEvent::Stopped { why, skipped } => self
                .output
                .write(&format!("::error title=graphdouble::{}\n", data(&shared_text::stopped(why, skipped)))),
            RunEvent::Started { .. }
            | RunEvent::ScenarioStarted { .. }
            | RunEvent::Progress(_)
            | RunEvent::Finished(_) => {}
        }
    }

    fn write_error(&self) -> Option<String> {
        self.output.write_error()
    }
}

fn level(found: &ReportedFinding) -> &'static str {
    match (found.denied, found.finding.lint.severity) {
        (true, _) => "error",
        (false, Severity::Warning) => "warning",
        (false, Severity::Advice) => "notice",
    }
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_or_a_property_is_escaped() {
        assert_eq!(data("100%: a, b\r\nc"), "100%25: a, b%0Ac");
        assert_eq!(property("100%: a, b\r\nc"), "100%25%3A a%2C b%0Ac");
    }

    #[test]
    fn files_are_named_from_the_folder_of_the_repository() {
        let folders = Folders { workspace: Some("/work/repo".into()), current: "/work/repo/bots".into() };
        for (file, relative) in [
            ("./scenarios/a.yaml", "bots/scenarios/a.yaml"),
            ("/work/repo/scenarios/a.yaml", "scenarios/a.yaml"),
            ("/elsewhere/a.yaml", "/elsewhere/a.yaml"),
        ] {
            assert_eq!(folders.relative(file), relative);
        }
        assert_eq!(Folders::default().relative("./scenarios/a.yaml"), "scenarios/a.yaml");
    }
}
