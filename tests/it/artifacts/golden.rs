//! `run --bless`, and what plain `run` does with what was blessed.

use super::WorkFolder;

const HI: &str = "{ name: Hi, steps: [{ user: alice, says: Hi }] }";
const BYE: &str = "{ name: Bye, steps: [{ user: alice, says: Bye }] }";
const GOLDEN: &str = "__transcripts__/talk.yaml.txt";

fn blessed(name: &str, scenarios: &[&str]) -> WorkFolder {
    let folder = WorkFolder::new(name);
    folder.scenarios("talk.yaml", scenarios);
    let (code, said) = folder.run(&["run", ".", "--bless"]);
    assert_eq!(code, 0, "{said}");
    folder
}

#[test]
fn what_was_blessed_is_compared_and_nothing_else_is_asked_for() {
    let folder = blessed("golden-same", &[HI, BYE]);
    assert_eq!(folder.run(&["run", "."]).0, 0);
    insta::assert_snapshot!(folder.read(GOLDEN));
    let never = WorkFolder::new("golden-never");
    never.scenarios("talk.yaml", &[HI]);
    assert_eq!(never.run(&["run", "."]).0, 0);
    assert_eq!(never.files("__transcripts__"), [""; 0], "only who asks for transcripts has them");
}

#[test]
fn a_difference_fails_with_the_whole_of_it_and_how_to_accept_it() {
    let folder = blessed("golden-differs", &[HI, BYE]);
    folder.scenarios("talk.yaml", &[&HI.replace("says: Hi", "says: Hello"), BYE]);
    let (code, said) = folder.run(&["run", "talk.yaml"]);
    assert_eq!(code, 4);
    let drawn = said.split("rules applied").next().unwrap_or_default();
    let without_times: Vec<&str> = drawn.lines().filter(|line| !line.contains(" ms")).collect();
    insta::assert_snapshot!(without_times[..without_times.len() - 1].join("\n"));
    assert_eq!(folder.run(&["run", "talk.yaml", "--bless"]).0, 0);
    assert_eq!(folder.run(&["run", "talk.yaml"]).0, 0);
}

#[test]
fn a_scenario_that_nobody_blessed_fails_beside_those_that_somebody_did() {
    let folder = blessed("golden-new", &[HI]);
    folder.scenarios("talk.yaml", &[HI, BYE]);
    let (code, said) = folder.run(&["run", "."]);
    assert_eq!(code, 4);
    assert!(said.contains("talk.yaml.txt has no transcript of this scenario"), "{said}");
    assert!(said.contains("accept it with `graphdouble run --bless`"), "{said}");
}

#[test]
fn transcripts_without_their_scenario_are_named_and_taken_out() {
    let folder = blessed("golden-stale", &[HI, BYE]);
    folder.scenarios("talk.yaml", &[BYE]);
    folder.write("__transcripts__/gone.yaml.txt", &folder.read(GOLDEN));
    let (code, said) = folder.run(&["run", "."]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("talk.yaml.txt: the scenario `Hi` no longer exists"), "{said}");
    assert!(said.contains("gone.yaml.txt: its scenario file no longer exists"), "{said}");
    assert_eq!(folder.run(&["run", ".", "--filter", "Bye"]).0, 0, "who runs a part cannot know");
    assert_eq!(folder.run(&["run", ".", "--bless"]).0, 0);
    assert_eq!(folder.files("__transcripts__"), ["talk.yaml.txt"]);
    assert!(!folder.read(GOLDEN).contains("# Hi"));
    assert_eq!(folder.run(&["run", "."]).0, 0);
}

#[test]
fn a_scenario_that_fails_is_not_blessed_and_keeps_what_it_had() {
    let folder = blessed("golden-fails", &[HI]);
    let before = folder.read(GOLDEN);
    folder
        .scenarios("talk.yaml", &["{ name: Hi, steps: [{ user: alice, says: No }, { expect: [{ owner: sales }] }] }"]);
    assert_eq!(folder.run(&["run", ".", "--bless"]).0, 4);
    assert_eq!(folder.read(GOLDEN), before);
}

#[test]
fn a_part_that_is_blessed_leaves_the_rest_alone() {
    let folder = blessed("golden-part", &[HI, BYE]);
    folder.scenarios("talk.yaml", &[&HI.replace("says: Hi", "says: Hello"), &BYE.replace("says: Bye", "says: Ciao")]);
    assert_eq!(folder.run(&["run", ".", "--bless", "--filter", "Bye"]).0, 0);
    let golden = folder.read(GOLDEN);
    assert!(golden.contains("says \"Hi\"") && golden.contains("says \"Ciao\""), "{golden}");
}

#[test]
fn with_a_real_app_nothing_is_blessed() {
    let folder = WorkFolder::new("golden-real");
    folder.scenarios("talk.yaml", &[HI]);
    let (code, said) = folder.run(&["run", ".", "--bless", "--app", "support=http://127.0.0.1:9/webhook"]);
    assert_eq!(code, 1);
    assert!(said.contains("--bless works with puppets only"), "{said}");
}

#[test]
fn where_a_step_has_a_matcher_a_puppet_says_the_simplest_text_that_matches() {
    const MATCHERS: &str = "{ name: words, steps: [{ user: alice, says: Hi }, \
         { app: support, sends: { text: { contains: Hello } } }, \
         { app: support, sends: { matches: '^Order [0-9]{4} (shipped|lost)$' } }, \
         { app: support, sends: { text: { one_of: [Bread, Cake] }, quick_replies: { contains: { content_type: text, title: Yes, payload: YES } } } }, \
         { user: alice, taps_quick_reply: Yes }, \
         { app: support, sends: { text: { any: true } } }, \
         { expect: [{ message: { from: support, to: alice, text: any text } }] }] }";
    let folder = blessed("golden-matchers", &[MATCHERS]);
    let golden = folder.read(GOLDEN);
    for text in ["Hello", "Order 0000 shipped", "Bread", "any text"] {
        assert!(golden.contains(text), "no {text} in\n{golden}");
    }
    let (code, said) = folder.run(&["compare", "talk.yaml", "--between", "conversation_routing,zero_config"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(folder.run(&["run", "talk.yaml"]).0, 0);
    folder.scenarios(
        "wrong.yaml",
        &["{ name: no text, steps: [{ user: alice, says: Hi }, { app: support, sends: { matches: '^$' } }] }"],
    );
    let (code, said) = folder.run(&["check", "wrong.yaml"]);
    assert_eq!((code, said.contains("no simple text was found that matches `^$`")), (2, true), "{said}");
}
