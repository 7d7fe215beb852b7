//! `run --watch`: a change of a file starts the next run.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::{Suite, WEBHOOK, WORLD, world};

const PASSES: &str = "  - { name: she writes, steps: [{ user: alice, says: Hi }, { expect: [{ owner: bot }] }] }\n";

/// A run that watches. It ends when its standard input does.
struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    fn start(suite: &Suite, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_graphdouble"))
            .args(["run", "--no-bundle"])
            .args(arguments)
            .current_dir(&suite.0)
            .env("NO_COLOR", "1")
            .env_remove("GITHUB_ACTIONS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary");
        let lines = BufReader::new(child.stdout.take().expect("output"));
        Self { child, lines }
    }

    /// What is printed until the run waits for the next change.
    fn next_run(&mut self) -> String {
        let mut text = String::new();
        while !text.contains("\nwatching: ") {
            assert_ne!(self.lines.read_line(&mut text).expect("a line"), 0, "it ended:\n{text}");
        }
        text
    }

    fn end(mut self) -> Option<i32> {
        drop(self.child.stdin.take());
        self.child.wait().expect("an end").code()
    }
}

#[test]
fn a_change_of_a_scenario_or_a_world_starts_a_run_and_a_mistake_is_waited_out() {
    let suite = Suite::of_text("watch", "world: worlds/shop.yaml\nscenarios:\n");
    std::fs::create_dir(suite.path("worlds")).expect("a folder");
    std::fs::create_dir(suite.path("tests")).expect("a folder");
    let world = world();
    let scenario = |text: &str| format!("world: ../worlds/shop.yaml\nscenarios:\n{text}");
    let write = |name: &str, text: &str| std::fs::write(suite.path(name), text).expect("a file");
    write("worlds/shop.yaml", &world);
    write("tests/s.yaml", &scenario(PASSES));
    let mut watching = Watching::start(&suite, &["tests", "--watch"]);
    let first = watching.next_run();
    assert!(first.contains("  ok   she writes") && first.contains("1 passed, 0 failed"), "{first}");
    assert!(!first.contains('\u{1b}'), "nothing is cleared where there is no terminal: {first}");

    write("tests/s.yaml", &scenario(&PASSES.replace("owner: bot", "owner: desk")));
    let failed = watching.next_run();
    assert!(failed.contains("tests/s.yaml\n") && failed.contains("0 passed, 1 failed"), "{failed}");

    write("tests/s.yaml", &scenario(&PASSES.replace("user: alice", "user: alcie")));
    let invalid = watching.next_run();
    assert!(invalid.contains("did you mean `alice`?") && !invalid.contains("passed"), "{invalid}");

    // As many editors save: a new file takes the place of the old one.
    write("tests/.s.yaml.new", &scenario(PASSES));
    std::fs::rename(suite.path("tests/.s.yaml.new"), suite.path("tests/s.yaml")).expect("a new name");
    assert!(watching.next_run().contains("1 passed, 0 failed"));

    write("worlds/shop.yaml", &world.replace("default_app: bot", "default_app: desk"));
    let other = watching.next_run();
    assert!(other.contains("worlds/shop.yaml\n") && other.contains("0 passed, 1 failed"), "{other}");
    write("worlds/shop.yaml", "apps: 1\n");
    assert!(watching.next_run().contains("worlds/shop.yaml:1:7"));
    write("worlds/shop.yaml", &world);
    assert!(watching.next_run().contains("1 passed, 0 failed"));

    // What is new in the folder is found, in a new folder as well.
    std::fs::create_dir(suite.path("tests/more")).expect("a folder");
    watching.next_run();
    write("tests/more/t.yaml", &scenario(&PASSES.replace("she writes", "she writes again")).replace("../", "../../"));
    assert!(watching.next_run().contains("2 passed, 0 failed"));
    assert_eq!(watching.end(), Some(0));
}

#[test]
fn a_change_of_the_bot_starts_it_anew() {
    let says = |text: &str| {
        format!("{{ name: it answers, steps: [{{ user: alice, says: Hi }}, {{ app: bot, sends: {text} }}] }}")
    };
    let suite = Suite::new("watch-bot", &[&says("You said Hi")]);
    let source = include_str!("bot.py");
    std::fs::create_dir(suite.path("src")).expect("a folder");
    std::fs::write(suite.path("src/bot.py"), source).expect("a bot");
    let mut watching = Watching::start(
        &suite,
        &["s.yaml", "--watch=src", "--exec", "python3 src/bot.py", "--app", WEBHOOK, "--listen", "127.0.0.1:0"],
    );
    let first = watching.next_run();
    assert!(first.contains("1 passed, 0 failed"), "{first}");
    std::fs::write(suite.path("src/bot.py"), source.replace("You said", "You wrote")).expect("a bot");
    let changed = watching.next_run();
    assert!(changed.contains("src/bot.py\n") && changed.contains("0 passed, 1 failed"), "{changed}");
    std::fs::write(suite.path("s.yaml"), format!("{WORLD}  - {}\n", says("You wrote Hi"))).expect("scenarios");
    let mended = watching.next_run();
    assert!(mended.contains("1 passed, 0 failed"), "{mended}");
    assert_eq!(watching.end(), Some(0));
}

#[test]
fn the_exit_is_that_of_the_last_run() {
    let suite = Suite::new(
        "watch-exit",
        &["{ name: fails, steps: [{ user: alice, says: Hi }, { expect: [{ owner: desk }] }] }"],
    );
    let mut watching = Watching::start(&suite, &["s.yaml", "--watch"]);
    let failed = watching.next_run();
    assert!(failed.contains("0 passed, 1 failed"), "{failed}");
    assert_eq!(watching.end(), Some(4));
}

#[test]
fn what_cannot_be_watched_is_an_error() {
    let suite = Suite::new("watch-wrong", &["{ name: x, steps: [{ user: alice, says: Hi }] }"]);
    for (arguments, code, error) in [
        (["run", "nowhere/s.yaml", "--watch"], 3, "--watch: there is no file or folder nowhere/s.yaml"),
        (["run", "s.yaml", "--watch=nowhere/src"], 3, "--watch: there is no file or folder nowhere/src"),
    ] {
        let ran = suite.graphdouble(&arguments, &[]);
        assert!(ran.exit == code && ran.text.contains(error), "{arguments:?}: {} {}", ran.exit, ran.text);
    }
}
