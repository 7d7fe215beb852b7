//! What a bot says to a person after the scenario of that person has ended belongs to that scenario.

use super::{Suite, bots};

const EARLY: &str = "{ name: ends early, steps: [{ user: alice, says: Hi }] }";
const INNOCENT: &str = "{ name: innocent, steps: [{ user: alice, says: Hello }, { app: bot, sends: You said Hello }] }";
/// The bot answers this message when the next one comes, which is in a later scenario.
const HOLD: (&str, &str) = ("HOLD", "Hi");

#[test]
fn a_late_call_is_reported_at_its_own_scenario() {
    let suite = Suite::new("late", &[EARLY, INNOCENT]);
    for bot in bots() {
        let ran = suite.run(&bot, &[], &[HOLD]);
        assert_eq!(
            (ran.exit, ran.verdict("ends early"), ran.verdict("innocent")),
            (0, "ok", "ok"),
            "{bot}: {}",
            ran.text
        );
        let (first, second) = ran.text.split_once("innocent  ").expect("both scenarios");
        assert!(
            first.contains("late_call: `bot` called POST /v25.0/me/messages after the scenario had ended"),
            "{first}"
        );
        assert!(!second.contains("late_call") && !ran.text.contains("No matching user"), "{bot}: {}", ran.text);
    }
}

#[test]
fn a_denied_late_call_fails_its_own_scenario_and_no_other() {
    let suite = Suite::new("denied", &[EARLY, INNOCENT]);
    for bot in bots() {
        let ran = suite.run(&bot, &["--deny", "late_call"], &[HOLD]);
        assert_eq!(
            (ran.exit, ran.verdict("ends early"), ran.verdict("innocent")),
            (4, "FAILED", "ok"),
            "{bot}: {}",
            ran.text
        );
        assert!(ran.text.contains("late_call is denied"), "{}", ran.text);
        let bundle = suite.bundle();
        let replayed = suite.graphdouble(&["replay", &bundle], &[]);
        assert!(replayed.text.contains("same: "), "{bot}: {}", replayed.text);
    }
}

#[test]
fn a_call_that_is_later_than_the_next_scenario_is_reported_at_the_end() {
    let quick = "{ name: quick, steps: [{ clock: +1s }] }";
    let waits = INNOCENT.replace("innocent", "waits");
    let suite = Suite::new("later", &[EARLY, quick, &waits]);
    for bot in bots() {
        let ran = suite.run(&bot, &["--deny", "late_call", "--report", "junit=junit.xml"], &[HOLD]);
        assert_eq!((ran.exit, ran.verdict("quick"), ran.verdict("waits")), (4, "ok", "ok"), "{bot}: {}", ran.text);
        assert!(ran.text.contains("calls that came after the report of s.yaml: ends early"), "{}", ran.text);
        assert!(ran.text.contains("2 passed, 1 failed"), "{}", ran.text);
        let junit = std::fs::read_to_string(suite.path("junit.xml")).expect("a report");
        assert!(junit.contains("failures=\"1\"") && junit.contains("late_call is denied"), "{junit}");
    }
}
