//! `GET /{user}/accounts`.

use serde_json::json;

use crate::graph_api::{answers, refusals};
use crate::support::{GUARDED, TestServer, delete, get};

/// Two who administrate two pages, one of which the app is not connected to.
const TWO: &str = r#"
clock: 2026-03-02T09:00:00Z
apps: { support: { id: "1001", secret: support-secret } }
pages:
  bakery: { id: "2001", default_app: support, apps: { support: { token: EAAsupport, by: dora } } }
  kiosk: { id: "2002", default_app: support, apps: { support: { token: EAAkiosk } } }
  stand: { id: "2003" }
users:
  dora: { id: "5001", tokens: { support: EAAdora }, pages: { bakery: [MESSAGING, MANAGE], kiosk: [MODERATE], stand: [MANAGE] } }
  erik: { id: "5002", tokens: { support: EAAerik }, pages: { bakery: [MESSAGING] } }
"#;

#[tokio::test]
async fn a_user_reads_the_pages_with_tasks_and_their_tokens() {
    let rows = vec![
        ("me", get("/v25.0/me/accounts").bearer("EAAdora")),
        ("by id", get("/5001/accounts?fields=access_token,tasks").bearer("EAAdora")),
        ("another maker has another token", get("/me/accounts?fields=access_token").bearer("EAAerik")),
    ];
    insta::assert_snapshot!(answers(TWO, &[], rows).await, @r#"
    me: 200 {"data":[{"access_token":"EAAsupport","category":"Business","category_list":[{"id":"2200","name":"Business"}],"name":"bakery","id":"2001","tasks":["MESSAGING","MANAGE"]},{"access_token":"EAAkiosk","category":"Business","category_list":[{"id":"2200","name":"Business"}],"name":"kiosk","id":"2002","tasks":["MODERATE"]}],"paging":{"cursors":{"before":"MAZDZD","after":"MQZDZD"}}}
    by id: 200 {"data":[{"access_token":"EAAsupport","tasks":["MESSAGING","MANAGE"],"id":"2001"},{"access_token":"EAAkiosk","tasks":["MODERATE"],"id":"2002"}],"paging":{"cursors":{"before":"MAZDZD","after":"MQZDZD"}}}
    another maker has another token: 200 {"data":[{"access_token":"EAAdoh27V8dUFLRPwloY63MMc6PMOhHFR1SXwXbUQP9ri5xkvMPsHk4VtZHbK6Z","id":"2001"}],"paging":{"cursors":{"before":"MAZDZD","after":"MAZDZD"}}}
    "#);
}

#[tokio::test]
async fn accounts_come_in_pages() {
    let server = TestServer::start(TWO).await;
    let first =
        server.ask(get("/v25.0/me/accounts?fields=name&limit=1&summary=total_count").bearer("EAAdora")).await.json();
    assert_eq!(first["data"], json!([{ "name": "bakery", "id": "2001" }]));
    assert_eq!(first["summary"], json!({ "total_count": 2 }));
    let next = first["paging"]["next"].as_str().unwrap_or_default();
    let (_, target) = next.split_once(server.address()).unwrap_or_default();
    let second = server.ask(get(target).bearer("EAAdora")).await.json();
    assert_eq!(second["data"], json!([{ "name": "kiosk", "id": "2002" }]));
    assert_eq!(second["paging"]["next"], json!(null));
}

#[tokio::test]
async fn a_batch_may_use_the_tokens_of_a_user_s_pages() {
    let batch = r#"[{"method":"GET","name":"pages","omit_response_on_success":false,"relative_url":"me/accounts?fields=access_token&limit=1"},
        {"method":"GET","relative_url":"me?fields=name&access_token={result=pages:$.data[0].access_token}"}]"#;
    let server = TestServer::start(TWO).await;
    let body = json!({ "access_token": "EAAdora", "batch": batch, "include_headers": false });
    let shown = server.ask(crate::support::post("/").json(body.to_string())).await.json();
    assert_eq!(shown[1]["body"], r#"{"name":"bakery","id":"2001"}"#, "{shown}");
}

#[tokio::test]
async fn each_maker_s_token_is_good_and_ends_with_its_maker() {
    let mut server = TestServer::start(TWO).await;
    let shown = server.ask(get("/me/accounts").bearer("EAAerik")).await.json();
    let of_erik = shown["data"][0]["access_token"].as_str().unwrap_or_default().to_owned();
    assert_eq!(server.ask(get("/me?fields=id").bearer(&of_erik)).await.json()["id"], "2001");
    server.step("{ admin: bakery, revokes_token: { support: logged_out } }").await;
    for token in [&of_erik, "EAAsupport", "EAAdora", "EAAerik"] {
        assert_eq!(server.refused(get("/me").bearer(token)).await.code(), (190, Some(467)), "{token}");
    }
    assert_eq!(server.ask(get("/me").bearer("EAAkiosk")).await.status, 200);
}

#[tokio::test]
async fn only_a_user_has_accounts() {
    let rows = vec![
        ("a page", get("/me/accounts").bearer("EAAsupport")),
        ("an app", get("/me/accounts").bearer("1001|support-secret")),
        ("an app by the user's id", get("/5001/accounts").bearer("1001|support-secret")),
        ("an unknown field", get("/me/accounts?fields=secret").bearer("EAAdora")),
        ("deleting", delete("/me/accounts").bearer("EAAdora")),
    ];
    insta::assert_snapshot!(refusals(GUARDED, &[], rows).await, @r#"
    a page: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (accounts) on node type (Page)","type":"OAuthException","code":100}}
    an app: 400 {"error":{"message":"An active access token must be used to query information about the current user.","type":"OAuthException","code":2500}}
    an app by the user's id: 401 {"error":{"message":"(#102) A user access token is required to request this resource.","type":"OAuthException","code":102}}
    an unknown field: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (secret) on node type (Page)","type":"OAuthException","code":100}}
    deleting: 400 {"error":{"message":"(#100) DELETE of accounts is not built yet in graphdouble","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn accounts_are_a_field_of_the_user_too() {
    let server = TestServer::start(TWO).await;
    let path = "/me?fields=name,accounts.limit(1){name,category_list{name}}";
    let shown = server.ask(get(path).bearer("EAAdora")).await.json();
    assert_eq!(shown["id"], "5001");
    let category = json!([{ "name": "Business", "id": "2200" }]);
    assert_eq!(shown["accounts"]["data"], json!([{ "name": "bakery", "category_list": category, "id": "2001" }]));
    let next = shown.pointer("/accounts/paging/next").and_then(|next| next.as_str()).expect("a second page");
    assert!(next.contains("/5001/accounts?") && next.contains("limit=1"), "{next}");
    let by_app = server.refused(get("/5001?fields=accounts").bearer("1001|support-secret")).await;
    assert_eq!(by_app.code(), (102, None));
}
