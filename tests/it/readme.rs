//! Every snippet of the documents is run: shell blocks with the built binary in place of `cargo run`, YAML blocks through `check` and
//! `run`; a block of text is part of what the shell block above it prints. What needs an engine or a registry of packages is run by `.ci/run`.

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

/// The documents of the project. Those of clients are run by `.ci/clients`.
fn documents() -> Vec<String> {
    let docs = std::fs::read_dir(root().join("docs")).expect("docs/");
    let names = docs.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut found: Vec<String> =
        names.filter(|name| name.ends_with(".md") && name != "clients.md").map(|name| format!("docs/{name}")).collect();
    found.extend(["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned));
    found.sort();
    found
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

/// Run by `.ci/run` instead: the tests themselves, what needs a container engine, what needs the registry of npm or pip, what needs root.
fn is_run_elsewhere(script: &str) -> bool {
    ["cargo test", "docker ", "npm ci", "pip install", "/etc/hosts"].iter().any(|word| script.contains(word))
}

/// Runs a shell block. A block with the word `fails` behind `sh` must end with the exit code of a failed expectation.
fn run_shell(file: &str, script: &str, fails: bool) -> String {
    let script = script.replace("cargo run --release --", BINARY);
    let output =
        Command::new("bash").args(["-euo", "pipefail", "-c", &script]).current_dir(root()).output().expect("bash");
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(if fails { 4 } else { 0 }), "{file}:\n{script}\n{out}\n{error}");
    // A curl that meets an error of ours ends well all the same.
    assert!(!out.contains(r#""error""#), "{file}:\n{script}\n{out}");
    out.into_owned()
}

/// A line without the milliseconds at its end, which differ from run to run.
fn without_times(line: &str) -> &str {
    line.strip_suffix(" ms").map_or(line, |line| line.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
}

/// A text block shows a part of what the script before it printed, line by line; `…` stands for what is left out.
fn check_printed(file: &str, shown: &str, printed: &str) {
    let mut printed = printed.lines().map(without_times);
    for line in shown.lines().filter(|line| line.trim() != "…") {
        assert!(
            printed.any(|other| other == without_times(line)),
            "{file} shows a line that is not printed there:\n{line}"
        );
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
    for file in documents() {
        let mut printed = String::new();
        for (number, block) in blocks(&file).iter().enumerate() {
            match block.kind.as_str() {
                "sh" if is_run_elsewhere(&block.text) => {}
                "sh" => printed = run_shell(&file, &block.text, false),
                "sh fails" => printed = run_shell(&file, &block.text, true),
                "text" => check_printed(&file, &block.text, &printed),
                "yaml" => run_yaml(&file, number, &block.text),
                "json" => check_world_of(&file, number, &block.text),
                _ => {}
            }
        }
    }
}

#[test]
fn the_front_door_is_short() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(readme.lines().count() <= 120, "the README has {} lines", readme.lines().count());
}

#[test]
fn the_documents_lead_somewhere() {
    for file in documents() {
        let text = std::fs::read_to_string(root().join(&file)).expect("a document");
        let folder = root().join(&file).parent().expect("a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            let is_here = path.is_empty() || path.starts_with("http") || folder.join(path).exists();
            assert!(is_here, "{file} leads to `{link}`, which is not there");
        }
    }
}

/// The quick starts are run word for word by `.ci/npm` and `.ci/python`; what the README shows of them must be theirs.
#[test]
fn the_front_door_shows_what_the_quick_starts_run() {
    let mut shown = 0;
    for (kind, file) in [("js", "docs/NODE.md"), ("python", "docs/PYTHON.md")] {
        let whole = std::fs::read_to_string(root().join(file)).expect("a quick start");
        for block in blocks("README.md").iter().filter(|block| block.kind == kind) {
            shown += 1;
            assert!(whole.contains(&block.text), "the README shows what {file} does not have:\n{}", block.text);
        }
    }
    assert_eq!(shown, 2, "the README shows a test in each of two languages");
}
