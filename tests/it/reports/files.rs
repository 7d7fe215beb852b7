//! Where reports go, several at once, and errors while they are written.

use crate::reports::{error, graphdouble, out, with_scenarios};

#[test]
fn several_reports_are_written_at_once_by_flags_or_by_the_environment() {
    let folder = with_scenarios("several");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap_or_default();
    graphdouble(&folder, &["run", "ads.yaml", "--report", "junit=a.xml", "--report", "tap=a.tap,markdown=a.md"], &[]);
    assert!(read("a.xml").contains("<testsuites"));
    assert!(read("a.tap").starts_with("TAP version 14\n1..2\nok 1 - "));
    assert!(read("a.md").starts_with("## ❌ graphdouble: 1 passed, 1 failed\n"));
    graphdouble(&folder, &["run", "ads.yaml"], &[("GRAPHDOUBLE_REPORT", "jsonl=b.jsonl,junit=b.xml")]);
    assert_eq!(read("b.jsonl").lines().count(), 6);
    assert!(read("b.xml").contains("<testsuites"));
}

#[test]
fn what_a_program_reads_has_standard_output_for_itself() {
    let folder = with_scenarios("printed");
    for kind in ["junit", "tap", "jsonl", "coverage-json"] {
        let report = format!("{kind},github");
        let output = graphdouble(&folder, &["run", "ads.yaml", "--seed", "7", "--report", &report], &[]);
        let (printed, said) = (out(&output), error(&output));
        assert!(["<?xml", "TAP ", "{"].iter().any(|start| printed.starts_with(start)), "{kind}: {printed}");
        assert!(!printed.contains("::error") && !printed.contains("FAILED"), "{kind}: {printed}");
        assert!(
            said.starts_with("seed 7\n")
                && said.contains("1 passed, 1 failed")
                && said.contains("\n::error file=ads.yaml,"),
            "{kind}: {said}"
        );
        assert_eq!(output.status.code(), Some(4));
    }
    let output = graphdouble(&folder, &["run", "ads.yaml", "--report", "markdown,coverage"], &[]);
    for part in ["1 passed, 1 failed", "## ❌ graphdouble", "never applied:"] {
        assert!(out(&output).contains(part), "{part}: {}", out(&output));
    }
}

#[test]
fn without_a_terminal_there_is_nothing_but_text() {
    let folder = with_scenarios("plain");
    let output = graphdouble(&folder, &["run", "ads.yaml", "--report", "coverage,markdown"], &[("TERM", "xterm")]);
    let strange = out(&output).chars().chain(error(&output).chars()).find(|c| c.is_control() && *c != '\n');
    assert_eq!(strange, None);
}

#[test]
fn the_summary_of_a_job_is_appended_to_and_other_files_are_replaced() {
    let folder = with_scenarios("summary");
    let file = folder.join("summary.md");
    let path = file.display().to_string();
    let read = || std::fs::read_to_string(&file).expect("the summary");
    let titles = |text: &str| text.matches("## ❌ graphdouble").count();
    for arguments in [&["--report", "markdown"][..], &["--report", &format!("markdown={path}")][..]] {
        std::fs::write(&file, "of another step\n").expect("a file");
        graphdouble(&folder, &[&["run", "ads.yaml"], arguments].concat(), &[("GITHUB_STEP_SUMMARY", &path)]);
        assert!(read().starts_with("of another step\n") && titles(&read()) == 1, "{}", read());
    }
    graphdouble(&folder, &["run", "ads.yaml", "--report", &format!("markdown={path}")], &[]);
    assert!(read().starts_with("## ❌ graphdouble"), "{}", read());
}

#[test]
fn a_file_that_cannot_be_written_ends_the_run_before_it_begins() {
    let folder = with_scenarios("unwritable");
    let output = graphdouble(&folder, &["run", "ads.yaml", "--report", "junit=nowhere/report.xml"], &[]);
    assert_eq!(output.status.code(), Some(3));
    let said = error(&output);
    assert!(said.starts_with("graphdouble: --report junit=nowhere/report.xml: "), "{said}");
    assert!(said.ends_with("(make the folder nowhere first)\n"), "{said}");
    assert_eq!(out(&output), "");
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let folder = with_scenarios("nonsense");
    for (report, wrong) in [
        ("junti=x", "did you mean `junit`?"),
        ("junit=x,tap=x", "x would be written twice"),
        ("junit,tap", "`junit` and `tap` would both go to standard output: give one a file, as in tap=FILE"),
        ("github,no-github", "contradict each other"),
        ("github=x", "takes no file"),
    ] {
        let output = graphdouble(&folder, &["run", "ads.yaml", "--report", report], &[]);
        assert_eq!(output.status.code(), Some(1), "{report}");
        assert!(error(&output).contains(wrong), "{report}: {}", error(&output));
    }
}

/// A disk that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_breaks_does_not_hide_the_verdict() {
    let folder = with_scenarios("broken");
    for (filter, code) in [("", 4), ("answered", 3)] {
        let arguments = ["run", "ads.yaml", "--filter", filter, "--report", "junit=/dev/full,tap=run.tap"];
        let output = graphdouble(&folder, &arguments, &[]);
        assert_eq!(output.status.code(), Some(code));
        assert!(error(&output).contains("the report /dev/full is incomplete: "), "{}", error(&output));
        assert!(std::fs::read_to_string(folder.join("run.tap")).expect("the other report").contains("passed"));
    }
}
