//! A real app in the place of a puppet: the same file means the same, whether the app answers before or after it takes the webhook,
//! and what it gets wrong is not taken for right.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use graphdouble::internals::archive::Bundle;
use graphdouble::internals::delivery::{DeliverySettings, WebhookSender};
use graphdouble::internals::engine::Engine;
use graphdouble::internals::language::files;
use graphdouble::internals::language::files::Scenario;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::runner::artifact_writer::ArtifactWriter;
use graphdouble::internals::runner::events::{Reporter, RunEvent, ScenarioReport};
use graphdouble::internals::runner::{RunSettings, Timeouts, replay, run};
use graphdouble::internals::server::{self, ServerSettings};
use graphdouble::internals::site::EngineSite;
use serde_json::{Value, json};

use crate::support;

const WORLD: &str = "
world:
  clock: 2026-03-02T09:00:00Z
  apps: { support: {}, sales: {} }
  pages: { bakery: { default_app: support, apps: { support: { token: EAAsupport }, sales: { token: EAAsales } } } }
  ads: { tulips: { page: bakery, app: sales } }
  people: { alice: {}, bob: {} }
scenarios:
";

/// What a bot does with a message: edge and body of the calls that it makes.
type Answer = fn(&Value) -> Vec<(&'static str, Value)>;

/// Whether the bot calls before it takes the webhook, or right after.
#[derive(Clone, Copy)]
enum Pace {
    Before,
    After,
}

/// Reads one HTTP message from a connection: its body.
fn read_body(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut length = 0;
    let mut first = true;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" && !first {
            break;
        }
        first = false;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

fn call(graph: &str, token: &str, edge: &str, body: &Value) {
    let mut stream = TcpStream::connect(graph).expect("the Graph API");
    let body = body.to_string();
    let head = format!(
        "POST /v25.0/me/{edge} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
}

fn serve_connection(
    stream: TcpStream,
    graph: &str,
    token: &str,
    pace: Pace,
    answer: Answer,
    seen: &Mutex<Vec<String>>,
) {
    let mut reader = BufReader::new(stream.try_clone().expect("a connection"));
    let mut stream = stream;
    while let Some(body) = read_body(&mut reader) {
        let event: Value = serde_json::from_slice(&body).expect("a webhook");
        let item = event.pointer("/entry/0/messaging/0").cloned().unwrap_or_default();
        let mid = item.pointer("/message/mid").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_echo = item.pointer("/message/is_echo").is_some();
        // As Meta asks of every bot: what was answered once is not answered again.
        let is_new = !mid.is_empty() && !is_echo && {
            let mut seen = seen.lock().expect("a list");
            let is_new = !seen.contains(&mid);
            seen.push(mid);
            is_new
        };
        let calls = if is_new { answer(&item) } else { Vec::new() };
        let take = |stream: &mut TcpStream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").expect("an answer");
        };
        if let Pace::After = pace {
            take(&mut stream);
        }
        calls.iter().for_each(|(edge, body)| call(graph, token, edge, body));
        if let Pace::Before = pace {
            take(&mut stream);
        }
    }
}

#[derive(Default)]
pub struct Verdicts {
    pub failures: Vec<(String, Option<String>)>,
    /// What lints found, in any scenario.
    findings: Vec<&'static str>,
}

impl Reporter for Verdicts {
    fn report(&mut self, event: &RunEvent) {
        if let RunEvent::ScenarioFinished(report) = event {
            self.failures.push((report.name.clone(), report.failure.as_ref().map(|failure| failure.render(false))));
            self.findings.extend(report.findings.iter().map(|found| found.finding.lint.name));
        }
    }
}

/// Runs scenarios with one real app; name and failure of each.
async fn play(name: &str, scenarios: &str, app: &str, pace: Pace, answer: Answer) -> Vec<(String, Option<String>)> {
    watched(name, scenarios, app, pace, answer).await.failures
}

/// The same, with what lints found.
async fn watched(name: &str, scenarios: &str, app: &str, pace: Pace, answer: Answer) -> Verdicts {
    let _guard = support::machine::in_time().await;
    let path = support::files::file("observe", &format!("{name}.yaml"), &format!("{WORLD}{scenarios}"));
    let scenarios = files::read(Path::new(&path)).expect("a valid file");
    let engine = Arc::new(Engine::new(Some(WebhookSender::new(DeliverySettings::default()))));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let graph = listener.local_addr().expect("an address").to_string();
    let site = Arc::new(EngineSite::new(engine.clone(), Timeouts::default()));
    let server = tokio::spawn(server::serve(vec![listener], site, ServerSettings::default(), std::future::pending()));
    let bot = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/webhook", bot.local_addr().expect("an address"));
    let token = format!("EAA{app}");
    std::thread::spawn(move || {
        let seen = Arc::new(Mutex::new(Vec::new()));
        for stream in bot.incoming().map_while(Result::ok) {
            let (graph, token, seen) = (graph.clone(), token.clone(), seen.clone());
            std::thread::spawn(move || serve_connection(stream, &graph, &token, pace, answer, &seen));
        }
    });
    let changes = WorldOverrides { apps: vec![(app.to_owned(), Some(url))], ..WorldOverrides::default() };
    let mut verdicts = Verdicts::default();
    let bundles = Arc::new(Bundles::default());
    let settings = RunSettings { changes, artifact_writers: vec![bundles.clone()], ..RunSettings::default() };
    run(scenarios, Some(engine), &settings, &mut verdicts).await;
    server.abort();
    bundles.replay_all(&verdicts).await;
    verdicts
}

/// Keeps a bundle of every scenario, whether it failed or not.
#[derive(Debug, Default)]
pub struct Bundles(Mutex<Vec<Vec<u8>>>);

impl ArtifactWriter for Bundles {
    fn needs_history(&self, _failed: bool) -> bool {
        true
    }

    fn on_scenario_end(&self, scenario: &Scenario, report: &mut ScenarioReport) {
        let bundle = Bundle::of(scenario, report, report.history.as_ref().expect("a history")).expect("a bundle");
        self.0.lock().expect("a list").push(bundle.write().expect("a small bundle"));
    }
}

impl Bundles {
    /// Whatever an app did, and however fast, the same comes of it without the app.
    pub async fn replay_all(&self, verdicts: &Verdicts) {
        let bundles = self.0.lock().expect("a list").clone();
        assert_eq!(bundles.len(), verdicts.failures.len());
        for bytes in bundles {
            let bundle = Bundle::read(&bytes).expect("a bundle");
            let (scenario, first) = bundle.open().expect("a scenario");
            let (again, _) = replay(&scenario, first).await;
            let (once, again) = (bundle.transcript(), Bundle::transcript_of(&again));
            let diff = diffy::create_patch(&once, &again).to_string();
            assert!(once == again, "{}\n{diff}", scenario.name);
        }
    }
}

fn reply(item: &Value, message: Value) -> Vec<(&'static str, Value)> {
    vec![("messages", json!({ "recipient": { "id": item["sender"]["id"] }, "message": message }))]
}

fn echo(item: &Value) -> Vec<(&'static str, Value)> {
    reply(item, json!({ "text": format!("echo {}", item["message"]["text"].as_str().unwrap_or_default()) }))
}

fn offers(item: &Value) -> Vec<(&'static str, Value)> {
    let quick_reply =
        json!({ "content_type": "text", "title": "Buy", "payload": "BUY", "image_url": "https://a.example/b" });
    reply(item, json!({ "text": "pick", "quick_replies": [quick_reply] }))
}

fn passes(item: &Value) -> Vec<(&'static str, Value)> {
    vec![("pass_thread_control", json!({ "recipient": { "id": item["sender"]["id"] } }))]
}

/// An app says in two ways what becomes of the thread, which is refused with the whole message.
fn is_refused(item: &Value) -> Vec<(&'static str, Value)> {
    let recipient = json!({ "id": item["sender"]["id"] });
    let control = json!({ "payload": "pass_thread_control", "app_id": "1003" });
    vec![("messages", json!({ "recipient": recipient, "message": { "text": "hi" }, "thread_control": control }))]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_means_the_same_however_fast_the_app_is() {
    const SCENARIOS: &str = r#"
  - name: replies that came early are still there
    steps:
      - { user: alice, says: a }
      - expect: [{ app: support, gets: messages, text: a }, { app: sales, gets: standby, text: a }, { nothing: webhooks }]
      - { user: alice, says: b }
      - { app: sales, stays_silent: 10ms }
      - { app: support, sends: echo a, save: { first: /message_id } }
      - expect: [{ app: support, gets: message_echoes, body: { message: { mid: "${first}" } } }]
      - { app: support, sends: echo b }
  - name: an observed call is looked at alone
    steps:
      - { user: alice, says: Hi }
      - { user: bob, says: Hello }
      - { app: support, to: alice, sends: echo Hi }
      - expect:
          - { message: { from: support, text: echo Hi } }
          - { app: support, gets: message_echoes, text: echo Hi }
          - { app: support, gets: message_deliveries }
          - { app: sales, gets: standby, text: echo Hi }
          - { app: sales, gets: standby, body: { delivery: { any: true } } }
          - { nothing: webhooks }
      - { app: support, to: bob, sends: echo Hello }
"#;
    for pace in [Pace::Before, Pace::After] {
        let Verdicts { failures: verdicts, findings } = watched("pace", SCENARIOS, "support", pace, echo).await;
        assert!(findings.is_empty(), "an app that does well: {findings:?}");
        assert_eq!(verdicts.len(), 2);
        assert!(verdicts.iter().all(|(_, failure)| failure.is_none()), "{verdicts:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_can_be_observed_to_do_whatever_a_puppet_can() {
    const SCENARIOS: &str = r#"
  - name: every member of a quick reply
    steps:
      - { user: alice, says: Hi }
      - app: support
        sends: { text: pick, quick_replies: [{ content_type: text, title: Buy, payload: BUY, image_url: "https://a.example/b" }] }
      - { user: alice, taps_quick_reply: Buy }
"#;
    let verdicts = play("quick-reply", SCENARIOS, "support", Pace::After, offers).await;
    assert!(verdicts.iter().all(|(_, failure)| failure.is_none()), "{verdicts:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_as_it_was_before_what_no_step_has_observed() {
    const SCENARIOS: &str = r#"
  - name: an ad tap, and the bot passes at once
    steps:
      - { user: alice, taps_ad: tulips, says: Hi }
      - expect: [{ owner: sales, because: routing.ad.marketing_app }]
      - { app: sales, passes: default }
      - expect: [{ owner: support, because: control.pass.default_app }]
"#;
    for pace in [Pace::Before, Pace::After] {
        let verdicts = play("owner", SCENARIOS, "sales", pace, passes).await;
        assert!(verdicts.iter().all(|(_, failure)| failure.is_none()), "{verdicts:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_a_finding_unless_a_step_waited_for_it() {
    const SCENARIOS: &str = "
  - name: a refusal that is waited for
    steps: [{ user: alice, says: Hi }, { app: support, sends: hi, refused: { code: 100 } }]
";
    let waited_for = watched("waited-for", SCENARIOS, "support", Pace::Before, is_refused).await;
    assert_eq!((waited_for.failures[0].1.as_deref(), waited_for.findings), (None, vec![]));
    let alone = "\n  - { name: alone, steps: [{ user: alice, says: Hi }] }\n";
    let unasked = watched("unasked", alone, "support", Pace::Before, is_refused).await;
    assert_eq!((unasked.failures[0].1.as_deref(), unasked.findings), (None, vec!["refused_call"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_app_gets_wrong_is_not_taken_for_right() {
    const REFUSED: &str = "
  - name: a refused message is no message
    cases: { row: [1, 2, 3, 4, 5, 6, 7, 8] }
    steps: [{ user: alice, says: \"Hi ${row}\" }, { app: support, sends: hi, within: 200ms }]
";
    let verdicts = play("refused", REFUSED, "support", Pace::After, is_refused).await;
    assert_eq!(verdicts.len(), 8);
    assert!(verdicts.iter().all(|(_, failure)| failure.is_some()), "{verdicts:#?}");

    const ONCE: &str = "
  - name: one reply is one reply
    steps:
      - { user: alice, says: Hi }
      - expect: [{ message: { from: support, text: echo Hi } }]
      - { app: support, sends: echo Hi, within: 100ms }
";
    let verdicts = play("once", ONCE, "support", Pace::After, echo).await;
    assert!(verdicts[0].1.is_some(), "{verdicts:#?}");
}

/// Tries once more, as a bot should after a rate limit.
fn tries_twice(item: &Value) -> Vec<(&'static str, Value)> {
    [echo(item), echo(item)].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_meets_a_fault_and_is_observed_to_try_again() {
    const SCENARIOS: &str = r#"
  - name: over the limit, and once more
    steps:
      - { fault: { at: send, app: support, to: alice, reply: rate_limited } }
      - { user: alice, says: Hi }
      - { app: support, sends: echo Hi, refused: { code: 613 } }
      - expect: [{ nothing: webhooks }]
      - { app: support, sends: echo Hi }
      - expect: [{ message: { from: support, text: echo Hi } }]
  - name: a fault that the app never meets
    steps:
      - { fault: { at: pass, app: support, reply: rate_limited } }
      - { user: alice, says: Hi }
      - { app: support, sends: echo Hi }
"#;
    for pace in [Pace::Before, Pace::After] {
        let verdicts = play("faults", SCENARIOS, "support", pace, tries_twice).await;
        assert!(verdicts[0].1.is_none(), "{verdicts:#?}");
        assert!(verdicts[1].1.as_ref().is_some_and(|text| text.contains("this fault never fired")), "{verdicts:#?}");
    }
}

/// One message, and once it is answered another.
fn talks(item: &Value) -> Vec<(&'static str, Value)> {
    ["one", "two"].into_iter().flat_map(|text| reply(item, json!({ "text": text }))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_is_under_way_until_it_leaves() {
    const SCENARIOS: &str = r#"
  - name: the app goes on once it is answered, and time waits for that
    steps:
      - { fault: { at: send, latency: 300ms } }
      - { user: alice, says: Hi }
      - { app: support, sends: one }
      - { clock: +25h }
      - { app: support, sends: two }
"#;
    let verdicts = play("late", SCENARIOS, "support", Pace::After, talks).await;
    assert!(verdicts[0].1.is_none(), "{verdicts:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_loses_an_answer_is_observed_to_lose_it() {
    const SCENARIOS: &str = r#"
  - name: it is sent, unheard, and sent again
    steps:
      - { fault: { at: send, breaks: close, after: true } }
      - { user: alice, says: Hi }
      - { app: support, sends: echo Hi, response_lost: true }
      - expect: [{ message: { from: support, text: echo Hi } }]
      - { app: support, sends: echo Hi }
      - expect: [{ message: { from: support, text: echo Hi } }]
  - name: nobody says that it loses one
    steps:
      - { fault: { at: send, breaks: close, times: 2 } }
      - { user: alice, says: Hi }
      - { app: support, sends: echo Hi, within: 200ms }
  - name: an outage in HTML
    steps:
      - { fault: { at: send, html: 502 } }
      - { user: alice, says: Hi }
      - { app: support, sends: echo Hi, refused: { status: 502 } }
"#;
    for pace in [Pace::Before, Pace::After] {
        let verdicts = play("lost", SCENARIOS, "support", pace, tries_twice).await;
        assert!(verdicts[0].1.is_none() && verdicts[2].1.is_none(), "{verdicts:#?}");
        let failure = verdicts[1].1.as_deref().unwrap_or_default();
        assert!(failure.contains("lost: expected nothing, found \"close\""), "{failure}");
    }
}

fn with_a_wrong_token(item: &Value) -> Vec<(&'static str, Value)> {
    vec![(
        "messages?access_token=EAAwrong",
        json!({ "recipient": { "id": item["sender"]["id"] }, "message": { "text": "hi" } }),
    )]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_with_a_token_of_no_world_is_not_lost() {
    const SCENARIOS: &str = "
  - name: the wrong token
    steps: [{ user: alice, says: Hi }, { app: support, sends: hi, within: 200ms }]
  - name: the wrong token, and an expectation
    steps: [{ user: alice, says: Hi }, { expect: [{ message: { from: support }, within: 200ms }] }]
";
    let verdicts = play("token", SCENARIOS, "support", Pace::Before, with_a_wrong_token).await;
    for verdict in verdicts {
        let failure = verdict.1.unwrap_or_default();
        assert!(failure.contains("a call matched no world: POST /v25.0/me/messages"), "{failure}");
        assert!(!failure.contains("EAAwrong"), "{failure}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_messages_are_new_to_the_app_in_each_scenario() {
    const SCENARIOS: &str = "
  - name: each message has an id that the app never saw
    cases: { row: [1, 2, 3] }
    steps: [{ user: alice, says: \"Hi ${row}\" }, { app: support, sends: \"echo Hi ${row}\" }]
";
    let verdicts = play("new", SCENARIOS, "support", Pace::After, echo).await;
    assert!(verdicts.iter().all(|(_, failure)| failure.is_none()), "{verdicts:#?}");
}

/// Greets, and passes the thread to the other app.
fn greets_and_passes(item: &Value) -> Vec<(&'static str, Value)> {
    let pass = json!({ "recipient": { "id": item["sender"]["id"] }, "target_app_id": item["message"]["text"] });
    let greeting =
        reply(item, json!({ "text": format!("Hello {}", item["sender"]["id"].as_str().unwrap_or_default()) }));
    [greeting, vec![("pass_thread_control", pass)]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_says_what_the_app_did_and_which_step_claimed_it() {
    const SCENARIOS: &str = r#"
  - name: one call is claimed, one is not
    steps:
      - { user: alice, says: "${app.sales}" }
      - { app: support, sends: "Hello ${alice}" }
      - { app: support, takes: true, within: 1s }
  - name: an owner that never comes
    steps:
      - { user: alice, says: "${app.sales}" }
      - { expect: [{ owner: sales }] }
      - { expect: [{ owner: support, within: 1s }] }
  - name: a label that never comes
    steps: [{ user: alice, says: Hi }, { user: alice, taps_button: Buy, within: 1s }]
"#;
    let verdicts = play("claims", SCENARIOS, "support", Pace::Before, greets_and_passes).await;
    let failure = |index: usize| verdicts[index].1.clone().unwrap_or_default();
    for part in [
        "app `support` did not do this within 1s",
        "`support` called POST /me/messages with {\"recipient\":{\"id\":\"${alice}\"},\"message\":{\"text\":\"Hello alice\"}}: the step at ",
        "claims.yaml:13:9 claimed it",
        "`support` called POST /me/pass_thread_control with {\"recipient\":{\"id\":\"${alice}\"}",
        "this is a different call, or a different thread",
    ] {
        assert!(failure(0).contains(part), "no {part} in\n{}", failure(0));
    }
    for (index, part) in [
        (1, "the thread of alice is owned by `sales`, not by `support` within 1s"),
        (1, "no step claimed it"),
        (2, "no button labelled `Buy` was ever sent in this thread: no button was sent"),
        (2, "the step waited 1s for it"),
        (2, "`support` called POST /me/messages with"),
        (2, "it was refused: "),
    ] {
        assert!(failure(index).contains(part), "no {part} in\n{}", failure(index));
    }
}
