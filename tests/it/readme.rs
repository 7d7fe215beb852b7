//! Every snippet of the documents is run: shell blocks with the built binary in place of `cargo run`, YAML blocks through `check` and
//! `run`; a block of text is part of what the shell block above it prints. What needs an engine or the npm registry is run by `.ci/run`.

use std::path::PathBuf;
use std::process::Command;

const BINARY: &str = env!("CARGO_BIN_EXE_graphdouble");

struct Block {
    kind: String,
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn blocks(file: &str) -> Vec<Block> {
    let text = std::fs::read_to_string(root().join(file)).expect("a document");
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(kind), None) => open = Some(Block { kind: kind.to_owned(), text: String::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{file} ends inside a block");
    blocks
}

/// Run by `.ci/run` instead: the tests themselves, what needs a container engine, what needs the npm registry, what needs root.
fn is_run_elsewhere(script: &str) -> bool {
    ["cargo test", "docker ", "npm ci", "/etc/hosts"].iter().any(|word| script.contains(word))
}

fn run_shell(file: &str, script: &str) -> String {
    let script = script.replace("cargo run --release --", BINARY);
    let output =
        Command::new("bash").args(["-euo", "pipefail", "-c", &script]).current_dir(root()).output().expect("bash");
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{file}:\n{script}\n{out}\n{error}");
    // A curl that meets an error of ours ends well all the same.
    assert!(!out.contains(r#""error""#), "{file}:\n{script}\n{out}");
    out.into_owned()
}

/// A text block shows a part of what the script before it printed, line by line; `…` stands for what is left out.
fn check_printed(file: &str, shown: &str, printed: &str) {
    let mut printed = printed.lines();
    for line in shown.lines().filter(|line| line.trim() != "…") {
        assert!(printed.any(|other| other == line), "{file} shows a line that is not printed there:\n{line}");
    }
}

fn run_yaml(file: &str, number: usize, text: &str) {
    let is_scenario_file = text.contains("scenarios:");
    let name = format!("snippet-{}-{number}.yaml", file.replace(['/', '.'], "-"));
    let folder = crate::support::files::folder("readme");
    let path = folder.join(name);
    let text = text.replace("world: fixtures/", &format!("world: {}/fixtures/", root().display()));
    std::fs::write(&path, &text).expect("a file");
    let verb = if is_scenario_file { "run" } else { "check" };
    let output = Command::new(BINARY).arg(verb).arg(&path).output().expect("the binary");
    assert!(output.status.success(), "{file}:\n{text}\n{}", String::from_utf8_lossy(&output.stdout));
}

/// The body of `POST /_control/worlds`.
fn check_world_of(file: &str, number: usize, text: &str) {
    let body: serde_json::Value = serde_json::from_str(text).expect("JSON");
    run_yaml(file, number, &body["world"].to_string());
}

#[test]
fn every_snippet_does_what_the_documents_say() {
    for file in ["README.md", "docs/SCENARIOS.md", "docs/REPORTS.md", "docs/LEDGER.md"] {
        let mut run = 0;
        let mut printed = String::new();
        for (number, block) in blocks(file).iter().enumerate() {
            match block.kind.as_str() {
                "sh" if is_run_elsewhere(&block.text) => {}
                "sh" => printed = run_shell(file, &block.text),
                "text" => check_printed(file, &block.text, &printed),
                "yaml" => run_yaml(file, number, &block.text),
                "json" => check_world_of(file, number, &block.text),
                _ => continue,
            }
            run += 1;
        }
        assert!(run > 2, "{file} has hardly a snippet");
    }
}

#[test]
fn the_documents_lead_somewhere() {
    for file in [
        "README.md",
        "ARCHITECTURE.md",
        "docs/SCENARIOS.md",
        "docs/REPORTS.md",
        "docs/LEDGER.md",
        "docs/PERFORMANCE.md",
    ] {
        let text = std::fs::read_to_string(root().join(file)).expect("a document");
        let folder = root().join(file).parent().expect("a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            let is_here = path.is_empty() || path.starts_with("http") || folder.join(path).exists();
            assert!(is_here, "{file} leads to `{link}`, which is not there");
        }
    }
}
