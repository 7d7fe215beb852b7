//! Cli room: `run --bundles`: a scenario that failed leaves a file with which `replay` runs it once more.

use std::path::PathBuf;

use crate::archive::Bundle;
use crate::scenario::language::files::Scenario;
use crate::scenario::run::events::ScenarioReport;
use crate::scenario::run::keeper::Keeper;

use super::keeping::{FileNames, write};

/// Writes bundles.
#[derive(Debug)]
pub struct BundleKeeper {
    folder: PathBuf,
    names: FileNames,
}

impl BundleKeeper {
    /// Writes into a folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, names: FileNames::default() }
    }

    fn bundle(&self, scenario: &Scenario, report: &ScenarioReport) -> Option<Result<PathBuf, String>> {
        let history = report.history.as_ref()?;
        let path = self.folder.join(format!("{}.bundle.json", self.names.of(scenario)));
        let bytes = Bundle::of(scenario, report, history).and_then(|bundle| bundle.write());
        let written = bytes.map_err(|error| error.to_string()).and_then(|bytes| write(&path, &bytes));
        Some(written.map(|()| path))
    }
}

impl Keeper for BundleKeeper {
    fn needs_history(&self, failed: bool) -> bool {
        failed
    }

    /// A folder that cannot be written to is no reason for a run to fail otherwise than it did.
    fn keep(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        if report.failure.is_none() {
            return;
        }
        let note = match self.bundle(scenario, report) {
            Some(Ok(path)) => format!("run it once more with `graphdouble replay {}`", path.display()),
            Some(Err(error)) => format!("it left no bundle: {error}"),
            None => return,
        };
        report.failure = report.failure.take().map(|failure| failure.note(note));
    }
}
