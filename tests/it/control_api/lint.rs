//! What apps did wrong though nothing failed, over HTTP.

use serde_json::{Value, json};

use crate::control_api::read;
use crate::support::{BAKERY, Bot, TestServer, post};

#[tokio::test]
async fn an_app_that_sends_into_a_thread_of_another_is_reported() {
    let mut server = TestServer::start(BAKERY).await;
    assert_eq!(server.control("/lint").await, json!({ "findings": [], "left_out": 0, "from": 1 }));
    server.step("{ user: alice, says: Hi }").await;
    let message = r#"{ "recipient": { "id": "3001" }, "message": { "text": "No" } }"#;
    let call =
        || post("/v25.0/me/messages").bearer("EAAsales").header("content-type", "application/json").body(message);
    server.refused(call()).await;
    server.refused(call()).await;
    let shown = server.control("/lint").await;
    let finding = &shown["findings"][0];
    assert_eq!(
        [&finding["lint"], &finding["app"], &finding["thread"], &finding["rule"], &finding["times"]],
        [
            &json!("answers_standby"),
            &json!("sales"),
            &json!("alice@bakery"),
            &json!("send.refused.not_owner"),
            &json!(2)
        ]
    );
    assert_eq!(shown["findings"].as_array().map(Vec::len), Some(1), "{shown}");
    // Entries are cursors of the ledger.
    let after = finding["entries"][0].as_u64().expect("an entry") - 1;
    let entries = server.control(&format!("/ledger?after={after}&limit=1")).await;
    assert_eq!(entries["entries"][0]["kind"], "refused");
}

#[tokio::test]
async fn what_a_step_asks_for_is_no_finding() {
    let server = TestServer::start(BAKERY).await;
    for step in [
        "{ user: alice, says: Hi }",
        "{ app: sales, sends: No, refused: { code: 10 } }",
        "{ call: { as: sales, post: /me/take_thread_control, body: { recipient: { id: '3001' } } } }",
        "{ call: { as: sales, post: /v2.6/me/messages, body: { recipent: { id: '3001' } } } }",
    ] {
        assert_eq!(server.http_step(step).await.status, 200, "{step}");
    }
    assert_eq!(server.control("/lint").await["findings"], json!([]));
}

#[tokio::test]
async fn a_real_app_that_is_blind_on_a_shared_page_is_reported() {
    let bot = Bot::accepting().await;
    let world = format!(
        "{{ apps: {{ bot: {{ webhook: {{ url: '{}' }} }}, desk: {{}} }}, pages: {{ shop: {{ default_app: desk, apps: {{ desk: {{}}, \
         bot: {{ fields: [messages] }} }} }} }}, people: {{ alice: {{}} }} }}",
        bot.url("/webhook")
    );
    let mut server = TestServer::start(&world).await;
    server.step("{ user: alice, says: Hi }").await;
    let findings = server.emulator.findings();
    let shown: Vec<(&str, &str)> = findings.iter().map(|finding| (finding.lint.name, finding.app.as_str())).collect();
    assert_eq!(shown, [("standby_not_subscribed", "bot")]);
}

#[tokio::test]
async fn the_table_has_a_name_a_sentence_and_advice_for_each() {
    let shown = read(&TestServer::start(BAKERY).await, "/_control/lints").await;
    let lints = shown["lints"].as_array().expect("lints");
    assert!(lints.len() > 10);
    for lint in lints {
        let has = |key: &&str| lint[key].as_str().is_some_and(|text| !text.is_empty());
        assert!(["name", "says", "advice", "severity", "basis", "source"].iter().all(has), "{lint}");
    }
    let names: Vec<&Value> = lints.iter().map(|lint| &lint["name"]).collect();
    assert!(names.contains(&&json!("send_outside_window")));
}
