//! A failed scenario as a file: everything that is needed to run it again without the bot, and to see whether the same comes out.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::history::RecordedInput;
use crate::engine::ledger::EntriesGone;
use crate::engine::{Beginning, KnownKeys, Replay};
use crate::journal::entry_json::{Durations, EntryView};
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

use super::envelope::{ArchiveError, ArchiveKind, TooLarge, unwrap, write};
use super::stored_input::{StoredInput, StoredQuiet};

/// Bytes of a bundle.
pub const MAX_BUNDLE: usize = 64 * 1024 * 1024;
/// Values of a bundle.
pub const MAX_BUNDLE_VALUES: usize = 4_000_000;
const WHAT: &str = "bundle";
const KIND: ArchiveKind = ArchiveKind { what: WHAT, max_bytes: MAX_BUNDLE, max_values: MAX_BUNDLE_VALUES };

/// A scenario that failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bundle {
    /// The scenario's file.
    pub file: String,
    /// Its name.
    pub scenario: String,
    /// The failure as it was drawn.
    pub failure: String,
    /// What real apps printed.
    pub output: Option<String>,
    /// The whole text of its file.
    text: String,
    declared: DeclaredWorld,
    has_real_apps: bool,
    /// How many milliseconds the run waited for real apps: to act, to be quiet, to end.
    timeouts_ms: [u64; 3],
    unmatched_calls: Vec<String>,
    /// The faults that were armed when it began, as they were written.
    faults: Vec<Value>,
    /// The newest entry when each step was over.
    step_ends: Vec<u64>,
    never_quiet: Option<StoredQuiet>,
    /// What apps had set before the first step.
    beginning: Vec<StoredInput>,
    /// What real apps and their servers did.
    real_apps: Vec<StoredInput>,
    /// The ledger, entry by entry.
    ledger: Vec<Value>,
}

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum NoBundle {
    /// The ledger is not whole.
    #[error("{0}, so what happened cannot be replayed: give the world a larger `limits: {{ ledger: … }}`")]
    LedgerTruncated(EntriesGone),
    /// The world cannot be made again.
    #[error("the world cannot be made again: {0}")]
    Undeclared(#[from] serde_json::Error),
    /// Nobody could read it again.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

impl Bundle {
    /// A scenario that failed.
    ///
    /// # Errors
    /// Something that a replay needs is missing.
    pub fn of(scenario: &Scenario, report: &ScenarioReport, history: &ScenarioHistory) -> Result<Self, NoBundle> {
        if let Some(lost) = history.lost {
            return Err(NoBundle::LedgerTruncated(lost));
        }
        let config = &history.config;
        let real_apps = match history.has_real_apps {
            true => RecordedInput::of_real_apps(config, &history.entries),
            false => Vec::new(),
        };
        let begin = history.beginning.last().map_or(0, |input| input.cursor);
        let real_apps = real_apps.iter().filter(|input| input.cursor > begin);
        let Timeouts { within, quiet, budget } = history.timeouts;
        Ok(Self {
            file: scenario.file.clone(),
            scenario: scenario.name.clone(),
            failure: history.failure.clone().unwrap_or_default(),
            output: report.output.clone(),
            text: scenario.place.source.text.clone(),
            declared: DeclaredWorld::of(config)?,
            has_real_apps: history.has_real_apps,
            timeouts_ms: [within, quiet, budget].map(|span| span.as_millis() as u64),
            unmatched_calls: history.unmatched_calls.clone(),
            faults: history.faults.clone(),
            step_ends: history.ends.clone(),
            never_quiet: history.never_quiet.as_ref().and_then(StoredQuiet::of),
            beginning: history.beginning.iter().filter_map(|input| StoredInput::of(config, input)).collect(),
            real_apps: real_apps.filter_map(|input| StoredInput::of(config, input)).collect(),
            ledger: ledger(history),
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// It is too large.
    pub fn write(&self) -> Result<Vec<u8>, NoBundle> {
        Ok(write(&KIND, self)?)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It is not a bundle of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, ArchiveError> {
        unwrap(&KIND, bytes)
    }

    /// The scenario, and how it went the first time.
    ///
    /// # Errors
    /// This version cannot read what it says.
    pub fn open(&self) -> Result<(Scenario, RecordedRun), ArchiveError> {
        let wrong = |why: String| ArchiveError::DoesNotReplay { what: WHAT, why };
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
        // Steps may add people.
        let keys = KnownKeys::of(&config).with_any_person();
        let read = |inputs: &[StoredInput]| -> Result<Vec<RecordedInput>, ArchiveError> {
            keys.check(&inputs).map_err(wrong)?;
            inputs.iter().cloned().map(|input| input.read(&config).map_err(wrong)).collect()
        };
        let parse = |fault: &Value| {
            Node::parse(&SourceText::inline("the fault", &fault.to_string()))
                .map(Arc::new)
                .map_err(|mistake| vec![mistake])
        };
        let faults: Result<Vec<Arc<Node>>, _> = self.faults.iter().map(parse).collect();
        let never_quiet = self.never_quiet.clone().map(StoredQuiet::read);
        let [within, quiet, budget] = self.timeouts_ms.map(Duration::from_millis);
        let first = RecordedRun {
            config: config.clone(),
            beginning: Beginning::new(config.clone(), read(&self.beginning)?),
            timeouts: Timeouts { within, quiet, budget },
            has_real_apps: self.has_real_apps,
            unmatched_calls: self.unmatched_calls.clone(),
            faults: faults.map_err(in_words)?,
            replay: Replay::new(read(&self.real_apps)?, self.step_ends.clone(), never_quiet),
        };
        Ok((scenario, first))
    }

    /// The ledger, an entry a line, and the failure.
    pub fn transcript(&self) -> String {
        transcript(&self.ledger, &self.failure)
    }

    /// The same of a run.
    pub fn transcript_of(report: &ScenarioReport) -> String {
        let failure = report.history.as_ref().and_then(|history| history.failure.clone()).unwrap_or_default();
        transcript(&report.history.as_ref().map(ledger).unwrap_or_default(), &failure)
    }

    /// How many entries the ledger has.
    pub fn entries(&self) -> usize {
        self.ledger.len()
    }
}

fn ledger(history: &ScenarioHistory) -> Vec<Value> {
    let value = |entry| EntryView::whole(&history.config, entry, Durations::LeftOut).value();
    history.entries.iter().map(value).collect()
}

fn transcript(ledger: &[Value], failure: &str) -> String {
    let lines: String = ledger.iter().map(|entry| format!("{entry}\n")).collect();
    format!("{lines}{failure}\n")
}
