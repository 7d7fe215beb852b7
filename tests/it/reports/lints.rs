//! What lints find stands in every report; what is denied fails the run, and what is allowed is not reported.

use std::path::PathBuf;

use crate::reports::{BINARY, error, folder, graphdouble, out};

const SCENARIOS: &str = "world:
  apps: { support: {}, sales: { id: 1002 } }
  pages: { bakery: { default_app: support, apps: { support: {}, sales: {} } } }
  people: { alice: {} }
scenarios:
  - name: a hand-over that hands nothing over
    steps:
      - { user: alice, says: Hi }
      - { app: sales, sends: No, refused: { code: 10 } }
      - { app: support, sends: Bye, thread_control: { app_id: 1002 } }
";

fn lint_folder(name: &str) -> PathBuf {
    let folder = folder(name);
    std::fs::write(folder.join("hand-over.yaml"), SCENARIOS).expect("a file");
    folder
}

#[test]
fn findings_stand_in_every_report() {
    let folder = lint_folder("findings");
    for (kind, says) in [
        ("junit", "<system-out>warning control_type_missing: `support` sent thread_control without control_type"),
        ("tap", "# warning control_type_missing: `support` sent thread_control without control_type"),
        (
            "jsonl",
            r#""findings":[{"lint":"control_type_missing","severity":"warning","app":"support","thread":"alice@bakery""#,
        ),
        ("markdown", "| `control_type_missing` | warning | a hand-over that hands nothing over | \\`support\\` sent"),
    ] {
        let output = graphdouble(&folder, &["run", "hand-over.yaml", "--report", &format!("{kind}=report")], &[]);
        assert_eq!(output.status.code(), Some(0), "{}", out(&output));
        let shown = std::fs::read_to_string(folder.join("report")).expect("the report");
        assert!(shown.contains(says), "{kind}: {shown}");
    }
    let output = graphdouble(&folder, &["run", "hand-over.yaml", "--report", "github"], &[]);
    insta::assert_snapshot!(crate::reports::steady(&out(&output)));
}

#[test]
fn what_is_denied_fails_the_run_and_what_is_allowed_is_not_reported() {
    let folder = lint_folder("levels");
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = graphdouble(&folder, &[&["run", "hand-over.yaml"], arguments].concat(), variables);
        (output.status.code(), out(&output).contains("control_type_missing"), out(&output))
    };
    let denied = run(&["--deny", "control_type_missing"], &[]);
    assert_eq!((denied.0, denied.1), (Some(4), true));
    assert!(denied.2.contains("error: control_type_missing is denied: `support` sent"), "{}", denied.2);
    assert!(denied.2.contains("10 |       - { app: support, sends: Bye"), "{}", denied.2);
    for (arguments, variables, code, is_told) in [
        (&["--deny", "all"][..], &[][..], Some(4), true),
        (&["--deny", "slow_answer,answered_twice"], &[], Some(0), true),
        (&["--allow", "control_type_missing,control_in_vain"], &[], Some(0), false),
        (&["--deny", "all", "--allow", "control_type_missing,control_in_vain"], &[], Some(0), false),
        (&["--allow", "all"], &[], Some(0), false),
        (&["--allow", "all", "--deny", "control_type_missing"], &[], Some(4), true),
        (&[], &[("GRAPHDOUBLE_DENY", "all")], Some(4), true),
        (&[], &[("GRAPHDOUBLE_ALLOW", "all")], Some(0), false),
    ] {
        let (was, shown, text) = run(arguments, variables);
        assert_eq!((was, shown), (code, is_told), "{arguments:?} {variables:?}: {text}");
    }
}

#[test]
fn lints_that_are_none_and_levels_that_contradict_each_other_are_refused() {
    let folder = lint_folder("unknown");
    for (arguments, wrong) in [
        (["--deny", "slow_anser"], "did you mean `slow_answer`?"),
        (["--allow", "x"], "there is no lint `x` (`graphdouble lints` prints all lints)"),
        (["--deny=slow_answer", "--allow=slow_answer"], "`slow_answer` cannot be both denied and allowed"),
    ] {
        let output = graphdouble(&folder, &["run", "hand-over.yaml", arguments[0], arguments[1]], &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(error(&output).contains(wrong), "{}", error(&output));
    }
}

#[test]
fn the_table_of_lints_is_printed() {
    let folder = lint_folder("table");
    let printed = graphdouble(&folder, &["lints", "slow"], &[]);
    assert!(out(&printed).starts_with("slow_answer\n    A real app takes longer than 5 seconds"), "{}", out(&printed));
    let json: serde_json::Value =
        serde_json::from_str(&out(&graphdouble(&folder, &["lints", "--format", "json"], &[]))).expect("JSON");
    assert!(json.as_array().is_some_and(|lints| lints.iter().all(|lint| lint["advice"].is_string())));
    let wrong = graphdouble(&folder, &["lints", "slwo"], &[]);
    assert_eq!(wrong.status.code(), Some(1));
}

/// `docs/LINTS.md` is what the binary prints.
#[test]
fn the_table_of_lints_in_the_documents_is_current() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/LINTS.md");
    let printed =
        std::process::Command::new(BINARY).args(["lints", "--format", "markdown"]).output().expect("the table");
    let table = String::from_utf8(printed.stdout).expect("text");
    let current = format!(
        "# The lints\n\nWhat an app can do wrong though nothing fails. `graphdouble lints` prints them too, `graphdouble run` reports what \
         they find, and `--deny` makes it fail.\n\n{table}"
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, current).expect("docs/LINTS.md");
        return;
    }
    let written = std::fs::read_to_string(&path).expect("docs/LINTS.md");
    assert!(written == current, "docs/LINTS.md is old: UPDATE_DOCS=1 cargo test --test it current writes it");
}
