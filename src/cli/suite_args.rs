//! Flags that pick a part of a suite: a shard of it, or what failed last time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use clap::builder::BoolishValueParser;
use sha2::{Digest, Sha256};

use crate::language::files::Scenario;
use crate::runner::artifact_writer::ArtifactWriter;
use crate::runner::run_events::ScenarioReport;

use crate::text::bounded_file::read_text;

use super::exit::Exit;
use super::output_files::{ignore_folder, write_file};
use super::terminal::{fail, print};

/// The most shards of a suite.
const MAX_SHARDS: u64 = 1000;
/// The most bytes of the file with the last failures.
const MAX_STATE: u64 = 16 * 1024 * 1024;
/// The name of the file with the last failures.
const FAILED: &str = "failed";

/// Which part of a suite is run.
#[derive(Debug, Clone, Args)]
pub struct SuiteArgs {
    /// Run only one of several shards, such as 2/4 for the second of four. A scenario belongs to a shard by its file and
    /// name, so that it stays there when others come and go. `graphdouble report merge` puts the reports together.
    #[arg(long, value_name = "PART/COUNT", env = "GRAPHDOUBLE_SHARD", value_parser = parse_shard)]
    shard: Option<Shard>,
    /// Run only the scenarios that failed when they ran last.
    #[arg(long, env = "GRAPHDOUBLE_RERUN_FAILED", value_parser = BoolishValueParser::new())]
    rerun_failed: bool,
    /// The folder in which a run notes which scenarios failed, for --rerun-failed.
    #[arg(long, env = "GRAPHDOUBLE_STATE", value_name = "DIR", default_value = ".graphdouble")]
    state: PathBuf,
}

/// One of several parts, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shard {
    part: u64,
    count: u64,
}

fn parse_shard(text: &str) -> Result<Shard, String> {
    let parsed = text.split_once('/').and_then(|(part, count)| Some((part.parse().ok()?, count.parse().ok()?)));
    match parsed {
        Some((part, count)) if (1..=MAX_SHARDS).contains(&count) && (1..=count).contains(&part) => {
            Ok(Shard { part, count })
        }
        _ => Err(format!("write the second of four shards as 2/4; there are at most {MAX_SHARDS}")),
    }
}

impl Shard {
    fn has(self, scenario: &Scenario) -> bool {
        let digest = Sha256::digest(id(scenario));
        let number = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        number % self.count == self.part - 1
    }
}

/// What names a scenario in the file of the last failures: its file and its name.
fn id(scenario: &Scenario) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}\t{}", one_line(&scenario.file), one_line(&scenario.name))
}

impl SuiteArgs {
    /// Keeps the scenarios of the shard, and those that failed last, if that is asked for.
    pub fn pick(&self, scenarios: &mut Vec<Scenario>) -> Result<(), Exit> {
        if self.rerun_failed {
            match self.failed()? {
                Some(failed) => scenarios.retain(|scenario| failed.contains(&id(scenario))),
                None => print(&format!(
                    "--rerun-failed: {} is not there, so nobody knows what failed: all scenarios run",
                    self.file().display()
                )),
            }
            if scenarios.is_empty() {
                print("--rerun-failed: no scenario failed when it ran last");
                return Err(Exit::Ok);
            }
        }
        if let Some(shard) = self.shard {
            scenarios.retain(|scenario| shard.has(scenario));
            if scenarios.is_empty() {
                print(&format!("--shard {}/{}: no scenario belongs to it", shard.part, shard.count));
                return Err(Exit::Ok);
            }
        }
        Ok(())
    }

    /// True if every scenario of the files is run.
    pub fn is_whole(&self) -> bool {
        self.shard.is_none() && !self.rerun_failed
    }

    /// Notes which scenarios fail.
    /// These scenarios are to run. Those that do not are noted, too, because nobody knows of them.
    pub fn writer(&self, scenarios: &[Scenario]) -> Arc<FailedWriter> {
        let seen = scenarios.iter().map(|scenario| (id(scenario), true)).collect();
        Arc::new(FailedWriter { state: self.clone(), seen: Mutex::new(seen) })
    }

    /// The folder with the notes.
    pub fn folder(&self) -> &Path {
        &self.state
    }

    /// The file with the notes.
    pub fn file(&self) -> PathBuf {
        self.state.join(FAILED)
    }

    /// The scenarios that failed when they ran last. `None` if no run has noted any.
    fn failed(&self) -> Result<Option<BTreeSet<String>>, Exit> {
        let file = self.file();
        let cannot = |error: String| fail(Exit::CouldNotRun, &format!("cannot read {}: {error}", file.display()));
        match std::fs::metadata(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot(error.to_string())),
            Ok(_) => {
                let text = read_text(&file, MAX_STATE).map_err(|error| fail(Exit::CouldNotRun, &error))?;
                Ok(Some(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()))
            }
        }
    }
}

/// Notes which scenarios fail, in a file that --rerun-failed reads.
#[derive(Debug)]
pub struct FailedWriter {
    state: SuiteArgs,
    /// Each scenario, and whether it failed or did not run.
    seen: Mutex<BTreeMap<String, bool>>,
}

impl ArtifactWriter for FailedWriter {
    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(id(scenario), report.failure.is_some());
    }
}

impl FailedWriter {
    /// Writes the file. Scenarios that were not to run stay as they were. Without any failure there is no file to make.
    pub fn finish(&self, exit: Exit) -> Exit {
        let before = match self.state.failed() {
            Ok(before) => before,
            Err(exit) => return exit,
        };
        let mut failed = before.clone().unwrap_or_default();
        for (id, has_failed) in std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner)) {
            if has_failed {
                failed.insert(id)
            } else {
                failed.remove(&id)
            };
        }
        if before.as_ref() == Some(&failed) || (before.is_none() && failed.is_empty()) {
            return exit;
        }
        let lines: String = failed.iter().map(|id| format!("{id}\n")).collect();
        // The folder is no part of the project's history.
        let ignored = ignore_folder(&self.state.state);
        match ignored.and_then(|()| write_file(&self.state.file(), lines.as_bytes())) {
            Ok(()) => exit,
            Err(error) => fail(exit, &format!("--rerun-failed will not know what failed: {error}")),
        }
    }
}
