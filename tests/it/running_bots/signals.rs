//! A signal ends a run: its bot with all child processes, its reports, its port.

use std::net::TcpListener;

use super::{Ran, Suite, WEBHOOK, bots, world};

/// The second scenario is under way when the bot sends a signal to the run.
fn suite(name: &str, signal: &str) -> Suite {
    let under_way = format!(
        "{{ name: under way, steps: [{{ user: alice, says: stop the run with {signal} }}, {{ app: bot, sends: never, within: 300s }}] }}"
    );
    Suite::new(
        name,
        &[
            "{ name: before, steps: [{ user: alice, says: Hi }, { app: bot, sends: You said Hi }] }",
            &under_way,
            "{ name: after, steps: [{ user: alice, says: Hi }] }",
        ],
    )
}

/// The bot as the child of a shell, whose output nobody reads. The shell ends at once when it is to end.
fn behind_a_shell() -> String {
    format!("sh -c 'export RUN=$PPID; {} >/dev/null 2>&1 & wait'", bots()[0])
}

fn is_running(pid: &str) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // A process that has ended may not have been reaped yet.
    !state.is_empty() && !state.contains(") Z ")
}

fn names_what_did_not_run(suite: &Suite, count: usize) {
    let junit = std::fs::read_to_string(suite.path("junit.xml")).expect("a report");
    assert_eq!(junit.matches("<skipped message=\"a signal stopped the run\"/>").count(), count, "{junit}");
    assert!(junit.contains("<testsuite name=\"s.yaml\" tests=\"3\" failures=\"0\" errors=\"0\""), "{junit}");
    assert!(junit.trim_end().ends_with("</testsuites>"), "{junit}");
    let lines = std::fs::read_to_string(suite.path("run.jsonl")).expect("a report");
    for name in ["under way", "after"] {
        let skipped = format!("{{\"event\":\"skipped\",\"name\":\"{name}\",\"at\":{{\"file\":\"s.yaml\"");
        assert!(lines.contains(&skipped), "{lines}");
    }
    assert_eq!(lines.matches("\"why\":\"a signal stopped the run\"").count(), count, "{lines}");
}

const REPORTS: &[&str] = &["--report", "junit=junit.xml,jsonl=run.jsonl"];

#[test]
fn a_signal_ends_the_bot_and_finishes_the_reports() {
    for (signal, exit) in [("SIGTERM", 143), ("SIGINT", 130), ("SIGHUP", 129), ("SIGQUIT", 131)] {
        let suite = suite(&format!("signal-{signal}"), signal);
        let listen = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").to_string();
        let bot = behind_a_shell();
        let fixed = ["run", "s.yaml", "--exec", &bot, "--app", WEBHOOK, "--listen", &listen, "--no-bundle"];
        let ran = suite.graphdouble(&[&fixed, REPORTS].concat(), &[]);
        assert_eq!((ran.exit, ran.text.contains("a signal stopped the run")), (exit, true), "{}", ran.text);
        assert_eq!(
            (ran.verdict("before"), ran.verdict("under way"), ran.verdict("after")),
            ("ok", "missing", "missing")
        );
        names_what_did_not_run(&suite, 2);
        let bot = std::fs::read_to_string(suite.path("bot.pid")).expect("the bot's process id");
        assert!(!is_running(&bot), "{signal}: the bot {bot} still runs");
        assert!(suite.path("goodbye").exists(), "{signal}: the bot was killed before it could end");
        TcpListener::bind(&listen).expect("the port is free");
    }
}

#[test]
fn a_signal_while_the_bot_starts_names_all_scenarios() {
    let suite = suite("signal-at-start", "SIGTERM");
    let bot = "python3 -c 'import os, signal; os.kill(os.getppid(), signal.SIGINT); signal.pause()'";
    let ran = suite.run(bot, REPORTS, &[]);
    assert_eq!((ran.exit, ran.verdict("before")), (130, "missing"), "{}", ran.text);
    assert!(ran.text.contains("a signal stopped the run; 3 scenarios did not run"), "{}", ran.text);
    names_what_did_not_run(&suite, 3);
}

#[test]
fn a_signal_does_not_make_transcripts_stale() {
    let suite = suite("signal-golden", "SIGTERM");
    let text = std::fs::read_to_string(suite.path("s.yaml")).expect("the scenarios");
    std::fs::write(suite.path("s.yaml"), text.replace(", { app: bot, sends: never, within: 300s }", ""))
        .expect("a file");
    let blessed = suite.graphdouble(&["run", "s.yaml", "--no-bundle", "--bless", "--app", "bot=puppet"], &[]);
    assert_eq!(blessed.exit, 0, "{}", blessed.text);
    std::fs::write(suite.path("s.yaml"), text.replace("says: Hi }] }", "says: Hi }, { expect: [{ owner: desk }] }] }"))
        .expect("a file");
    let failed =
        suite.graphdouble(&["run", "s.yaml", "--no-bundle", "--bless", "--app", "bot=puppet", "--fail-fast"], &[]);
    assert_eq!(failed.exit, 4, "{}", failed.text);
    let transcripts = std::fs::read_to_string(suite.path("__transcripts__/s.yaml.txt")).expect("transcripts");
    assert!(transcripts.contains("# after\n"), "a scenario that did not run keeps its transcript: {transcripts}");
}

#[test]
fn a_signal_ends_a_server_and_its_bot() {
    let suite = suite("signal-serve", "SIGTERM");
    std::fs::write(suite.path("w.yaml"), world()).expect("a world");
    let bot = behind_a_shell();
    let fixed = ["serve", "--world", "w.yaml", "--exec", &bot, "--app", WEBHOOK, "--listen", "127.0.0.1:0"];
    let served = suite.graphdouble(&fixed, &[("STOP_WITH", "SIGTERM")]);
    assert_eq!(served.exit, 0, "{}", served.text);
    let bot = std::fs::read_to_string(suite.path("bot.pid")).expect("the bot's process id");
    assert!(!is_running(&bot), "the bot {bot} still runs");
    assert!(suite.path("goodbye").exists(), "the bot was killed before it could end");
}

/// As process 1 of a container, a process gets only the signals that it handles.
#[test]
fn a_run_that_is_process_1_hears_signals() {
    let suite = suite("process-1", "SIGTERM");
    let ran = suite.run(&bots()[0], REPORTS, &[]);
    assert_eq!(ran.exit, 143, "{}", ran.text);
    let status = std::fs::read_to_string(suite.path("run.status")).expect("the state of the run");
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("the signals that it handles");
    let caught = u64::from_str_radix(caught.trim(), 16).expect("a mask");
    for number in [1, 2, 3, 15] {
        assert_ne!(caught & (1 << (number - 1)), 0, "the run has no handler for the signal {number}");
    }
    let namespace = ["unshare", "--user", "--map-root-user", "--pid", "--fork"];
    // Not every machine lets a user have a process namespace.
    if suite.program(&[&namespace[..], &["true"]].concat(), &[]).exit == 0 {
        let fixed = [env!("CARGO_BIN_EXE_graphdouble"), "run", "s.yaml", "--listen", "127.0.0.1:0", "--no-bundle"];
        let bot = bots()[0].clone();
        let Ran { exit, text } =
            suite.program(&[&namespace[..], &fixed[..], &["--exec", &bot, "--app", WEBHOOK], REPORTS].concat(), &[]);
        assert_eq!((exit, text.contains("a signal stopped the run")), (143, true), "{text}");
        names_what_did_not_run(&suite, 2);
    }
}
