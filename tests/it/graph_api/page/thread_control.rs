//! `POST /{page}/pass_thread_control` and its siblings.

use crate::graph_api::{BY_AD, SPOKEN, answers, refusals};
use crate::support::{BAKERY, KIOSK, Request, TestServer, post};

fn call(edge: &str, token: &str, rest: &str) -> Request {
    let body = format!(r#"{{"recipient":{{"id":"3001"}}{rest}}}"#);
    post(format!("/v25.0/me/{edge}")).bearer(token).json(body)
}

fn at_kiosk(edge: &str, token: &str, rest: &str) -> Request {
    let body = format!(r#"{{"recipient":{{"id":"3101"}}{rest}}}"#);
    post(format!("/v25.0/me/{edge}")).bearer(token).json(body)
}

#[tokio::test]
async fn control_moves_and_the_answer_is_success() {
    for (request, owner) in [
        (call("pass_thread_control", "EAAsales", ""), "support"),
        (call("pass_thread_control", "EAAsales", r#","target_app_id":"1003""#), "loyalty"),
        (call("pass_thread_control", "EAAsales", r#","target_app_id":1003,"metadata":"over to you""#), "loyalty"),
        (call("pass_thread_control", "EAAsales", r#","target_app_id":"263902037430900""#), "inbox"),
        (call("pass_thread_control", "EAAsales", r#","target_app_id":null"#), "support"),
        (call("release_thread_control", "EAAsales", ""), "support"),
        (post("/2001/pass_thread_control?recipient={id:3001}&target_app_id=1003").bearer("EAAsales"), "loyalty"),
        (post("/me/pass_thread_control").bearer("EAAsales").form("recipient[id]=3001&target_app_id=1003"), "loyalty"),
    ] {
        let server = TestServer::after(BAKERY, BY_AD).await;
        let reply = server.ask(request.clone()).await;
        assert_eq!(reply.line(), r#"200 {"success":true}"#, "{request:?}");
        assert_eq!(server.control("/threads/bakery/alice").await["owner"], owner, "{request:?}");
    }
}

#[tokio::test]
async fn metadata_arrives_word_for_word() {
    let mut server = TestServer::after(BAKERY, BY_AD).await;
    let text = r#"{\"a\":\"<ä> 100% @/\"}"#;
    server.ask(call("pass_thread_control", "EAAsales", &format!(r#","metadata":"{text}""#))).await;
    server.step("{ expect: [{ app: support, gets: messaging_handovers, metadata: '{\"a\":\"<ä> 100% @/\"}' }] }").await;
}

#[tokio::test]
async fn a_call_that_cannot_be_obeyed_moves_nothing() {
    let rows = vec![
        ("pass by another app", call("pass_thread_control", "EAAsupport", "")),
        ("pass to itself", call("pass_thread_control", "EAAsales", r#","target_app_id":"1002""#)),
        ("pass to nobody", call("pass_thread_control", "EAAsales", r#","target_app_id":"1999""#)),
        ("pass to a word", call("pass_thread_control", "EAAsales", r#","target_app_id":"loyalty""#)),
        ("release by another app", call("release_thread_control", "EAAsupport", "")),
        ("without a recipient", post("/me/pass_thread_control").bearer("EAAsales").json("{}")),
        ("of nobody", post("/me/pass_thread_control").bearer("EAAsales").json(r#"{"recipient":{"id":"9999"}}"#)),
        ("metadata that is an object", call("pass_thread_control", "EAAsales", r#","metadata":{"a":1}"#)),
        ("an edge that is none", call("give_thread_control", "EAAsales", "")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, BY_AD, rows).await, @r#"
    pass by another app: 400 {"error":{"message":"(#100) Cannot pass thread control: the calling app is not the thread owner.","type":"OAuthException","code":100}}
    pass to itself: 400 {"error":{"message":"(#100) The thread owner cannot pass thread control to itself.","type":"OAuthException","code":100}}
    pass to nobody: 400 {"error":{"message":"(#100) Incorrect App ID.","type":"OAuthException","code":100,"error_subcode":2018164}}
    pass to a word: 400 {"error":{"message":"(#100) Incorrect App ID.","type":"OAuthException","code":100,"error_subcode":2018164}}
    release by another app: 400 {"error":{"message":"(#100) Only the current thread owner can release thread control.","type":"OAuthException","code":100}}
    without a recipient: 400 {"error":{"message":"(#100) The parameter recipient is required","type":"OAuthException","code":100}}
    of nobody: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    metadata that is an object: 400 {"error":{"message":"(#100) Param metadata must be a string.","type":"OAuthException","code":100}}
    an edge that is none: 400 {"error":{"message":"Unknown path components: /give_thread_control","type":"OAuthException","code":2500}}
    "#);
}

#[tokio::test]
async fn with_a_default_app_the_rest_of_the_handover_protocol_is_disabled() {
    let rows = vec![
        ("take", call("take_thread_control", "EAAsupport", "")),
        ("request", call("request_thread_control", "EAAsupport", "")),
        ("extend", call("extend_thread_control", "EAAsales", r#","duration":3600"#)),
        ("metadata", call("pass_thread_metadata", "EAAsales", r#","target_app_id":"1001","metadata":"x""#)),
    ];
    insta::assert_snapshot!(refusals(BAKERY, BY_AD, rows).await, @r#"
    take: 400 {"error":{"message":"(#100) Handover Protocol APIs disabled for this page.","type":"OAuthException","code":100}}
    request: 400 {"error":{"message":"(#100) Handover Protocol APIs disabled for this page.","type":"OAuthException","code":100}}
    extend: 400 {"error":{"message":"(#100) Handover Protocol APIs disabled for this page.","type":"OAuthException","code":100}}
    metadata: 400 {"error":{"message":"(#100) Handover Protocol APIs disabled for this page.","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn once_meta_blocks_them_pass_and_release_are_disabled_too() {
    let steps = &[BY_AD[0], "{ admin: bakery, sets_handover_apis: blocked }"];
    let rows = vec![
        ("pass", call("pass_thread_control", "EAAsales", "")),
        ("release", call("release_thread_control", "EAAsales", "")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, steps, rows).await, @r#"
    pass: 400 {"error":{"message":"(#100) Handover Protocol APIs disabled for this page.","type":"OAuthException","code":100}}
    release: 400 {"error":{"message":"(#100) Handover Protocol APIs disabled for this page.","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn without_a_default_app_control_is_requested_and_extended() {
    let steps = &["{ user: carol, says: Hi }"];
    let rows = vec![
        ("request of an idle thread", at_kiosk("request_thread_control", "EAAfront", "")),
        ("pass of an idle thread to itself", at_kiosk("pass_thread_control", "EAAfront", r#","target_app_id":"1101""#)),
        ("pass of an idle thread", at_kiosk("pass_thread_control", "EAAfront", r#","target_app_id":"1102""#)),
    ];
    insta::assert_snapshot!(answers(KIOSK, steps, rows).await, @r#"
    request of an idle thread: 200 {"success":true}
    pass of an idle thread to itself: 200 {"success":true}
    pass of an idle thread: 200 {"success":true}
    "#);
    let owned = &["{ user: carol, says: Hi }", "{ app: front, requests: true }"];
    let rows = vec![
        (
            "request of a thread that another has",
            at_kiosk("request_thread_control", "EAAback", r#","metadata":"please""#),
        ),
        ("extend", at_kiosk("extend_thread_control", "EAAfront", r#","duration":604800"#)),
        ("extend in text", at_kiosk("extend_thread_control", "EAAfront", r#","duration":"3600""#)),
    ];
    insta::assert_snapshot!(answers(KIOSK, owned, rows).await, @r#"
    request of a thread that another has: 200 {"success":true}
    extend: 200 {"success":true}
    extend in text: 200 {"success":true}
    "#);
}

#[tokio::test]
async fn without_a_default_app_these_are_refused() {
    let owned = &["{ user: carol, says: Hi }", "{ app: front, requests: true }"];
    let rows = vec![
        ("take", at_kiosk("take_thread_control", "EAAback", "")),
        ("metadata", at_kiosk("pass_thread_metadata", "EAAfront", "")),
        ("request by the owner", at_kiosk("request_thread_control", "EAAfront", "")),
        ("pass to a default app that is not there", at_kiosk("pass_thread_control", "EAAfront", "")),
        ("pass by another app", at_kiosk("pass_thread_control", "EAAback", r#","target_app_id":"1102""#)),
        ("release by another app", at_kiosk("release_thread_control", "EAAback", "")),
        ("extend by another app", at_kiosk("extend_thread_control", "EAAback", r#","duration":60"#)),
        ("extend beyond seven days", at_kiosk("extend_thread_control", "EAAfront", r#","duration":604801"#)),
        ("extend for ever", at_kiosk("extend_thread_control", "EAAfront", r#","duration":99999999999999999999"#)),
        ("extend backwards", at_kiosk("extend_thread_control", "EAAfront", r#","duration":-1"#)),
        ("extend by nothing", at_kiosk("extend_thread_control", "EAAfront", "")),
        (
            "send by another app",
            post("/me/messages").bearer("EAAback").json(r#"{"recipient":{"id":"3101"},"message":{"text":"Hi"}}"#),
        ),
    ];
    insta::assert_snapshot!(refusals(KIOSK, owned, rows).await, @r#"
    take: 400 {"error":{"message":"(#27) Take thread control is not supported when Conversation Routing is not enabled.","type":"OAuthException","code":27}}
    metadata: 400 {"error":{"message":"(#100) pass_thread_metadata is not supported for this page.","type":"OAuthException","code":100}}
    request by the owner: 400 {"error":{"message":"(#100) The calling app is already the thread owner.","type":"OAuthException","code":100}}
    pass to a default app that is not there: 400 {"error":{"message":"(#100) Incorrect App ID.","type":"OAuthException","code":100,"error_subcode":2018164}}
    pass by another app: 400 {"error":{"message":"(#100) Cannot pass thread control: the calling app is not the thread owner.","type":"OAuthException","code":100}}
    release by another app: 400 {"error":{"message":"(#100) Only the current thread owner can release thread control.","type":"OAuthException","code":100}}
    extend by another app: 400 {"error":{"message":"(#100) Only the current thread owner can extend thread control.","type":"OAuthException","code":100}}
    extend beyond seven days: 400 {"error":{"message":"(#100) Param duration must be less than or equal to 604800","type":"OAuthException","code":100}}
    extend for ever: 400 {"error":{"message":"(#100) Param duration must be an unsigned integer of seconds.","type":"OAuthException","code":100}}
    extend backwards: 400 {"error":{"message":"(#100) Param duration must be an unsigned integer of seconds.","type":"OAuthException","code":100}}
    extend by nothing: 400 {"error":{"message":"(#100) The parameter duration is required","type":"OAuthException","code":100}}
    send by another app: 400 {"error":{"message":"(#10) Message failed to send because another app is controlling this thread now.","type":"OAuthException","code":10,"error_subcode":2018300}}
    "#);
}

#[tokio::test]
async fn passing_what_lapsed_is_refused_to_who_had_it() {
    let steps = &[SPOKEN[0], "{ user: alice, taps_ad: tulips, says: Hi }", "{ clock: +24h }"];
    let rows = vec![
        ("pass", call("pass_thread_control", "EAAsales", "")),
        ("release", call("release_thread_control", "EAAsales", "")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, steps, rows).await, @r#"
    pass: 400 {"error":{"message":"(#100) Cannot pass thread control: the calling app is not the thread owner.","type":"OAuthException","code":100}}
    release: 400 {"error":{"message":"(#100) Only the current thread owner can release thread control.","type":"OAuthException","code":100}}
    "#);
}
