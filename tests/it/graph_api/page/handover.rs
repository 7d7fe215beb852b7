//! A page with primary and secondary receivers: `secondary_receivers`, `thread_owner` by role, and the calls that only it knows.

use crate::graph_api::{SPOKEN, answers, refusals};
use crate::support::{BAKERY, HANDOVER, KIOSK, Request, get, post};

/// Alice has spoken to the primary receiver, who passed her to `sales`.
const WITH_SALES: &[&str] = &["{ user: alice, says: Hi }", "{ app: support, passes: sales }"];

fn receivers(token: &str, query: &str) -> Request {
    get(format!("/v25.0/me/secondary_receivers{query}")).bearer(token)
}

fn owner(token: &str) -> Request {
    get("/v25.0/me/thread_owner?recipient=3001").bearer(token)
}

fn call(edge: &str, token: &str, rest: &str) -> Request {
    post(format!("/v25.0/me/{edge}")).bearer(token).json(format!(r#"{{"recipient":{{"id":"3001"}}{rest}}}"#))
}

#[tokio::test]
async fn the_primary_receiver_lists_the_others() {
    let rows = vec![
        ("primary", receivers("EAAsupport", "")),
        ("names alone", receivers("EAAsupport", "?fields=name")),
        ("links", receivers("EAAsupport", "?fields=id,link")),
        ("for Messenger", receivers("EAAsupport", "?platform=MESSENGER")),
    ];
    insta::assert_snapshot!(answers(HANDOVER, SPOKEN, rows).await, @r#"
    primary: 200 {"data":[{"id":"1002","name":"sales"},{"id":"1003","name":"loyalty"},{"id":"263902037430900","name":"inbox"}],"paging":{"cursors":{"before":"MAZDZD","after":"MgZDZD"}}}
    names alone: 200 {"data":[{"name":"sales","id":"1002"},{"name":"loyalty","id":"1003"},{"name":"inbox","id":"263902037430900"}],"paging":{"cursors":{"before":"MAZDZD","after":"MgZDZD"}}}
    links: 200 {"data":[{"id":"1002","link":"https://graphdouble.invalid/apps/1002"},{"id":"1003","link":"https://graphdouble.invalid/apps/1003"},{"id":"263902037430900","link":"https://graphdouble.invalid/apps/263902037430900"}],"paging":{"cursors":{"before":"MAZDZD","after":"MgZDZD"}}}
    for Messenger: 200 {"data":[{"id":"1002","name":"sales"},{"id":"1003","name":"loyalty"},{"id":"263902037430900","name":"inbox"}],"paging":{"cursors":{"before":"MAZDZD","after":"MgZDZD"}}}
    "#);
}

#[tokio::test]
async fn nobody_else_sees_the_list() {
    let rows = vec![
        ("secondary", receivers("EAAsales", "")),
        ("a field that is none", receivers("EAAsupport", "?fields=secret")),
    ];
    insta::assert_snapshot!(refusals(HANDOVER, SPOKEN, rows).await, @r#"
    secondary: 400 {"error":{"message":"(#100) Denying visibility of any secondary receiver to another secondary receiver other than itself.","type":"OAuthException","code":100,"error_subcode":2018234}}
    a field that is none: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (secret) on node type (Application)","type":"OAuthException","code":100}}
    "#);
    let rows = vec![("on a page with a default app", receivers("EAAsupport", ""))];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"on a page with a default app: 400 {"error":{"message":"(#100) Handover Protocol APIs disabled for this page.","type":"OAuthException","code":100}}"#);
    let today = BAKERY.replace("rules: 2023-09", "rules: 2025-09");
    let rows = vec![("today, on a page with a default app", receivers("EAAsupport", ""))];
    insta::assert_snapshot!(refusals(&today, SPOKEN, rows).await, @r#"today, on a page with a default app: 400 {"error":{"message":"(#100) Only available to Primary and Secondary Receivers.","type":"OAuthException","code":100,"error_subcode":2018171}}"#);
    let rows = vec![("on a page without one", receivers("EAAfront", ""))];
    insta::assert_snapshot!(refusals(KIOSK, &["{ user: carol, says: Hi }"], rows).await, @r#"on a page without one: 400 {"error":{"message":"(#100) Only available to Primary and Secondary Receivers.","type":"OAuthException","code":100,"error_subcode":2018171}}"#);
}

#[tokio::test]
async fn without_a_primary_receiver_everybody_sees_it() {
    let nobody = HANDOVER.replace("    primary: support\n", "");
    let rows = vec![("any", receivers("EAAsales", "?fields=name"))];
    insta::assert_snapshot!(answers(&nobody, SPOKEN, rows).await, @r#"any: 200 {"data":[{"name":"support","id":"1001"},{"name":"sales","id":"1002"},{"name":"loyalty","id":"1003"},{"name":"inbox","id":"263902037430900"}],"paging":{"cursors":{"before":"MAZDZD","after":"MwZDZD"}}}"#);
}

#[tokio::test]
async fn the_owner_is_named_by_role() {
    let rows = vec![("primary", owner("EAAsupport")), ("the owner itself", owner("EAAsales"))];
    insta::assert_snapshot!(answers(HANDOVER, WITH_SALES, rows).await, @r#"
    primary: 200 {"data":[{"thread_owner":{"app_id":"1002","expiration":1772528400}}]}
    the owner itself: 200 {"data":[{"thread_owner":{"app_id":"1002","expiration":1772528400}}]}
    "#);
    let rows = vec![("another secondary", owner("EAAloyalty"))];
    insta::assert_snapshot!(refusals(HANDOVER, WITH_SALES, rows).await, @r#"another secondary: 400 {"error":{"message":"(#100) Denying visibility of any secondary receiver to another secondary receiver other than itself.","type":"OAuthException","code":100,"error_subcode":2018234}}"#);
    let rows = vec![("a secondary, of the primary", owner("EAAloyalty"))];
    insta::assert_snapshot!(answers(HANDOVER, SPOKEN, rows).await, @r#"a secondary, of the primary: 200 {"data":[{"thread_owner":{"app_id":"1001","expiration":1772528400}}]}"#);
    let rows = vec![("idle", owner("EAAsupport"))];
    insta::assert_snapshot!(answers(HANDOVER, &[SPOKEN[0], "{ clock: +24h }"], rows).await, @r#"idle: 200 {"data":[]}"#);
}

#[tokio::test]
async fn its_calls_answer_as_they_always_did() {
    let rows = vec![
        ("pass by the primary", call("pass_thread_control", "EAAsupport", r#","target_app_id":1002"#)),
        ("metadata", call("pass_thread_metadata", "EAAsales", r#","target_app_id":"1001","metadata":"vip""#)),
        ("take by the primary, who has it", call("take_thread_control", "EAAsupport", "")),
        ("request by a secondary", call("request_thread_control", "EAAsales", "")),
        ("extend", call("extend_thread_control", "EAAsupport", r#","duration":604800"#)),
        ("release", call("release_thread_control", "EAAsupport", "")),
    ];
    insta::assert_snapshot!(answers(HANDOVER, SPOKEN, rows).await, @r#"
    pass by the primary: 200 {"success":true}
    metadata: 200 {"success":true}
    take by the primary, who has it: 200 {"success":true}
    request by a secondary: 200 {"success":true}
    extend: 200 {"success":true}
    release: 200 {"success":true}
    "#);
}

#[tokio::test]
async fn these_are_refused() {
    let rows = vec![
        ("pass by the primary to nobody in particular", call("pass_thread_control", "EAAsupport", "")),
        (
            "pass to Messenger's own lead app",
            call("pass_thread_control", "EAAsupport", r#","target_app_id":413038776280800"#),
        ),
        ("metadata to nobody", call("pass_thread_metadata", "EAAsupport", r#","metadata":"vip""#)),
        ("take by a secondary", call("take_thread_control", "EAAsales", "")),
        ("request by the primary, who has it", call("request_thread_control", "EAAsupport", "")),
        ("send by a secondary", call("messages", "EAAsales", r#","message":{"text":"Hi"}"#)),
    ];
    insta::assert_snapshot!(refusals(HANDOVER, SPOKEN, rows).await, @r#"
    pass by the primary to nobody in particular: 400 {"error":{"message":"(#100) The parameter target_app_id is required","type":"OAuthException","code":100}}
    pass to Messenger's own lead app: 400 {"error":{"message":"(#100) Incorrect App ID.","type":"OAuthException","code":100,"error_subcode":2018164}}
    metadata to nobody: 400 {"error":{"message":"(#100) The parameter target_app_id is required","type":"OAuthException","code":100}}
    take by a secondary: 400 {"error":{"message":"(#100) take_thread_control is only available to the Primary Receiver.","type":"OAuthException","code":100}}
    request by the primary, who has it: 400 {"error":{"message":"(#100) The calling app is already the thread owner.","type":"OAuthException","code":100}}
    send by a secondary: 400 {"error":{"message":"(#10) Message failed to send because another app is controlling this thread now.","type":"OAuthException","code":10,"error_subcode":2018300}}
    "#);
    let rows = vec![("request by the primary, who has it not", call("request_thread_control", "EAAsupport", ""))];
    insta::assert_snapshot!(refusals(HANDOVER, WITH_SALES, rows).await, @r#"request by the primary, who has it not: 400 {"error":{"message":"(#100) request_thread_control is only available to Secondary Receivers.","type":"OAuthException","code":100}}"#);
    let blocked = &[SPOKEN[0], "{ admin: bakery, sets_handover_apis: blocked }"];
    let rows = vec![("once Meta has ended it", call("take_thread_control", "EAAsupport", ""))];
    insta::assert_snapshot!(refusals(HANDOVER, blocked, rows).await, @r#"once Meta has ended it: 400 {"error":{"message":"(#100) Handover Protocol APIs disabled for this page.","type":"OAuthException","code":100}}"#);
}

#[tokio::test]
async fn the_feature_status_says_so() {
    let rows = vec![("status", get("/v25.0/me?fields=messaging_feature_status").bearer("EAAsupport"))];
    insta::assert_snapshot!(answers(HANDOVER, SPOKEN, rows).await, @r#"status: 200 {"messaging_feature_status":{"hop_v2":true,"msgr_multi_app":false,"ig_multi_app":false},"id":"2001"}"#);
}
