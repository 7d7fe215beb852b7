//! The table of rules: a bundled scenario exercises each of them, and the documents that list them are current.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use graphdouble::internals::domain::rules::{RULES, RuleId};
use graphdouble::internals::journal::entry_json::{Durations, EntryView};
use graphdouble::internals::language::files;
use graphdouble::internals::language::files::Scenario;
use graphdouble::internals::language::schema::json_schema::{SUBJECTS, schema};
use graphdouble::internals::runner::artifact_writer::ArtifactWriter;
use graphdouble::internals::runner::events::{Reporter, RunEvent, ScenarioReport};
use graphdouble::internals::runner::{RunSettings, run};

/// The rules that scenarios exercised.
#[derive(Default)]
struct Exercised(BTreeSet<RuleId>);

impl Reporter for Exercised {
    fn report(&mut self, event: &RunEvent) {
        if let RunEvent::ScenarioFinished(report) = event {
            self.0.extend(report.rules.iter().copied());
        }
    }
}

/// An example of each sentence of the ledger, by kind, rule and the words with which it begins.
#[derive(Debug, Default)]
struct Sentences(Mutex<BTreeMap<[String; 3], String>>);

impl ArtifactWriter for Sentences {
    fn needs_history(&self, _failed: bool) -> bool {
        true
    }

    fn on_scenario_end(&self, _: &Scenario, report: &mut ScenarioReport) {
        let history = report.history.as_ref().expect("a history");
        let mut sentences = self.0.lock().expect("no test panicked");
        for entry in &history.entries {
            let entry = EntryView::brief(&history.config, entry, Durations::LeftOut).value();
            let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
            let beginning = match entry["kind"].as_str() {
                // A person, and what the person does.
                Some("command") => text("text").split(' ').skip(1).take(2).collect::<Vec<_>>().join(" "),
                _ => String::new(),
            };
            let beginning = beginning.split('"').next().unwrap_or_default().trim_end().to_owned();
            sentences.entry([text("kind"), text("rule"), beginning]).or_insert_with(|| text("text"));
        }
    }
}

#[tokio::test]
async fn a_scenario_exercises_every_rule_and_the_sentences_of_the_ledger_are_as_they_were() {
    let paths = crate::support::files::bundled_scenarios();
    let scenarios = paths.iter().flat_map(|path| files::read(path).expect("a valid scenario file")).collect();
    let mut exercised = Exercised::default();
    let sentences = Arc::new(Sentences::default());
    let settings = RunSettings { artifact_writers: vec![sentences.clone()], ..RunSettings::default() };
    run(scenarios, None, &settings, &mut exercised).await;
    let idle: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| RuleId::parse(id).is_none_or(|rule| !exercised.0.contains(&rule)))
        .collect();
    assert!(idle.is_empty(), "no scenario exercises these rules: {idle:#?}");
    let sentences = sentences.0.lock().expect("no test panicked");
    let lines: Vec<String> = sentences
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|([kind, ..], text)| format!("{kind}: {text}"))
        .collect();
    insta::assert_snapshot!("sentences", lines.join("\n"));
}

#[test]
fn the_schemas_are_current() {
    for subject in SUBJECTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{subject}.json"));
        let written = std::fs::read_to_string(&path).expect("a schema");
        let current = schema(subject).expect("a schema");
        assert!(
            written.trim_end() == format!("{current:#}"),
            "{} is old: write it with `graphdouble schema {subject} > schemas/{subject}.json`",
            path.display()
        );
    }
}

/// Separates the part that is written by hand from the part that is generated from the vocabulary.
const REFERENCE: &str = "<!-- what follows is written by tests/it/rules.rs from the vocabulary: UPDATE_DOCS=1 cargo test --test it current -->\n\n";

#[test]
fn the_reference_of_the_language_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/SCENARIOS.md");
    let written = std::fs::read_to_string(&path).expect("docs/SCENARIOS.md");
    let (by_hand, reference) = written.split_once(REFERENCE).expect("the line above the reference");
    let current = graphdouble::internals::language::schema::reference::reference();
    let current = current.trim_end();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{by_hand}{REFERENCE}{current}\n")).expect("docs/SCENARIOS.md");
        return;
    }
    assert!(
        reference.trim_end() == current,
        "docs/SCENARIOS.md is old: UPDATE_DOCS=1 cargo test --test it current writes it"
    );
}

#[test]
fn the_table_of_rules_in_the_documents_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/RULES.md");
    let printed = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(["rules", "--format", "markdown"]).output();
    let table = String::from_utf8(printed.expect("the table").stdout).expect("text");
    let current = format!(
        "# The rules\n\nEvery event, every withheld webhook and every refusal names one of these. `graphdouble rules` prints them too; \
         `--under handover_protocol` leaves out those of other generations. What a rule says of a page holds for an \
         Instagram account, too, unless it is about something that only Messenger has.\n\n{table}"
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, current).expect("docs/RULES.md");
        return;
    }
    let written = std::fs::read_to_string(&path).expect("docs/RULES.md");
    assert!(written == current, "docs/RULES.md is old: UPDATE_DOCS=1 cargo test --test it current writes it");
}

#[test]
fn the_catalogue_of_errors_in_the_documents_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ERRORS.md");
    let printed = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(["errors", "--format", "markdown"]).output();
    let table = String::from_utf8(printed.expect("the table").stdout).expect("text");
    let current = format!(
        "# The errors\n\nEvery error that graphdouble answers, by name. `graphdouble errors` prints them too, `graphdouble errors --basis observed` \
         only those that somebody recorded, and a step like `fault: {{ at: send, reply: rate_limited }}` answers any of them. Words in braces are \
         filled in. [FIDELITY.md](FIDELITY.md#statuses-of-errors) has the sources of the statuses.\n\n{table}"
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, current).expect("docs/ERRORS.md");
        return;
    }
    let written = std::fs::read_to_string(&path).expect("docs/ERRORS.md");
    assert!(written == current, "docs/ERRORS.md is old: UPDATE_DOCS=1 cargo test --test it current writes it");
}
