//! Cli room: `run --bless` and what plain `run` does with what was blessed: a transcript that is no longer what it was fails its
//! scenario with the whole difference.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use similar::TextDiff;

use crate::language::files::Scenario;
use crate::runner::artifact_writer::ArtifactWriter;
use crate::runner::run_events::ScenarioReport;
use crate::text::diagnostic::Diagnostic;

use super::golden_file::{FOLDER, GoldenFile, path_of, scenario_file_of};
use super::output_files::{FirstWriteError, write_file};

/// Compares transcripts with golden ones, or writes them.
#[derive(Debug)]
pub struct GoldenWriter {
    blesses: bool,
    /// Whether every scenario of the files is run: only then can a transcript be known to have lost its scenario.
    is_whole: bool,
    files: Mutex<BTreeMap<PathBuf, FileTranscripts>>,
    first_error: FirstWriteError,
}

/// A scenario file at work.
#[derive(Debug, Default)]
struct FileTranscripts {
    /// What is golden; none where nobody ever blessed anything.
    golden: Option<GoldenFile>,
    /// The scenarios that ran, in their order.
    scenarios: Vec<String>,
    /// Whether a transcript was put in.
    has_changed: bool,
}

/// Transcripts that are good for nothing any more.
type Stale = Vec<String>;

impl GoldenWriter {
    /// Writes what passes if it `blesses`, and compares otherwise.
    pub fn new(blesses: bool, is_whole: bool) -> Self {
        Self { blesses, is_whole, files: Mutex::default(), first_error: FirstWriteError::default() }
    }

    /// Writes what was blessed; tells which transcripts belong to no scenario any more. Blessing takes them out.
    ///
    /// # Errors
    /// A golden file could not be read or written.
    pub fn finish(&self) -> Result<Stale, String> {
        self.first_error.first()?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stale = Vec::new();
        for (path, seen) in files.iter_mut().filter(|_| self.is_whole) {
            let Some(golden) = &mut seen.golden else { continue };
            let lost = golden.arrange(&seen.scenarios);
            seen.has_changed |= !lost.is_empty();
            let named = |name: String| format!("{}: there is no scenario `{name}` any more", path_of(path).display());
            stale.extend(lost.into_iter().map(named));
        }
        for golden in orphans(files.keys()).iter().filter(|_| self.is_whole) {
            stale.push(format!("{}: its scenario file is gone", golden.display()));
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
        match std::fs::read_to_string(&path) {
            Ok(text) => FileTranscripts { golden: Some(GoldenFile::parse(&text)), ..FileTranscripts::default() },
            Err(error) => {
                self.first_error.note(Err(format!("cannot read {}: {error}", path.display())));
                FileTranscripts::default()
            }
        }
    }
}

/// Golden files in the folders beside these scenario files whose own scenario file is gone.
fn orphans<'f>(files: impl Iterator<Item = &'f PathBuf>) -> Vec<PathBuf> {
    let folders: BTreeSet<PathBuf> = files.map(|file| file.with_file_name(FOLDER)).collect();
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let is_orphan = |golden: &PathBuf| scenario_file_of(golden).is_some_and(|file| !file.exists());
    let mut orphans: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_orphan).collect();
    orphans.sort();
    orphans
}

/// What is said of a transcript that differs, or that nobody has blessed.
fn difference(scenario: &Scenario, golden: Option<&str>, transcript: &str) -> Option<Diagnostic> {
    let accept = "if it is right as it is, `graphdouble run --bless` accepts it";
    let file = path_of(Path::new(&scenario.file));
    let Some(golden) = golden else {
        let message = format!("{} has no transcript of this scenario", file.display());
        return Some(Diagnostic::new(scenario.place.clone(), message).note(accept));
    };
    if golden == transcript {
        return None;
    }
    let diff = TextDiff::from_lines(golden, transcript);
    let name = file.display().to_string();
    let diff = diff.unified_diff().header(&name, "this run").to_string();
    let message = "what happens is not what it was";
    Some(Diagnostic::new(scenario.place.clone(), message).note(diff.trim_end()).note(accept))
}

impl ArtifactWriter for GoldenWriter {
    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        let path = PathBuf::from(&scenario.file);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = files.entry(path).or_insert_with_key(|path| self.read(path));
        seen.scenarios.push(scenario.name.clone());
        // What failed has no whole transcript, and is told already.
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
