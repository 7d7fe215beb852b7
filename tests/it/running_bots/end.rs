//! A bot that ends in the middle of a run ends the run.

use super::{Suite, bots};

#[test]
fn a_bot_that_ends_ends_the_run() {
    let suite = Suite::new(
        "end",
        &[
            "{ name: before, steps: [{ user: alice, says: Hi }, { app: bot, sends: You said Hi }] }",
            "{ name: during, steps: [{ user: alice, says: die }, { app: bot, sends: never, within: 300s }] }",
            "{ name: after, steps: [{ user: alice, says: Hi }] }",
        ],
    );
    for bot in bots() {
        let ran = suite.run(&bot, &["--report", "junit=junit.xml"], &[]);
        assert_eq!(
            (ran.exit, ran.verdict("before"), ran.verdict("during")),
            (3, "ok", "FAILED"),
            "{bot}: {}",
            ran.text
        );
        for part in [
            "the bot ended in the middle of the run (exit status: 7)",
            "out of luck",
            "1 scenario did not run",
            "s.yaml:8:",
        ] {
            assert!(ran.text.contains(part), "{bot}: no `{part}` in {}", ran.text);
        }
        assert_eq!(ran.verdict("after"), "missing", "{}", ran.text);
        let junit = std::fs::read_to_string(suite.path("junit.xml")).expect("a report");
        assert!(junit.contains("<error type=\"abandoned\"") && junit.contains("name=\"before\""), "{junit}");
        let skipped = "<skipped message=\"the bot ended in the middle of the run (exit status: 7)\"/>";
        assert!(junit.contains("name=\"after\"") && junit.matches(skipped).count() == 1, "{junit}");
    }
}

#[test]
fn a_run_that_is_to_fail_fast_begins_nothing_after_a_failure() {
    let suite = Suite::new(
        "fast",
        &[
            "{ name: passes, steps: [{ user: alice, says: Hi }, { app: bot, sends: You said Hi }] }",
            "{ name: fails, steps: [{ user: alice, says: Hi }, { app: bot, sends: never, within: 20ms }] }",
            "{ name: is left out, steps: [{ user: alice, says: Hi }] }",
        ],
    );
    let ran = suite.run(&bots()[0], &["--fail-fast", "--report", "junit=junit.xml"], &[]);
    assert_eq!(
        (ran.exit, ran.verdict("passes"), ran.verdict("fails"), ran.verdict("is left out")),
        (4, "ok", "FAILED", "missing"),
        "{}",
        ran.text
    );
    assert!(ran.text.contains("--fail-fast ends the run then; 1 scenario did not run"), "{}", ran.text);
    assert!(ran.text.contains("1 passed, 1 failed"), "{}", ran.text);
    let junit = std::fs::read_to_string(suite.path("junit.xml")).expect("a report");
    let skipped = "<skipped message=\"a scenario failed, and --fail-fast ends the run then\"/>";
    assert!(junit.contains("name=\"is left out\"") && junit.contains(skipped), "{junit}");
    assert!(junit.contains("tests=\"3\" failures=\"1\" errors=\"0\"") && junit.contains("skipped=\"1\""), "{junit}");
}
