//! The reports of shards, put together.

use serde_json::Value;

use super::{error, graphdouble, out, with_scenarios};

#[test]
fn the_reports_of_shards_are_one_report() {
    let folder = with_scenarios("merge");
    let run =
        |arguments: &[&str]| graphdouble(&folder, &[&["run", "ads.yaml", "--no-bundle"], arguments].concat(), &[]);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a report");
    run(&["--report", "junit=all.xml,jsonl=all.jsonl"]);
    for part in ["1", "2", "3"] {
        let reports = format!("junit={part}.xml,jsonl={part}.jsonl");
        run(&["--shard", &format!("{part}/3"), "--report", &reports]);
        // A shard without scenarios leaves no report.
        for name in [format!("{part}.xml"), format!("{part}.jsonl")] {
            if !folder.join(&name).exists() {
                std::fs::write(folder.join(&name), if name.ends_with("xml") { "<testsuites/>" } else { "" })
                    .expect("a file");
            }
        }
    }
    let merged = graphdouble(&folder, &["report", "merge", "1.xml", "2.xml", "3.xml", "--output", "merged.xml"], &[]);
    assert_eq!(merged.status.code(), Some(0), "{}", error(&merged));
    let cases = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().filter(|line| line.contains("<testcase")).map(super::steady).collect();
        lines.sort();
        lines
    };
    assert_eq!(cases(&read("merged.xml")), cases(&read("all.xml")));
    assert!(read("merged.xml").contains(r#"tests="2" failures="1" errors="0""#), "{}", read("merged.xml"));
    let merged = graphdouble(&folder, &["report", "merge", "1.jsonl", "2.jsonl", "3.jsonl"], &[]);
    let last = |text: &str| -> Value { serde_json::from_str(text.lines().last().unwrap_or_default()).expect("JSON") };
    let (all, one) = (last(&read("all.jsonl")), last(&out(&merged)));
    for key in ["event", "passed", "failed", "findings", "rules"] {
        assert_eq!(all[key], one[key], "{key}: {}", out(&merged));
    }
    let wrong = graphdouble(&folder, &["report", "merge", "1.xml", "1.jsonl", "all.jsonl"], &[]);
    assert_eq!(wrong.status.code(), Some(2), "{}", error(&wrong));
    assert!(error(&wrong).contains("merge each kind by itself"), "{}", error(&wrong));
    let wrong = graphdouble(&folder, &["report", "merge", "ads.yaml"], &[]);
    assert!(error(&wrong).contains("ads.yaml:1: this is no line of a report"), "{}", error(&wrong));
}
