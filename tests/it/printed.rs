//! What others have written reaches no terminal and no log raw, and what is printed is of no file that nobody wanted to be read.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::support::files;

const WORLD: &str = "
world:
  apps: { bot: { id: 1001 }, desk: { id: 1002 } }
  pages: { shop: { id: 2001, default_app: bot, apps: { bot: { token: EAAbot }, desk: {} } } }
  people: { alice: {} }
scenarios:
";

struct Folder(PathBuf);

struct Ran {
    exit: i32,
    out: String,
    error: String,
}

impl Folder {
    fn new(name: &str) -> Self {
        Self(files::empty_folder("printed", name))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("a file")
    }

    fn graphdouble(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        self.program(&[&[env!("CARGO_BIN_EXE_graphdouble")], arguments].concat(), variables)
    }

    fn program(&self, words: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(&self.0).env_remove("GITHUB_ACTIONS").envs(variables.iter().copied());
        let Output { status, stdout, stderr } = command.output().expect("the program");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Ran { exit: status.code().unwrap_or(-1), out: text(stdout), error: text(stderr) }
    }
}

/// Lines in which GitHub Actions or Azure Pipelines finds a command.
fn commands(text: &str) -> Vec<&str> {
    let is_command =
        |line: &&str| line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[");
    text.lines().filter(is_command).collect()
}

#[test]
fn names_and_texts_control_no_terminal_and_no_log() {
    let folder = Folder::new("controls");
    let name = r#""a\e[2Jb\0c\x7f\u202e\n::error::pwned\n##[error]pwned""#;
    let scenario = format!(
        "  - {{ name: {name}, steps: [{{ user: alice, says: {name} }}, {{ expect: [{{ owner: desk }}] }}] }}\n"
    );
    folder.write("s.yaml", &format!("{WORLD}{scenario}"));
    let reports = "--report=junit=r.xml,tap=r.tap,markdown=r.md,jsonl=r.jsonl,github";
    let ran = folder.graphdouble(
        &["run", "s.yaml", "-v", "--bundles", "bundles", reports],
        &[("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1")],
    );
    assert_eq!(ran.exit, 4, "{}{}", ran.out, ran.error);
    assert!(ran.out.contains("a\\u{1b}[2Jb\\u{0}c\\u{7f}\\u{202e}"), "{}", ran.out);
    let ours = |line: &&&str| !line.starts_with("::error file=s.yaml,line=");
    assert_eq!(commands(&ran.out).iter().filter(ours).count(), 0, "{}", ran.out);
    assert!(!commands(&ran.out).is_empty(), "the annotation itself is one: {}", ran.out);
    for (what, text) in [
        ("standard output", ran.out.clone()),
        ("standard error", ran.error),
        ("TAP", folder.read("r.tap")),
        ("JUnit", folder.read("r.xml")),
        ("Markdown", folder.read("r.md")),
        ("JSON Lines", folder.read("r.jsonl")),
    ] {
        let control = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert!(control.is_none_or(|c| what == "JSON Lines" && c == '\u{7f}'), "{what} has {control:?}: {text:?}");
        if what != "standard output" && what != "Markdown" && what != "JUnit" {
            assert_eq!(commands(&text), Vec::<&str>::new(), "{what}");
        }
    }
    let bundles = std::fs::read_dir(folder.0.join("bundles")).expect("bundles").flatten();
    let paths = bundles.map(|file| file.path().display().to_string());
    let bundle = paths.filter(|path| path.ends_with(".bundle.json")).min().expect("a bundle");
    let replayed = folder.graphdouble(&["replay", &bundle, "-v"], &[]);
    assert!(replayed.exit == 0 && !replayed.out.contains(['\u{1b}', '\0']), "{}{}", replayed.out, replayed.error);
    assert_eq!(commands(&replayed.out), Vec::<&str>::new());
}

#[test]
fn a_mistake_is_drawn_without_control_characters() {
    let folder = Folder::new("mistake");
    folder.write(
        "s.yaml",
        &format!("{WORLD}  - {{ name: x, steps: [{{ user: \"\\e[2J\\0\\n::error::x\", says: Hi }}] }}\n"),
    );
    let ran = folder.graphdouble(&["check", "s.yaml"], &[("CLICOLOR_FORCE", "1")]);
    assert!(ran.exit == 2 && !ran.out.contains(['\u{1b}', '\0']), "{}", ran.out);
    assert_eq!(commands(&ran.out), Vec::<&str>::new());
    let wrong = folder.graphdouble(&["run", "no\u{1b}[2J\n::error::x.yaml"], &[("CLICOLOR_FORCE", "1")]);
    assert!(wrong.exit == 3 && !wrong.error.contains('\u{1b}'), "{}", wrong.error);
    assert_eq!(commands(&wrong.error), Vec::<&str>::new());
    let usage = folder.graphdouble(&["run"], &[("CLICOLOR_FORCE", "1"), ("FORCE_COLOR", "3")]);
    assert!(usage.exit == 1 && !usage.error.contains('\u{1b}'), "{}", usage.error);
}

#[test]
fn a_world_is_read_only_below_the_folders_of_the_run() {
    let folder = Folder::new("worlds");
    let world = WORLD.lines().filter_map(|line| line.strip_prefix("  ")).collect::<Vec<_>>().join("\n");
    let with =
        |world: &str| format!("world: {world}\nscenarios: [{{ name: x, steps: [{{ user: alice, says: Hi }}] }}]\n");
    folder.write("repo/worlds/shop.yaml", &world);
    folder.write("repo/worlds/shop.yml", &world);
    folder.write("repo/.env", "s3cret: 1\n");
    folder.write("elsewhere/shop.yaml", &world);
    folder.write("elsewhere/secret.yaml", "s3cret: 1\n");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, folder.0.join(name)).expect("a link");
    };
    link("/proc/self/environ", "repo/worlds/link.yaml");
    link("../../elsewhere/secret.yaml", "repo/worlds/out.yaml");
    let repo = Folder(folder.0.join("repo"));
    let secret = [("A_SECRET", "s3cret")];
    for world in [
        "/proc/self/environ",
        "../../../../../../../../../../../../../../proc/self/environ",
        "../.env",
        "../worlds/link.yaml",
        "../worlds/out.yaml",
        "../../elsewhere/secret.yaml",
    ] {
        repo.write("tests/s.yaml", &with(world));
        for command in ["run", "check", "compare"] {
            let between = ["--between", "zero_config,handover_protocol"];
            let more = if command == "compare" { &between[..] } else { &[] };
            let ran = repo.graphdouble(&[&[command, "tests"], more].concat(), &secret);
            let text = format!("{}{}", ran.out, ran.error);
            assert!(
                ran.exit == 2 && text.contains(" is not read: ") && !text.contains("s3cret"),
                "{command} {world}: {text}"
            );
        }
    }
    for world in ["../worlds/shop.yaml", "../worlds/shop.yml"] {
        repo.write("tests/s.yaml", &with(world));
        let ran = repo.graphdouble(&["run", "tests", "--no-bundle"], &[]);
        assert_eq!(ran.exit, 0, "{world}: {}{}", ran.out, ran.error);
    }
    repo.write("tests/s.yaml", &with("../../elsewhere/shop.yaml"));
    for arguments in [&["--allow-read", "../elsewhere"][..], &["--allow-read", "../elsewhere/shop.yaml"]] {
        let ran = repo.graphdouble(&[&["run", "tests", "--no-bundle"], arguments].concat(), &[]);
        assert_eq!(ran.exit, 0, "{arguments:?}: {}{}", ran.out, ran.error);
    }
    // A link among the scenarios leads nowhere else, either.
    std::fs::remove_file(repo.0.join("tests/s.yaml")).expect("a file");
    link("../../elsewhere/secret.yaml", "repo/tests/s.yaml");
    for named in ["tests", "tests/s.yaml"] {
        let ran = repo.graphdouble(&["check", named], &[]);
        let text = format!("{}{}", ran.out, ran.error);
        assert!(ran.exit != 0 && text.contains(" is not read: ") && !text.contains("s3cret"), "{named}: {text}");
    }
}

#[test]
fn an_empty_variable_is_none() {
    let folder = Folder::new("environment");
    folder.write("s.yaml", &format!("{WORLD}  - {{ name: x, steps: [{{ user: alice, says: Hi }}] }}\n"));
    let help = folder.graphdouble(&["run", "--help"], &[]).out;
    let names: Vec<&str> = help.split("[env: ").skip(1).filter_map(|part| part.split('=').next()).collect();
    assert!(names.len() > 20 && names.contains(&"GRAPHDOUBLE_SEED"), "{names:?}");
    let empty: Vec<(&str, &str)> =
        names.into_iter().chain(["NO_COLOR", "CI", "GITHUB_STEP_SUMMARY"]).map(|name| (name, "")).collect();
    let ran = folder.graphdouble(&["run", "s.yaml", "--no-bundle", "--report", "markdown=r.md"], &empty);
    assert_eq!(ran.exit, 0, "{}{}", ran.out, ran.error);
    assert!(ran.out.contains("1 passed"), "{}", ran.out);
    let wrong = folder.graphdouble(&["run", "s.yaml"], &[("GRAPHDOUBLE_SEED", " ")]);
    assert_eq!(wrong.exit, 1, "a space is no number: {}", wrong.error);
}

#[test]
fn a_report_and_a_ledger_do_not_share_a_file() {
    let folder = Folder::new("twice");
    folder.write("s.yaml", &format!("{WORLD}  - {{ name: x, steps: [{{ user: alice, says: Hi }}] }}\n"));
    for (ledger, report) in
        [("out.jsonl", "jsonl=out.jsonl"), ("./out.jsonl", "jsonl=out.jsonl"), ("out.jsonl", "junit=./out.jsonl")]
    {
        let ran = folder.graphdouble(&["run", "s.yaml", "--ledger", ledger, "--report", report], &[]);
        assert!(ran.exit == 1 && ran.error.contains("would be written twice"), "{}{}", ran.out, ran.error);
        assert!(!folder.0.join("out.jsonl").exists());
    }
}

#[test]
fn without_threads_there_is_a_sentence() {
    let folder = Folder::new("threads");
    folder.write("s.yaml", &format!("{WORLD}  - {{ name: x, steps: [{{ user: alice, says: Hi }}] }}\n"));
    let binary = env!("CARGO_BIN_EXE_graphdouble");
    let with = |megabytes: u32| {
        let command = format!("ulimit -v {}; exec '{binary}' run s.yaml --no-bundle", megabytes * 1024);
        folder.program(&["sh", "-c", &command], &[])
    };
    // The least address space with which the program itself starts.
    let mut sentences = 0;
    for megabytes in (10..80).step_by(2) {
        let ran = with(megabytes);
        assert_ne!(ran.exit, 101, "{megabytes} MB: a panic: {}", ran.error);
        if ran.exit == 3 {
            assert!(ran.error.contains("ulimit -v"), "{megabytes} MB: {}", ran.error);
            sentences += 1;
        }
    }
    assert!(sentences > 0);
}
