//! `run --report html=FILE`: the inspector page with every failed scenario, as one file.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::archive::Bundle;
use crate::language::files::Scenario;
use crate::runner::artifact_writer::ArtifactWriter;
use crate::runner::run_events::ScenarioReport;

use super::exit::Exit;
use super::inspect::{html_page, replayed, world_name};
use super::output_files::write_file;
use super::terminal::{fail, warn};

/// Failed scenarios in one file, the first of them.
const MAX_SCENARIOS: usize = 20;

/// Collects the scenarios that failed.
#[derive(Debug)]
pub struct HtmlReport {
    file: PathBuf,
    failed: Mutex<Vec<Bundle>>,
    left_out: Mutex<usize>,
}

impl HtmlReport {
    /// Fails if the file cannot be written.
    pub fn create(file: &Path) -> Result<Arc<Self>, Exit> {
        let created = File::create(file);
        created.map_err(|error| fail(Exit::CouldNotRun, &format!("--report html={}: {error}", file.display())))?;
        Ok(Arc::new(Self { file: file.to_owned(), failed: Mutex::default(), left_out: Mutex::default() }))
    }

    /// Writes the file.
    pub async fn finish(&self, exit: Exit) -> Exit {
        let bundles = std::mem::take(&mut *self.failed.lock().unwrap_or_else(PoisonError::into_inner));
        let left_out = *self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        if left_out > 0 {
            warn(&format!("--report html: {left_out} failed scenarios are not in {}", self.file.display()));
        }
        match self.written(&bundles).await {
            Ok(()) => exit,
            Err(error) => {
                let exit = if exit == Exit::Ok { Exit::CouldNotRun } else { exit };
                fail(exit, &format!("--report html={}: {error}", self.file.display()))
            }
        }
    }

    async fn written(&self, bundles: &[Bundle]) -> Result<(), String> {
        let (mut names, mut scenarios) = (BTreeSet::new(), Vec::new());
        for bundle in bundles {
            scenarios.push(replayed(bundle, &world_name(&bundle.scenario, &mut names)).await?);
        }
        write_file(&self.file, html_page(scenarios).await?.as_bytes())
    }
}

impl ArtifactWriter for HtmlReport {
    fn needs_history(&self, failed: bool) -> bool {
        failed
    }

    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        if report.failure.is_none() {
            return;
        }
        let bundle = report.history.as_ref().and_then(|history| Bundle::of(scenario, report, history).ok());
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match bundle {
            Some(bundle) if failed.len() < MAX_SCENARIOS => failed.push(bundle),
            _ => *self.left_out.lock().unwrap_or_else(PoisonError::into_inner) += 1,
        }
    }
}
