//! Every bundled scenario file passes, and what happens in it is as it was. The snapshot of a file has a short line for each thing that
//! happens (outline.rs says what is in it); five flagship scenarios have their transcripts in words besides.

mod outline;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use graphdouble::internals::journal::entry_json::{Durations, EntryView};
use graphdouble::internals::language::files::{self, Scenario};
use graphdouble::internals::runner::artifact_writer::ArtifactWriter;
use graphdouble::internals::runner::events::{Reporter, RunEvent, ScenarioReport};
use graphdouble::internals::runner::{RunSettings, run};
use graphdouble::internals::text::diagnostic::render_all;
use serde_json::Value;

/// The scenarios whose transcripts are kept in words: their file, and their name.
const FLAGSHIPS: &[(&str, &str)] = &[
    ("conversation-routing__marketing-app", "an ad tap goes to the marketing app, silence gives the thread back"),
    ("handover-protocol__control", "control lapses when the person has been silent for 24 hours, and no app is told"),
    (
        "handover-protocol__requests-and-metadata",
        "a secondary receiver asks the primary receiver, which is told and decides",
    ),
    ("delivery__retries", "a webhook that was not taken comes again, late, while others overtake it"),
    (
        "conversation-routing__thread-control-send-api",
        "an app with the take-control toggle may take the thread and pass it on in one message",
    ),
];

/// The ledger of each scenario, as JSON, in the order in which they end.
#[derive(Debug, Default)]
struct Ledgers(Mutex<Vec<(String, Vec<Value>)>>);

impl ArtifactWriter for Ledgers {
    fn needs_history(&self, _failed: bool) -> bool {
        true
    }

    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        let history = report.history.as_ref().expect("a history");
        let entries =
            history.entries.iter().map(|entry| EntryView::brief(&history.config, entry, Durations::LeftOut).value());
        self.0.lock().expect("no test panicked").push((scenario.name.clone(), entries.collect()));
    }
}

/// The transcript of each scenario, by its name.
#[derive(Default)]
struct Transcripts(BTreeMap<String, String>);

impl Reporter for Transcripts {
    fn report(&mut self, event: &RunEvent) {
        let RunEvent::ScenarioFinished(report) = event else { return };
        let failure = report.failure.as_ref().map(|failure| failure.render(false)).unwrap_or_default();
        assert!(report.failure.is_none(), "{}\n{}\n{failure}", report.name, report.transcript);
        self.0.insert(report.name.clone(), report.transcript.clone());
    }
}

fn scenario_file(path: &Path) -> datatest_stable::Result<()> {
    let scenarios = files::read(path).map_err(|mistakes| render_all(&mistakes, false))?;
    assert!(!scenarios.is_empty(), "a file without scenarios");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ledgers = Arc::new(Ledgers::default());
    let mut transcripts = Transcripts::default();
    let settings = RunSettings { artifact_writers: vec![ledgers.clone()], ..RunSettings::default() };
    runtime.block_on(run(scenarios, None, &settings, &mut transcripts));
    let name = path.with_extension("").display().to_string();
    let name = name.rsplit_once("scenarios/").map_or(name.as_str(), |(_, name)| name).replace('/', "__");
    let outline = outline::of_file(&ledgers.0.lock().expect("no test panicked"));
    compare("snapshots", &name, &outline);
    for (_, flagship) in FLAGSHIPS.iter().filter(|(file, _)| *file == name) {
        let transcript = transcripts.0.get(*flagship).unwrap_or_else(|| panic!("{name} has no scenario `{flagship}`"));
        compare("snapshots/transcripts", &name, &format!("# {flagship}\n{transcript}"));
    }
    Ok(())
}

fn compare(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(folder);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

datatest_stable::harness! {
    { test = scenario_file, root = "scenarios", pattern = r"\.yaml$" },
}
