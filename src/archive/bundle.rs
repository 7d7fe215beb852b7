//! Archive room: a scenario that failed as a file: everything that is needed to run it once more without the bot, and to tell whether
//! the same comes of it.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::Replay;
use crate::engine::history::Happening;
use crate::engine::ledger::Forgotten;
use crate::journal::entry_json::{Durations, whole_entry_json};
use crate::language::Node;
use crate::language::files;
use crate::language::files::Scenario;
use crate::language::world::declared::DeclaredWorld;
use crate::language::world::read_world;
use crate::runner::run_events::ScenarioReport;
use crate::runner::scenario_history::ScenarioHistory;
use crate::runner::{RecordedRun, Timeouts};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourceText;

use super::envelope::{Broken, seal, unseal};
use super::stored::{StoredHappening, StoredQuiet};

/// Bytes of a bundle.
pub const MAX_BUNDLE: usize = 64 * 1024 * 1024;
const WHAT: &str = "bundle";

/// A scenario that failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bundle {
    /// The scenario's file.
    pub file: String,
    /// Its name.
    pub scenario: String,
    /// How it failed, as it was drawn.
    pub failure: String,
    /// What real apps printed.
    pub output: Option<String>,
    /// The whole text of its file.
    text: String,
    declared: DeclaredWorld,
    has_real_apps: bool,
    /// For how many milliseconds real apps were waited for: to act, to be quiet, to end.
    patience: [u64; 3],
    strays: Vec<String>,
    /// Faults that it began with, as they were written.
    faults: Vec<Value>,
    /// The newest entry when each step was over.
    ends: Vec<u64>,
    never_quiet: Option<StoredQuiet>,
    /// What real apps did.
    real_apps: Vec<StoredHappening>,
    /// The ledger, entry by entry.
    ledger: Vec<Value>,
}

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum NoBundle {
    /// The ledger is not whole.
    #[error("{0}, so what happened cannot be replayed: give the world a larger `limits: {{ ledger: … }}`")]
    Forgotten(Forgotten),
    /// The world cannot be made again.
    #[error("the world cannot be made again: {0}")]
    Undeclared(#[from] serde_json::Error),
    /// There is too much.
    #[error("it would have {0} bytes, and a bundle has at most {MAX_BUNDLE}")]
    TooLarge(usize),
}

impl Bundle {
    /// A scenario that failed.
    ///
    /// # Errors
    /// Not everything is there that a replay needs.
    pub fn of(scenario: &Scenario, report: &ScenarioReport, history: &ScenarioHistory) -> Result<Self, NoBundle> {
        if let Some(lost) = history.lost {
            return Err(NoBundle::Forgotten(lost));
        }
        let config = &history.config;
        let real_apps = match history.has_real_apps {
            true => Happening::of_real_apps(config, &history.entries),
            false => Vec::new(),
        };
        let Timeouts { within, quiet, budget } = history.timeouts;
        Ok(Self {
            file: scenario.file.clone(),
            scenario: scenario.name.clone(),
            failure: history.failure.clone().unwrap_or_default(),
            output: report.output.clone(),
            text: scenario.place.source.text.clone(),
            declared: DeclaredWorld::of(config)?,
            has_real_apps: history.has_real_apps,
            patience: [within, quiet, budget].map(|span| span.as_millis() as u64),
            strays: history.unmatched_calls.clone(),
            faults: history.faults.clone(),
            ends: history.ends.clone(),
            never_quiet: history.never_quiet.as_ref().and_then(StoredQuiet::of),
            real_apps: real_apps.iter().filter_map(|happening| StoredHappening::of(config, happening)).collect(),
            ledger: ledger(history),
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// There are too many.
    pub fn write(&self) -> Result<Vec<u8>, NoBundle> {
        let bytes = seal(WHAT, self).to_string().into_bytes();
        if bytes.len() > MAX_BUNDLE { Err(NoBundle::TooLarge(bytes.len())) } else { Ok(bytes) }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It is no bundle, or none of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, Broken> {
        unseal(WHAT, bytes)
    }

    /// The scenario, and how it went.
    ///
    /// # Errors
    /// It makes no sense to this version.
    pub fn open(&self) -> Result<(Scenario, RecordedRun), Broken> {
        let wrong = |why: String| Broken::DoesNotReplay { what: WHAT, why };
        let in_words = |mistakes: Vec<Diagnostic>| {
            let lines: Vec<String> = mistakes.iter().map(Diagnostic::one_line).collect();
            wrong(lines.join("; "))
        };
        let world = SourceText::inline("the world", &self.declared.world.to_string());
        let world = Node::parse(&world).map_err(|mistake| in_words(vec![mistake]))?;
        let source = SourceText::inline(&self.file, &self.text);
        let scenarios = files::read_for(&source, &Arc::new(world)).map_err(in_words)?;
        let scenario = scenarios.into_iter().find(|scenario| scenario.name == self.scenario);
        let scenario = scenario.ok_or_else(|| wrong(format!("its file has no scenario `{}`", self.scenario)))?;
        let config = read_world::read_declared(&self.declared).map_err(in_words)?;
        let others: Result<Vec<Happening>, String> =
            self.real_apps.iter().cloned().map(|happening| happening.read(&config)).collect();
        let parse = |fault: &Value| {
            Node::parse(&SourceText::inline("the fault", &fault.to_string()))
                .map(Arc::new)
                .map_err(|mistake| vec![mistake])
        };
        let faults: Result<Vec<Arc<Node>>, _> = self.faults.iter().map(parse).collect();
        let never_quiet = self.never_quiet.clone().map(StoredQuiet::read);
        let [within, quiet, budget] = self.patience.map(Duration::from_millis);
        let first = RecordedRun {
            config: config.clone(),
            timeouts: Timeouts { within, quiet, budget },
            has_real_apps: self.has_real_apps,
            unmatched_calls: self.strays.clone(),
            faults: faults.map_err(in_words)?,
            replay: Replay::new(others.map_err(wrong)?, self.ends.clone(), never_quiet),
        };
        Ok((scenario, first))
    }

    /// What happened, an entry a line, and how it ended.
    pub fn told(&self) -> String {
        told(&self.ledger, &self.failure)
    }

    /// The same of another run of it.
    pub fn told_by(report: &ScenarioReport) -> String {
        let failure = report.history.as_ref().and_then(|history| history.failure.clone()).unwrap_or_default();
        told(&report.history.as_ref().map(ledger).unwrap_or_default(), &failure)
    }

    /// How many entries the ledger has.
    pub fn entries(&self) -> usize {
        self.ledger.len()
    }
}

fn ledger(history: &ScenarioHistory) -> Vec<Value> {
    history.entries.iter().map(|entry| whole_entry_json(&history.config, entry, Durations::LeftOut)).collect()
}

fn told(ledger: &[Value], failure: &str) -> String {
    let lines: String = ledger.iter().map(|entry| format!("{entry}\n")).collect();
    format!("{lines}{failure}\n")
}
