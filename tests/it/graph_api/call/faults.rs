//! Faults: every error of the catalogue is within reach of a scenario, at every kind of call.

use graphdouble::internals::graph::errors::catalogue::CATALOGUE;
use graphdouble::internals::graph::routes::call_words::WORDS;
use serde_json::{Value, json};

use crate::graph_api::{HELLO, SPOKEN, TWO_PAGES, is_success};
use crate::support::{BAKERY, GUARDED, Reply, Request, TestServer, get, post};

fn hello() -> Request {
    post("/me/messages").bearer("EAAsupport").json(HELLO)
}

fn reply_of(error: &Value) -> Value {
    json!([
        error["code"],
        error["error_subcode"],
        error["type"],
        error["message"],
        error["is_transient"],
        error["error_user_title"],
        error["error_user_msg"]
    ])
}

#[tokio::test]
async fn every_error_is_answered_by_a_fault_as_the_catalogue_has_it() {
    let mut server = TestServer::after(BAKERY, SPOKEN).await;
    let before = server.state().await;
    for template in CATALOGUE {
        server.step(&format!("{{ fault: {{ at: send, reply: {} }} }}", template.name)).await;
        let reply = server.ask(hello()).await;
        let expected = template.example();
        let status = template.status_rule().by_header.unwrap_or(template.status);
        assert_eq!(reply.status, status, "{}: `hello` has its token in the header", template.name);
        let error = reply.json()["error"].clone();
        let wanted = json!([
            template.code,
            template.subcode,
            template.kind,
            expected.message,
            template.transient,
            template.user.map(|user| user.title),
            template.user.map(|user| user.message)
        ]);
        assert_eq!(reply_of(&error), wanted, "{}", template.name);
        assert_eq!(reply.header("x-fb-request-id"), error["fbtrace_id"].as_str(), "{}", template.name);
        let challenge = reply.header("www-authenticate").unwrap_or_default();
        assert_eq!(challenge.contains("unknown_error"), template.status >= 500, "{}: {challenge}", template.name);
    }
    assert_eq!(server.state().await, before, "nothing else comes of a call that meets a fault");
    assert!(is_success(&server.ask(hello()).await), "a fault that is spent meets nobody");
}

#[tokio::test]
async fn every_kind_of_call_has_its_word() {
    let control = |edge: &str| {
        let body = r#"{"recipient":{"id":"3001"},"target_app_id":"1002","duration":60}"#;
        post(format!("/v25.0/me/{edge}")).bearer("EAAsupport").json(body)
    };
    let app = || "1001|support-secret";
    let typing = r#"{"recipient":{"id":"3001"},"sender_action":"typing_on"}"#;
    let account = "instagram: { bakery_ig: { apps: { support: { token: IGAAsupport } } } }";
    let with_account = format!("{BAKERY}\n{account}\n");
    let mut tried = vec!["any"];
    for (word, request) in [
        ("send", hello()),
        ("send", post("/2001/messages").bearer("EAAsupport").json(HELLO)),
        ("sender_action", post("/me/messages").bearer("EAAsupport").json(typing)),
        ("pass", control("pass_thread_control")),
        ("release", control("release_thread_control")),
        ("take", control("take_thread_control")),
        ("request", control("request_thread_control")),
        ("extend", control("extend_thread_control")),
        ("metadata", control("pass_thread_metadata")),
        ("thread_owner", get("/me/thread_owner?recipient=3001").bearer("EAAsupport")),
        ("secondary_receivers", get("/me/secondary_receivers").bearer("EAAsupport")),
        ("messenger_profile_set", post("/me/messenger_profile?get_started[payload]=GO").bearer("EAAsupport")),
        ("messenger_profile_read", get("/me/messenger_profile").bearer("EAAsupport")),
        ("messenger_profile_delete", Request::new("DELETE", "/me/messenger_profile").bearer("EAAsupport")),
        ("user_settings_set", post("/me/custom_user_settings?psid=3001").bearer("EAAsupport")),
        ("user_settings_read", get("/me/custom_user_settings?psid=3001").bearer("EAAsupport")),
        ("user_settings_delete", Request::new("DELETE", "/me/custom_user_settings?psid=3001").bearer("EAAsupport")),
        ("persona_make", post("/me/personas?name=Ann").bearer("EAAsupport")),
        ("personas_read", get("/me/personas").bearer("EAAsupport")),
        ("conversations_read", get("/me/conversations").bearer("EAAsupport")),
        ("threads_read", get("/me/threads").bearer("EAAsupport")),
        ("conversation_read", get("/t_1").bearer("EAAsupport")),
        ("messages_read", get("/t_1/messages").bearer("EAAsupport")),
        ("message_read", get("/m_1").bearer("EAAsupport")),
        ("attachment_save", post("/me/message_attachments").bearer("EAAsupport")),
        ("unlink", post("/me/unlink_accounts?psid=3001").bearer("EAAsupport")),
        ("notification_tokens_read", get("/me/notification_message_tokens").bearer("EAAsupport")),
        ("template_make", post("/me/message_templates").bearer("EAAsupport")),
        ("templates_read", get("/me/message_templates").bearer("EAAsupport")),
        ("template_delete", Request::new("DELETE", "/me/message_templates?name=a").bearer("EAAsupport")),
        ("label_make", post("/me/custom_labels").bearer("EAAsupport")),
        ("labels_read", get("/me/custom_labels").bearer("EAAsupport")),
        ("label_put", post("/7/label?user=3001").bearer("EAAsupport")),
        ("label_take", Request::new("DELETE", "/7/label?user=3001").bearer("EAAsupport")),
        ("moderate", post("/me/moderate_conversations").bearer("EAAsupport")),
        ("block", post("/me/blocked").bearer("EAAsupport")),
        ("unblock", Request::new("DELETE", "/me/blocked").bearer("EAAsupport")),
        ("blocked_read", get("/me/blocked").bearer("EAAsupport")),
        ("user_read", get("/me").bearer("EAAdora")),
        ("accounts_read", get("/me/accounts").bearer("EAAdora")),
        ("subscribe", post("/me/subscribed_apps?subscribed_fields=messages").bearer("EAAsupport")),
        ("unsubscribe", Request::new("DELETE", "/me/subscribed_apps").bearer("EAAsupport")),
        ("subscriptions_read", get("/me/subscribed_apps").bearer("EAAsupport")),
        ("app_subscribe", post("/1001/subscriptions?object=page").bearer(app())),
        ("app_unsubscribe", Request::new("DELETE", "/1001/subscriptions").bearer(app())),
        ("app_subscriptions_read", get("/1001/subscriptions").bearer(app())),
        ("profile_read", get("/3001").bearer("EAAsupport")),
        ("page_read", get("/me").bearer("EAAsupport")),
        ("page_read", get("/2001?fields=id").bearer("EAAsupport")),
        ("account_read", get("/me").bearer("IGAAsupport")),
        ("app_read", get("/1001").bearer(app())),
    ] {
        for at in [word, "any"] {
            let world = match word {
                "user_read" | "accounts_read" => GUARDED,
                "account_read" => &with_account,
                _ => BAKERY,
            };
            let mut server = TestServer::after(world, SPOKEN).await;
            for other in WORDS.iter().filter(|other| **other != at && **other != "any") {
                server.step(&format!("{{ fault: {{ at: {other}, reply: unavailable }} }}")).await;
            }
            if at != "any" {
                server.step(&format!("{{ fault: {{ at: {at}, reply: rate_limited }} }}")).await;
            }
            let expected = if at == "any" { 2 } else { 613 };
            assert_eq!(server.ask(request.clone()).await.code(), (expected, None), "{word} at {at}");
        }
        tried.push(word);
    }
    assert!(WORDS.iter().all(|word| tried.contains(word)), "{WORDS:?}");
}

#[tokio::test]
async fn a_fault_at_any_call_meets_those_without_a_word_too() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ fault: { at: any, reply: meta_internal } }").await;
    assert_eq!(server.ask(get("/me/nothing").bearer("EAAsupport")).await.code(), (-1, None));
}

#[tokio::test]
async fn whose_call_it_is_comes_before_any_fault() {
    let mut server = TestServer::after(BAKERY, SPOKEN).await;
    server.step("{ fault: { at: any, reply: rate_limited } }").await;
    assert_eq!(server.ask(post("/me/messages").json(HELLO)).await.code(), (104, None));
    assert_eq!(server.ask(post("/me/messages").bearer("EAAnobody").json(HELLO)).await.code(), (190, None));
    assert_eq!(server.ask(hello()).await.code(), (613, None));
}

#[tokio::test]
async fn app_page_and_person_narrow_a_fault() {
    let hi = |token: &str, psid: &str| {
        let body = json!({ "recipient": { "id": psid }, "message": { "text": "Hi" } });
        post("/me/messages").bearer(token).json(body.to_string())
    };
    for (fault, met, spared) in [
        ("app: sales", hi("EAAsales", "3001"), hi("EAAsupport", "3001")),
        ("page: kiosk", hi("EAAkiosk", "3901"), hi("EAAsupport", "3001")),
        ("to: alice, page: bakery", hi("EAAsupport", "3001"), hi("EAAkiosk", "3901")),
        ("to: alice", hi("EAAkiosk", "3901"), hi("EAAkiosk", "3001")),
    ] {
        let mut server = TestServer::start(TWO_PAGES).await;
        server.step(&format!("{{ fault: {{ at: send, reply: rate_limited, {fault} }} }}")).await;
        assert_ne!(server.ask(spared).await.code(), (613, None), "{fault}");
        assert_eq!(server.ask(met).await.code(), (613, None), "{fault}");
    }
}

#[tokio::test]
async fn a_thread_is_known_in_whatever_form_a_call_names_it() {
    for (at, request) in [
        ("thread_owner", get("/me/thread_owner?recipient=3001").bearer("EAAsupport")),
        ("thread_owner", get("/me/thread_owner?recipient=%7Bid:3001%7D").bearer("EAAsupport")),
        ("profile_read", get("/3001").bearer("EAAsupport")),
        ("pass", post("/me/pass_thread_control?recipient[id]=3001").bearer("EAAsupport")),
        ("send", post("/me/messages?recipient[user_ref]=form-1").bearer("EAAsupport")),
        ("send", post("/me/messages").bearer("EAAsupport").json(r#"{"recipient":{"user_ref":"form-1"}}"#)),
        ("block", post("/me/blocked?psid=3001").bearer("EAAsupport")),
        ("moderate", post("/me/moderate_conversations?user_ids=[{%22id%22:3001}]").bearer("EAAsupport")),
        ("user_settings_read", get("/me/custom_user_settings?psid=3001").bearer("EAAsupport")),
    ] {
        let mut server = TestServer::after(BAKERY, SPOKEN).await;
        server.step("{ user: alice, opts_in: { user_ref: form-1 } }").await;
        server.step(&format!("{{ fault: {{ at: {at}, to: alice, reply: rate_limited }} }}")).await;
        assert_eq!(server.ask(request).await.code(), (613, None), "{at}");
    }
}

#[tokio::test]
async fn faults_fire_in_the_order_in_which_they_were_armed() {
    let mut server = TestServer::after(BAKERY, SPOKEN).await;
    server.step("{ fault: { at: send, reply: rate_limited, times: 2 } }").await;
    server.step("{ fault: { at: any, reply: unavailable } }").await;
    let mut codes = Vec::new();
    for _ in 0..4 {
        let reply: Reply = server.ask(hello()).await;
        codes.push(reply.json()["error"]["code"].as_i64());
    }
    assert_eq!(codes, [Some(613), Some(613), Some(2), None]);
}

#[tokio::test]
async fn the_calls_of_a_batch_meet_faults_and_the_batch_itself_does_not() {
    let mut server = TestServer::after(BAKERY, SPOKEN).await;
    server.step("{ fault: { at: any, reply: rate_limited } }").await;
    let batch = r#"{"batch":[{"method":"GET","relative_url":"me"},{"method":"GET","relative_url":"me"}]}"#;
    let reply = server.ask(post("/").bearer("EAAsupport").json(batch)).await;
    let codes: Vec<_> = reply.json().as_array().into_iter().flatten().map(|item| item["code"].clone()).collect();
    assert_eq!((reply.status, codes), (200, vec![json!(400), json!(200)]));
}
