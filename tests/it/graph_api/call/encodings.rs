//! One call in every encoding that clients use.

use serde_json::json;

use crate::graph_api::{SPOKEN, echoes};
use crate::support::{BAKERY, Request, TestServer, post};

/// The call as JSON; every row below says the same.
const CALL: &str = r#"{"recipient":{"id":"3001"},"message":{"attachment":{"type":"template","payload":{"template_type":"button","text":"Shall we & go?","buttons":[{"type":"postback","title":"Ja, klar","payload":"Y=1"},{"type":"web_url","title":"Shop","url":"https://bakery.example/?a=b"}]}},"metadata":"42"},"messaging_type":"RESPONSE"}"#;

fn json_part(key: &str) -> String {
    let call: serde_json::Value = serde_json::from_str(CALL).expect("JSON");
    call[key].to_string()
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// As `'…'` instead of `"…"`, like Python's repr and Meta's own curl examples.
fn relaxed(text: &str) -> String {
    text.replace('"', "'")
}

fn brackets() -> String {
    const PAIRS: &[(&str, &str)] = &[
        ("recipient[id]", "3001"),
        ("message[attachment][type]", "template"),
        ("message[attachment][payload][template_type]", "button"),
        ("message[attachment][payload][text]", "Shall we & go?"),
        ("message[attachment][payload][buttons][0][type]", "postback"),
        ("message[attachment][payload][buttons][0][title]", "Ja, klar"),
        ("message[attachment][payload][buttons][0][payload]", "Y=1"),
        ("message[attachment][payload][buttons][1][type]", "web_url"),
        ("message[attachment][payload][buttons][1][title]", "Shop"),
        ("message[attachment][payload][buttons][1][url]", "https://bakery.example/?a=b"),
        ("message[metadata]", "42"),
        ("messaging_type", "RESPONSE"),
    ];
    let pairs: Vec<String> = PAIRS.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
    pairs.join("&")
}

fn rows() -> Vec<(&'static str, Request)> {
    let (recipient, message) = (json_part("recipient"), json_part("message"));
    let form = format!("recipient={}&message={}&messaging_type=RESPONSE", encoded(&recipient), encoded(&message));
    let (recipient_in_quotes, message_in_quotes) = (encoded(&relaxed(&recipient)), encoded(&relaxed(&message)));
    let relaxed_form = format!("recipient={recipient_in_quotes}&message={message_in_quotes}&messaging_type=RESPONSE");
    let as_text = json!({ "recipient": recipient, "message": message, "messaging_type": "RESPONSE" }).to_string();
    let with_nulls =
        CALL.replacen('{', r#"{"tag":null,"sender_action":null,"thread_control":null,"persona_id":null,"#, 1);
    let messages = || post("/v25.0/me/messages").bearer("EAAsupport");
    let at = |query: &str| post(format!("/v25.0/me/messages?{query}")).bearer("EAAsupport");
    let typed = |content_type: &str| messages().header("Content-Type", content_type);
    vec![
        ("JSON", messages().json(CALL)),
        ("JSON with a charset", typed("application/json; charset=utf-8").body(CALL)),
        ("JSON in capitals", typed("Application/JSON;charset=UTF-8").body(CALL)),
        ("JSON text inside JSON", messages().json(as_text)),
        ("JSON with nulls", messages().json(with_nulls)),
        ("an id as a number", messages().json(CALL.replace(r#""3001""#, "3001"))),
        ("a form with JSON values", messages().form(&form)),
        ("a form with a charset", typed("application/x-www-form-urlencoded; charset=UTF-8").body(form.as_str())),
        ("a form without a type", messages().body(form.as_str())),
        ("a form with relaxed JSON", messages().form(&relaxed_form)),
        ("brackets", messages().form(&brackets())),
        ("brackets without a type", messages().body(brackets())),
        ("all in the query", at(&form)),
        ("all in the query, relaxed", at(&relaxed_form)),
        ("all in the query, with brackets", at(&brackets())),
        ("all in the query, an empty JSON body", at(&form).json("")),
        ("all in the query, an empty object", at(&form).json("{}")),
        ("all in the query, a trailing ampersand", at(&format!("{form}&"))),
        (
            "recipient in the query",
            at(&format!("recipient={}", encoded(&recipient))).json(format!(r#"{{"message":{message}}}"#)),
        ),
        (
            "recipient with a bare key",
            at(&format!("recipient={}", encoded("{id:3001}"))).json(format!(r#"{{"message":{message}}}"#)),
        ),
        ("token in the form", post("/v25.0/me/messages").form(&format!("{form}&access_token=EAAsupport"))),
        ("an unknown parameter", messages().form(&format!("{form}&colour=blue"))),
        ("enums in lower case", messages().json(CALL.replace("RESPONSE", "response"))),
        ("enums in mixed case", messages().json(CALL.replace("RESPONSE", "Response").replace("web_url", "WEB_URL"))),
    ]
}

#[tokio::test]
async fn one_call_means_the_same_in_every_encoding() {
    let mut first = None;
    for (what, request) in rows() {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        let reply = server.ask(request).await;
        assert_eq!(reply.status, 200, "{what}: {}", reply.line());
        let shown = (reply.text().to_owned(), echoes(&server).await);
        assert_eq!(shown.1.len(), 1, "{what}: one echo to the app");
        let first = first.get_or_insert_with(|| shown.clone());
        assert_eq!(*first, shown, "{what}");
    }
}

#[tokio::test]
async fn json_that_is_not_declared_is_a_form_without_parameters() {
    for (what, content_type) in [
        ("no type", None),
        ("a form's type", Some("application/x-www-form-urlencoded")),
        ("plain text", Some("text/plain")),
    ] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        let bare = post("/me/messages").bearer("EAAsupport").body(CALL);
        let typed = content_type.iter().fold(bare, |request, value| request.header("Content-Type", value));
        let refused = server.refused(typed).await;
        assert_eq!(refused.message(), "(#100) The parameter recipient is required", "{what}");
        let warnings = server.entries("warning").await;
        let [warning] = &*warnings else { panic!("{what}: one warning, not {warnings:?}") };
        let declared =
            content_type.map_or("it has no content type".to_owned(), |kind| format!("its content type is {kind}"));
        let text = format!("the body is JSON, but {declared}, so that Meta reads a form and finds no parameters in it");
        assert!(warning["text"].as_str().is_some_and(|warning| warning.contains(&text)), "{what}: {warning}");
        assert_eq!(echoes(&server).await.len(), 0, "{what}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_utf8_are_never_sent() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let with = |before: &str| [before.as_bytes(), b"caf\xE9\"}"].concat();
    for request in [
        post("/me/messages").json([with(r#"{"recipient":{"id":"3001"},"message":{"text":""#), b"}".to_vec()].concat()),
        post("/me/messages").body(with(r#"recipient={"id":"3001"}&message={"text":""#)),
        post("/me/messages?recipient[id]=3001&message[text]=caf%E9").json("{}"),
    ] {
        let refused = server.refused(request.bearer("EAAsupport")).await;
        assert_eq!(refused.message(), "(#100) Param message[text] must be a UTF-8 encoded string");
    }
    assert_eq!(echoes(&server).await.len(), 0);
}

#[tokio::test]
async fn the_call_says_what_its_json_says() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    server.ask(post("/me/messages").bearer("EAAsupport").json(CALL)).await;
    let echo = &echoes(&server).await[0]["entry"][0]["messaging"][0]["message"];
    let sent: serde_json::Value = serde_json::from_str(CALL).expect("JSON");
    assert_eq!(echo["attachments"][0], sent["message"]["attachment"]);
    assert_eq!(echo["metadata"], "42");
}

#[tokio::test]
async fn what_stands_in_the_body_wins_over_the_query() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let in_query = encoded(r#"{"text":"from the query"}"#);
    let body = r#"{"recipient":{"id":3001},"message":{"text":"from the body"}}"#;
    let reply = server.ask(post(format!("/me/messages?message={in_query}")).bearer("EAAsupport").json(body)).await;
    assert_eq!(reply.status, 200, "{}", reply.line());
    assert_eq!(echoes(&server).await[0]["entry"][0]["messaging"][0]["message"]["text"], "from the body");
}

#[tokio::test]
async fn an_unknown_parameter_is_ignored_with_a_warning_in_the_ledger() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let body = r#"{"recipient":{"id":3001},"message":{"text":"Hi"},"mesaging_type":"RESPONSE"}"#;
    assert_eq!(server.ask(post("/me/messages").bearer("EAAsupport").json(body)).await.status, 200);
    let warnings = server.entries("warning").await;
    insta::assert_snapshot!(warnings[0]["text"].as_str().unwrap_or_default(), @"warning for support: POST /me/messages: unknown parameter `mesaging_type` was ignored, did you mean `messaging_type`?");
}

#[tokio::test]
async fn lists_come_as_clients_write_them() {
    for list in
        ["messages,standby", "messages,%20standby", r#"[%22messages%22,%22standby%22]"#, "['messages','standby']"]
    {
        let server = TestServer::start(BAKERY).await;
        let path = format!("/me/subscribed_apps?subscribed_fields={list}");
        assert_eq!(server.ask(post(path).bearer("EAAsupport")).await.status, 200, "{list}");
        let read = server.ask(crate::support::get("/me/subscribed_apps").bearer("EAAsupport")).await;
        assert_eq!(read.json()["data"][0]["subscribed_fields"], json!(["messages", "standby"]), "{list}");
    }
}
