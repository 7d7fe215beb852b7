//! What the edges of a page need in a world with `strict_permissions`, and whom an app in development may write to.

use crate::graph_api::{HELLO, SPOKEN, refusals};
use crate::support::{GUARDED, TestServer, get, post};

const BY_AD: &[&str] = &["{ user: bob, taps_ad: tulips, says: Hi }"];

#[tokio::test]
async fn a_missing_permission_is_named() {
    let steps = &[
        SPOKEN[0],
        "{ admin: bakery, withdraws: { support: [pages_messaging, pages_read_engagement, pages_user_gender] } }",
    ];
    let token = "EAAsupport";
    let rows = vec![
        ("sending", post("/me/messages").bearer(token).json(HELLO)),
        ("sending nothing", post("/me/messages").bearer(token).json("{}")),
        ("thread control", post("/me/release_thread_control").bearer(token).json(HELLO)),
        ("whose a thread is", get("/me/thread_owner?recipient=3001").bearer(token)),
        ("a person", get("/3001").bearer(token)),
        ("the page's features", get("/me?fields=messaging_feature_status").bearer(token)),
        ("subscribing", post("/me/subscribed_apps?subscribed_fields=messages,standby").bearer(token)),
        ("an unknown field", post("/me/subscribed_apps?subscribed_fields=mesages").bearer(token)),
    ];
    insta::assert_snapshot!(refusals(GUARDED, steps, rows).await, @r#"
    sending: 403 {"error":{"message":"(#230) Requires pages_messaging permission to manage the object","type":"OAuthException","code":230}}
    sending nothing: 403 {"error":{"message":"(#230) Requires pages_messaging permission to manage the object","type":"OAuthException","code":230}}
    thread control: 403 {"error":{"message":"(#230) Requires pages_messaging permission to manage the object","type":"OAuthException","code":230}}
    whose a thread is: 403 {"error":{"message":"(#230) Requires pages_messaging permission to manage the object","type":"OAuthException","code":230}}
    a person: 403 {"error":{"message":"(#230) Requires pages_messaging permission to manage the object","type":"OAuthException","code":230}}
    the page's features: 400 {"error":{"message":"(#100) Object does not exist, cannot be loaded due to missing permission or reviewable feature, or does not support this operation. This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature or the 'Page Public Metadata Access' feature. Refer to https://developers.facebook.com/docs/apps/review/login-permissions#manage-pages for details.","type":"OAuthException","code":100}}
    subscribing: 403 {"error":{"message":"(#200) To subscribe to the messages field, one of these permissions is needed: pages_messaging. To subscribe to the standby field, one of these permissions is needed: pages_messaging.","type":"OAuthException","code":200}}
    an unknown field: 400 {"error":{"message":"(#100) Param subscribed_fields[0] must be one of {messages, message_echoes, message_deliveries, message_reads, message_reactions, message_edits, messaging_postbacks, messaging_referrals, messaging_handovers, standby, messaging_optins, messaging_optouts, messaging_account_linking, messaging_policy_enforcement, messaging_feedback, messaging_payments, messaging_pre_checkouts, messaging_checkout_updates, messaging_game_plays, messaging_appointments, messaging_customer_information, messaging_direct_sends, messaging_fblogin_account_linking, messaging_in_thread_lead_form_submit, messaging_integrity, message_context, message_mention, message_template_status_update, response_feedback, send_cart, inbox_labels, calls, call_permission_reply, call_settings_update, marketing_message_clicks, marketing_message_deliveries, marketing_message_delivery_failed, marketing_message_echoes, marketing_message_reads, marketing_messages_subscriber_upload_status, business_integrity, user_action, story_share, group_feed, feed, mention, leadgen, conversations, follow} - got \"mesages\".","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn a_missing_task_is_said() {
    let rows = vec![("subscribing", post("/me/subscribed_apps?subscribed_fields=messages").bearer("EAAsales"))];
    insta::assert_snapshot!(refusals(GUARDED, SPOKEN, rows).await, @r#"subscribing: 403 {"error":{"message":"(#200) User does not have sufficient administrative permission for this action on this page. If the page business requires Two Factor Authentication, the user also needs to enable Two Factor Authentication.","type":"OAuthException","code":200}}"#);
}

#[tokio::test]
async fn an_app_in_development_writes_only_to_people_with_a_role_on_it() {
    let to_bob = r#"{"recipient":{"id":"3002"},"message":{"text":"Hello!"}}"#;
    let rows = vec![("a stranger", post("/me/messages").bearer("EAAsales").json(to_bob))];
    insta::assert_snapshot!(refusals(GUARDED, BY_AD, rows).await, @r#"a stranger: 403 {"error":{"message":"(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.","type":"OAuthException","code":200,"error_subcode":2018028}}"#);
}

#[tokio::test]
async fn what_an_edge_guards_is_guarded_where_else_it_can_be_read() {
    let mut server = TestServer::after(GUARDED, SPOKEN).await;
    let read = |path: String| get(&path).bearer("EAAsupport");
    let conversations = server.ask(read("/me/conversations?fields=id,messages{id}".into())).await.json();
    let conversation = conversations["data"][0]["id"].as_str().expect("a conversation").to_owned();
    let message = conversations["data"][0]["messages"]["data"][0]["id"].as_str().expect("a message").to_owned();
    let label = server.ask(post("/me/custom_labels?page_label_name=regular").bearer("EAAsupport")).await.json();
    let label = label["id"].as_str().expect("a label").to_owned();
    let paths = [
        format!("/{conversation}"),
        format!("/{conversation}/messages"),
        format!("/{message}"),
        format!("/?ids={message}"),
        format!("/{label}"),
        "/3001/custom_labels".to_owned(),
        "/me?fields=conversations".to_owned(),
    ];
    for path in &paths {
        assert_eq!(server.ask(read(path.clone())).await.status, 200, "{path}");
    }
    server.step("{ admin: bakery, withdraws: { support: [pages_manage_metadata, pages_read_engagement] } }").await;
    for path in &paths {
        let reply = server.ask(read(path.clone())).await;
        assert!([(200, None), (100, None)].contains(&reply.code()), "{path}: {:?}", reply.json());
    }
}

#[tokio::test]
async fn a_user_token_reads_no_conversations_whichever_way_it_asks() {
    let server = TestServer::after(GUARDED, SPOKEN).await;
    for path in ["/2001/conversations", "/2001?fields=conversations{messages{message}}", "/2001?fields=threads"] {
        let reply = server.ask(get(path).bearer("EAAdora")).await;
        assert_eq!(reply.code(), (190, None), "{path}");
    }
    let added = server.ask(get("/2001?fields=has_added_app").bearer("EAAdora")).await.json();
    assert_eq!(added["has_added_app"], true);
}
