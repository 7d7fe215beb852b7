//! Every report of a run, as files and on standard output: what they say, where they go, and errors while they are written.

mod files;
mod forms;
mod junit;
mod lints;
mod merge;

use std::path::PathBuf;
use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_graphdouble");

/// A scenario that passes and one that fails, with characters that every form has to escape.
const SCENARIOS: &str = r#"world:
  clock: 2026-03-02T09:00:00Z
  apps: { support: {}, sales: {} }
  pages: { bakery: { default_app: support, apps: { support: {}, sales: {} } } }
  ads: { tulips: { page: bakery, app: sales } }
  people: { alice: { psids: { bakery: 3001 } } }
scenarios:
  - name: she says hi & is answered
    steps:
      - { user: alice, says: Hi }
      - { app: support, sends: Hello! }
  - name: 'an ad | tap, 100% #1: <b>'
    steps:
      - { user: alice, taps_ad: tulips, says: Hi }
      - clock: +25h
      - expect: [{ owner: sales }]
"#;

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    crate::support::files::empty_folder("reports", name)
}

/// A folder with the scenarios in it.
fn with_scenarios(name: &str) -> PathBuf {
    let folder = folder(name);
    std::fs::write(folder.join("ads.yaml"), SCENARIOS).expect("a file");
    folder
}

/// A run in a folder, out of reach of whatever runs this test.
fn graphdouble(folder: &PathBuf, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_WORKSPACE")
        .env_remove("GITHUB_STEP_SUMMARY")
        .envs(variables.iter().copied())
        .output()
        .expect("the binary")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Text without the lengths of time in it, and without how many rules there are.
fn steady(text: &str) -> String {
    let unsteady = [
        (r#"time="[0-9.]+""#, r#"time="N""#),
        (r#""took_ms":[0-9]+"#, r#""took_ms":N"#),
        (r"duration_ms: [0-9]+", "duration_ms: N"),
        (r"[0-9.]+ ms", "N ms"),
        // There are more rules every day.
        (r"of [0-9]+ rules", "of N rules"),
    ];
    unsteady.iter().fold(text.to_owned(), |text, (pattern, steady)| {
        regex::Regex::new(pattern).expect("a pattern").replace_all(&text, *steady).into_owned()
    })
}
