//! `run --bless`, and what plain `run` does with what was blessed.

use super::Desk;

const HI: &str = "{ name: Hi, steps: [{ user: alice, says: Hi }] }";
const BYE: &str = "{ name: Bye, steps: [{ user: alice, says: Bye }] }";
const GOLDEN: &str = "__transcripts__/talk.yaml.txt";

fn blessed(name: &str, scenarios: &[&str]) -> Desk {
    let desk = Desk::new(name);
    desk.scenarios("talk.yaml", scenarios);
    let (code, said) = desk.run(&["run", ".", "--bless"]);
    assert_eq!(code, 0, "{said}");
    desk
}

#[test]
fn what_was_blessed_is_compared_and_nothing_else_is_asked_for() {
    let desk = blessed("golden-same", &[HI, BYE]);
    assert_eq!(desk.run(&["run", "."]).0, 0);
    insta::assert_snapshot!(desk.read(GOLDEN));
    let never = Desk::new("golden-never");
    never.scenarios("talk.yaml", &[HI]);
    assert_eq!(never.run(&["run", "."]).0, 0);
    assert_eq!(never.files("__transcripts__"), [""; 0], "only who asks for transcripts has them");
}

#[test]
fn a_difference_fails_with_the_whole_of_it_and_how_to_accept_it() {
    let desk = blessed("golden-differs", &[HI, BYE]);
    desk.scenarios("talk.yaml", &[&HI.replace("says: Hi", "says: Hello"), BYE]);
    let (code, said) = desk.run(&["run", "talk.yaml"]);
    assert_eq!(code, 4);
    let drawn = said.split("rules applied").next().unwrap_or_default();
    let without_times: Vec<&str> = drawn.lines().filter(|line| !line.contains(" ms")).collect();
    insta::assert_snapshot!(without_times[..without_times.len() - 1].join("\n"));
    assert_eq!(desk.run(&["run", "talk.yaml", "--bless"]).0, 0);
    assert_eq!(desk.run(&["run", "talk.yaml"]).0, 0);
}

#[test]
fn a_scenario_that_nobody_blessed_fails_beside_those_that_somebody_did() {
    let desk = blessed("golden-new", &[HI]);
    desk.scenarios("talk.yaml", &[HI, BYE]);
    let (code, said) = desk.run(&["run", "."]);
    assert_eq!(code, 4);
    assert!(said.contains("talk.yaml.txt has no transcript of this scenario"), "{said}");
    assert!(said.contains("accept it with `graphdouble run --bless`"), "{said}");
}

#[test]
fn transcripts_without_their_scenario_are_named_and_taken_out() {
    let desk = blessed("golden-stale", &[HI, BYE]);
    desk.scenarios("talk.yaml", &[BYE]);
    desk.write("__transcripts__/gone.yaml.txt", "# Hi\n");
    let (code, said) = desk.run(&["run", "."]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("talk.yaml.txt: the scenario `Hi` no longer exists"), "{said}");
    assert!(said.contains("gone.yaml.txt: its scenario file no longer exists"), "{said}");
    assert_eq!(desk.run(&["run", ".", "--filter", "Bye"]).0, 0, "who runs a part cannot know");
    assert_eq!(desk.run(&["run", ".", "--bless"]).0, 0);
    assert_eq!(desk.files("__transcripts__"), ["talk.yaml.txt"]);
    assert!(!desk.read(GOLDEN).contains("# Hi"));
    assert_eq!(desk.run(&["run", "."]).0, 0);
}

#[test]
fn a_scenario_that_fails_is_not_blessed_and_keeps_what_it_had() {
    let desk = blessed("golden-fails", &[HI]);
    let before = desk.read(GOLDEN);
    desk.scenarios("talk.yaml", &["{ name: Hi, steps: [{ user: alice, says: No }, { expect: [{ owner: sales }] }] }"]);
    assert_eq!(desk.run(&["run", ".", "--bless"]).0, 4);
    assert_eq!(desk.read(GOLDEN), before);
}

#[test]
fn a_part_that_is_blessed_leaves_the_rest_alone() {
    let desk = blessed("golden-part", &[HI, BYE]);
    desk.scenarios("talk.yaml", &[&HI.replace("says: Hi", "says: Hello"), &BYE.replace("says: Bye", "says: Ciao")]);
    assert_eq!(desk.run(&["run", ".", "--bless", "--filter", "Bye"]).0, 0);
    let golden = desk.read(GOLDEN);
    assert!(golden.contains("says \"Hi\"") && golden.contains("says \"Ciao\""), "{golden}");
}

#[test]
fn with_a_real_app_nothing_is_blessed() {
    let desk = Desk::new("golden-real");
    desk.scenarios("talk.yaml", &[HI]);
    let (code, said) = desk.run(&["run", ".", "--bless", "--app", "support=http://127.0.0.1:9/webhook"]);
    assert_eq!(code, 1);
    assert!(said.contains("--bless works with puppets only"), "{said}");
}
