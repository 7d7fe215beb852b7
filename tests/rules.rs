//! The table of rules: each is at work in a bundled scenario, and the documents that list them are current.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use graphdouble::internals::domain::rules::{RULES, RuleId};
use graphdouble::internals::language::files;
use graphdouble::internals::language::schema::json_schema::{SUBJECTS, schema};
use graphdouble::internals::runner::events::{Reporter, RunEvent};
use graphdouble::internals::runner::{RunSettings, run};

#[derive(Default)]
struct AtWork(BTreeSet<RuleId>);

impl Reporter for AtWork {
    fn report(&mut self, event: &RunEvent) {
        if let RunEvent::ScenarioFinished(report) = event {
            self.0.extend(report.rules.iter().copied());
        }
    }
}

fn scenario_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the scenarios") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => scenario_files(&path, found),
            false => found.push(path),
        }
    }
}

#[tokio::test]
async fn every_rule_is_at_work_in_a_scenario() {
    let mut paths = Vec::new();
    scenario_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut paths);
    let scenarios = paths.iter().flat_map(|path| files::read(path).expect("a valid scenario file")).collect();
    let mut at_work = AtWork::default();
    run(scenarios, None, &RunSettings::default(), &mut at_work).await;
    let idle: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| RuleId::parse(id).is_none_or(|rule| !at_work.0.contains(&rule)))
        .collect();
    assert!(idle.is_empty(), "no scenario has these rules at work: {idle:#?}");
}

#[test]
fn the_schemas_are_current() {
    for subject in SUBJECTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{subject}.json"));
        let written = std::fs::read_to_string(&path).expect("a schema");
        let current = schema(subject).expect("a schema");
        assert!(
            written.trim_end() == format!("{current:#}"),
            "{} is old: write it anew with `graphdouble schema {subject} > schemas/{subject}.json`",
            path.display()
        );
    }
}

/// What stands above is written by hand, what follows by the vocabulary.
const REFERENCE: &str =
    "<!-- what follows is written by tests/rules.rs from the vocabulary: UPDATE_DOCS=1 cargo test --test rules -->\n\n";

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
        "docs/SCENARIOS.md is old: UPDATE_DOCS=1 cargo test --test rules writes it"
    );
}

#[test]
fn the_table_of_rules_in_the_documents_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/RULES.md");
    let printed = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(["rules", "--format", "markdown"]).output();
    let table = String::from_utf8(printed.expect("the table").stdout).expect("text");
    let current = format!(
        "# The rules\n\nEvery event, every withheld webhook and every refusal names one of these. `graphdouble rules` prints them too; \
         `--under handover_protocol` leaves out those of other generations.\n\n{table}"
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, current).expect("docs/RULES.md");
        return;
    }
    let written = std::fs::read_to_string(&path).expect("docs/RULES.md");
    assert!(written == current, "docs/RULES.md is old: UPDATE_DOCS=1 cargo test --test rules writes it");
}

#[test]
fn the_catalogue_of_errors_in_the_documents_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ERRORS.md");
    let printed = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(["errors", "--format", "markdown"]).output();
    let table = String::from_utf8(printed.expect("the table").stdout).expect("text");
    let current = format!(
        "# The errors\n\nEvery error that graphdouble answers, by name. `graphdouble errors` prints them too, and a step like \
         `fault: {{ at: send, reply: rate_limited }}` answers any of them. Words in braces are filled in.\n\n{table}"
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, current).expect("docs/ERRORS.md");
        return;
    }
    let written = std::fs::read_to_string(&path).expect("docs/ERRORS.md");
    assert!(written == current, "docs/ERRORS.md is old: UPDATE_DOCS=1 cargo test --test rules writes it");
}
