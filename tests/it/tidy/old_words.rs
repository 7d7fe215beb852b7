//! Words that were replaced by plain ones do not come back. Only the files beside this one may name them.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::{read, root};

/// Where the words may not stand.
const PLACES: &[&str] = &["src", "tests", "docs", "schemas", "README.md", "ARCHITECTURE.md"];

/// Words that are no words of this project any more, anywhere.
const WORDS: &str = "Hosted chronicle Parcel Shelf Parked Regime interference Courier Spoiling spoil LostPast janitor is_of_yesterday \
    Obeyed carry_out House converse in_play Keeper Keepers keepers unheld weigh belongings minted troubled polish stray strays loses_answer \
    Gesture";

/// Words of ordinary English. They were names, and may not be names again.
const NAMES: &str = "Saying Manner Occasion Happening Telling Taking Foreign Inner Turn Verdict Notice View Scene Follow Held Strike Struck Met Spot Turns Damage Recording Tape Nowhere Remains \
    Flight Busy Quiet Desk Office Lane Talk Site Patience Kept Keeping Holder Applied Several Trouble";

/// Files that had names of their own, and may not have them again.
const FILES: &str = "acts turn post chronicle past later minted patience seen received record gestures parties keeping heard seal spoiling \
    weigh belongings answering opting reaching approaching interference";

/// Words of which the code may not make use, because they mean six things.
const UNCLEAR: &str = "tell tells told telling teller tellers";

/// Files that say what an old public word is called now.
const HINTS: &[&str] = &["src/text/renamed.rs", "src/language/schema/shape.rs"];

#[test]
fn old_words_do_not_come_back() {
    let any = |words: &str| words.split_whitespace().collect::<Vec<_>>().join("|");
    let patterns = [
        (format!(r"\b({})\b", any(WORDS)), ""),
        (format!(r"(?:\b(?:struct|enum|trait|type) |&mut |: &)({})\b", any(NAMES)), ""),
        (format!(r"(?i)(?:\b|_)({})(?:\b|_)", any(UNCLEAR)), "src"),
    ];
    let patterns = patterns.map(|(pattern, place)| (Regex::new(&pattern).expect("a pattern"), place));
    let mut found = String::new();
    for path in PLACES.iter().flat_map(|place| files(&root().join(place))) {
        let name = path.strip_prefix(root()).expect("below the root").display().to_string();
        if name.contains("/tidy/") || HINTS.contains(&&*name) {
            continue;
        }
        let text = read(&path);
        for (pattern, _) in patterns.iter().filter(|(_, place)| name.starts_with(place)) {
            let words = pattern.captures_iter(&text).filter_map(|found| found.get(1));
            for word in words {
                let line = text[..word.start()].lines().count().max(1);
                writeln!(found, "{name}:{line}: {}", word.as_str()).expect("a text grows");
            }
        }
    }
    assert!(found.is_empty(), "old words:\n{found}");
}

#[test]
fn old_file_names_do_not_come_back() {
    let old: Vec<&str> = FILES.split_whitespace().collect();
    for path in files(&root().join("src")) {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let is_wire = path.ends_with("wire/post.rs");
        assert!(is_wire || !old.contains(&&*name), "{} has an old name", path.display());
    }
}

fn files(path: &Path) -> Vec<PathBuf> {
    const READ: [&str; 5] = ["rs", "md", "json", "snap", "yaml"];
    if !path.is_dir() {
        let is_read = path.extension().is_some_and(|ending| READ.iter().any(|known| ending == *known));
        return is_read.then(|| path.to_owned()).into_iter().collect();
    }
    let entries = std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path());
    // What clients install.
    let entries = entries.filter(|entry| !entry.ends_with("node_modules"));
    let mut found: Vec<PathBuf> = entries.flat_map(|entry| files(&entry)).collect();
    found.sort();
    found
}
