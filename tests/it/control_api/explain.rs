//! The story of a thread over HTTP.

use serde_json::{Value, json};

use crate::control_api::{mistakes, read};
use crate::support::{Answer, BAKERY, Bot, TestServer, get, post};

const EXPLAIN: &str = "/threads/bakery/alice/explain";

#[tokio::test]
async fn a_thread_is_explained_from_its_standing_to_what_each_app_may_do() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ admin: bakery, sets_standby: { loyalty: false } }").await;
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    server.step("{ app: loyalty, sends: No, refused: { code: 10 } }").await;
    server.step("{ clock: +25h }").await;
    let shown = server.control(EXPLAIN).await;
    assert_eq!(
        (&shown["owner"], &shown["since"], &shown["until"], &shown["because"]),
        (&json!("support"), &json!("2026-03-03T09:00:00Z"), &Value::Null, &json!("control.idle.default_app"))
    );
    assert_eq!(shown["ruleset"], "conversation_routing@2023-09");
    assert_eq!(
        shown["window"],
        json!({ "open": false, "until": "2026-03-03T09:00:00Z", "human_agent_until": "2026-03-09T09:00:00Z", "because": "window.closed" })
    );
    let whats: Vec<&str> =
        shown["story"].as_array().into_iter().flatten().filter_map(|one| one["what"].as_str()).collect();
    assert_eq!(
        whats,
        [
            "admin of bakery: standby of loyalty false",
            "alice taps the ad tulips and says \"Hi\"",
            "loyalty sends \"No\" to alice",
            "time passes: control of sales lapses",
        ]
    );
    let told_of_hi =
        shown["story"][1]["outcome"].as_array().into_iter().flatten().find(|one| one["field"] == "messages");
    let decision = |app: &str| {
        let decisions = told_of_hi.and_then(|one| one["decisions"].as_array()).into_iter().flatten();
        decisions
            .filter(|one| one["app"] == app)
            .map(|one| json!([one["decision"], one["channel"], one["rule"]]))
            .next()
    };
    assert_eq!(decision("sales"), Some(json!(["deliver", "messaging", "webhook.owner"])));
    assert_eq!(decision("support"), Some(json!(["deliver", "standby", "webhook.standby"])));
    assert_eq!(decision("loyalty"), Some(json!(["withhold", "standby", "webhook.withheld.standby_toggle_off"])));
    assert_eq!(shown["story"][2]["refused"]["rule"], "send.refused.not_owner");
    let pass = shown["may"][0]["attempts"].as_array().into_iter().flatten().find(|may| may["what"] == "pass to sales");
    assert_eq!(
        pass,
        Some(
            &json!({ "what": "pass to sales", "allowed": true, "owner": "sales", "moves": true, "rule": "control.pass.app" })
        )
    );
    let named: Vec<&Value> = shown["rules"].as_array().into_iter().flatten().map(|rule| &rule["id"]).collect();
    for rule in ["control.idle.default_app", "send.refused.not_owner", "control.pass.app"] {
        assert_eq!(named.iter().filter(|id| **id == rule).count(), 1, "{rule}");
    }
}

#[tokio::test]
async fn asking_changes_nothing() {
    let server = TestServer::after(BAKERY, &["{ user: alice, taps_ad: tulips, says: Hi }", "{ clock: +25h }"]).await;
    let (state, ledger) = (server.state().await, server.control("/ledger").await);
    let shown = server.control(EXPLAIN).await;
    assert_eq!(server.control(EXPLAIN).await, shown);
    assert_eq!((server.state().await, server.control("/ledger").await), (state, ledger));
}

#[tokio::test]
async fn a_world_that_was_reset_has_forgotten_nothing() {
    let server = TestServer::after(BAKERY, &["{ user: alice, says: Hi }"]).await;
    server.ask(post("/_control/worlds/default/reset")).await;
    server.http_step("{ user: alice, says: Hi }").await;
    server.http_step("{ app: support, sends: Hello }").await;
    let shown = server.control(EXPLAIN).await;
    assert_eq!((&shown["forgotten"], shown["story"].as_array().map(Vec::len)), (&Value::Null, Some(2)));
}

#[tokio::test]
async fn a_webhook_that_an_app_did_not_accept_is_explained_with_its_attempts() {
    let server = TestServer::start(BAKERY).await;
    let bot = Bot::answering(|_| Answer::status("500 Internal Server Error", "")).await;
    let world = format!(
        "{{ name: real, clock: frozen, world: {{ apps: {{ bot: {{ webhook: {{ url: '{}' }} }} }}, \
         pages: {{ shop: {{ default_app: bot, apps: {{ bot: {{}} }} }} }}, people: {{ carol: {{}} }} }} }}",
        bot.url("/bot")
    );
    assert_eq!(server.ask(post("/_control/worlds").body(world)).await.status, 201);
    server.ask(post("/_control/worlds/real/steps").body("{ user: carol, says: Hi }")).await;
    read(&server, "/_control/worlds/real/ledger?kind=delivery_attempt&wait=10s").await;
    let shown = read(&server, "/_control/worlds/real/threads/shop/carol/explain").await;
    let webhook = shown["story"][0]["outcome"].as_array().into_iter().flatten().find(|one| one["kind"] == "webhook");
    let delivery = webhook.map(|webhook| webhook["decisions"][0]["delivery"].clone());
    assert_eq!(delivery, Some(json!({ "taken": false, "text": "bot answered 500 to attempt 1" })));
}

#[tokio::test]
async fn unknown_names_are_answered_with_the_nearest() {
    let server = TestServer::start(BAKERY).await;
    let at = |path: &str| get(format!("/_control/worlds/{path}/explain"));
    let rows = vec![
        ("an unknown world", at("defualt/threads/bakery/alice")),
        ("an unknown page", at("default/threads/bakry/alice")),
        ("an unknown person", at("default/threads/bakery/alcie")),
        ("another word", get("/_control/worlds/default/threads/bakery/alice/explian")),
    ];
    insta::assert_snapshot!(mistakes(&server, rows).await, @"
    an unknown world: 404 there is no world `defualt`, did you mean `default`? (known are: default)
    an unknown page: 404 there is no page `bakry`, did you mean `bakery`? (known are: bakery)
    an unknown person: 404 there is no person `alcie`, did you mean `alice`? (known are: alice, bob)
    another word: 404 there is nothing at /_control/worlds/default/threads/bakery/alice/explian, did you mean `explain`? (below /_control/worlds/default/threads/bakery/alice are: explain, offers; /_control/openapi.json describes everything)
    ");
}
