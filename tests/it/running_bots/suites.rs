//! Parts of a suite: shards, and what failed last.

use super::{Ran, Suite, WORLD};

fn names(ran: &Ran) -> Vec<String> {
    let lines = ran.text.lines().filter(|line| line.starts_with("  ok  ") || line.starts_with("FAILED"));
    let mut names: Vec<String> = lines.filter_map(|line| line.split_whitespace().nth(1)).map(str::to_owned).collect();
    names.sort();
    names
}

fn scenarios(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{{ name: n{number:02}, steps: [{{ user: alice, says: Hi }}] }}")).collect()
}

#[test]
fn every_scenario_is_in_one_shard_and_stays_there_when_others_come() {
    let few: Vec<String> = scenarios(20);
    let suite = Suite::new("shards", &few.iter().map(String::as_str).collect::<Vec<_>>());
    let shard = |part: usize| {
        names(&suite.graphdouble(&["run", "s.yaml", "--no-bundle", "--shard", &format!("{part}/3")], &[]))
    };
    let before: Vec<Vec<String>> = (1..=3).map(shard).collect();
    assert!(before.iter().all(|shard| !shard.is_empty()), "{before:?}");
    let mut all = before.concat();
    all.sort();
    assert_eq!(all, (1..=20).map(|number| format!("n{number:02}")).collect::<Vec<_>>());
    let more: String = scenarios(25).iter().map(|scenario| format!("  - {scenario}\n")).collect();
    std::fs::write(suite.path("s.yaml"), format!("{WORLD}{more}")).expect("a file");
    for (before, part) in before.iter().zip(1..) {
        let now = shard(part);
        assert!(before.iter().all(|name| now.contains(name)), "{before:?} {now:?}");
    }
    for wrong in ["0/3", "4/3", "3", "1/0", "1/1001", "a/b"] {
        let ran = suite.graphdouble(&["run", "s.yaml", "--shard", wrong], &[]);
        assert_eq!(ran.exit, 1, "{wrong}: {}", ran.text);
        assert!(ran.text.contains("2/4"), "{}", ran.text);
    }
}

#[test]
fn what_failed_last_is_run_again_until_it_passes() {
    let fails = "{ name: fails, steps: [{ user: alice, says: Hi }, { expect: [{ owner: desk }] }] }";
    let passes = "{ name: passes, steps: [{ user: alice, says: Hi }, { expect: [{ owner: bot }] }] }";
    let suite = Suite::new("rerun", &[fails, passes]);
    let run = |arguments: &[&str]| suite.graphdouble(&[&["run", "s.yaml", "--no-bundle"], arguments].concat(), &[]);
    let unknown = run(&["--rerun-failed"]);
    assert!(unknown.text.contains("nobody knows what failed: all scenarios run"), "{}", unknown.text);
    assert_eq!((unknown.exit, names(&unknown)), (4, vec!["fails".to_owned(), "passes".to_owned()]));
    assert!(suite.path(".graphdouble/failed").exists());
    let again = run(&["--rerun-failed"]);
    assert_eq!((again.exit, names(&again)), (4, vec!["fails".to_owned()]), "{}", again.text);
    // A run of another part leaves it as it was.
    assert_eq!(run(&["--filter", "passes"]).exit, 0);
    let text = format!("{WORLD}  - {}\n  - {passes}\n", fails.replace("desk", "bot"));
    std::fs::write(suite.path("s.yaml"), text).expect("a file");
    assert_eq!(names(&run(&["--rerun-failed"])), ["fails"]);
    assert!(run(&["--rerun-failed"]).text.contains("no scenario failed when it ran last"));
}
