//! The command line as people meet it: exit codes, mistakes drawn at their places, failed expectations, apps that do not answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use crate::support::files;

const BINARY: &str = env!("CARGO_BIN_EXE_graphdouble");

fn graphdouble(arguments: &[&str]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        // There a run annotates by itself.
        .env_remove("GITHUB_ACTIONS")
        .env("GRAPHDOUBLE_NO_BUNDLE", "true")
        .output()
        .expect("the binary")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn file(name: &str, text: &str) -> String {
    files::file("cli", name, text)
}

/// Output without what differs between machines and runs.
fn steady(text: &str) -> String {
    let text = files::without_folder("cli", text);
    let is_time = |word: &str| word.parse::<f64>().is_ok();
    let line = |line: &str| match line.rsplit_once(" ms") {
        Some((before, rest)) => match before.rsplit_once(' ') {
            Some((before, time)) if is_time(time) => format!("{before} N ms{rest}"),
            _ => line.to_owned(),
        },
        None => line.to_owned(),
    };
    text.lines().map(line).map(|line| without_rules(&line)).collect::<Vec<_>>().join("\n")
}

/// The summary without how many rules there are: there are more every day.
fn without_rules(line: &str) -> String {
    match line.split_once(" rules applied") {
        Some((counts, rest)) => format!("{} of N rules applied{rest}", counts.split(' ').next().unwrap_or_default()),
        None => line.to_owned(),
    }
}

const WORLD: &str = "
world:
  apps: { support: { id: 1001 }, sales: { id: 1002 } }
  pages: { bakery: { id: 2001, default_app: support, apps: { support: {}, sales: { standby: false } } } }
  people: { alice: { psids: { bakery: 3001 } } }
scenarios:
";

#[test]
fn each_class_of_mistakes_has_an_exit_code() {
    let invalid = file("invalid.yaml", "world: {}\nscenarios: 1\n");
    let failing = file(
        "failing.yaml",
        &format!("{WORLD}  - {{ name: x, steps: [{{ expect: [{{ owner: sales, of: alice }}] }}] }}\n"),
    );
    for (arguments, code) in [
        (vec!["run", "scenarios/with-a-bot"], 0),
        (vec!["check", "scenarios", "fixtures"], 0),
        (vec!["--help"], 0),
        (vec!["run"], 1),
        (vec!["dance"], 1),
        (vec!["schema", "wrld"], 1),
        (vec!["run", "scenarios", "--app", "nobody=http://127.0.0.1:1/"], 1),
        (vec!["run", "scenarios", "--app", "support=ftp://x"], 1),
        (vec!["run", "scenarios", "--filter", "no such scenario"], 1),
        (vec!["run", &invalid], 2),
        (vec!["check", &invalid], 2),
        (vec!["run", "nowhere.yaml"], 3),
        (vec!["run", "src"], 3),
        (vec!["serve", "--listen", "256.0.0.1:1"], 3),
        (vec!["healthcheck", "--listen", "127.0.0.1:1"], 1),
        (vec!["run", &failing], 4),
    ] {
        let output = graphdouble(&arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}{}", out(&output), error(&output));
    }
}

#[test]
fn all_mistakes_of_a_file_are_reported_in_one_run() {
    let text = r#"world:
  clock: tomorrow
  apps: { support: { id: 1 }, sales: { id: 1, webhook: { url: "https://x" } } }
  pages:
    bakery:
      default_app: sales
      apps: { support: { fields: [messages, messaging_handover], standby: maybe } }
      links: { l: { app: sales } }
  ads: { tulips: { page: bakri, app: sails } }
  people: { alice: { psids: { bakery: 1 } }, "a b": {} }
scenarios:
  - name: steps
    stict: true
    steps:
      - { user: alise, says: Hi }
      - { user: alice, app: support, says: Hi }
      - { user: alice }
      - { user: alice, says: Hi, reads: true }
      - clock: 24h
      - { app: support, sends: [1] }
      - { app: support, passes: default, tag: HUMAN_AGENT }
      - expect: { app: support, gets: messages }
      - expect: [{ app: support, gets: nothing, text: x }, { owner: suport }, { nothing: webhook }]
      - { app: support, sends: "${order}", save: { order: message_id } }
      - { user: alice, reads: true, message: x }
      - { fault: { at: send } }
      - { fault: { at: sent, reply: ratelimited, app: suport, times: often } }
      - { fault: { at: send, reply: rate_limited, times: 0 } }
      - { fault: { at: send, breaks: rest, times: ever, chance: 200%, latency: 2 } }
      - { fault: { at: send, reply: rate_limited, html: 502 } }
      - { fault: { at: send, body: Hi, html: 502 } }
      - { fault: { at: send, html: 200 } }
      - { fault: { at: send, breaks: half_body, after: false } }
      - { fault: { at: send, breaks: hang, latency: 2s } }
      - { fault: { at: send, breaks: reset, usage: { call_count: 90 } } }
      - { fault: { at: send, latency: 90s } }
      - { fault: { at: send, usage: { call_count: 5, estimated_time_to_regain_access: 90s } } }
      - { fault: { at: send, status: 204, body: Hi } }
      - { app: support, sends: a, response_lost: true, refused: { code: 1 } }
"#;
    let mistakes = graphdouble(&["check", &file("mistakes.yaml", text)]);
    assert_eq!(mistakes.status.code(), Some(2));
    insta::assert_snapshot!("mistakes", steady(&out(&mistakes)));
    // A world that contradicts itself, once its words are right.
    let text = r#"apps: { support: { id: 1 }, sales: { id: 1, webhook: { url: "http://x:0/" } } }
pages:
  bakery: { default_app: sales, apps: { support: { token: T } }, links: { l: { ref: r, app: sales } }, social: sales }
  shop: { routing: conversation_routing, apps: { support: { token: T } } }
  stall: { routing: handover_protocol, default_app: support, apps: { support: {} } }
ads: { tulips: { page: bakery, app: sales } }
people: { alice: { psids: { bakery: 1 } }, bob: { psids: { bakery: 1 } } }
"#;
    let mistakes = graphdouble(&["check", &file("contradictions.yaml", text)]);
    assert_eq!(mistakes.status.code(), Some(2));
    insta::assert_snapshot!("contradictions", steady(&out(&mistakes)));
}

#[test]
fn a_failed_expectation_is_drawn_with_the_nearest_miss_and_the_reason() {
    let scenarios = [
        "{ app: support, gets: messages, text: Hello }",
        "{ app: sales, gets: standby, text: Hi }",
        "{ owner: sales }",
        "{ owner: support, because: routing.link.app }",
        "{ app: support, gets_no: messages }",
        "{ nothing: webhooks }",
        "{ window: closed }",
        "{ message: { from: support, text: Hi } }",
    ];
    let scenario = |expectation: &&str| {
        format!(
            "  - {{ name: '{expectation}', steps: [{{ user: alice, says: Hi }}, {{ expect: [{expectation}] }}] }}\n"
        )
    };
    let mut text = WORLD.to_owned();
    scenarios.iter().for_each(|expectation| text.push_str(&scenario(expectation)));
    text.push_str("  - { name: not refused, steps: [{ user: alice, says: Hi }, { app: support, sends: a }, { app: support, sends: b, refused: { code: 10 } }] }\n");
    text.push_str("  - { name: a label never sent, steps: [{ user: alice, taps_button: Buy }] }\n");
    text.push_str("  - { name: not the owner, steps: [{ user: alice, says: Hi }, { app: sales, sends: a }] }\n");
    text.push_str("  - { name: another error, steps: [{ user: alice, says: Hi }, { app: sales, sends: a, refused: { code: 100 } }] }\n");
    text.push_str("  - { name: strict, strict: true, steps: [{ user: alice, reads: true }] }\n");
    text.push_str("  - { name: a fault that never fires, steps: [{ fault: { at: send, reply: rate_limited } }, { user: alice, says: Hi }] }\n");
    text.push_str("  - { name: a fault that fires too seldom, steps: [{ user: alice, says: Hi }, { fault: { at: send, app: support, to: alice, page: bakery, reply: rate_limited, times: 3 } }, { app: support, sends: a, refused: { code: 613 } }, { fault: { at: pass, reply: internal } }] }\n");
    text.push_str("  - { name: an answer that is lost, steps: [{ user: alice, says: Hi }, { fault: { at: send, breaks: reset } }, { app: support, sends: a }] }\n");
    text.push_str("  - { name: an answer that is not lost, steps: [{ user: alice, says: Hi }, { app: support, sends: a, response_lost: true }] }\n");
    text.push_str("  - { name: a page that nobody expects, steps: [{ user: alice, says: Hi }, { fault: { at: send, html: 502 } }, { app: support, sends: a }] }\n");
    text.push_str("  - { name: a fault that nobody expects, steps: [{ user: alice, says: Hi }, { fault: { at: send, reply: rate_limited } }, { app: support, sends: a }] }\n");
    let output = graphdouble(&["run", &file("failures.yaml", &text)]);
    assert_eq!(output.status.code(), Some(4));
    insta::assert_snapshot!("failures", steady(&out(&output)));
}

#[test]
fn an_app_that_does_not_answer_ends_the_run_in_its_budget() {
    // Accepts, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/webhook", silent.local_addr().expect("an address"));
    let path = file("silent.yaml", &format!("{WORLD}  - {{ name: silence, steps: [{{ user: alice, says: Hi }}] }}\n"));
    let app = format!("support={url}");
    let output = graphdouble(&["run", &path, "--app", &app, "--budget", "300ms", "--listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(4), "{}", error(&output));
    let text = out(&output);
    let is_there = |part: &str| assert!(text.contains(part), "no {part} in\n{text}");
    ["`support`", url.as_str(), "attempt 1"].into_iter().for_each(is_there);
}

#[test]
fn an_app_that_does_nothing_is_named_with_what_it_should_have_done() {
    // Answers every webhook, and never calls.
    let idle = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/webhook", idle.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in idle.incoming() {
            let mut stream = stream.expect("a connection");
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                while stream.read(&mut bytes).is_ok_and(|read| read > 0) {
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").expect("an answer");
                }
            });
        }
    });
    let steps = "[{ user: alice, says: Hi }, { app: support, stays_silent: 20ms }, { app: support, sends: Hello, within: 50ms }]";
    let path = file("idle.yaml", &format!("{WORLD}  - {{ name: nothing comes, steps: {steps} }}\n"));
    let app = format!("support={url}");
    let output = graphdouble(&["run", &path, "--app", &app, "--listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(4), "{}{}", out(&output), error(&output));
    let text = out(&output);
    assert!(text.contains("app `support` did not do this within 50ms"), "{text}");
    assert!(text.contains("`support` made no Graph call in this world since the scenario began"), "{text}");
    assert!(text.contains("`support` has accepted webhooks: messages"), "{text}");
}

#[test]
fn a_bot_that_does_not_start_could_not_be_run() {
    let path = file("bot.yaml", &format!("{WORLD}  - {{ name: x, steps: [{{ user: alice, says: Hi }}] }}\n"));
    let run = |exec: &str| {
        graphdouble(&["run", &path, "--exec", exec, "--app", "support=http://127.0.0.1:1/", "--listen", "127.0.0.1:0"])
    };
    for (exec, expected) in [
        ("no-such-program", "cannot start `no-such-program`"),
        ("sh -c 'echo out of luck; exit 7'", "the bot ended before it listened (exit status: 7)"),
        ("'unfinished", "an unclosed quote"),
    ] {
        let output = run(exec);
        assert_eq!(output.status.code(), Some(3), "{exec}");
        assert!(error(&output).contains(expected), "{exec}: {}", error(&output));
    }
    assert!(error(&run("sh -c 'echo out of luck; exit 7'")).contains("out of luck"));
}

const GENERATIONS: &str = "conversation_routing@2023-09,conversation_routing@2025-09";
const THREE: &str = "conversation_routing@2023-09,conversation_routing@2025-09,zero_config";

/// Steps that differ by their answer, by what follows from it, by the owner, by a rule alone, and not at all.
const REHEARSAL: &str = r#"
world:
  clock: 2026-03-02T09:00:00Z
  apps: { bot: { webhook: { url: "http://127.0.0.1:1/webhook" } }, desk: {} }
  pages: { bakery: { default_app: bot, apps: { bot: {}, desk: { standby: false } } } }
  people: { alice: { psids: { bakery: "3001" } }, bob: {} }
scenarios:
  - name: what follows a refused step is walked all the same
    steps:
      - { user: alice, says: Hi }
      - { app: bot, passes: desk, metadata: take over }
      - app: desk
        sends:
          text: "Bread or cake?"
          quick_replies: [{ content_type: text, title: Cake, payload: CAKE }]
        thread_control: { payload: pass_thread_control }
        save: { reader: /recipient_id }
      - { user: alice, taps_quick_reply: Cake }
      - expect: [{ app: bot, gets: messages, text: Cake }, { owner: bot, because: control.pass.default_app }]
      - { app: desk, sends: "Bye, ${reader}", refused: { code: 10, because: send.refused.not_owner } }
      - { user: alice, reads: true }
  - name: rows that differ in their routing alone are one
    strict: true
    cases:
      - { routing: conversation_routing@2023-09, word: Hello }
      - { routing: conversation_routing@2025-09, word: Hello }
      - { routing: conversation_routing@2025-09, word: Goodbye }
    steps:
      - { user: alice, says: "${word}" }
      - { user: bob, says: Hi }
      - { app: desk, requests: true, to: alice, refused: { because: handover.refused.disabled } }
      - { call: { as: desk, get: "/me/thread_owner?recipient=${alice}" } }
  - name: nothing to see
    steps: [{ admin: bakery, sets_take_control: { desk: true } }, { expect: [{ nothing: webhooks }] }]
"#;

#[test]
fn a_comparison_shows_what_each_routing_makes_of_each_step() {
    let path = file("rehearsal.yaml", REHEARSAL);
    let output = graphdouble(&["compare", &path, "--between", THREE]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let text = out(&output);
    assert!(!text.contains("m_") && !text.contains("nothing to see"), "{text}");
    insta::assert_snapshot!("rehearsal", steady(&text));
    let output = graphdouble(&["compare", &path, "--between", GENERATIONS, "--filter", "nothing to see", "--all"]);
    insta::assert_snapshot!("rehearsal_of_all", steady(&out(&output)));
}

#[test]
fn a_comparison_is_one_json_document_for_machines() {
    let path = file("rehearsal-json.yaml", REHEARSAL);
    let compare = || graphdouble(&["compare", &path, "--between", THREE, "--format", "json"]);
    let output = compare();
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    assert_eq!(output.stdout, compare().stdout, "the order is not stable");
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(shown["routings"], serde_json::json!(THREE.split(',').collect::<Vec<_>>()));
    assert_eq!(shown["webhooks_not_called"], serde_json::json!(["bot"]));
    let names: Vec<&str> =
        shown["scenarios"].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    let rows =
        ["Hello", "Goodbye"].map(|word| format!("rows that differ in their routing alone are one [word: {word}]"));
    assert_eq!(names, ["what follows a refused step is walked all the same", &rows[0], &rows[1], "nothing to see"]);
    let sends = &shown["scenarios"][0]["steps"][2];
    assert_eq!((&sends["line"], &sends["differs"]), (&serde_json::json!(12), &serde_json::json!(true)));
    let answer = serde_json::json!({
        "about": "answer",
        "differs": true,
        "outcomes": [
            { "under": ["conversation_routing@2023-09", "zero_config"], "facts": [{ "what": "accepted", "because": [] }] },
            { "under": ["conversation_routing@2025-09"], "facts": [{
                "what": "refused 100 (#100) Invalid keys \"payload\" were found in param \"thread_control\".",
                "because": ["control.refused.payload_form"],
            }] },
        ],
    });
    assert_eq!(sends["aspects"][0], answer);
    assert_eq!(shown["scenarios"][3]["steps"], serde_json::json!([]));
}

#[test]
fn a_comparison_says_where_a_world_cannot_be_and_goes_on() {
    let world =
        "world: { apps: { a: {} }, pages: { p: { routing: zero_config, apps: { a: {} } } }, people: { alice: {} } }";
    let scenarios = "scenarios: [{ name: kiosk, steps: [{ user: alice, says: Hi }] }]";
    let kiosk = file("kiosk.yaml", &format!("{world}\n{scenarios}\n"));
    let only = graphdouble(&["compare", &kiosk, "--between", GENERATIONS]);
    assert_eq!(only.status.code(), Some(3));
    let shown = "no scenario can run under `conversation_routing@2023-09`: conversation_routing needs a `default_app`";
    assert!(error(&only).contains(shown), "{}", error(&only));
    let path = file("rehearsal-beside-a-kiosk.yaml", REHEARSAL);
    let both = graphdouble(&["compare", &path, &kiosk, "--between", THREE, "--deny-differences"]);
    assert_eq!(both.status.code(), Some(4), "{}", error(&both));
    let text = out(&both);
    assert!(text.contains("kiosk\n    cannot run under 2023-09: conversation_routing needs a `default_app`"), "{text}");
    assert!(text.contains("passes only under zero_config: kiosk  ("), "{text}");
}

#[test]
fn a_comparison_can_be_held_to_have_no_differences() {
    let path = file("rehearsal-denied.yaml", REHEARSAL);
    let compare = |filter: &str| {
        graphdouble(&["compare", &path, "--between", GENERATIONS, "--filter", filter, "--deny-differences"])
    };
    let same = compare("nothing to see");
    assert_eq!(same.status.code(), Some(0), "{}", out(&same));
    assert!(out(&same).contains("nothing differs: 2 steps in 1 scenario"), "{}", out(&same));
    assert_eq!(compare("refused step").status.code(), Some(4));
    let by_environment = Command::new(BINARY)
        .args(["compare", &path])
        .envs([("GRAPHDOUBLE_BETWEEN", GENERATIONS), ("GRAPHDOUBLE_DENY_DIFFERENCES", "1")])
        .envs([
            ("GRAPHDOUBLE_COMPARE_FORMAT", "json"),
            ("GRAPHDOUBLE_ALL", "yes"),
            ("GRAPHDOUBLE_FILTER", "nothing to see"),
        ])
        .output()
        .expect("the binary");
    assert_eq!(by_environment.status.code(), Some(0), "{}", error(&by_environment));
    let shown: serde_json::Value = serde_json::from_slice(&by_environment.stdout).expect("JSON");
    assert_eq!(shown["scenarios"][0]["steps"].as_array().map(Vec::len), Some(2), "{shown}");
}

#[test]
fn a_comparison_that_makes_no_sense_is_not_made() {
    for (between, said) in [
        ("conversation_routing@2025-9,zero_config", "did you mean `conversation_routing@2025-09`?"),
        ("zero_config", "two or more routings"),
        ("zero_config,zero_config", "names `zero_config` twice"),
        ("", "there is no routing ``"),
    ] {
        let output = graphdouble(&["compare", "scenarios/with-a-bot", "--between", between]);
        assert_eq!(output.status.code(), Some(1), "{between}");
        assert!(error(&output).contains(said), "{between}: {}", error(&output));
    }
    assert_eq!(graphdouble(&["compare", "scenarios/with-a-bot"]).status.code(), Some(1));
    let invalid = file("invalid-comparison.yaml", "world: {}\nscenarios: 1\n");
    assert_eq!(graphdouble(&["compare", &invalid, "--between", GENERATIONS]).status.code(), Some(2));
    assert_eq!(graphdouble(&["compare", "src", "--between", GENERATIONS]).status.code(), Some(3));
}

#[test]
fn a_server_says_where_it_listens_and_stops_at_a_signal() {
    let mut server = Command::new(BINARY)
        .args(["serve", "--world", "fixtures/bakery.yaml", "--listen", "127.0.0.1:0"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary");
    let mut line = String::new();
    let stdout = server.stdout.take().expect("its output");
    BufReader::new(stdout).read_line(&mut line).expect("the ready line");
    let address = line.trim().strip_prefix("graphdouble listens on http://").expect("the ready line");
    assert_eq!(graphdouble(&["healthcheck", "--listen", address]).status.code(), Some(0));
    let kill = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    assert_eq!(server.wait().expect("its end").code(), Some(0));
}

#[test]
fn errors_are_printed_by_name_and_a_wrong_name_gets_the_nearest() {
    let printed = graphdouble(&["errors", "outside"]);
    assert_eq!(printed.status.code(), Some(0));
    let text = out(&printed);
    assert!(text.starts_with("outside_window\n    (#10) This message is sent outside of allowed window."), "{text}");
    assert!(
        text.contains("10/2018278 OAuthException, documented (Messenger docs: error codes)\n    status 400, observed (botpress/botpress 4890)"),
        "{text}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&out(&graphdouble(&["errors", "--format", "json"]))).expect("JSON");
    let errors = json.as_array().expect("a list");
    assert!(errors.iter().any(|error| error["name"] == "unavailable" && error["is_transient"] == true));
    let wrong = graphdouble(&["errors", "rate_limit_"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(error(&wrong).contains("did you mean `rate_limited`?"), "{}", error(&wrong));
}

#[test]
fn a_fault_that_fires_under_one_routing_alone_is_a_difference() {
    let text = r#"world:
  apps: { support: {}, sales: {} }
  pages: { bakery: { default_app: support, apps: { support: {}, sales: {} } } }
  people: { alice: {} }
scenarios:
  - name: a limit
    steps:
      - { user: alice, says: Hi }
      - { fault: { at: send, app: support, reply: rate_limited } }
      - { app: support, sends: Hello!, refused: { code: 613 } }
  - name: a limit that nobody meets
    steps:
      - { user: alice, says: Hi }
      - { fault: { at: pass, reply: rate_limited } }
"#;
    let between = "conversation_routing@2023-09,conversation_routing@2025-09";
    let output = graphdouble(&["compare", &file("faults.yaml", text), "--between", between, "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let shown: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    let holds = |place: usize| shown["scenarios"][place]["holds_under"].as_array().map(Vec::len);
    assert_eq!((holds(0), holds(1)), (Some(2), Some(0)), "{shown:#}");
}

#[test]
fn a_folder_is_read_without_the_packages_and_the_settings_of_tools_in_it() {
    let folder = files::folder("cli").join("foreign");
    for foreign in ["node_modules/package", ".github"] {
        std::fs::create_dir_all(folder.join(foreign)).expect("a folder");
        std::fs::write(folder.join(foreign).join("ci.yaml"), "language: node_js").expect("a file");
    }
    std::fs::write(folder.join(".travis.yml"), "language: node_js").expect("a file");
    std::fs::write(
        folder.join("own.yaml"),
        format!("{WORLD}  - {{ name: says, steps: [{{ user: alice, says: Hi }}] }}\n"),
    )
    .expect("a file");
    let output = graphdouble(&["check", &folder.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
}

#[test]
fn a_world_file_is_no_scenario_file_and_the_other_way_round() {
    let world = "fixtures/bakery.yaml";
    let run = graphdouble(&["run", world]);
    assert!(out(&run).contains("this is a world file, and a scenario file is expected"), "{}", out(&run));
    let scenarios = file("no-world.yaml", &format!("{WORLD}  - {{ name: x, steps: [{{ user: alice, says: Hi }}] }}\n"));
    let serve = graphdouble(&["serve", "--listen", "127.0.0.1:0", "--world", &scenarios]);
    assert!(out(&serve).contains("this is a scenario file, and a world file is expected"), "{}", out(&serve));
    assert_eq!((run.status.code(), serve.status.code()), (Some(2), Some(2)));
}

#[test]
fn a_filter_that_finds_nothing_names_itself() {
    let run = graphdouble(&["run", "scenarios/ads", "--filter", "bananas"]);
    assert!(error(&run).contains("no file or name contains `bananas`"), "{}", error(&run));
}

#[test]
fn errors_and_rules_are_found_by_number_and_by_inner_words() {
    let by_code = out(&graphdouble(&["errors", "613"]));
    assert!(by_code.contains(" 613"), "{by_code}");
    let by_subcode = out(&graphdouble(&["errors", "2018278"]));
    assert!(by_subcode.contains("10/2018278"), "{by_subcode}");
    let by_word = out(&graphdouble(&["rules", "owner"]));
    assert!(by_word.contains("webhook.owner\n"), "{by_word}");
}
