//! Limits of a message, each tried at the limit and one above it.

use serde_json::{Value, json};

use crate::graph_api::{SPOKEN, is_success};
use crate::support::{BAKERY, Request, TestServer, post};

fn sends(message: &Value) -> Request {
    let body = json!({ "recipient": { "id": "3001" }, "message": message });
    post("/me/messages").bearer("EAAsupport").json(body.to_string())
}

fn long(length: usize) -> String {
    "x".repeat(length)
}

fn template(payload: Value) -> Value {
    json!({ "attachment": { "type": "template", "payload": payload } })
}

fn button() -> Value {
    json!({ "type": "postback", "title": "a", "payload": "b" })
}

fn buttons(count: usize) -> Value {
    template(json!({ "template_type": "button", "text": "x", "buttons": vec![button(); count] }))
}

fn quick_replies(count: usize) -> Value {
    json!({ "text": "x", "quick_replies": vec![json!({ "content_type": "text", "title": "a", "payload": "b" }); count] })
}

fn cards(count: usize) -> Value {
    template(json!({ "template_type": "generic", "elements": vec![json!({ "title": "a", "subtitle": "b" }); count] }))
}

fn card(key: &str, length: usize) -> Value {
    let mut card = json!({ "title": "a", "subtitle": "b" });
    card[key] = json!(long(length));
    template(json!({ "template_type": "generic", "elements": [card] }))
}

/// Each limit: the message that just fits, the one that does not, and Meta's sentence for it.
#[tokio::test]
async fn a_message_at_the_limit_is_sent_and_one_above_it_is_refused() {
    let length = |path: &str, limit: usize| {
        (100, format!("(#100) Length of param {path} must be less than or equal to {limit}"))
    };
    let many = |path: &str| (105, format!("(#105) param {path} has too many elements."));
    let payload = "name_placeholder";
    for (fits, above, (code, text)) in [
        (json!({ "text": long(2000) }), json!({ "text": long(2001) }), length("message[text]", 2000)),
        (
            json!({ "text": "ä🌷".repeat(1000) }),
            json!({ "text": "ä🌷".repeat(1000) + "ä" }),
            length("message[text]", 2000),
        ),
        (
            json!({ "text": "x", "metadata": long(1000) }),
            json!({ "text": "x", "metadata": long(1001) }),
            length("message[metadata]", 1000),
        ),
        (quick_replies(13), quick_replies(14), many("message[quick_replies]")),
        (
            json!({ "text": "x", "quick_replies": [{ "content_type": "text", "title": "a", "payload": long(1000) }] }),
            json!({ "text": "x", "quick_replies": [{ "content_type": "text", "title": "a", "payload": long(1001) }] }),
            length("message[quick_replies][0][payload]", 1000),
        ),
        (buttons(3), buttons(4), many("name_placeholder[buttons]")),
        (
            template(json!({ "template_type": "button", "text": long(640), "buttons": [button()] })),
            template(json!({ "template_type": "button", "text": long(641), "buttons": [button()] })),
            length(&format!("{payload}[text]"), 640),
        ),
        (
            template(
                json!({ "template_type": "button", "text": "x", "buttons": [button(), { "type": "postback", "title": "a", "payload": long(1000) }] }),
            ),
            template(
                json!({ "template_type": "button", "text": "x", "buttons": [button(), { "type": "postback", "title": "a", "payload": long(1001) }] }),
            ),
            length(&format!("{payload}[buttons][1][payload]"), 1000),
        ),
        (cards(10), cards(11), many("name_placeholder[elements]")),
        (card("title", 80), card("title", 81), length(&format!("{payload}[elements][0][title]"), 80)),
        (card("subtitle", 80), card("subtitle", 81), length(&format!("{payload}[elements][0][subtitle]"), 80)),
        (
            template(
                json!({ "template_type": "generic", "elements": [{ "title": "a", "buttons": vec![button(); 3] }] }),
            ),
            template(
                json!({ "template_type": "generic", "elements": [{ "title": "a", "buttons": vec![button(); 4] }] }),
            ),
            many("name_placeholder[elements][0][buttons]"),
        ),
    ] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        let reply = server.ask(sends(&fits)).await;
        assert!(is_success(&reply), "{text}: {}", reply.line());
        let reply = server.refused(sends(&above)).await;
        assert_eq!((reply.code(), reply.json()["error"]["message"].as_str()), ((code, None), Some(&*text)));
    }
}

#[tokio::test]
async fn a_list_that_needs_something_is_refused_when_it_is_empty() {
    let without = template(json!({ "template_type": "button", "text": "x" }));
    let no_buttons =
        json!({ "template_type": "generic", "elements": [{ "title": "a", "subtitle": "b", "buttons": [] }] });
    let few = |path: &str| (194, format!("(#194) param {path} has too few elements."));
    for (message, (code, text)) in [
        (buttons(0), (100, "(#100) param name_placeholder[buttons] must be non-empty.".to_owned())),
        (without, (100, "(#100) The parameter name_placeholder[buttons] is required".to_owned())),
        (cards(0), few("name_placeholder[elements]")),
        (template(no_buttons), few("name_placeholder[elements][0][buttons]")),
        (quick_replies(0), few("message[quick_replies]")),
    ] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        let reply = server.refused(sends(&message)).await;
        assert_eq!((reply.code(), reply.message()), ((code, None), text));
    }
}

#[tokio::test]
async fn titles_that_are_too_long_to_show_are_sent_all_the_same() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let replies =
        json!({ "text": "x", "quick_replies": [{ "content_type": "text", "title": long(40), "payload": "b" }] });
    let buttons = template(
        json!({ "template_type": "button", "text": "x", "buttons": [{ "type": "postback", "title": long(40), "payload": "b" }] }),
    );
    for message in [replies, buttons] {
        assert!(is_success(&server.ask(sends(&message)).await));
    }
}

#[tokio::test]
async fn metadata_of_a_handover_has_its_limit_too() {
    let passes = |length| {
        let body = json!({ "recipient": { "id": "3001" }, "target_app_id": "1002", "metadata": long(length) });
        post("/me/pass_thread_control").bearer("EAAsupport").json(body.to_string())
    };
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let reply = server.refused(passes(1001)).await;
    assert_eq!(reply.json()["error"]["message"], "(#100) Length of param metadata must be less than or equal to 1000");
    assert_eq!(server.ask(passes(1000)).await.line(), r#"200 {"success":true}"#);
}
