//! `/{page}/subscribed_apps`.

use serde_json::json;

use crate::graph_api::{answers, refusals};
use crate::support::{BAKERY, Request, TestServer, delete, get, post};

fn subscribes(query: &str) -> Request {
    post(format!("/v25.0/me/subscribed_apps?{query}")).bearer("EAAsupport")
}

#[tokio::test]
async fn an_app_replaces_its_list_and_leaves_the_others_alone() {
    let server = TestServer::start(BAKERY).await;
    let read = || get("/v25.0/me/subscribed_apps").bearer("EAAsupport");
    for token in ["EAAsales", "EAAloyalty"] {
        let quits = delete("/v25.0/me/subscribed_apps").bearer(token);
        assert_eq!(server.ask(quits).await.line(), r#"200 {"success":true}"#);
    }
    assert_eq!(
        server.ask(subscribes("subscribed_fields=messages,message_echoes")).await.line(),
        r#"200 {"success":true}"#
    );
    let listed = |fields: &[&str]| {
        json!([{
            "category": "Business",
            "link": "https://graphdouble.invalid/apps/1001",
            "name": "support",
            "id": "1001",
            "subscribed_fields": fields,
        }])
    };
    assert_eq!(server.ask(read()).await.json()["data"], listed(&["messages", "message_echoes"]));
    assert_eq!(server.ask(subscribes("subscribed_fields=standby")).await.line(), r#"200 {"success":true}"#);
    assert_eq!(server.ask(read()).await.json()["data"], listed(&["standby"]));
    assert_eq!(server.ask(delete("/2001/subscribed_apps").bearer("EAAsupport")).await.status, 200);
    assert_eq!(server.ask(read()).await.line(), r#"200 {"data":[]}"#);
}

#[tokio::test]
async fn an_app_receives_what_it_subscribes() {
    let mut server = TestServer::start(BAKERY).await;
    server.ask(subscribes("subscribed_fields=messaging_postbacks")).await;
    server.step("{ user: alice, says: Hi }").await;
    server.step("{ expect: [{ app: support, gets: nothing }] }").await;
    server.ask(subscribes("subscribed_fields=messages")).await;
    server.step("{ user: alice, says: Hi }").await;
    server.step("{ expect: [{ app: support, gets: messages, text: Hi }] }").await;
}

#[tokio::test]
async fn names_are_taken_in_any_case_and_an_empty_list_is_a_list() {
    let rows = vec![
        ("capitals", subscribes("subscribed_fields=MESSAGES")),
        ("in a form", post("/me/subscribed_apps").bearer("EAAsupport").form("subscribed_fields=messages%2Cstandby")),
        ("in JSON", post("/me/subscribed_apps").bearer("EAAsupport").json(r#"{"subscribed_fields":["messages"]}"#)),
        ("empty", subscribes("subscribed_fields=")),
    ];
    insta::assert_snapshot!(answers(BAKERY, &[], rows).await, @r#"
    capitals: 200 {"success":true}
    in a form: 200 {"success":true}
    in JSON: 200 {"success":true}
    empty: 200 {"success":true}
    "#);
}

#[tokio::test]
async fn a_field_that_a_page_has_not_is_refused_with_all_that_it_has() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.refused(subscribes("subscribed_fields=messages,messaging_handover")).await;
    insta::assert_snapshot!(reply.line(), @r#"400 {"error":{"message":"(#100) Param subscribed_fields[1] must be one of {messages, message_echoes, message_deliveries, message_reads, message_reactions, message_edits, messaging_postbacks, messaging_referrals, messaging_handovers, standby, messaging_optins, messaging_optouts, messaging_account_linking, messaging_policy_enforcement, messaging_feedback, messaging_payments, messaging_pre_checkouts, messaging_checkout_updates, messaging_game_plays, messaging_appointments, messaging_customer_information, messaging_direct_sends, messaging_fblogin_account_linking, messaging_in_thread_lead_form_submit, messaging_integrity, message_context, message_mention, message_template_status_update, response_feedback, send_cart, inbox_labels, calls, call_permission_reply, call_settings_update, marketing_message_clicks, marketing_message_deliveries, marketing_message_delivery_failed, marketing_message_echoes, marketing_message_reads, marketing_messages_subscriber_upload_status, business_integrity, user_action, story_share, group_feed, feed, mention, leadgen, conversations, follow} - got \"messaging_handover\".","type":"OAuthException","code":100}}"#);
    insta::assert_snapshot!(server.entries("warning").await[0]["text"].as_str().unwrap_or_default(), @"warning for support: `messaging_handover` is no webhook field of a page, did you mean `messaging_handovers`?");
    let rows = vec![
        ("left out", subscribes("")),
        (
            "an object",
            post("/me/subscribed_apps").bearer("EAAsupport").json(r#"{"subscribed_fields":{"messages":true}}"#),
        ),
        (
            "a list of lists",
            post("/me/subscribed_apps").bearer("EAAsupport").json(r#"{"subscribed_fields":[["messages"]]}"#),
        ),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    left out: 400 {"error":{"message":"(#100) The parameter subscribed_fields is required.","type":"OAuthException","code":100}}
    an object: 400 {"error":{"message":"(#100) Param subscribed_fields must be an array.","type":"OAuthException","code":100}}
    a list of lists: 400 {"error":{"message":"(#100) Param subscribed_fields[0] must be a UTF-8 encoded string","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn an_app_leaves_a_page_with_its_own_token_too() {
    let server = TestServer::start(BAKERY).await;
    let listed = || get("/2001/subscribed_apps?fields=id&limit=2").bearer("EAAsupport");
    assert_eq!(server.ask(listed()).await.json()["data"], json!([{ "id": "1001" }]), "no app sees the others");
    let quits = || delete("/2001/subscribed_apps").bearer("1001|support-secret");
    assert_eq!(server.ask(quits()).await.line(), r#"200 {"success":true}"#);
    assert_eq!(server.ask(listed()).await.json()["data"], json!([]));
    let rows = vec![
        ("reading by an app token", get("/2001/subscribed_apps").bearer("1001|support-secret")),
        ("a page that is not there", delete("/2999/subscribed_apps").bearer("1001|support-secret")),
        ("me, which an app token has not", delete("/me/subscribed_apps").bearer("1001|support-secret")),
        ("a field that the list has not", get("/me/subscribed_apps?fields=about").bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    reading by an app token: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    a page that is not there: 400 {"error":{"message":"Unsupported delete request. Object with ID '2999' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    me, which an app token has not: 400 {"error":{"message":"An active access token must be used to query information about the current user.","type":"OAuthException","code":2500}}
    a field that the list has not: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (about) on node type (Application)","type":"OAuthException","code":100}}
    "#);
}
