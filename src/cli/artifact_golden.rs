//! Transcripts: `run --bless` saves them, and `run` fails a scenario whose transcript has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::language::files::Scenario;
use crate::runner::artifact_writer::ArtifactWriter;
use crate::runner::run_events::ScenarioReport;
use crate::text::diagnostic::Diagnostic;
use crate::text::unified_diff::unified_diff;

use super::golden_file::{FOLDER, GoldenFile, path_of, scenario_file_of};
use super::output_files::{FirstWriteError, write_file};

/// Saves transcripts, or compares them with the saved ones.
#[derive(Debug)]
pub struct GoldenWriter {
    blesses: bool,
    /// True if every scenario of the files runs. Otherwise nobody knows which transcripts have lost their scenario.
    is_whole: bool,
    files: Mutex<BTreeMap<PathBuf, FileTranscripts>>,
    first_error: FirstWriteError,
}

/// The transcripts of one scenario file, and the scenarios that ran.
#[derive(Debug, Default)]
struct FileTranscripts {
    /// `None` if the file has no transcripts.
    golden: Option<GoldenFile>,
    scenarios: Vec<String>,
    has_changed: bool,
}

impl GoldenWriter {
    /// Saves the transcripts of passing scenarios if `blesses`, and compares them otherwise.
    pub fn new(blesses: bool, is_whole: bool) -> Self {
        Self { blesses, is_whole, files: Mutex::default(), first_error: FirstWriteError::default() }
    }

    /// Saves what was blessed. Returns the transcripts whose scenario no longer exists; blessing removes them. A run that has left scenarios
    /// out does not know which.
    pub fn finish(&self, has_run_all: bool) -> Result<Vec<String>, String> {
        let is_whole = self.is_whole && has_run_all;
        self.first_error.first()?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stale = Vec::new();
        for (path, seen) in files.iter_mut().filter(|_| is_whole) {
            let Some(golden) = &mut seen.golden else { continue };
            let lost = golden.arrange(&seen.scenarios);
            seen.has_changed |= !lost.is_empty();
            let named = |name: String| format!("{}: the scenario `{name}` no longer exists", path_of(path).display());
            stale.extend(lost.into_iter().map(named));
        }
        for golden in orphans(files.keys()).iter().filter(|_| is_whole) {
            stale.push(format!("{}: its scenario file no longer exists", golden.display()));
            if self.blesses {
                std::fs::remove_file(golden).map_err(|error| format!("cannot remove {}: {error}", golden.display()))?;
            }
        }
        if !self.blesses {
            return Ok(stale);
        }
        for (path, seen) in files.iter().filter(|(_, seen)| seen.has_changed) {
            let golden = seen.golden.clone().unwrap_or_default();
            match golden.is_empty() {
                true => std::fs::remove_file(path_of(path)).map_err(|error| error.to_string())?,
                false => write_file(&path_of(path), golden.print(path).as_bytes())?,
            }
        }
        Ok(Vec::new())
    }

    fn read(&self, file: &Path) -> FileTranscripts {
        let path = path_of(file);
        if !path.exists() {
            return FileTranscripts::default();
        }
        match read_regular(&path) {
            Ok(text) if GoldenFile::is_written_here(&text) => {
                FileTranscripts { golden: Some(GoldenFile::parse(&text)), ..FileTranscripts::default() }
            }
            Ok(_) => {
                let help = "it does not begin as `graphdouble run --bless` begins a file: move it away";
                self.first_error.note(Err(format!("{} is no transcript: {help}", path.display())));
                FileTranscripts::default()
            }
            Err(error) => {
                self.first_error.note(Err(format!("cannot read {}: {error}", path.display())));
                FileTranscripts::default()
            }
        }
    }
}

/// Reads a file that ends.
fn read_regular(path: &Path) -> std::io::Result<String> {
    match path.is_file() {
        true => std::fs::read_to_string(path),
        false => Err(std::io::Error::other("it is no regular file")),
    }
}

/// Transcript files beside these scenario files whose own scenario file no longer exists.
fn orphans<'f>(files: impl Iterator<Item = &'f PathBuf>) -> Vec<PathBuf> {
    let folders: BTreeSet<PathBuf> = files.map(|file| file.with_file_name(FOLDER)).collect();
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let is_ours = |golden: &PathBuf| read_regular(golden).is_ok_and(|text| GoldenFile::is_written_here(&text));
    let is_orphan = |golden: &PathBuf| scenario_file_of(golden).is_some_and(|file| !file.exists()) && is_ours(golden);
    let mut orphans: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_orphan).collect();
    orphans.sort();
    orphans
}

/// The failure if a transcript is missing or has changed.
fn difference(scenario: &Scenario, golden: Option<&str>, transcript: &str) -> Option<Diagnostic> {
    let accept = "if this is intended, accept it with `graphdouble run --bless`";
    let file = path_of(Path::new(&scenario.file));
    let Some(golden) = golden else {
        let message = format!("{} has no transcript of this scenario", file.display());
        return Some(Diagnostic::new(scenario.place.clone(), message).note(accept));
    };
    if golden == transcript {
        return None;
    }
    let diff = unified_diff(golden, transcript, &file.display().to_string(), "this run");
    let message = "the transcript has changed";
    Some(Diagnostic::new(scenario.place.clone(), message).note(diff.trim_end()).note(accept))
}

impl ArtifactWriter for GoldenWriter {
    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        let path = PathBuf::from(&scenario.file);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = files.entry(path).or_insert_with_key(|path| self.read(path));
        seen.scenarios.push(scenario.name.clone());
        // The transcript of a failed scenario is incomplete.
        if report.failure.is_some() {
            return;
        }
        if self.blesses {
            let golden = seen.golden.get_or_insert_default();
            if golden.transcript(&scenario.name) != Some(&report.transcript) {
                golden.put(&scenario.name, &report.transcript);
                seen.has_changed = true;
            }
        } else if let Some(golden) = &seen.golden {
            report.failure = difference(scenario, golden.transcript(&scenario.name), &report.transcript);
        }
    }
}
