//! Any call of a real app can be observed and read, with what it said and was answered.

use serde_json::{Value, json};

use crate::support::{BAKERY, Request, TestServer, get, post};

use super::{Bot, fails, passes};

#[test]
fn any_call_of_a_real_app_is_observed_with_its_body() {
    let scenarios = "
- name: a setting and an answer
  steps:
    - { user: alice, says: profile }
    - { app: bot, calls: { post: /me/messenger_profile, body: { get_started: { payload: { matches: '^ST' } } } }, returns: { result: success } }
    - { app: bot, sends: Hello }
- name: a read
  steps:
    - { user: alice, says: who }
    - { app: bot, to: alice, calls: { get: '/${alice}', query: { fields: { contains: first_name } } }, returns: { first_name: Alice } }
    - { app: bot, calls: { post: { matches: '^/.*/messages$' }, body: { message: { text: Hello Alice } } } }
    - expect: [{ message: { from: bot, to: alice, text: Hello Alice } }]
";
    for delay in [0, 60] {
        passes(&Bot { delay }.run("calls.yaml", scenarios, &[]));
    }
}

#[test]
fn a_call_that_does_not_come_is_a_failure_that_says_what_came() {
    let scenarios = "
- name: another body
  steps:
    - { user: alice, says: profile }
    - { app: bot, calls: { post: /me/messenger_profile, body: { get_started: { payload: BUY } } }, within: 300ms }
";
    let text = fails(&Bot::default().run("another.yaml", scenarios, &[]));
    assert!(text.contains("app `bot` did not do this within 300ms"), "{text}");
    assert!(
        text.contains(r#"`bot` called POST /me/messenger_profile with {"get_started":{"payload":"START"}}"#),
        "{text}"
    );
    assert!(text.contains(r#"expected "BUY", found "START""#), "{text}");
    assert!(text.contains(r#"{"recipient":{"id":"${alice}"},"message":{"text":"Hello"}}"#), "{text}");
    assert!(!text.contains("EAAbot"), "{text}");
}

/// Calls of a puppet over the socket: one in each encoding, one that is refused, and a read.
async fn called() -> TestServer {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi }").await;
    let json = r#"{"recipient":{"id":"3001"},"message":{"text":"Hello"}}"#;
    let calls: [Request; 4] = [
        post("/v25.0/me/messages?access_token=EAAsupport").json(json),
        post("/v25.0/me/messages")
            .form("recipient=%7B%22id%22%3A%223001%22%7D&sender_action=typing_on&access_token=EAAsupport"),
        post("/v25.0/2001/messages?access_token=EAAsales")
            .json(r#"{"recipient":{"id":"3001"},"message":{"text":"No"}}"#),
        get("/v25.0/3001?fields=first_name&access_token=EAAsupport"),
    ];
    for call in calls {
        server.ask(call).await;
    }
    server
}

async fn calls(server: &TestServer, query: &str) -> Vec<Value> {
    server.control(&format!("/calls{query}")).await["calls"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn calls_are_answered_with_query_body_person_and_answer() {
    let server = called().await;
    let all = calls(&server, "").await;
    assert_eq!(all.len(), 4, "{all:?}");
    let [sent, typed, refused, read] = &all[..] else { return };
    assert_eq!(
        (&sent["method"], &sent["path"], &sent["person"]),
        (&json!("POST"), &json!("/me/messages"), &json!("alice"))
    );
    assert_eq!(sent["query"], json!({ "access_token": "***" }));
    assert_eq!(sent["body"]["message"], json!({ "text": "Hello" }));
    assert_eq!(sent["answer"]["recipient_id"], json!("3001"));
    assert_eq!(
        typed["body"],
        json!({ "access_token": "***", "recipient": { "id": "3001" }, "sender_action": "typing_on" })
    );
    assert_eq!(
        (&refused["app"], &refused["path"], &refused["code"]),
        (&json!("sales"), &json!("/2001/messages"), &json!(10))
    );
    assert_eq!(refused["answer"]["error"]["code"], json!(10));
    assert_eq!((&read["query"]["fields"], &read["person"]), (&json!("first_name"), &json!("alice")));
    assert_eq!(read["answer"]["first_name"], json!("Alice"));

    let shown = calls(&server, "?secrets=show&limit=1").await;
    assert_eq!(shown[0]["query"]["access_token"], json!("EAAsupport"));
}

#[tokio::test]
async fn calls_are_found_by_app_person_method_path_and_status() {
    let server = called().await;
    for (query, count) in [
        ("?app=support", 3),
        ("?person=alice", 4),
        ("?thread=alice@bakery", 4),
        ("?person=bob", 0),
        ("?method=get", 1),
        ("?path=/me/messages", 3),
        ("?path=/2001/messages", 3),
        ("?path=messages&status=200", 2),
        ("?status=4xx", 1),
    ] {
        assert_eq!(calls(&server, query).await.len(), count, "{query}");
    }
    for (query, says) in [
        ("?method=PUT", "a Graph call is GET, POST, DELETE"),
        ("?status=9xx", "a status is like"),
        ("?app=suport", "did you mean `support`?"),
        ("?thread=alice@kiosk", "there is no page `kiosk`"),
        ("?secrets=all", "`show` writes out"),
        ("?body=x", "unknown parameter `body`"),
    ] {
        let reply = server.ask(get(format!("/_control/worlds/default/calls{query}"))).await;
        assert_eq!(reply.status, 400, "{query}");
        assert!(reply.text().contains(says), "{query}: {}", reply.text());
    }
}

#[tokio::test]
async fn the_ledger_has_what_a_call_said_and_masks_secrets_unless_it_is_asked() {
    let server = called().await;
    let page = server.control("/ledger?kind=graph_call&person=alice").await;
    assert_eq!(page["entries"][0]["body"]["message"]["text"], json!("Hello"));
    assert_eq!(page["entries"][0]["person"], json!("alice"));
    assert!(!page.to_string().contains("EAAsupport"), "{page}");
    let page = server.control("/ledger?kind=graph_call&secrets=show").await;
    assert!(page.to_string().contains("EAAsupport"), "{page}");
    let failed = server.entries("call_failed").await;
    let text = failed[0]["text"].as_str().unwrap_or_default();
    assert!(text.ends_with(r#"it said {"recipient":{"id":"${alice}"},"message":{"text":"No"}}"#), "{text}");
}

#[tokio::test]
async fn a_call_is_waited_for() {
    let server = called().await;
    let after = server.control("/calls").await["after"].as_u64().expect("a cursor");
    let later = format!("/calls?after={after}&path=messages&wait=30s");
    let waiting = server.control(&later);
    let send = server.ask(
        post("/v25.0/me/messages?access_token=EAAsupport")
            .json(r#"{"recipient":{"id":"3001"},"message":{"text":"Later"}}"#),
    );
    let (found, _) = tokio::join!(waiting, send);
    assert_eq!(found["calls"][0]["body"]["message"]["text"], json!("Later"));
}

#[tokio::test]
async fn a_puppet_makes_any_call() {
    let mut server = TestServer::start(BAKERY).await;
    server
        .step("{ app: support, calls: { post: /me/messenger_profile, body: { get_started: { payload: GO } } } }")
        .await;
    let read = "{ app: support, calls: { get: /me/messenger_profile, query: { fields: get_started } }, returns: { data: [{ get_started: { payload: GO } }] } }";
    server.step(read).await;
    server.step("{ app: support, calls: { post: /me/nowhere }, refused: { code: 2500 } }").await;
    let wrong = server.emulator.step("{ app: support, calls: { post: /me/nowhere } }").await;
    assert!(wrong.is_err_and(|error| error.to_string().contains("app `support` was refused")));
    let matcher = server.emulator.step("{ app: support, calls: { get: { matches: x } } }").await;
    assert!(matcher.is_err_and(|error| error.to_string().contains("a puppet cannot call a matcher")));
}

#[test]
fn a_call_that_the_script_makes_in_the_place_of_a_bot_is_a_warning() {
    let steps = "
- name: typing
  steps:
    - { user: alice, says: quiet }
    - { call: { as: bot, post: /me/messages, body: { recipient: { id: '${alice}' }, sender_action: typing_on } } }
    - { call: { as: bot, get: /me } }
";
    let output = Bot { delay: 0 }.run("in-place.yaml", steps, &[]);
    passes(&output);
    let text = String::from_utf8_lossy(&output.stdout);
    let warning =
        "`call` makes this call itself, although `bot` is a real app; `{ app: bot, calls: { post: … } }` waits";
    assert_eq!(text.matches(warning).count(), 1, "{text}");
}
