//! `run --ledger`.

use serde_json::{Value, json};

use super::WorkFolder;

const HI: &str = "{ name: Hi, steps: [{ user: alice, says: Hi }] }";
const LATER: &str =
    "{ name: a day later, steps: [{ user: alice, says: Hi }, { clock: +24h }, { expect: [{ owner: sales }] }] }";

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

#[test]
fn a_folder_gets_a_file_for_each_scenario_those_that_fail_included() {
    let folder = WorkFolder::new("ledger-folder");
    folder.scenarios("a/b.yaml", &[HI, LATER]);
    assert_eq!(folder.run(&["run", "a", "--ledger", "out/ledgers"]).0, 4);
    assert_eq!(folder.files("out/ledgers"), ["a-b-a-day-later.jsonl", "a-b-hi.jsonl"]);
    let entries = lines(&folder.read("out/ledgers/a-b-a-day-later.jsonl"));
    let cursors: Vec<u64> = entries.iter().filter_map(|entry| entry["cursor"].as_u64()).collect();
    assert_eq!(cursors, (1..=entries.len() as u64).collect::<Vec<_>>());
    assert!(entries.iter().any(|entry| entry["kind"] == "clock" && entry["at"] == "2026-01-06T09:00:00Z"));
}

#[test]
fn one_file_says_whose_entries_follow() {
    let folder = WorkFolder::new("ledger-file");
    folder.scenarios("b.yaml", &[HI, LATER]);
    folder.run(&["run", "b.yaml", "--ledger", "all.jsonl"]);
    let once = folder.read("all.jsonl");
    let heads: Vec<Value> = lines(&once).into_iter().filter(|line| line.get("scenario").is_some()).collect();
    assert_eq!(
        heads,
        [
            json!({ "file": "b.yaml", "scenario": "Hi", "passed": true }),
            json!({ "file": "b.yaml", "scenario": "a day later", "passed": false }),
        ]
    );
    folder.run(&["run", "b.yaml", "--ledger", "all.jsonl"]);
    assert_eq!(folder.read("all.jsonl"), once, "the same in every run");
}

#[test]
fn a_place_that_cannot_be_written_to_is_said() {
    let folder = WorkFolder::new("ledger-nowhere");
    folder.scenarios("b.yaml", &[HI]);
    let (code, said) = folder.run(&["run", "b.yaml", "--ledger", "b.yaml/x.jsonl"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("cannot write b.yaml/x.jsonl"), "{said}");
}
