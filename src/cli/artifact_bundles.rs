//! Cli room: `run --bundles`: a scenario that failed leaves a file with which `replay` runs it once more.

use std::path::{Path, PathBuf};

use crate::archive::Bundle;
use crate::language::files::Scenario;
use crate::runner::artifact_writer::ArtifactWriter;
use crate::runner::run_events::ScenarioReport;

use super::output_files::{FileNames, write_file};

/// Writes bundles.
#[derive(Debug)]
pub struct BundleWriter {
    folder: PathBuf,
    names: FileNames,
}

impl BundleWriter {
    /// Writes into a folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, names: FileNames::default() }
    }

    fn path(&self, scenario: &Scenario) -> PathBuf {
        self.folder.join(format!("{}.bundle.json", self.names.of(scenario)))
    }
}

fn bundle(scenario: &Scenario, report: &ScenarioReport, path: &Path) -> Option<Result<(), String>> {
    let history = report.history.as_ref()?;
    let bytes = Bundle::of(scenario, report, history).and_then(|bundle| bundle.write());
    Some(bytes.map_err(|error| error.to_string()).and_then(|bytes| write_file(path, &bytes)))
}

impl ArtifactWriter for BundleWriter {
    fn needs_history(&self, failed: bool) -> bool {
        failed
    }

    /// A folder that cannot be written to is no reason for a run to fail otherwise than it did.
    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        let path = self.path(scenario);
        if report.failure.is_none() {
            // What it left when it failed last is over. Mostly there is nothing.
            std::fs::remove_file(path).unwrap_or_default();
            return;
        }
        let note = match bundle(scenario, report, &path) {
            Some(Ok(())) => format!("run it once more with `graphdouble replay {}`", path.display()),
            Some(Err(error)) => format!("it left no bundle: {error}"),
            None => return,
        };
        report.failure = report.failure.take().map(|failure| failure.note(note));
    }
}
