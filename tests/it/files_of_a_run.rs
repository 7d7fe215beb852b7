//! Files that the binary reads and writes: what is read is bounded, and nothing is destroyed that it did not write.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::files;

const HI: &str = "
world:
  apps: { bot: {} }
  pages: { shop: { default_app: bot, apps: { bot: {} } } }
  people: { alice: {} }
scenarios: [{ name: Hi, steps: [{ user: alice, says: Hi }] }]
";

/// Runs the binary in a folder: its exit code, and what it printed.
fn graphdouble(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let command = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(arguments).current_dir(folder).output();
    let output = command.expect("the binary runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn what_never_ends_is_not_read() {
    let folder = files::empty_folder("reliability", "endless");
    let pipe = folder.join("pipe.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    for file in ["/dev/zero", "pipe.yaml"] {
        for arguments in [vec!["check", file], vec!["run", file], vec!["serve", "--world", file]] {
            let (code, said) = graphdouble(&folder, &arguments);
            assert!(code == 3 || code == 2, "{arguments:?}: {code} {said}");
            assert!(said.contains("it is no regular file"), "{arguments:?}: {said}");
        }
        let scenario = HI.replace("world:\n", &format!("world: {file}\nold:\n"));
        fs::write(folder.join("s.yaml"), scenario).expect("a file");
        let (code, said) = graphdouble(&folder, &["check", "s.yaml"]);
        // A world path may only be what is named like a document.
        let why = if file.ends_with(".yaml") { "no regular file" } else { "its name does not end in" };
        assert!(code == 2 && said.contains(why), "{said}");
    }
}

#[test]
fn no_file_of_the_run_is_written_over() {
    let folder = files::empty_folder("reliability", "inputs");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("the file is there");
    let world = HI.lines().skip(2).take(3).map(str::trim_start).collect::<Vec<_>>().join("\n");
    fs::write(folder.join("shop.yaml"), &world).expect("a file");
    fs::write(
        folder.join("other.yaml"),
        "world: shop.yaml\nscenarios: [{ name: a, steps: [{ user: alice, says: Hi }] }]\n",
    )
    .expect("a file");
    fs::write(folder.join("hi.yaml"), HI).expect("a file");
    for arguments in
        [["--report", "junit=hi.yaml"], ["--report", "jsonl=./shop.yaml"], ["--report", "tap,markdown=other.yaml"]]
    {
        let (code, said) = graphdouble(&folder, &[&["run", "hi.yaml", "other.yaml"], &arguments[..]].concat());
        assert!(code == 1 && said.contains("is read by this run, and would be written over"), "{arguments:?}: {said}");
    }
    fs::hard_link(folder.join("hi.yaml"), folder.join("same.yaml")).expect("a link");
    let (code, said) =
        graphdouble(&folder, &["run", "hi.yaml", "--ledger", "same.yaml", "--report", "junit=same.yaml"]);
    assert!(code == 1 && said.contains("would be written twice"), "{said}");
    if cfg!(feature = "tls") {
        let (code, said) = graphdouble(&folder, &["serve", "--world", "shop.yaml", "--ca-out", "shop.yaml"]);
        assert!(code == 1 && said.contains("there is a file that is no certificate"), "{said}");
    }
    assert_eq!((read("hi.yaml"), read("shop.yaml")), (HI.to_owned(), world));
    assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().expect("mkfifo runs").success());
    let (code, said) = graphdouble(&folder, &["run", "hi.yaml", "--report", "junit=pipe"]);
    assert!(code == 1 && said.contains("is a pipe, which may never be read"), "{said}");
}

#[test]
fn two_outputs_of_a_run_are_two_files() {
    let folder = files::empty_folder("reliability", "outputs");
    fs::write(folder.join("hi.yaml"), HI).expect("a file");
    fs::create_dir(folder.join("made")).expect("a folder");
    std::os::unix::fs::symlink("made", folder.join("link")).expect("a link");
    let mut cases = vec![
        ("--report junit=x --report tap=./x", "by --report junit and by --report tap"),
        ("--ledger x.jsonl --report jsonl=made/../x.jsonl", "by --report jsonl and by --ledger"),
        ("--ledger made --report jsonl=link/hi.jsonl", "by --report jsonl and by --ledger"),
        ("--ledger x --report tap=x", "by --report tap and by --ledger"),
        ("--bundles made --report junit=made/a.bundle.json", "by --report junit and by --bundles"),
        ("--state made --report junit=link/failed", "by --report junit and by --state"),
    ];
    if cfg!(feature = "tls") {
        cases.push(("--ca-out x --report junit=x", "by --report junit and by --ca-out"));
    }
    for (flags, who) in cases {
        let flags: Vec<&str> = flags.split(' ').collect();
        let (code, said) = graphdouble(&folder, &[&["run", "hi.yaml"], &flags[..]].concat());
        assert!(code == 1 && said.contains("would be written twice") && said.contains(who), "{flags:?}: {said}");
    }
    assert_eq!(fs::read_dir(folder.join("made")).expect("a folder").count(), 0, "nothing was written");
    let (code, said) =
        graphdouble(&folder, &["run", "hi.yaml", "--ledger", "made", "--bundles", "made", "--report", "tap=made/tap"]);
    assert_eq!(code, 0, "files of several kinds may share a folder: {said}");
}

#[test]
fn blessing_removes_and_replaces_only_transcripts() {
    let folder = files::empty_folder("reliability", "blessed");
    fs::write(folder.join("hi.yaml"), HI).expect("a file");
    let transcripts = folder.join("__transcripts__");
    fs::create_dir(&transcripts).expect("a folder");
    fs::write(transcripts.join("notes.yaml.txt"), "my notes\n").expect("a file");
    let (code, said) = graphdouble(&folder, &["run", ".", "--bless"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(fs::read_to_string(transcripts.join("notes.yaml.txt")).expect("it is still there"), "my notes\n");

    fs::remove_file(transcripts.join("hi.yaml.txt")).expect("the file goes");
    assert!(Command::new("mkfifo").arg(transcripts.join("hi.yaml.txt")).status().expect("mkfifo runs").success());
    let (code, said) = graphdouble(&folder, &["run", "."]);
    assert!(code == 3 && said.contains("it is no regular file"), "{code} {said}");
    fs::remove_file(transcripts.join("hi.yaml.txt")).expect("the pipe goes");

    fs::write(transcripts.join("hi.yaml.txt"), "my own words\n").expect("a file");
    let (code, said) = graphdouble(&folder, &["run", ".", "--bless"]);
    assert!(code == 3 && said.contains("is no transcript"), "{code} {said}");
    assert_eq!(fs::read_to_string(transcripts.join("hi.yaml.txt")).expect("it is still there"), "my own words\n");
}

#[test]
fn a_full_disk_below_the_output_is_an_error_of_every_command() {
    let folder = files::empty_folder("reliability", "full");
    fs::write(folder.join("hi.yaml"), HI).expect("a file");
    fs::write(folder.join("wrong.yaml"), HI.replace("alice", "alcie").replacen("alcie", "alice", 1)).expect("a file");
    for arguments in [
        vec!["rules"],
        vec!["lints"],
        vec!["errors"],
        vec!["schema", "world"],
        vec!["check", "hi.yaml"],
        vec!["check", "wrong.yaml"],
        vec!["run", "hi.yaml"],
        vec!["explain", "hi.yaml"],
        vec!["serve", "--listen", "127.0.0.1:0"],
        vec!["serve", "--listen", "127.0.0.1:0", "--ready", "json"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").expect("Linux has it");
        let mut command = Command::new(env!("CARGO_BIN_EXE_graphdouble"));
        let command = command.args(&arguments).current_dir(&folder).stdout(Stdio::from(full)).output();
        let output = command.expect("the binary runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(3) && said.contains("No space left"), "{arguments:?}: {said}");
    }
}
