//! `run --ledger`: writes the ledgers of scenarios as JSON Lines, into one file or one file each.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::json;

use crate::journal::entry_json::{Durations, json_lines};
use crate::journal::secrets::Secrets;
use crate::language::files::Scenario;
use crate::runner::artifact_writer::ArtifactWriter;
use crate::runner::run_events::ScenarioReport;

use super::output_files::{FileNames, FirstWriteError, write_file};

/// How the name of a ledger ends.
pub const LEDGER_END: &str = ".jsonl";

#[derive(Debug)]
pub struct LedgerWriter {
    path: PathBuf,
    names: FileNames,
    /// The lines of the one file.
    lines: Mutex<Vec<u8>>,
    first_error: FirstWriteError,
}

impl LedgerWriter {
    /// Writes one file if the path ends with `.jsonl`, and into a folder otherwise.
    pub fn new(path: PathBuf) -> Self {
        Self { path, names: FileNames::default(), lines: Mutex::default(), first_error: FirstWriteError::default() }
    }

    fn is_one_file(&self) -> bool {
        is_one_file(&self.path)
    }

    /// Writes the one file. Returns the first error of the run.
    pub fn finish(&self) -> Result<(), String> {
        if self.is_one_file() {
            let lines = self.lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            self.first_error.note(write_file(&self.path, &lines));
        }
        self.first_error.first()
    }
}

/// True if all ledgers go into this path. Otherwise it is a folder.
pub fn is_one_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson")
}

impl ArtifactWriter for LedgerWriter {
    fn needs_history(&self, _failed: bool) -> bool {
        true
    }

    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        let Some(history) = &report.history else { return };
        let entries = json_lines(&history.config, &history.entries, Durations::LeftOut, Secrets::Masked);
        if !self.is_one_file() {
            let path = self.path.join(format!("{}{LEDGER_END}", self.names.of(scenario)));
            return self.first_error.note(write_file(&path, &entries));
        }
        let of = json!({ "file": scenario.file, "scenario": scenario.name, "passed": report.failure.is_none() });
        let mut lines = self.lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        lines.extend(format!("{of}\n").into_bytes());
        lines.extend(entries);
    }
}
