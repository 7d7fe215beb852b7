//! What each report says of a run in which one scenario passes and one fails.

use serde_json::Value;

use crate::reports::{error, graphdouble, out, steady, with_scenarios};

fn report(kind: &str) -> String {
    let folder = with_scenarios(kind);
    let output = graphdouble(&folder, &["run", "ads.yaml", "--report", &format!("{kind}=report")], &[]);
    assert_eq!(output.status.code(), Some(4), "{}", error(&output));
    std::fs::read_to_string(folder.join("report")).expect("the report")
}

#[test]
fn junit() {
    insta::assert_snapshot!(steady(&report("junit")));
}

#[test]
fn tap() {
    let shown = report("tap");
    insta::assert_snapshot!(steady(&shown));
    assert_eq!(shown.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count(), 2);
}

#[test]
fn json_lines() {
    let shown = report("jsonl");
    insta::assert_snapshot!(steady(&shown));
    let events: Vec<Value> = shown.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    assert_eq!(kinds, ["started", "begins", "scenario", "begins", "scenario", "finished"]);
    assert_eq!(events[4]["owners"][0]["changes"][1]["rule"], "control.idle.default_app");
}

#[test]
fn markdown() {
    insta::assert_snapshot!(steady(&report("markdown")));
}

#[test]
fn coverage() {
    let shown = report("coverage");
    assert!(shown.starts_with("conversation_routing@2023-09: "), "{shown}");
    let (applied, never) = shown.split_once("never applied:\n").expect("both lists");
    assert!(applied.contains("  routing.ad.marketing_app  1 scenario\n"), "{shown}");
    assert!(never.contains("  send.refused.not_owner\n      "), "{shown}");
    // What holds under other generations alone is no gap.
    assert!(!shown.contains("routing.idle.nobody"), "{shown}");
}

#[test]
fn coverage_json() {
    let shown: Value = serde_json::from_str(&report("coverage-json")).expect("JSON");
    let rules = shown["rules"].as_array().expect("rules");
    let times = |id: &str| rules.iter().find(|rule| rule["id"] == id).map(|rule| rule["scenarios"].clone());
    assert_eq!(times("send.owner"), Some(1.into()));
    assert_eq!(times("window.opened"), Some(2.into()));
    assert_eq!(times("send.refused.not_owner"), Some(0.into()));
    let covered = rules.iter().filter(|rule| rule["scenarios"] != 0).count();
    assert_eq!(
        (shown["covered"].as_u64(), shown["applicable"].as_u64()),
        (Some(covered as u64), Some(rules.len() as u64))
    );
}

#[test]
fn annotations_name_file_line_and_column_and_come_by_themselves_in_github() {
    let folder = with_scenarios("github");
    let annotations = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = graphdouble(&folder, &[&["run", "ads.yaml"], arguments].concat(), variables);
        assert_eq!(output.status.code(), Some(4), "{}", error(&output));
        out(&output).lines().filter(|line| line.starts_with("::")).map(str::to_owned).collect::<Vec<_>>()
    };
    let asked = annotations(&["--report", "github"], &[]);
    insta::assert_snapshot!(asked.join("\n"));
    let inside = [("GITHUB_ACTIONS", "true")];
    assert_eq!(annotations(&[], &inside), asked);
    assert_eq!(annotations(&["--report", "no-github"], &inside), Vec::<String>::new());
    assert_eq!(annotations(&[], &[]), Vec::<String>::new());
}
