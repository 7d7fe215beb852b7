//! Exchanges with a real bot: what comes of what a person does, and how long apps take to answer.

use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::Barrier;

use crate::control_api::{message, mistakes};
use crate::support::{Answer, Bot, Reply, Request, Seen, TestServer, post};

const EXCHANGES: &str = "/_control/worlds/default/exchanges";

/// A page with a bot and an app without a webhook URL, and one on which no app gets messages.
fn world(bot: &Bot, people: usize) -> String {
    let people: Vec<String> = (0..people).map(|person| format!("p{person}: {{}}")).collect();
    format!(
        "{{ apps: {{ bot: {{ id: 1001, webhook: {{ url: '{}' }} }}, desk: {{ id: 1002 }} }}, pages: {{ shop: {{ default_app: bot, apps: {{ bot: \
         {{ token: EAAbot }}, desk: {{ token: EAAdesk }} }} }}, deaf: {{ default_app: bot, apps: {{ bot: {{ token: EAAdeaf, fields: \
         [messaging_postbacks] }} }} }} }}, people: {{ {} }} }}",
        bot.url("/webhook"),
        people.join(", ")
    )
}

type Address = Arc<OnceLock<String>>;

/// A bot that does what it is written. It finds the server once that has started.
async fn bot(address: &Address) -> Bot {
    let address = address.clone();
    Bot::answering(move |seen| answer(seen, address.get().expect("a server"))).await
}

fn answer(seen: &Seen, server: &str) -> Answer {
    let item = seen.item();
    let taken = || Answer::status("200 OK", "");
    let (text, person) = (item["message"]["text"].as_str().unwrap_or_default(), &item["sender"]["id"]);
    let call = |edge: &str, body: Value| {
        let mut body = body;
        body["recipient"] = json!({ "id": person });
        post(format!("/v25.0/me/{edge}")).bearer("EAAbot").json(body.to_string())
    };
    let says = |text: &str| call("messages", json!({ "message": { "text": text } }));
    let offers = || {
        let replies = json!([{ "content_type": "text", "title": "Buy", "payload": "BUY" }]);
        call("messages", json!({ "message": { "text": "Hello!", "quick_replies": replies } }))
    };
    let after = |calls: Vec<Request>| Answer::AfterCalls(server.to_owned(), calls, Box::new(taken()));
    match text {
        _ if item["message"]["is_echo"] == true => taken(),
        "Hi" => after(vec![offers()]),
        "Twice" => after(vec![says("One"), says("Two")]),
        "Bad" => Answer::status("500 Internal Server Error", ""),
        "Wrong" => after(vec![call("messages", json!({ "message": {} }))]),
        "Mine" => after(vec![
            call("messages", json!({ "message": { "text": "Late" }, "messaging_type": "RESPONSE" })),
            says(""),
        ]),
        "Pass" => after(vec![call("pass_thread_control", json!({ "target_app_id": "1002" }))]),
        _ => taken(),
    }
}

async fn start(people: usize) -> (TestServer, Bot) {
    let address = Address::default();
    let bot = bot(&address).await;
    let server = TestServer::start(&world(&bot, people)).await;
    address.set(server.address().to_owned()).expect("one server");
    (server, bot)
}

async fn exchange(server: &TestServer, body: &str) -> Reply {
    server.ask(post(EXCHANGES).body(body)).await
}

async fn report(server: &TestServer, body: &str) -> Value {
    let reply = exchange(server, body).await;
    assert_eq!(reply.status, 200, "{body}: {}", reply.text());
    reply.json()
}

#[tokio::test]
async fn an_exchange_ends_with_the_answer_and_says_how_long_it_took() {
    let (server, _bot) = start(1).await;
    let report = report(&server, "{ user: p0, page: shop, says: Hi, until: { answers: 1 }, within: 30s }").await;
    assert_eq!(
        (&report["outcome"], &report["owner"], &report["rule"]),
        (&json!("answered"), &json!("bot"), &Value::Null)
    );
    assert_eq!(report["receivers"], json!(["bot", "desk"]));
    let answers = report["answers"].as_array().expect("answers");
    assert_eq!((answers.len(), &answers[0]["app"], &answers[0]["text"]), (1, &json!("bot"), &json!("Hello!")));
    assert_eq!(answers[0]["quick_replies"], json!(["Buy"]));
    assert_eq!(report["webhook"], json!({ "status": 200, "failure": null, "attempts": 1 }));
    let ms = |part: &str| report["ms"][part].as_f64().unwrap_or_else(|| panic!("no `{part}` in {report}"));
    // The bot answers before it takes the webhook.
    assert!(ms("queue") >= 0.0 && ms("first") <= ms("last") && ms("last") <= ms("webhook"), "{report}");
    let newest = server.control("/ledger").await["after"].as_u64();
    assert!(report["cursor"].as_u64() <= newest, "{report}");
    // The session of the exchange sees what it brought about.
    let held = server.http_step("{ expect: [{ app: bot, gets: messages, text: Hi }] }").await;
    assert_eq!(held.status, 200, "{}", held.text());
}

#[tokio::test]
async fn every_outcome_has_its_word() {
    let (server, _bot) = start(20).await;
    let rows = [
        ("{ user: p1, page: shop, says: Twice, until: { answers: 2 } }", "answered", json!(["One", "Two"])),
        ("{ user: p2, page: shop, says: Twice, until: { text: { contains: w } } }", "answered", json!(["One", "Two"])),
        ("{ user: p3, page: shop, says: Pass, until: { owner: desk } }", "answered", json!([])),
        ("{ user: p4, page: shop, says: Hi, until: { quiet: 20ms } }", "answered", json!(["Hello!"])),
        ("{ user: p5, page: shop, says: Nothing, until: { quiet: 20ms } }", "silent", json!([])),
        ("{ user: p6, page: shop, says: Nothing, within: 20ms }", "silent", json!([])),
        ("{ user: p10, page: shop, says: Hi, until: { quiet: 10s }, within: 60ms }", "silent", json!(["Hello!"])),
        ("{ user: p7, page: deaf, says: Hi }", "withheld", json!([])),
        ("{ user: p8, page: shop, says: Bad }", "not_taken", json!([])),
        ("{ user: p9, page: shop, says: Wrong, within: 200ms }", "refused", json!([])),
    ];
    for (body, outcome, texts) in rows {
        let report = report(&server, body).await;
        let said: Vec<&Value> =
            report["answers"].as_array().into_iter().flatten().map(|answer| &answer["text"]).collect();
        assert_eq!((&report["outcome"], json!(said)), (&json!(outcome), texts), "{body}: {report}");
        match outcome {
            "withheld" => assert_eq!(
                (&report["rule"], &report["ms"]["queue"]),
                (&json!("webhook.withheld.field_not_subscribed"), &Value::Null),
                "{report}"
            ),
            "not_taken" => assert_eq!(report["webhook"]["status"], 500, "{report}"),
            "refused" => assert_eq!(report["refused"][0]["app"], "bot", "{report}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_call_that_a_fault_refuses_is_a_refused_call_of_the_exchange() {
    let (server, _bot) = start(1).await;
    let fault = post("/_control/worlds/default/faults").body("{ at: send, reply: rate_limited }");
    assert_eq!(server.ask(fault).await.status, 201);
    // The bot has taken the webhook when its call is refused, so nothing but the end of the time wakes the exchange.
    let mut waiting = server.connect().await;
    let body = "{ user: p0, page: shop, says: Nothing, within: 2s }";
    waiting.send(&post(EXCHANGES).body(body).bytes(server.address())).await;
    let taken = server.wait_for("delivery_attempt").await;
    let person = server.control("/people/p0").await;
    assert_eq!(taken["status"], 200, "{taken}");
    let recipient = json!({ "id": person["psids"]["shop"] });
    assert!(recipient["id"].is_string(), "{person}");
    let send = json!({ "recipient": recipient, "message": { "text": "Hello" } }).to_string();
    let refused = server.ask(post("/v25.0/me/messages").bearer("EAAbot").json(send)).await;
    assert_eq!(refused.code().0, 613, "{}", refused.text());
    let report = waiting.reply().await.json();
    assert_eq!((&report["outcome"], &report["refused"][0]["code"]), (&json!("refused"), &json!(613)), "{report}");
}

#[tokio::test]
async fn a_webhook_that_an_exchange_says_was_not_taken_fails_no_step_after_it() {
    let (server, _bot) = start(1).await;
    let report = report(&server, "{ user: p0, page: shop, says: Bad }").await;
    assert_eq!(report["outcome"], "not_taken", "{report}");
    let step = post("/_control/worlds/default/steps").body("{ user: p0, page: shop, says: Hi }");
    let reply = server.ask(step).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[tokio::test]
async fn a_thread_has_one_exchange_at_a_time() {
    let gate = Arc::new(Barrier::new(2));
    let open = gate.clone();
    let bot = Bot::answering(move |_| Answer::Together(gate.clone())).await;
    let server = TestServer::start(&world(&bot, 2)).await;
    let begin = |person: &str| {
        post(EXCHANGES).body(format!("{{ user: {person}, page: shop, says: Hi, until: {{ quiet: 1ms }} }}"))
    };
    let mut first = server.connect().await;
    first.send(&begin("p0").bytes(server.address())).await;
    server.wait_for("webhook").await;
    let second = server.ask(begin("p0")).await;
    assert_eq!(
        (second.status, message(&second)),
        (409, "another exchange goes on in the thread of p0@shop: wait until it is over".to_owned())
    );
    open.wait().await;
    assert_eq!(first.reply().await.status, 200);
    first.send(&begin("p0").bytes(server.address())).await;
    open.wait().await;
    assert_eq!(first.reply().await.status, 200);
}

#[tokio::test]
async fn an_exchange_ends_with_the_connection_of_its_caller() {
    let bot = Bot::accepting().await;
    let server = TestServer::start(&world(&bot, 1)).await;
    let begin = |within: &str| post(EXCHANGES).body(format!("{{ user: p0, page: shop, says: Hi, within: {within} }}"));
    let mut first = server.connect().await;
    first.send(&begin("10m").bytes(server.address())).await;
    server.wait_for("delivery_attempt").await;
    drop(first);
    let mut second = server.ask(begin("1ms")).await;
    // The server notices it soon, but not before the next call comes.
    while second.status == 409 {
        second = server.ask(begin("1ms")).await;
    }
    assert_eq!((second.status, &second.json()["outcome"]), (200, &json!("silent")), "{}", second.text());
}

#[tokio::test]
async fn exchanges_of_different_people_go_on_side_by_side() {
    let together = Arc::new(Barrier::new(50));
    let bot = Bot::answering(move |_| Answer::Together(together.clone())).await;
    let server = TestServer::start(&world(&bot, 50)).await;
    let mut waiting = Vec::new();
    for person in 0..50 {
        let mut connection = server.connect().await;
        let body = format!("{{ user: p{person}, page: shop, says: Hi, until: {{ quiet: 1ms }} }}");
        connection.send(&post(EXCHANGES).body(body).bytes(server.address())).await;
        waiting.push(connection);
    }
    for mut connection in waiting {
        let reply = connection.reply().await;
        assert_eq!((reply.status, &reply.json()["outcome"]), (200, &json!("silent")), "{}", reply.text());
    }
}

#[tokio::test]
async fn the_times_of_all_answers_are_there_for_who_only_fires() {
    let (server, _bot) = start(3).await;
    assert_eq!(server.control("/answers").await, json!({ "apps": {} }));
    for step in [
        "{ user: p0, page: shop, says: Hi }",
        "{ user: p1, page: shop, says: Twice }",
        "{ user: p2, page: shop, says: Nothing }",
    ] {
        assert_eq!(server.http_step(step).await.status, 200, "{step}");
    }
    let of_bot = server.control("/answers").await["apps"]["bot"].clone();
    assert_eq!((&of_bot["answered"], &of_bot["waiting"]), (&json!(2), &json!(1)), "{of_bot}");
    let at = |part: &str| of_bot["ms"][part].as_f64().expect("a time");
    assert!(0.0 < at("p50") && at("p50") <= at("p90") && at("p90") <= at("p99") && at("p99") <= at("max"), "{of_bot}");
    assert_eq!(server.ask(crate::support::delete("/_control/worlds/default/answers")).await.status, 204);
    assert_eq!(server.control("/answers").await, json!({ "apps": {} }));
}

#[tokio::test]
async fn an_exchange_that_makes_no_sense_is_drawn_and_does_nothing() {
    let server = TestServer::start(crate::support::BAKERY).await;
    let rows = vec![
        ("nothing to wait for", "{ user: alice, says: Hi, until: {} }"),
        ("two ends", "{ user: alice, says: Hi, until: { answers: 1, owner: sales } }"),
        ("no answer", "{ user: alice, says: Hi, until: { answers: 0 } }"),
        ("too many answers", "{ user: alice, says: Hi, until: { answers: 101 } }"),
        ("an app that is none", "{ user: alice, says: Hi, until: { owner: sails } }"),
        ("a time without a unit", "{ user: alice, says: Hi, until: { quiet: 3 } }"),
        ("an end that is none", "{ user: alice, says: Hi, until: { reads: true } }"),
        ("an operator that is none", "{ user: alice, says: Hi, until: { text: { contians: re } } }"),
        ("a wait that is none", "{ user: alice, says: Hi, within: soon }"),
        ("an app's step", "{ app: sales, sends: Hi }"),
        ("an expectation", "{ expect: [{ owner: sales }] }"),
        ("a verb that is none", "{ user: alice, sais: Hi }"),
        ("a list", "[]"),
    ];
    let rows = rows.into_iter().map(|(what, body)| (what, post(EXCHANGES).body(body))).collect();
    insta::assert_snapshot!(mistakes(&server, rows).await, @"
    nothing to wait for: 400 the exchange:1:33: `until` is one of { answers: 1 }, { text: Hello }, { owner: bot } and { quiet: 300ms }
    two ends: 400 the exchange:1:33: `until` is one of { answers: 1 }, { text: Hello }, { owner: bot } and { quiet: 300ms }
    no answer: 400 the exchange:1:44: `answers` is a whole number from 1 to 100
    too many answers: 400 the exchange:1:44: `answers` is a whole number from 1 to 100
    an app that is none: 400 the exchange:1:42: unknown app `sails`, did you mean `sales`?
    a time without a unit: 400 the exchange:1:42: a length of time is a number with its unit: 300ms, 2s, 90m, 24h, 7d, or 1h30m
    an end that is none: 400 the exchange:1:35: `until` is one of { answers: 1 }, { text: Hello }, { owner: bot } and { quiet: 300ms }
    an operator that is none: 400 the exchange:1:41: expected a text, or a map with one of contains, matches, any, absent, one_of
    a wait that is none: 400 the exchange:1:34: a length of time is a number with its unit: 300ms, 2s, 90m, 24h, 7d, or 1h30m
    an app's step: 400 the exchange:1:1: an exchange begins with a `user` step
    an expectation: 400 the exchange:1:1: an exchange begins with a `user` step
    a verb that is none: 400 the exchange:1:16: unknown key `sais` in a `user` step, did you mean `says`?
    a list: 400 the exchange:1:1: a step needs one of: user, app, admin, inbox, clock, fault, call, expect
    ");
    assert_eq!(server.entries("command").await.len(), 0);
    let impossible = exchange(&server, "{ user: alice, taps_button: Buy }").await;
    assert_eq!((impossible.status, message(&impossible).contains("no button labelled `Buy`")), (422, true));
}

#[tokio::test]
async fn a_load_says_how_long_the_bot_took_and_what_went_wrong() {
    let (server, _bot) = start(5).await;
    let load = |says: &'static str| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_graphdouble"));
        command.args(["load", "--url", server.emulator.url(), "--people", "5", "--for", "100ms", "--page", "shop"]);
        command.args(["--says", says, "--within", "20s", "--strict"]);
        command
    };
    let good = load("Hi").output().await.expect("the program runs");
    let table = String::from_utf8_lossy(&good.stdout).into_owned();
    assert!(good.status.success() && table.contains("first answer") && table.contains("  answered"), "{table}");
    let bad = load("Bad").output().await.expect("the program runs");
    let table = String::from_utf8_lossy(&bad.stdout).into_owned();
    assert_eq!(bad.status.code(), Some(4), "{table}");
    assert!(table.contains("not_taken: status 500"), "{table}");
    let wrong = load("Hi").args(["--in", "nowhere"]).output().await.expect("the program runs");
    assert_eq!(wrong.status.code(), Some(3), "{}", String::from_utf8_lossy(&wrong.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_may_bring_its_own_server() {
    let address = Address::default();
    let known = address.clone();
    // The first webhook may come before the test has read where the server is.
    let bot = Bot::answering(move |seen| answer(seen, known.wait())).await;
    let file = crate::support::files::file("exchanges", "load.yaml", &world(&bot, 0));
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_graphdouble"));
    command.args(["load", "--world", &file, "--listen", "127.0.0.1:0", "--people", "3", "--for", "50ms"]);
    command.args(["--page", "shop", "--within", "20s", "--strict"]);
    let mut load = command.stdout(std::process::Stdio::piped()).spawn().expect("the program runs");
    let mut lines = BufReader::new(load.stdout.take().expect("its output")).lines();
    let ready = lines.next_line().await.expect("output").expect("the ready line");
    let url = ready.strip_prefix("graphdouble listens on http://").expect("the URL");
    address.set(url.to_owned()).expect("one server");
    let mut table = String::new();
    while let Some(line) = lines.next_line().await.expect("output") {
        table.push_str(&line);
        table.push('\n');
    }
    assert!(load.wait().await.expect("an end").success() && table.contains("  answered"), "{table}");
}
