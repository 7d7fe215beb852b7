//! What falls due by itself, as the clock says it.

use serde_json::{Value, json};

use crate::support::{BAKERY, TestServer, post};

/// `what`, person or app, and moment of each.
fn short(clock: &Value) -> Vec<String> {
    let due = clock["due"].as_array().into_iter().flatten();
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or("-").to_owned();
    due.map(|item| ["what", "person", "app", "at"].map(|key| text(item, key)).join(" ")).collect()
}

#[tokio::test]
async fn the_clock_says_when_control_lapses_and_windows_close() {
    let mut server = TestServer::start(BAKERY).await;
    let nothing = server.control("/clock").await;
    assert_eq!((&nothing["due"], &nothing["more"]), (&json!([]), &json!(0)));
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    server.step("{ clock: +1h }").await;
    server.step("{ user: bob, says: Hi }").await;
    let clock = server.control("/clock").await;
    assert_eq!(
        short(&clock),
        [
            "control_lapses alice sales 2026-03-03T09:00:00Z",
            "window_closes alice - 2026-03-03T09:00:00Z",
            "control_lapses bob support 2026-03-03T10:00:00Z",
            "window_closes bob - 2026-03-03T10:00:00Z",
        ]
    );
    assert_eq!(
        clock["due"][0],
        json!({
            "at": "2026-03-03T09:00:00Z", "what": "control_lapses", "page": "bakery", "person": "alice", "app": "sales",
            "text": "sales loses control of alice",
        })
    );
    let turned = server.ask(post("/_control/worlds/default/clock").body("{ advance: +23h }")).await.json();
    let left = ["control_lapses bob support 2026-03-03T10:00:00Z", "window_closes bob - 2026-03-03T10:00:00Z"];
    assert_eq!(short(&turned), left, "a turned clock says what is left");
}

const FAILING: &str = r#"{ "name": "failing", "clock": "frozen", "world": {
    "clock": "2026-03-02T09:00:00Z",
    "apps": { "bot": { "webhook": { "url": "http://127.0.0.1:9/hook", "verify_token": "t" } } },
    "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} } } }, "people": { "carol": {} } } }"#;

#[tokio::test]
async fn a_webhook_that_waits_and_what_becomes_of_its_app_are_due() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(server.ask(post("/_control/worlds").body(FAILING)).await.status, 201);
    server.ask(post("/_control/worlds/failing/steps").body("{ user: carol, says: Hi }")).await;
    let waits = "/_control/worlds/failing/ledger?kind=delivery_state&wait=30s";
    let entry = crate::control_api::read(&server, waits).await["entries"][0]["webhook"].clone();
    let clock = crate::control_api::read(&server, "/_control/worlds/failing/clock").await;
    assert_eq!(
        short(&clock),
        [
            "webhook_waits - bot 2026-03-02T09:00:01Z",
            "developers_alerted - bot 2026-03-02T09:15:00Z",
            "app_unsubscribed - bot 2026-03-02T10:00:00Z",
            "control_lapses carol bot 2026-03-03T09:00:00Z",
            "window_closes carol - 2026-03-03T09:00:00Z",
        ]
    );
    assert_eq!((&clock["due"][0]["entry"], &clock["due"][0]["page"]), (&entry, &json!("shop")));
}

const EXPIRING: &str = r#"{ "name": "expiring", "clock": "frozen", "world": {
    "clock": "2026-03-02T09:00:00Z", "apps": { "bot": {} },
    "pages": { "shop": { "apps": { "bot": { "expires": "2026-03-02T10:00:00Z" } } } }, "people": { "carol": {} } } }"#;

#[tokio::test]
async fn tokens_that_expire_are_due() {
    let server = TestServer::start(BAKERY).await;
    let made = server.ask(post("/_control/worlds").body(EXPIRING)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let clock = crate::control_api::read(&server, "/_control/worlds/expiring/clock").await;
    assert_eq!(short(&clock), ["token_expires - bot 2026-03-02T10:00:00Z"]);
    assert_eq!(clock["due"][0]["text"], "an access token of bot for shop expires");
}

const ANYBODY: &str = r#"{ "name": "anybody", "clock": "frozen", "world": {
    "apps": { "bot": {} }, "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} } } }, "people": { "any": true } } }"#;

#[tokio::test]
async fn only_the_next_things_are_listed_and_the_others_are_counted() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(server.ask(post("/_control/worlds").body(ANYBODY)).await.status, 201);
    for person in 0..110 {
        let step = format!("{{ user: person{person}, says: Hi }}");
        assert_eq!(server.ask(post("/_control/worlds/anybody/steps").body(step)).await.status, 200);
    }
    let clock = crate::control_api::read(&server, "/_control/worlds/anybody/clock").await;
    assert_eq!((short(&clock).len(), &clock["more"]), (200, &json!(20)));
}
