//! Callers of one world: their steps proceed side by side, and each sees its own.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::control_api::{kinds, message};
use crate::support::{Answer, BAKERY, Bot, Connection, Reply, TestServer, post};

const STEPS: &str = "/_control/worlds/default/steps";

/// A world with one real app and this many people.
fn crowd(bot: &Bot, count: usize) -> String {
    let people: Vec<String> = (0..count).map(|person| format!("p{person}: {{}}")).collect();
    format!(
        "{{ apps: {{ bot: {{ webhook: {{ url: '{}' }} }} }}, pages: {{ shop: {{ default_app: bot, apps: {{ bot: {{}} }} }} }}, \
         people: {{ {} }} }}",
        bot.url("/webhook"),
        people.join(", ")
    )
}

/// Sends a step on a connection of its own, and does not wait for the answer.
async fn begin(server: &TestServer, session: Option<&str>, step: &str) -> Connection {
    let request = match session {
        Some(name) => post(STEPS).header("Graphdouble-Session", name),
        None => post(STEPS),
    };
    let mut connection = server.connect().await;
    connection.send(&request.body(step).bytes(server.address())).await;
    connection
}

async fn in_session(server: &TestServer, name: &str, step: &str) -> Reply {
    server.ask(post(STEPS).header("Graphdouble-Session", name).body(step)).await
}

#[tokio::test]
async fn steps_of_different_people_are_performed_side_by_side() {
    let together = Arc::new(Barrier::new(20));
    let bot = Bot::answering(move |_| Answer::Together(together.clone())).await;
    let server = TestServer::start(&crowd(&bot, 20)).await;
    let mut waiting = Vec::new();
    for person in 0..20 {
        waiting.push(begin(&server, None, &format!("{{ user: p{person}, says: Hi {person} }}")).await);
    }
    for (person, mut connection) in waiting.into_iter().enumerate() {
        let reply = connection.reply().await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let printed = reply.json();
        // Its own entries, and nothing of the nineteen others.
        assert_eq!(kinds(&printed["entries"]).iter().filter(|kind| **kind == "command").count(), 1, "{printed}");
        assert_eq!(kinds(&printed["entries"]).last(), Some(&"delivery_attempt"), "{printed}");
        let texts: Vec<&str> =
            printed["entries"].as_array().into_iter().flatten().filter_map(|entry| entry["text"].as_str()).collect();
        assert!(
            texts[0].contains(&format!("p{person}")) && texts.iter().all(|text| !mentions_others(text, person)),
            "{texts:?}"
        );
    }
}

fn mentions_others(text: &str, person: usize) -> bool {
    let names =
        text.split(|letter: char| !letter.is_alphanumeric()).filter_map(|word| word.strip_prefix('p')?.parse().ok());
    names.into_iter().any(|named: usize| named != person)
}

#[tokio::test]
async fn steps_on_one_thread_come_one_after_another_in_the_order_of_their_arrival() {
    let bot = Bot::accepting().await;
    let server = TestServer::start(&crowd(&bot, 1)).await;
    let mut connection = server.connect().await;
    let step =
        |number: usize| post(STEPS).body(format!("{{ user: p0, says: 'no. {number}' }}")).bytes(server.address());
    for number in 0..5 {
        assert_eq!(connection.ask(&step(number)).await.status, 200);
    }
    let texts: Vec<Value> = bot.seen().iter().map(|seen| seen.item()["message"]["text"].clone()).collect();
    assert_eq!(texts, ["no. 0", "no. 1", "no. 2", "no. 3", "no. 4"]);
}

#[tokio::test]
async fn a_session_sees_neither_what_another_saved_nor_its_window() {
    let server = TestServer::start("{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {}, bob: {} } }").await;
    for (name, step) in [
        ("a", "{ user: alice, says: Hi, save: { hers: /mid } }"),
        ("b", "{ user: bob, says: Hello }"),
        ("a", "{ expect: [{ app: bot, gets: messages, text: Hi }, { nothing: webhooks }] }"),
        (
            "b",
            "{ expect: [{ app: bot, gets_no: messages, text: Hi }, { owner: bot }, { app: bot, gets: messages, text: Hello }] }",
        ),
        ("b", "{ app: bot, sends: Welcome }"),
        ("a", "{ expect: [{ nothing: webhooks }] }"),
        ("a", "{ app: bot, sends: 'To ${alice}' }"),
        ("b", "{ expect: [{ message: { from: bot, to: bob, text: Welcome } }] }"),
    ] {
        let reply = in_session(&server, name, step).await;
        assert_eq!(reply.status, 200, "{name}: {step}: {}", reply.text());
    }
    let unknown = in_session(&server, "b", "{ user: bob, says: '${hers}' }").await;
    assert_eq!((unknown.status, message(&unknown).contains("`${hers}` is not known here")), (400, true));
    let saved = in_session(&server, "a", "{ user: alice, says: Yes, replies_to: '${hers}' }").await;
    assert_eq!(saved.status, 200, "{}", saved.text());
}

#[tokio::test]
async fn the_parameter_names_a_session_like_the_header() {
    let server = TestServer::start(BAKERY).await;
    let by_parameter =
        server.ask(post(format!("{STEPS}?session=a")).body("{ user: alice, says: Hi, save: { hers: /mid } }")).await;
    assert_eq!(by_parameter.status, 200);
    assert_eq!(in_session(&server, "a", "{ user: alice, says: '${hers}' }").await.status, 200);
    assert_eq!(server.http_step("{ user: alice, says: '${hers}' }").await.status, 400);
    let both = post(format!("{STEPS}?session=a")).header("Graphdouble-Session", "b").body("{ user: alice, says: Hi }");
    assert_eq!(
        message(&server.ask(both).await),
        "the header `Graphdouble-Session` and `session=` name different sessions"
    );
    let long = in_session(&server, &"x".repeat(101), "{ user: alice, says: Hi }").await;
    assert_eq!((long.status, message(&long)), (400, "the name of a session has at most 100 bytes".to_owned()));
}

#[tokio::test]
async fn a_header_that_names_no_session_clearly_is_refused() {
    let server = TestServer::start(BAKERY).await;
    let step = || post(STEPS).body("{ user: alice, says: Hi }");
    for (request, expected) in [
        (step().header("Graphdouble-Session", "J\u{fc}rgen"), "a name in ASCII"),
        (step().header("Graphdouble-Session", "a").header("Graphdouble-Session", "b"), "stands twice"),
    ] {
        let reply = server.ask(request).await;
        assert_eq!(reply.status, 400);
        assert!(message(&reply).contains(expected), "{}", reply.text());
    }
}

#[tokio::test]
async fn a_session_remembers_many_threads_and_who_is_nobody_is_not_somebody_else() {
    let world = BAKERY.replace("people:", "people:\n  any: true");
    let server = TestServer::start(&world).await;
    for person in 0..12 {
        let step = format!("{{ user: p{person}, says: Hi, page: bakery }}");
        assert_eq!(in_session(&server, "many", &step).await.status, 200, "{step}");
    }
    let unclear = in_session(&server, "many", "{ app: support, sends: Hello }").await;
    assert!(unclear.text().contains(", others"), "{}", unclear.text());
    let nobody = in_session(&server, "one", "{ user: carl, says: Hi }").await;
    assert_eq!(nobody.status, 200, "{}", nobody.text());
    let app = in_session(&server, "one", "{ user: support, says: Hi }").await;
    assert_eq!(app.status, 422, "{}", app.text());
    assert!(message(&app).contains("there is no person `support`"), "{}", app.text());
}

#[tokio::test]
async fn the_oldest_of_too_many_sessions_is_forgotten() {
    let server = TestServer::start(BAKERY).await;
    let mut connection = server.connect().await;
    let save = |name: usize| {
        let step = format!("{{ user: alice, says: Hi, save: {{ v{name}: /mid }} }}");
        post(format!("{STEPS}?session=s{name}")).body(step).bytes(server.address())
    };
    for name in 0..1001 {
        assert_eq!(connection.ask(&save(name)).await.status, 200);
    }
    assert_eq!(in_session(&server, "s1000", "{ user: alice, says: '${v1000}' }").await.status, 200);
    assert_eq!(in_session(&server, "s1", "{ user: alice, says: '${v1}' }").await.status, 200);
    assert_eq!(in_session(&server, "s0", "{ user: alice, says: '${v0}' }").await.status, 400);
}

#[tokio::test]
async fn who_goes_away_while_a_step_waits_leaves_the_thread_and_the_session_free() {
    let gate = Arc::new(Barrier::new(2));
    let open = gate.clone();
    let bot = Bot::answering(move |_| Answer::Together(gate.clone())).await;
    let server = TestServer::start(&crowd(&bot, 2)).await;
    let gone = begin(&server, Some("a"), "{ user: p0, says: One }").await;
    server.wait_for("webhook").await;
    drop(gone);
    let mut next = begin(&server, Some("a"), "{ user: p0, says: Two }").await;
    // The bot answers the first webhook, and then the second one.
    open.wait().await;
    open.wait().await;
    let reply = next.reply().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(bot.seen().len(), 2);
}

#[tokio::test]
async fn a_reset_or_a_delete_ends_the_steps_that_wait() {
    let bot = Bot::answering(|_| Answer::Silence).await;
    for end in ["reset", "delete"] {
        let server = TestServer::start(&crowd(&bot, 2)).await;
        let mut acting = begin(&server, None, "{ user: p0, says: One }").await;
        server.wait_for("webhook").await;
        let mut observing = begin(&server, Some("a"), "{ app: bot, sends: Hello, within: 60s }").await;
        let mut watching =
            begin(&server, Some("b"), "{ expect: [{ message: { from: bot, text: Hello }, within: 60s }] }").await;
        let mut queued = begin(&server, None, "{ user: p0, says: Two }").await;
        let request = match end {
            "reset" => post("/_control/worlds/default/reset"),
            _ => crate::support::delete("/_control/worlds/default"),
        };
        assert_eq!(server.ask(request).await.status, 204);
        for connection in [&mut acting, &mut observing, &mut watching, &mut queued] {
            let reply = connection.reply().await;
            let status = reply.status;
            // A step whose request came only after the end finds no world, or acts in the fresh one.
            assert!(status == 422 || status == 404 || status == 200, "{end}: {}", reply.text());
        }
    }
}

#[tokio::test]
async fn a_failed_delivery_fails_the_step_of_its_own_thread() {
    let bot = Bot::answering(|seen| match seen.text().contains("Bad") {
        true => Answer::status("500 Internal Server Error", ""),
        false => Answer::status("200 OK", ""),
    })
    .await;
    let server = TestServer::start(&crowd(&bot, 20)).await;
    let mut waiting = Vec::new();
    for person in 0..20 {
        let text = if person == 7 { "Bad" } else { "Good" };
        waiting.push(begin(&server, None, &format!("{{ user: p{person}, says: {text} }}")).await);
    }
    for (person, mut connection) in waiting.into_iter().enumerate() {
        let expected = if person == 7 { 422 } else { 200 };
        assert_eq!(connection.reply().await.status, expected, "p{person}");
    }
    assert_eq!(server.http_step("{ user: p8, says: Good }").await.json()["how"], json!("acted"));
}

#[tokio::test]
async fn what_waits_for_an_app_holds_nobody() {
    let bot = Bot::accepting().await;
    let server = TestServer::start(&crowd(&bot, 3)).await;
    assert_eq!(in_session(&server, "a", "{ user: p0, says: Hi }").await.status, 200);
    let mut waiting = Vec::new();
    for (session, step) in [
        (Some("a"), "{ user: p0, taps_quick_reply: Go, within: 60s }"),
        (Some("b"), "{ expect: [{ owner: nobody, of: p1 }], within: 60s }"),
        (None, "{ expect: [{ app: bot, gets: message_echoes, text: Welcome, of: p0 }], within: 60s }"),
        (None, "{ app: bot, to: p0, sends: { text: Welcome }, within: 60s }"),
    ] {
        waiting.push(begin(&server, session, step).await);
    }
    // All of these, in the same threads and with the clock, go on while the others wait.
    for step in [
        "{ user: p0, says: Are you there? }",
        "{ clock: +1m }",
        "{ user: p1, says: Hi }",
        "{ expect: [{ app: bot, gets: messages, text: Hi, of: p1 }] }",
    ] {
        let reply = in_session(&server, "c", step).await;
        assert_eq!(reply.status, 200, "{step}: {}", reply.text());
    }
    let offer = "{ text: Welcome, quick_replies: [{ content_type: text, title: Go, payload: GO }] }";
    let welcome = format!(
        "{{ call: {{ as: bot, post: /me/messages, body: {{ recipient: {{ id: '${{p0}}' }}, message: {offer} }} }} }}"
    );
    assert_eq!(in_session(&server, "c", &welcome).await.status, 200);
    let release = "{ call: { as: bot, post: /me/release_thread_control, body: { recipient: { id: '${p1}' } } } }";
    in_session(&server, "c", release).await;
    let tapped = waiting[0].reply().await;
    assert_eq!(tapped.status, 200, "{}", tapped.text());
}

#[tokio::test]
async fn an_expectation_looks_behind_the_last_step_of_its_own_session() {
    let server = TestServer::start(BAKERY).await;
    for (name, step) in [
        ("a", "{ user: alice, says: Hi }"),
        ("b", "{ user: bob, says: Hello }"),
        ("b", "{ app: support, sends: Welcome }"),
        ("a", "{ expect: [{ app: support, gets: messages, text: Hi }, { owner: support, of: alice }] }"),
        ("b", "{ expect: [{ app: support, gets: message_echoes, text: Welcome }] }"),
    ] {
        let reply = in_session(&server, name, step).await;
        assert_eq!(reply.status, 200, "{name}: {step}: {}", reply.text());
    }
}
