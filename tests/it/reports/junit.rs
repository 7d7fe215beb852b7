//! JUnit XML holds to its schema, whatever names and texts are in it.

use xmloxide::Document;
use xmloxide::validation::xsd::{parse_xsd, validate_xsd};

use crate::reports::{folder, graphdouble, out, with_scenarios};

/// What is wrong with a document by the schema beside this file.
fn mistakes(xml: &str) -> Vec<String> {
    let schema = parse_xsd(include_str!("junit.xsd")).expect("a schema");
    let document = Document::parse_str(xml).expect("well-formed XML");
    validate_xsd(&document, &schema).errors.into_iter().map(|error| error.message).collect()
}

#[test]
fn the_schema_accepts_a_right_report_and_refuses_a_wrong_one() {
    let right = r#"<testsuites name="n" tests="0" failures="0" errors="0" time="0.1"></testsuites>"#;
    assert_eq!(mistakes(right), Vec::<String>::new());
    for (from, to) in
        [(r#" name="n""#, ""), (r#"tests="0""#, r#"tests="x""#), ("></", "><testcase/></"), ("></", "><testsuite/></")]
    {
        assert_ne!(mistakes(&right.replace(from, to)), Vec::<String>::new(), "{from} → {to}");
    }
}

#[test]
fn a_run_that_fails_and_one_that_passes_hold_to_the_schema() {
    let folder = with_scenarios("schema");
    for filter in ["", "answered"] {
        graphdouble(&folder, &["run", "ads.yaml", "--filter", filter, "--report", "junit=report.xml"], &[]);
        let xml = std::fs::read_to_string(folder.join("report.xml")).expect("the report");
        assert_eq!(mistakes(&xml), Vec::<String>::new(), "{xml}");
    }
}

#[test]
fn what_did_not_run_after_a_failure_is_skipped_and_holds_to_the_schema() {
    let folder = with_scenarios("skipped");
    let late = "  - { name: too late, steps: [{ user: alice, says: Hi }] }\n";
    std::fs::write(folder.join("ads.yaml"), format!("{}{late}", super::SCENARIOS)).expect("a file");
    let reports = "junit=report.xml,jsonl=run.jsonl";
    graphdouble(&folder, &["run", "ads.yaml", "--fail-fast", "--report", reports], &[]);
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).expect("a report");
    let xml = read("report.xml");
    assert_eq!(mistakes(&xml), Vec::<String>::new(), "{xml}");
    let why = "a scenario failed, and --fail-fast ends the run then";
    assert!(xml.contains("name=\"too late\"") && xml.contains(&format!("<skipped message=\"{why}\"/>")), "{xml}");
    let line = "{\"event\":\"skipped\",\"name\":\"too late\",\"at\":{\"file\":\"ads.yaml\",\"line\":17,\"column\":13}";
    assert!(read("run.jsonl").contains(&format!("{line},\"why\":\"{why}\"}}")), "{}", read("run.jsonl"));
}

#[test]
fn a_run_that_could_not_begin_is_no_run_in_which_all_went_well() {
    let folder = with_scenarios("abandoned");
    let nobody = "support=http://127.0.0.1:1/webhook";
    let reports = "junit=report.xml,tap=run.tap,jsonl=run.jsonl,markdown=run.md,github";
    let output = graphdouble(&folder, &["run", "ads.yaml", "--app", nobody, "--report", reports], &[]);
    assert_eq!(output.status.code(), Some(3));
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).expect("a report");
    let xml = read("report.xml");
    assert_eq!(mistakes(&xml), Vec::<String>::new(), "{xml}");
    assert!(xml.contains(r#"tests="1" failures="0" errors="1""#), "{xml}");
    let why = "the run could not begin: see standard error";
    assert_eq!(read("run.tap"), format!("TAP version 14\nBail out! {why}\n"));
    assert_eq!(read("run.jsonl"), format!("{{\"event\":\"abandoned\",\"why\":\"{why}\"}}\n"));
    assert_eq!(read("run.md"), format!("## ❌ graphdouble: {why}\n\n"));
    assert_eq!(out(&output), format!("::error title=graphdouble::{why}\n"));
}

#[test]
fn characters_that_xml_cannot_have_do_not_break_it() {
    let folder = folder("illegal");
    let text = "world: { apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }\n\
        scenarios:\n  - name: \"a \\u0007 bell, ]]> and \\\"quotes\\\"\"\n    \
        steps: [{ user: alice, says: \"\\u0001\" }, { expect: [{ app: bot, gets: messages, text: \"\\u0002<\" }] }]\n";
    std::fs::write(folder.join("bell.yaml"), text).expect("a file");
    let output = graphdouble(&folder, &["run", "bell.yaml", "--report", "junit=report.xml"], &[]);
    assert_eq!(output.status.code(), Some(4));
    let xml = std::fs::read_to_string(folder.join("report.xml")).expect("the report");
    assert_eq!(mistakes(&xml), Vec::<String>::new(), "{xml}");
    assert!(xml.contains("a \\u{7} bell, ]]&gt; and &quot;quotes&quot;"), "{xml}");
}
