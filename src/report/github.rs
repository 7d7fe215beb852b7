//! Report room: annotations of GitHub Actions: commands among what a run prints, which show a failure at its line of a pull request.

use std::path::{Path, PathBuf};

use crate::lint::Severity;
use crate::scenario::language::source::Place;
use crate::scenario::run::events::{Found, Reporter, RunEvent, ScenarioReport};

use super::output::Output;
use super::words;

/// Writes annotations.
pub struct Github {
    output: Output,
    /// The folder of the repository: annotations name files below it.
    workspace: Option<PathBuf>,
}

impl Github {
    /// A reporter that writes to `output`.
    pub fn new(output: Output, workspace: Option<PathBuf>) -> Self {
        Self { output, workspace }
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
        for found in report.findings.iter() {
            self.annotate(level(found), &found.place, found.finding.lint.name, &words::finding(found));
        }
    }

    fn annotate(&mut self, level: &str, place: &Place, title: &str, text: &str) {
        let (line, column) = place.line_and_column();
        let file = property(&self.relative(&place.source.name));
        let title = property(title);
        self.output.write(&format!("::{level} file={file},line={line},col={column},title={title}::{}\n", data(text)));
    }

    fn relative(&self, file: &str) -> String {
        let below = self.workspace.as_deref().and_then(|workspace| Path::new(file).strip_prefix(workspace).ok());
        below.map_or_else(|| file.trim_start_matches("./").to_owned(), |path| path.display().to_string())
    }
}

impl Reporter for Github {
    fn report(&mut self, event: &RunEvent) {
        if let RunEvent::Scenario(report) = event {
            self.scenario(report);
        }
    }

    fn trouble(&self) -> Option<String> {
        self.output.trouble()
    }
}

fn level(found: &Found) -> &'static str {
    match (found.denied, found.finding.lint.severity) {
        (true, _) => "error",
        (false, Severity::Warning) => "warning",
        (false, Severity::Advice) => "notice",
    }
}

/// What stands behind the second pair of colons.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands behind a `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_or_a_property_is_escaped() {
        assert_eq!(data("100%: a, b\r\nc"), "100%25: a, b%0D%0Ac");
        assert_eq!(property("100%: a, b\r\nc"), "100%25%3A a%2C b%0D%0Ac");
    }

    #[test]
    fn files_are_named_from_the_folder_of_the_repository() {
        let github = Github::new(Output::new("none", Vec::new()), Some(PathBuf::from("/work/repo")));
        assert_eq!(github.relative("/work/repo/scenarios/a.yaml"), "scenarios/a.yaml");
        assert_eq!(github.relative("./scenarios/a.yaml"), "scenarios/a.yaml");
        assert_eq!(github.relative("/elsewhere/a.yaml"), "/elsewhere/a.yaml");
    }
}
