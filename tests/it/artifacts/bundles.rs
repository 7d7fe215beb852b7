//! Bundles of scenarios that failed, and `replay`.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::WorkFolder;

const FAILS: &str = "{ name: the wrong owner, steps: [{ user: alice, says: Hi }, { clock: +1h }, { app: support, sends: Hello }, { expect: [{ owner: sales }] }] }";
const PASSES: &str = "{ name: Hi, steps: [{ user: alice, says: Hi }] }";
const BUNDLE: &str = "graphdouble-bundles/talk-the-wrong-owner.bundle.json";

fn failed(name: &str) -> WorkFolder {
    let folder = WorkFolder::new(name);
    folder.scenarios("talk.yaml", &[FAILS, PASSES]);
    let (code, said) = folder.run(&["run", "talk.yaml"]);
    assert_eq!(code, 4);
    assert!(said.contains(&format!("run this scenario again with `graphdouble replay {BUNDLE}`")), "{said}");
    assert_eq!(folder.files("graphdouble-bundles"), [".gitignore", "talk-the-wrong-owner.bundle.json"]);
    assert_eq!(folder.read("graphdouble-bundles/.gitignore"), "*\n");
    folder
}

/// A bundle whose content was changed by somebody who knows how to seal it.
fn forged(folder: &WorkFolder, change: impl Fn(&mut Value)) {
    let mut file: Value = serde_json::from_str(&folder.read(BUNDLE)).expect("JSON");
    change(&mut file["content"]);
    let sum = Sha256::digest(file["content"].to_string().as_bytes());
    file["sha256"] = json!(sum.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    folder.write("forged.json", &file.to_string());
}

#[test]
fn a_failed_scenario_is_replayed_to_the_same_ledger_and_the_same_failure() {
    let folder = failed("bundle-same");
    // Nothing but the bundle is needed.
    std::fs::remove_file(folder.path("talk.yaml")).expect("the file goes");
    let (code, said) = folder.run(&["replay", BUNDLE]);
    assert_eq!(code, 0, "{said}");
    insta::assert_snapshot!(said);
    assert!(folder.run(&["replay", BUNDLE, "--verbose"]).1.contains("alice says \"Hi\""));
    assert_eq!(folder.run(&["replay", BUNDLE]), (code, said));
}

#[test]
fn a_bundle_is_explained_as_its_world_was_in_the_end() {
    let folder = failed("bundle-explained");
    let (code, story) = folder.run(&["explain", BUNDLE]);
    assert_eq!(code, 0, "{story}");
    assert!(
        story.starts_with("talk.yaml: the wrong owner\n\n")
            && story.contains("error: ")
            && story.contains("\n\nalice@bakery\n")
            && story.contains("2026-01-05T10:00:00Z  support sends \"Hello\""),
        "{story}"
    );
    assert_eq!(folder.run(&["explain", BUNDLE, "--thread", "alice@bakery"]), (0, story));
    let (_, json) = folder.run(&["explain", BUNDLE, "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["owner"], json["story"].as_array().map(Vec::len)), (&json!("support"), Some(2)));
    assert_eq!((&json["file"], &json["scenario"]), (&json!("talk.yaml"), &json!("the wrong owner")));
    assert!(json["failure"].as_str().unwrap_or_default().contains("sales"), "{json}");
    let (code, said) = folder.run(&["explain", BUNDLE, "--after", "talk.yaml"]);
    assert_eq!((code, said.contains("a bundle has its own steps")), (1, true), "{said}");
    forged(&folder, |content| content["ledger"][0]["text"] = json!("alice says \"Hello\""));
    let (code, said) = folder.run(&["explain", "forged.json"]);
    assert_eq!((code, said.contains("note: the bundle does not replay to the same end")), (0, true), "{said}");
    folder.write("half.json", &folder.read(BUNDLE)[..400]);
    assert_eq!(folder.run(&["explain", "half.json"]).0, 2);
}

#[test]
fn what_differs_is_shown() {
    let folder = failed("bundle-differs");
    forged(&folder, |content| content["ledger"][0]["text"] = json!("alice says \"Hello\""));
    let (code, said) = folder.run(&["replay", "forged.json"]);
    assert_eq!(code, 4, "{said}");
    let diff: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("---")).collect();
    assert_eq!(diff[..2], ["--- forged.json", "+++ this replay"]);
    let changed =
        |sign: char| diff.iter().filter(|line| line.starts_with(sign) && line.contains("\"command\"")).count();
    assert_eq!((changed('-'), changed('+')), (1, 1), "{said}");
    assert_eq!(diff.last(), Some(&"differs"));
}

#[test]
fn a_file_that_is_no_bundle_is_refused_and_says_why() {
    let folder = failed("bundle-broken");
    folder.write("half.json", &folder.read(BUNDLE)[..400]);
    folder.write("changed.json", &folder.read(BUNDLE).replace("Hi", "Ho"));
    folder.write("old.json", &folder.read(BUNDLE).replace(env!("CARGO_PKG_VERSION"), "0.0.1"));
    forged(&folder, |content| content["scenario"] = json!("another"));
    let mut shown = String::new();
    for (file, expected) in [("half", 2), ("changed", 2), ("old", 2), ("forged", 2), ("nowhere", 3)] {
        let (code, said) = folder.run(&["replay", &format!("{file}.json")]);
        assert_eq!(code, expected, "{said}");
        shown.push_str(&said);
    }
    insta::assert_snapshot!(shown.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn bundles_go_where_they_are_wanted_or_nowhere() {
    let folder = WorkFolder::new("bundle-places");
    folder.scenarios("talk.yaml", &[FAILS]);
    let (_, said) = folder.run(&["run", "talk.yaml", "--no-bundle"]);
    assert!(!said.contains("graphdouble replay"), "{said}");
    assert_eq!(folder.files("graphdouble-bundles"), [""; 0]);
    folder.run(&["run", "talk.yaml", "--bundles", "artifacts"]);
    assert_eq!(folder.files("artifacts"), [".gitignore", "talk-the-wrong-owner.bundle.json"]);
    // A folder that is there is left as it is.
    folder.write("kept/notes.txt", "");
    folder.run(&["run", "talk.yaml", "--bundles", "kept"]);
    assert_eq!(folder.files("kept"), ["notes.txt", "talk-the-wrong-owner.bundle.json"]);
    let (code, said) = folder.run(&["run", "talk.yaml", "--bundles", "talk.yaml"]);
    assert_eq!(code, 4);
    assert!(said.contains("no bundle was written: cannot write talk.yaml/talk-the-wrong-owner.bundle.json"), "{said}");
}

#[test]
fn a_scenario_that_passes_takes_its_old_bundle_away() {
    let folder = failed("bundle-over");
    folder.scenarios("talk.yaml", &[&FAILS.replace("owner: sales", "owner: support"), PASSES]);
    assert_eq!(folder.run(&["run", "talk.yaml"]).0, 0);
    assert_eq!(folder.files("graphdouble-bundles"), [".gitignore"]);
}

#[test]
fn a_ledger_that_forgot_its_beginning_leaves_no_bundle() {
    let folder = WorkFolder::new("bundle-forgotten");
    let small = super::WORLD.replace("scenarios:", "  limits: { ledger: 4 }\nscenarios:");
    folder.write("talk.yaml", &format!("{small}  - {FAILS}\n"));
    let (_, said) = folder.run(&["run", "talk.yaml"]);
    assert!(said.contains("no bundle was written: the ledger keeps the newest 4 entries"), "{said}");
}

#[test]
fn an_app_that_never_answers_is_not_needed_to_see_it_again() {
    let folder = WorkFolder::new("bundle-never-answers");
    folder.scenarios("talk.yaml", &[PASSES]);
    let bot = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let app = format!("support=http://{}/webhook", bot.local_addr().expect("an address"));
    let (code, said) = folder.run(&["run", "talk.yaml", "--app", &app, "--listen", "127.0.0.1:0", "--budget", "300ms"]);
    assert_eq!(code, 4, "{said}");
    drop(bot);
    let (code, again) = folder.run(&["replay", "graphdouble-bundles/talk-hi.bundle.json"]);
    assert_eq!(code, 0, "{said}\n{again}");
    assert!(again.contains("app `support`"), "{again}");
    let (code, story) = folder.run(&["explain", "graphdouble-bundles/talk-hi.bundle.json"]);
    assert_eq!(code, 0, "{story}");
    assert!(story.contains("alice says \"Hi\""), "{story}");
}
