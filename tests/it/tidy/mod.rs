//! The rules of ARCHITECTURE.md that a compiler does not check.

mod circles;
mod functions;
mod names;
mod old_words;
mod rooms;

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a source file.
const MAX_LINES: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a source file")
}

/// The code of a file without its tests and comments, to which the rules do not apply.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_core_is_pure() {
    const IMPURE: &[&str] = &[
        "tokio",
        "hyper",
        "std::net",
        "std::fs",
        "std::thread",
        "std::env",
        "SystemTime",
        "Instant",
        "rand::",
        "Mutex",
        "serde_json::Value",
        "async fn",
    ];
    for path in sources("src/domain") {
        let code = code(&read(&path));
        for word in IMPURE {
            assert!(!code.contains(word), "{} names `{word}`", path.display());
        }
        // A history is stored as commands, so the parts of commands are serialized here.
        let of_commands = [
            "access",
            "account_media",
            "byte_count",
            "command",
            "crowd",
            "fields",
            "ids",
            "media",
            "message",
            "message_template",
            "person",
            "persona",
            "platform",
            "profile",
            "public_action",
            "scoped_id",
            "shared_item",
            "template",
            "time",
            "webhook_config",
            "welcome_flow",
        ];
        let is_of_commands = of_commands
            .iter()
            .any(|file| path.ends_with(format!("domain/{file}.rs")) || path.ends_with(format!("model/{file}.rs")));
        assert!(is_of_commands || !code.contains("Serialize"), "{}: `wire` owns the JSON", path.display());
    }
    for path in sources("src/wire") {
        let code = code(&read(&path));
        for word in IMPURE.iter().filter(|word| **word != "serde_json::Value") {
            assert!(!code.contains(word), "{} names `{word}`", path.display());
        }
    }
}

#[test]
fn no_hash_map_is_iterated_into_output() {
    for path in
        sources("src").into_iter().filter(|path| read(path).contains("HashMap") || read(path).contains("HashSet"))
    {
        let name = path.display().to_string();
        let is_index = [
            "model/config.rs",
            "language/world/",
            "language/node.rs",
            "engine/registry.rs",
            "delivery/",
            "engine/in_flight.rs",
            "engine/quiescence.rs",
            "engine/waiters.rs",
        ];
        assert!(
            is_index.iter().any(|known| name.contains(known)),
            "{name} uses a hash map; order must never depend on one"
        );
    }
}

#[test]
fn every_file_begins_with_what_it_holds_and_stays_small() {
    for path in sources("src").into_iter().chain(sources("tests")) {
        let text = read(&path);
        assert!(text.starts_with("//! "), "{} does not begin with `//!` and what it holds", path.display());
        let lines = text.lines().count();
        // The tables of rules, errors, words and routes are as long as there are rules, errors, words and routes.
        const TABLES: &[&str] =
            &["domain/rules.rs", "errors/catalogue.rs", "schema/vocabulary.rs", "control/routes.rs"];
        let is_table = TABLES.iter().any(|table| path.ends_with(table));
        assert!(is_table || lines < MAX_LINES, "{} has {lines} lines", path.display());
    }
}

#[test]
fn folders_are_two_levels_deep() {
    let root = root().join("src");
    for path in sources("src") {
        let depth = path.strip_prefix(&root).expect("below src").components().count();
        assert!(depth <= 3, "{} lies too deep", path.display());
    }
}

#[test]
fn nothing_is_left_unfinished() {
    // Written in two parts, so that this file does not find itself.
    let unfinished =
        [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("#[ig", "nore"), concat!("FIX", "ME")];
    let waits = [concat!("sle", "ep("), concat!("sleep", "_until(")];
    // These timers are real: a pause after a failed accept, what a client takes to read its answer, the closing of idle connections at both ends, the time that a bot has for its
    // answer, worlds that follow the wall clock, a load that writes at a rate, and worlds that expire.
    let timers = [
        "server/accept_loop.rs",
        "server/head_timer.rs",
        "server/write_timer.rs",
        "delivery/pool.rs",
        "delivery/connection.rs",
        "engine/alarm.rs",
        "cli/load.rs",
        "control/expiry.rs",
    ];
    for path in sources("src").into_iter().chain(sources("tests")) {
        let text = read(&path);
        for word in unfinished {
            assert!(!text.contains(word), "{} contains `{word}`", path.display());
        }
        let may_wait = timers.iter().any(|timer| path.ends_with(timer));
        assert!(may_wait || !waits.iter().any(|wait| text.contains(wait)), "{} waits for time", path.display());
    }
}

#[test]
fn architecture_is_short_and_names_every_room() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    assert!(text.lines().count() < 300);
    for entry in fs::read_dir(root().join("src")).expect("src") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            assert!(text.contains(&format!("`{name}/`")), "ARCHITECTURE.md does not name the room `{name}/`");
        }
    }
}
