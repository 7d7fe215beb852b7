//! Bundles: a scenario that failed leaves a file, and `replay` runs the scenario again from it.

use std::path::{Path, PathBuf};

use crate::archive::Bundle;
use crate::language::files::Scenario;
use crate::runner::artifact_writer::ArtifactWriter;
use crate::runner::run_events::ScenarioReport;

use super::output_files::{FileNames, ignore_folder, write_file};

/// How the name of a bundle ends.
pub const BUNDLE_END: &str = ".bundle.json";

#[derive(Debug)]
pub struct BundleWriter {
    folder: PathBuf,
    names: FileNames,
}

impl BundleWriter {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, names: FileNames::default() }
    }

    fn path(&self, scenario: &Scenario) -> PathBuf {
        self.folder.join(format!("{}{BUNDLE_END}", self.names.of(scenario)))
    }
}

fn bundle(scenario: &Scenario, report: &ScenarioReport, path: &Path) -> Option<Result<(), String>> {
    let history = report.history.as_ref()?;
    let bytes = Bundle::of(scenario, report, history).and_then(|bundle| bundle.write());
    Some(bytes.map_err(|error| error.to_string()).and_then(|bytes| write_bundle(path, &bytes)))
}

/// A bundle has tokens in it. So the folder that is made for bundles is no part of the project's history.
fn write_bundle(path: &Path, bytes: &[u8]) -> Result<(), String> {
    match path.parent() {
        Some(folder) if !folder.exists() => ignore_folder(folder)?,
        _ => {}
    }
    write_file(path, bytes)
}

impl ArtifactWriter for BundleWriter {
    fn needs_history(&self, failed: bool) -> bool {
        failed
    }

    /// An error while writing becomes a note below the failure. It does not change how the run ends.
    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        let path = self.path(scenario);
        if report.failure.is_none() {
            // The bundle of an earlier failure is out of date. Usually there is none.
            std::fs::remove_file(path).unwrap_or_default();
            return;
        }
        let note = match bundle(scenario, report, &path) {
            Some(Ok(())) => format!("run this scenario again with `graphdouble replay {}`", path.display()),
            Some(Err(error)) => format!("no bundle was written: {error}"),
            None => return,
        };
        report.failure = report.failure.take().map(|failure| failure.note(note));
    }
}
