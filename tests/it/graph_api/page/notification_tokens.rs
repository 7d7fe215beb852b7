//! `/{page}/notification_message_tokens` and the node `/notification_messages_{token}`.

use serde_json::{Value, json};

use crate::graph_api::{TWO_PAGES, refusals};
use crate::support::{BAKERY, Request, TestServer, get, post};

const OPTED_IN: &[&str] = &[
    "{ user: alice, says: Hi }",
    "{ app: support, sends: { attachment: { type: template, payload: { template_type: notification_messages, elements: [{ title: Cakes, payload: CAKES }, { payload: NEWS, notification_messages_timezone: UTC, notification_messages_reoptin: DISABLED }] } } }, to: alice }",
    "{ user: alice, opts_in: { to: Cakes } }",
    "{ clock: +1m }",
    "{ user: alice, opts_in: { to: Updates and promotions } }",
];

fn read(path: &str) -> Request {
    get(path).bearer("EAAsupport")
}

async fn tokens(server: &TestServer, query: &str) -> Vec<Value> {
    let reply = server.ask(read(&format!("/me/notification_message_tokens?{query}"))).await;
    let listed = reply.json()["data"].as_array().cloned();
    listed.unwrap_or_else(|| panic!("a list: {}", reply.line()))
}

#[tokio::test]
async fn the_tokens_of_a_page_are_listed_the_newest_first_and_each_is_a_node() {
    let server = TestServer::after(BAKERY, OPTED_IN).await;
    assert_eq!(server.ask(get("/me/notification_message_tokens").bearer("EAAsales")).await.status, 200);
    let all = tokens(&server, "").await;
    let token = all[0]["notification_messages_token"].as_str().expect("a token").to_owned();
    let newest = json!({
        "notification_messages_token": token,
        "recipient_id": "3001",
        "notification_messages_reoptin": "DISABLED",
        "creation_timestamp": 1_772_442_060_000_u64,
        "token_expiry_timestamp": 2_145_916_800_000_u64,
        "user_token_status": "NOT_REFRESHED",
        "topic_title": "Updates and promotions",
        "notification_messages_timezone": "UTC",
        "next_eligible_time": 1_772_442_060_000_u64,
    });
    assert_eq!((all.len(), &all[0]), (2, &newest));
    assert_eq!(tokens(&server, "limit=1&after=MAZDZD&fields=topic_title").await, [json!({ "topic_title": "Cakes" })]);
    assert_eq!(tokens(&server, "do_not_return_duplicates=true").await, std::slice::from_ref(&newest));
    assert_eq!(server.ask(read(&format!("/notification_messages_{token}"))).await.json(), newest);
    let id = server.ask(read(&format!("/notification_messages_{token}?fields=id"))).await.json();
    assert_eq!(id, json!({ "id": format!("notification_messages_{token}") }));
}

#[tokio::test]
async fn a_token_is_nobodys_but_its_pages() {
    let server = TestServer::after(TWO_PAGES, &[
        "{ user: alice, page: bakery, says: Hi }",
        "{ app: support, page: bakery, sends: { attachment: { type: template, payload: { template_type: notification_messages, title: Cakes, payload: CAKES } } }, to: alice }",
        "{ user: alice, page: bakery, opts_in: { to: Cakes } }",
    ]).await;
    let token = tokens(&server, "").await[0]["notification_messages_token"].as_str().expect("a token").to_owned();
    let body =
        json!({ "recipient": { "notification_messages_token": token }, "message": { "text": "Hi" } }).to_string();
    let elsewhere = server.refused(post("/me/messages").bearer("EAAkiosk").json(body)).await;
    assert_eq!(elsewhere.code(), (100, None), "{}", elsewhere.line());
    let node = server.refused(get(format!("/notification_messages_{token}")).bearer("EAAkiosk")).await;
    assert_eq!(node.code(), (803, None), "{}", node.line());
    let rows = vec![
        ("a token that is none", read("/notification_messages_1")),
        ("audiences", read("/me/notification_message_tokens?custom_audience_ids=1")),
        ("an unknown field", read("/me/notification_message_tokens?fields=name")),
        ("by an app token", get("/2001/notification_message_tokens").bearer("1001|support-secret")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    a token that is none: 400 {"error":{"message":"(#803) Some of the aliases you requested do not exist: notification_messages_1","type":"OAuthException","code":803}}
    audiences: 400 {"error":{"message":"(#100) custom_audience_ids is not built yet in graphdouble","type":"OAuthException","code":100}}
    an unknown field: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (name) on node type (UserPageOneTimeOptInTokenSettings)","type":"OAuthException","code":100}}
    by an app token: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    "#);
}

#[tokio::test]
async fn a_test_of_notifications_says_what_it_is_about() {
    let tests = |body: &str| post("/me/notification_messages_dev_support").bearer("EAAsupport").json(body.to_owned());
    let rows = vec![
        ("nothing", tests("{}")),
        ("an unknown action", tests(r#"{"developer_action":"JUMP"}"#)),
        ("asking again", tests(r#"{"developer_action":"SEND_RE_OPTIN"}"#)),
        ("a person", tests(r#"{"developer_action":"ENABLE_FOLLOWUP_MESSAGE","recipient":{"id":"3001"}}"#)),
        (
            "a token that is none",
            tests(r#"{"developer_action":"ENABLE_FOLLOWUP_MESSAGE","recipient":{"notification_messages_token":"1"}}"#),
        ),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    nothing: 400 {"error":{"message":"(#100) The parameter developer_action is required","type":"OAuthException","code":100}}
    an unknown action: 400 {"error":{"message":"(#100) Param developer_action must be one of {ENABLE_FOLLOWUP_MESSAGE, SEND_RE_OPTIN} - got \"JUMP\".","type":"OAuthException","code":100}}
    asking again: 400 {"error":{"message":"(#100) developer_action SEND_RE_OPTIN is not built yet in graphdouble","type":"OAuthException","code":100}}
    a person: 400 {"error":{"message":"(#100) The parameter recipient[notification_messages_token] is required","type":"OAuthException","code":100}}
    a token that is none: 400 {"error":{"message":"(#100) notification_messages_token is invalid","type":"OAuthException","code":100}}
    "#);
}
