//! `POST /{page}/messages`: what is sent, what comes back, and what is refused. Limits and the order of checks have their own files.

use crate::graph_api::{BY_AD, HELLO, SPOKEN, answers, echoes, refusals};
use crate::support::{BAKERY, KIOSK, Request, TestServer, post};

fn sends(body: impl Into<Vec<u8>>) -> Request {
    post("/me/messages").bearer("EAAsupport").json(body)
}

/// A message to Alice.
fn message(message: &str) -> Request {
    sends(format!(r#"{{"recipient":{{"id":"3001"}},"message":{message}}}"#))
}

/// A message to Alice with more beside it.
fn with(more: &str) -> Request {
    sends(format!(r#"{{"recipient":{{"id":"3001"}},"message":{{"text":"Hello!"}},{more}}}"#))
}

fn action(rest: &str) -> Request {
    sends(format!(r#"{{"recipient":{{"id":"3001"}},{rest}}}"#))
}

#[tokio::test]
async fn what_was_sent_is_answered_with_recipient_and_message_id() {
    let rows = vec![
        ("text", sends(HELLO)),
        (
            "quick replies",
            message(
                r#"{"text":"?","quick_replies":[{"content_type":"text","title":"Yes","payload":"Y"},{"content_type":"user_email"}]}"#,
            ),
        ),
        ("an image", message(r#"{"attachment":{"type":"image","payload":{"url":"https://bakery.example/a.png"}}}"#)),
        (
            "an image to use again",
            message(
                r#"{"attachment":{"type":"IMAGE","payload":{"url":"https://bakery.example/a.png","is_reusable":true}}}"#,
            ),
        ),
        (
            "cards",
            message(
                r#"{"attachment":{"type":"template","payload":{"template_type":"generic","elements":[{"title":"Rye","subtitle":"dark","image_url":"https://bakery.example/rye.png","default_action":{"type":"web_url","url":"https://bakery.example/rye"},"buttons":[{"type":"phone_number","title":"Call","payload":"+15551234"}]}]}}}"#,
            ),
        ),
        ("typing", action(r#""sender_action":"typing_on""#)),
        ("typing in capitals", action(r#""sender_action":"TYPING_OFF""#)),
        ("seen", action(r#""sender_action":"mark_seen""#)),
    ];
    insta::assert_snapshot!(answers(BAKERY, SPOKEN, rows).await, @r#"
    text: 200 {"recipient_id":"3001","message_id":"m_kcGQeBkjUUqJoMZuDYC4ANA8tThNiQ3FRrGSuKEzpntyoCziLUZZ1BEjTNuIxB5bmIUSrEnGdd-OosnkLThw1A"}
    quick replies: 200 {"recipient_id":"3001","message_id":"m_kcGQeBkjUUqJoMZuDYC4ANA8tThNiQ3FRrGSuKEzpntyoCziLUZZ1BEjTNuIxB5bmIUSrEnGdd-OosnkLThw1A"}
    an image: 200 {"recipient_id":"3001","message_id":"m_kcGQeBkjUUqJoMZuDYC4ANA8tThNiQ3FRrGSuKEzpntyoCziLUZZ1BEjTNuIxB5bmIUSrEnGdd-OosnkLThw1A"}
    an image to use again: 200 {"recipient_id":"3001","message_id":"m_kcGQeBkjUUqJoMZuDYC4ANA8tThNiQ3FRrGSuKEzpntyoCziLUZZ1BEjTNuIxB5bmIUSrEnGdd-OosnkLThw1A","attachment_id":"9869729627638076"}
    cards: 200 {"recipient_id":"3001","message_id":"m_kcGQeBkjUUqJoMZuDYC4ANA8tThNiQ3FRrGSuKEzpntyoCziLUZZ1BEjTNuIxB5bmIUSrEnGdd-OosnkLThw1A"}
    typing: 200 {"recipient_id":"3001"}
    typing in capitals: 200 {"recipient_id":"3001"}
    seen: 200 {"recipient_id":"3001"}
    "#);
}

#[tokio::test]
async fn the_message_id_of_the_answer_is_the_one_of_the_echo() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let reply = server.ask(message(r#"{"text":"Hello!","metadata":"for later"}"#)).await;
    let echo = &echoes(&server).await[0]["entry"][0]["messaging"][0]["message"];
    assert_eq!(echo["mid"], reply.json()["message_id"]);
    assert_eq!((&echo["app_id"], &echo["metadata"]), (&serde_json::json!(1001), &serde_json::json!("for later")));
}

#[tokio::test]
async fn a_saved_attachment_is_sent_by_its_id_and_only_on_its_page() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let saved = server
        .ask(message(
            r#"{"attachment":{"type":"image","payload":{"url":"https://bakery.example/a.png","is_reusable":true}}}"#,
        ))
        .await;
    let id = saved.json()["attachment_id"].as_str().expect("an attachment id").to_owned();
    let by_id =
        |id: &str| message(&format!(r#"{{"attachment":{{"type":"image","payload":{{"attachment_id":{id}}}}}}}"#));
    assert_eq!(server.ask(by_id(&format!("\"{id}\""))).await.status, 200);
    assert_eq!(server.ask(by_id(&id)).await.status, 200, "as a number");
    let echoed = echoes(&server).await;
    assert_eq!(
        echoed[1]["entry"][0]["messaging"][0]["message"]["attachments"],
        echoed[0]["entry"][0]["messaging"][0]["message"]["attachments"]
    );
    let unknown = server.refused(by_id("\"1234567890123456\"")).await;
    assert_eq!(unknown.code(), (100, Some(2018074)));
}

#[tokio::test]
async fn a_person_sees_what_was_sent_and_taps_it() {
    let mut server = TestServer::after(BAKERY, SPOKEN).await;
    server.ask(message(r#"{"text":"?","quick_replies":[{"content_type":"text","title":"Yes","payload":7}]}"#)).await;
    server.step("{ user: alice, taps_quick_reply: Yes }").await;
    server.step("{ expect: [{ app: support, gets: messages, text: 'Yes', payload: '7' }] }").await;
}

#[tokio::test]
async fn a_reply_names_a_message_of_the_thread() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi, save: { hers: /mid } }").await;
    let answer = server.http_step("{ call: { as: support, post: /me/messages, body: { recipient: { id: '${alice}' }, message: { text: Yes }, reply_to: { mid: nobody } } } }").await;
    assert_eq!(answer.json()["answer"]["error"]["message"], "(#100) Invalid message id");
    server.step("{ call: { as: support, post: /me/messages, body: { recipient: { id: '${alice}' }, message: { text: Yes }, reply_to: { mid: '${hers}' } } }, returns: { status: 200 } }").await;
    let echo = &echoes(&server).await[0]["entry"][0]["messaging"][0]["message"];
    assert_eq!(echo["reply_to"]["is_self_reply"], false);
}

#[tokio::test]
async fn a_recipient_is_one_person_of_the_page() {
    let to = |recipient: &str| sends(format!(r#"{{"recipient":{recipient},"message":{{"text":"Hello!"}}}}"#));
    let rows = vec![
        ("none", sends(r#"{"message":{"text":"Hello!"}}"#)),
        ("null", to("null")),
        ("empty", to("{}")),
        ("an id that is null", to(r#"{"id":null}"#)),
        ("text that is no object", to(r#""3001""#)),
        ("a list", to(r#"["3001"]"#)),
        ("two kinds", to(r#"{"id":"3001","user_ref":"x"}"#)),
        ("an unknown kind", to(r#"{"psid":"3001"}"#)),
        ("an id that is an object", to(r#"{"id":{"id":"3001"}}"#)),
        ("nobody", to(r#"{"id":"9999"}"#)),
        ("zero", to(r#"{"id":"0"}"#)),
        ("zero as a number", to(r#"{"id":0}"#)),
        ("an empty id", to(r#"{"id":""}"#)),
        ("the page itself", to(r#"{"id":"2001"}"#)),
        ("a kind that comes later", to(r#"{"one_time_notif_token":"x"}"#)),
        ("a checkbox that nobody ticked", to(r#"{"user_ref":"x"}"#)),
        ("a comment that nobody wrote", to(r#"{"comment_id":"1_2"}"#)),
        ("an empty comment", to(r#"{"comment_id":""}"#)),
        ("a phone number", to(r#"{"phone_number":"+1(555)0100"}"#)),
        ("a phone number and a name", to(r#"{"phone_number":"+1","name":{"first_name":"Al","last_name":"Ar"}}"#)),
        ("a phone number and a name that is text", to(r#"{"phone_number":"+1","name":"Al"}"#)),
        ("a name with more in it", to(r#"{"phone_number":"+1","name":{"title":"Dr"}}"#)),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    none: 400 {"error":{"message":"(#100) The parameter recipient is required","type":"OAuthException","code":100}}
    null: 400 {"error":{"message":"(#100) The parameter recipient is required","type":"OAuthException","code":100}}
    empty: 400 {"error":{"message":"(#100) The parameter recipient[id] is required","type":"OAuthException","code":100}}
    an id that is null: 400 {"error":{"message":"(#100) The parameter recipient[id] is required","type":"OAuthException","code":100}}
    text that is no object: 400 {"error":{"message":"(#100) Param recipient must be an object.","type":"OAuthException","code":100}}
    a list: 400 {"error":{"message":"(#100) Param recipient must be an object.","type":"OAuthException","code":100}}
    two kinds: 400 {"error":{"message":"(#100) Param recipient must be an object with exactly one key.","type":"OAuthException","code":100}}
    an unknown kind: 400 {"error":{"message":"(#100) Invalid keys \"psid\" were found in param \"recipient\".","type":"OAuthException","code":100}}
    an id that is an object: 400 {"error":{"message":"(#100) Param recipient[id] must be a valid ID string (e.g., \"123\")","type":"OAuthException","code":100}}
    nobody: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    zero: 400 {"error":{"message":"(#100) Parameter error: You cannot send messages to this id","type":"OAuthException","code":100}}
    zero as a number: 400 {"error":{"message":"(#100) Parameter error: You cannot send messages to this id","type":"OAuthException","code":100}}
    an empty id: 400 {"error":{"message":"(#100) Param recipient[id] must be a valid ID string (e.g., \"123\")","type":"OAuthException","code":100}}
    the page itself: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    a kind that comes later: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    a checkbox that nobody ticked: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    a comment that nobody wrote: 400 {"error":{"message":"(#100) Invalid comment_id parameter","type":"OAuthException","code":100,"error_subcode":2018292}}
    an empty comment: 400 {"error":{"message":"(#100) Param recipient[comment_id] must be a non-empty UTF-8 encoded string","type":"OAuthException","code":100}}
    a phone number: 403 {"error":{"message":"(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging_phone_number permission is reviewed and the app is live.","type":"OAuthException","code":200,"error_subcode":2018027}}
    a phone number and a name: 403 {"error":{"message":"(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging_phone_number permission is reviewed and the app is live.","type":"OAuthException","code":200,"error_subcode":2018027}}
    a phone number and a name that is text: 400 {"error":{"message":"(#100) Param recipient[name] must be an object.","type":"OAuthException","code":100}}
    a name with more in it: 400 {"error":{"message":"(#100) Invalid keys \"title\" were found in param \"recipient[name]\".","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn a_message_has_something_in_it_and_nothing_that_meta_does_not_know() {
    let attachment = |attachment: &str| message(&format!(r#"{{"attachment":{attachment}}}"#));
    let rows = vec![
        ("nothing at all", sends(r#"{"recipient":{"id":"3001"}}"#)),
        ("null", message("null")),
        ("an empty object", message("{}")),
        ("an empty text", message(r#"{"text":""}"#)),
        ("a number as text", message(r#"{"text":42}"#)),
        ("an object as text", message(r#"{"text":{"text":"Hello!"}}"#)),
        ("text alone", message(r#""Hello!""#)),
        (
            "text and attachment",
            message(r#"{"text":"x","attachment":{"type":"image","payload":{"url":"https://b.example/a"}}}"#),
        ),
        ("quick replies alone", message(r#"{"quick_replies":[{"content_type":"text","title":"a","payload":"b"}]}"#)),
        ("an unknown key", message(r#"{"txt":"Hello!"}"#)),
        ("an attachment without a type", attachment(r#"{"payload":{"url":"https://b.example/a"}}"#)),
        (
            "an attachment of an unknown type",
            attachment(r#"{"type":"picture","payload":{"url":"https://b.example/a"}}"#),
        ),
        ("an attachment without a payload", attachment(r#"{"type":"image"}"#)),
        ("an image without a URL", attachment(r#"{"type":"image","payload":{}}"#)),
        ("an image with no real URL", attachment(r#"{"type":"image","payload":{"url":"a.png"}}"#)),
        ("an image with an empty URL", attachment(r#"{"type":"image","payload":{"url":""}}"#)),
        ("a template without a type", attachment(r#"{"type":"template","payload":{}}"#)),
        ("a template of an unknown type", attachment(r#"{"type":"template","payload":{"template_type":"poster"}}"#)),
        ("a template without its parts", attachment(r#"{"type":"template","payload":{"template_type":"receipt"}}"#)),
        (
            "a button of an unknown type",
            attachment(
                r#"{"type":"template","payload":{"template_type":"button","text":"x","buttons":[{"type":"link","title":"a"}]}}"#,
            ),
        ),
        (
            "a button without a title",
            attachment(
                r#"{"type":"template","payload":{"template_type":"button","text":"x","buttons":[{"type":"postback","payload":"a"}]}}"#,
            ),
        ),
        (
            "a web button without a URL",
            attachment(
                r#"{"type":"template","payload":{"template_type":"button","text":"x","buttons":[{"type":"web_url","title":"a"}]}}"#,
            ),
        ),
        ("a quick reply of an unknown type", message(r#"{"text":"x","quick_replies":[{"content_type":"location"}]}"#)),
        (
            "a quick reply without a payload",
            message(r#"{"text":"x","quick_replies":[{"content_type":"text","title":"a"}]}"#),
        ),
        (
            "a quick reply with an unknown key",
            message(r#"{"text":"x","quick_replies":[{"content_type":"text","title":"a","payload":"b","color":"c"}]}"#),
        ),
        ("quick replies that are no list", message(r#"{"text":"x","quick_replies":"yes"}"#)),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    nothing at all: 400 {"error":{"message":"(#100) Must send either message or state","type":"OAuthException","code":100,"error_subcode":2018015}}
    null: 400 {"error":{"message":"(#100) Must send either message or state","type":"OAuthException","code":100,"error_subcode":2018015}}
    an empty object: 400 {"error":{"message":"(#100) Message cannot be empty, must provide valid attachment or text","type":"OAuthException","code":100,"error_subcode":2018034}}
    an empty text: 400 {"error":{"message":"(#100) Message cannot be empty, must provide valid attachment or text","type":"OAuthException","code":100,"error_subcode":2018034}}
    a number as text: 400 {"error":{"message":"(#100) Param message[text] must be a UTF-8 encoded string","type":"OAuthException","code":100}}
    an object as text: 400 {"error":{"message":"(#100) Param message[text] must be a UTF-8 encoded string","type":"OAuthException","code":100}}
    text alone: 400 {"error":{"message":"(#100) Param message must be an object.","type":"OAuthException","code":100}}
    text and attachment: 400 {"error":{"message":"(#100) Message cannot have both text and attachment","type":"OAuthException","code":100}}
    quick replies alone: 400 {"error":{"message":"(#100) Message cannot be empty, must provide valid attachment or text","type":"OAuthException","code":100,"error_subcode":2018034}}
    an unknown key: 400 {"error":{"message":"(#100) Invalid keys \"txt\" were found in param \"message\".","type":"OAuthException","code":100}}
    an attachment without a type: 400 {"error":{"message":"(#100) The parameter message[attachment][type] is required","type":"OAuthException","code":100}}
    an attachment of an unknown type: 400 {"error":{"message":"(#100) Param message[attachment][type] is not supported. Please check developer docs for details","type":"OAuthException","code":100}}
    an attachment without a payload: 400 {"error":{"message":"(#100) The parameter message[attachment][payload] is required","type":"OAuthException","code":100}}
    an image without a URL: 400 {"error":{"message":"(#100) Incorrect number of files uploaded. Must upload exactly one file.","type":"OAuthException","code":100,"error_subcode":2018005}}
    an image with no real URL: 400 {"error":{"message":"(#100) a.png should represent a valid URL","type":"OAuthException","code":100}}
    an image with an empty URL: 400 {"error":{"message":"(#100)  should represent a valid URL","type":"OAuthException","code":100}}
    a template without a type: 400 {"error":{"message":"(#100) The parameter name_placeholder[template_type] is required","type":"OAuthException","code":100}}
    a template of an unknown type: 400 {"error":{"message":"(#100) Invalid template type","type":"OAuthException","code":100}}
    a template without its parts: 400 {"error":{"message":"(#100) The parameter name_placeholder[recipient_name] is required","type":"OAuthException","code":100}}
    a button of an unknown type: 400 {"error":{"message":"(#100) Param name_placeholder[buttons][0][type] must be one of {web_url, postback, phone_number, account_link, account_unlink, game_play} - got \"link\".","type":"OAuthException","code":100}}
    a button without a title: 400 {"error":{"message":"(#100) Element button title cannot be empty.","type":"OAuthException","code":100,"error_subcode":2018053}}
    a web button without a URL: 400 {"error":{"message":"(#100) Web url cannot be empty for url type button","type":"OAuthException","code":100,"error_subcode":2018041}}
    a quick reply of an unknown type: 400 {"error":{"message":"(#100) Location Quick Reply is now deprecated on API 4.0. Please refer to our Developer Documentation for more info.","type":"OAuthException","code":100}}
    a quick reply without a payload: 400 {"error":{"message":"(#100) Payload is required for this quick reply content type","type":"OAuthException","code":100,"error_subcode":2018099}}
    a quick reply with an unknown key: 400 {"error":{"message":"(#100) Invalid keys \"color\" were found in param \"message[quick_replies][0]\".","type":"OAuthException","code":100}}
    quick replies that are no list: 400 {"error":{"message":"(#100) Param message[quick_replies] must be an array.","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn what_stands_beside_the_message_is_checked_too() {
    let rows = vec![
        ("a message and an action", with(r#""sender_action":"typing_on""#)),
        ("an unknown action", action(r#""sender_action":"dance""#)),
        ("an unknown messaging type", with(r#""messaging_type":"REPLY""#)),
        ("an unknown notification type", with(r#""notification_type":"LOUD""#)),
        ("a tag that is dead", with(r#""messaging_type":"MESSAGE_TAG","tag":"ACCOUNT_UPDATE""#)),
        ("a tag that never was", with(r#""messaging_type":"MESSAGE_TAG","tag":"HELLO""#)),
        ("a type that needs a tag", with(r#""messaging_type":"MESSAGE_TAG""#)),
        ("a tag with another type", with(r#""messaging_type":"RESPONSE","tag":"HUMAN_AGENT""#)),
        ("a reply to nothing", with(r#""reply_to":{}"#)),
        ("a reply to a message that is none", with(r#""reply_to":{"mid":"m_none"}"#)),
        ("a reaction without a message", action(r#""sender_action":"react","payload":{"reaction":"love"}"#)),
        (
            "a reaction to a message that is none",
            action(r#""sender_action":"react","payload":{"message_id":"m_none","reaction":"love"}"#),
        ),
        ("a tag that is for news", with(r#""messaging_type":"MESSAGE_TAG","tag":"NON_PROMOTIONAL_SUBSCRIPTION""#)),
        ("a survey's tag without a survey", with(r#""messaging_type":"MESSAGE_TAG","tag":"CUSTOMER_FEEDBACK""#)),
        ("a tag in an update", with(r#""messaging_type":"UPDATE","tag":"HUMAN_AGENT""#)),
        ("a persona that sees", action(r#""sender_action":"mark_seen","persona_id":"1""#)),
        ("an unknown notification of an action", action(r#""sender_action":"typing_on","notification_type":"LOUD""#)),
        ("an unknown suggestion", with(r#""suggestion_action":"KEEP""#)),
        ("an unknown folder", with(r#""folder":"SPAM""#)),
        ("a persona that the page has not", with(r#""persona_id":"1""#)),
        ("a utility message without a template", with(r#""messaging_type":"UTILITY""#)),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    a message and an action: 400 {"error":{"message":"(#100) Cannot send both message and state at the same time.","type":"OAuthException","code":100,"error_subcode":2018014}}
    an unknown action: 400 {"error":{"message":"(#100) Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN, REACT, UNREACT} - got \"dance\".","type":"OAuthException","code":100}}
    an unknown messaging type: 400 {"error":{"message":"(#100) Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG, UTILITY} - got \"REPLY\".","type":"OAuthException","code":100}}
    an unknown notification type: 400 {"error":{"message":"(#100) Param notification_type must be one of {REGULAR, SILENT_PUSH, NO_PUSH} - got \"LOUD\".","type":"OAuthException","code":100}}
    a tag that is dead: 400 {"error":{"message":"Invalid parameter","type":"OAuthException","code":100,"error_subcode":1893061,"error_user_title":"Message tag not supported","error_user_msg":"This message tag is no longer supported."}}
    a tag that never was: 400 {"error":{"message":"(#100) Invalid tag.","type":"OAuthException","code":100}}
    a type that needs a tag: 400 {"error":{"message":"(#100) The parameter tag is required","type":"OAuthException","code":100}}
    a tag with another type: 400 {"error":{"message":"(#100) Param messaging_type must be one of {MESSAGE_TAG} - got \"RESPONSE\".","type":"OAuthException","code":100}}
    a reply to nothing: 400 {"error":{"message":"(#100) The parameter reply_to[mid] is required","type":"OAuthException","code":100}}
    a reply to a message that is none: 400 {"error":{"message":"(#100) Invalid message id","type":"OAuthException","code":100}}
    a reaction without a message: 400 {"error":{"message":"(#100) The parameter payload[message_id] is required","type":"OAuthException","code":100}}
    a reaction to a message that is none: 400 {"error":{"message":"(#100) Invalid message id","type":"OAuthException","code":100}}
    a tag that is for news: 400 {"error":{"message":"(#100) tag NON_PROMOTIONAL_SUBSCRIPTION is not built yet in graphdouble","type":"OAuthException","code":100}}
    a survey's tag without a survey: 400 {"error":{"message":"(#100) Invalid tag.","type":"OAuthException","code":100}}
    a tag in an update: 400 {"error":{"message":"(#100) Param messaging_type must be one of {MESSAGE_TAG} - got \"UPDATE\".","type":"OAuthException","code":100}}
    a persona that sees: 400 {"error":{"message":"(#100) Param persona_id can only be used with a message, typing_on or typing_off","type":"OAuthException","code":100}}
    an unknown notification of an action: 400 {"error":{"message":"(#100) Param notification_type must be one of {REGULAR, SILENT_PUSH, NO_PUSH} - got \"LOUD\".","type":"OAuthException","code":100}}
    an unknown suggestion: 400 {"error":{"message":"(#100) Param suggestion_action must be one of {ACCEPT, DISMISS, IMPRESSION} - got \"KEEP\".","type":"OAuthException","code":100}}
    an unknown folder: 400 {"error":{"message":"(#100) Param folder must be one of {PARTNERSHIP} - got \"SPAM\".","type":"OAuthException","code":100}}
    a persona that the page has not: 400 {"error":{"message":"(#100) Invalid persona id","type":"OAuthException","code":100}}
    a utility message without a template: 400 {"error":{"message":"(#100) The parameter message[template] is required","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn what_changes_nothing_is_taken_and_the_ledger_says_so() {
    for (more, warned) in [
        (r#""messaging_type":"RESPONSE""#, None),
        (r#""messaging_type":"update","notification_type":"silent_push""#, None),
        (r#""suggestion_action":"accept""#, Some("suggestion_action")),
        (r#""folder":"PARTNERSHIP""#, Some("folder")),
    ] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        assert_eq!(server.ask(with(more)).await.status, 200, "{more}");
        let warnings = server.entries("warning").await;
        let shown = warnings.iter().map(|entry| entry["text"].as_str().unwrap_or_default());
        assert_eq!(shown.clone().count(), usize::from(warned.is_some()), "{more}");
        assert!(shown.zip(warned).all(|(text, param)| text.contains(param)), "{more}");
    }
}

#[tokio::test]
async fn thread_control_beside_a_message_is_checked_before_anything_is_sent() {
    let sends = |control: &str| {
        let body = format!(r#"{{"recipient":{{"id":"3001"}},"message":{{"text":"Bye"}},"thread_control":{control}}}"#);
        post("/me/messages").bearer("EAAsales").json(body)
    };
    let rows = vec![
        ("payload and app", sends(r#"{"payload":"pass_thread_control","app_id":"1003"}"#)),
        ("payload, app and type", sends(r#"{"payload":"release_thread_control","app_id":1003,"control_type":"pass"}"#)),
        ("an unknown payload", sends(r#"{"payload":"take_thread_control"}"#)),
        ("an unknown type", sends(r#"{"control_type":"take"}"#)),
        ("an unknown key", sends(r#"{"app":"1003"}"#)),
        ("an unknown app", sends(r#"{"app_id":"1999","control_type":"pass"}"#)),
        ("an app that is text", sends(r#"{"app_id":"loyalty","control_type":"pass"}"#)),
        ("nothing", sends("{}")),
        ("no object", sends("true")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, BY_AD, rows).await, @r#"
    payload and app: 400 {"error":{"message":"(#100) Param thread_control must set either payload or app_id, not both.","type":"OAuthException","code":100}}
    payload, app and type: 400 {"error":{"message":"(#100) Param thread_control must set either payload or app_id, not both.","type":"OAuthException","code":100}}
    an unknown payload: 400 {"error":{"message":"(#100) Param thread_control[payload] must be one of {pass_thread_control, release_thread_control} - got \"take_thread_control\".","type":"OAuthException","code":100}}
    an unknown type: 400 {"error":{"message":"(#100) Param thread_control[control_type] must be one of {pass, release} - got \"take\".","type":"OAuthException","code":100}}
    an unknown key: 400 {"error":{"message":"(#100) Invalid keys \"app\" were found in param \"thread_control\".","type":"OAuthException","code":100}}
    an unknown app: 400 {"error":{"message":"(#100) Incorrect App ID.","type":"OAuthException","code":100,"error_subcode":2018164}}
    an app that is text: 400 {"error":{"message":"(#100) Incorrect App ID.","type":"OAuthException","code":100,"error_subcode":2018164}}
    nothing: 400 {"error":{"message":"(#100) The parameter thread_control[control_type] is required","type":"OAuthException","code":100}}
    no object: 400 {"error":{"message":"(#100) Param thread_control must be an object.","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn thread_control_beside_a_message_is_obeyed_after_it_was_sent() {
    for (control, owner, shown) in [
        (r#"{"payload":"pass_thread_control"}"#, "support", Some("support")),
        (r#"{"payload":"release_thread_control"}"#, "support", None),
        (r#"{"app_id":"1003","control_type":"pass"}"#, "loyalty", Some("loyalty")),
        (r#"{"app_id":1003,"control_type":"PASS"}"#, "loyalty", Some("loyalty")),
        (r#"{"control_type":"pass"}"#, "support", Some("support")),
        // What it has already it keeps.
        (r#"{"app_id":"1002","control_type":"pass"}"#, "sales", None),
        (r#"{"control_type":"release"}"#, "support", None),
        (r#"{"app_id":"1003","control_type":"release"}"#, "support", None),
        (r#"{"app_id":"1003"}"#, "support", None),
    ] {
        let server = TestServer::after(BAKERY, BY_AD).await;
        let before = server.entries("webhook").await.len();
        let body = format!(r#"{{"recipient":{{"id":"3001"}},"message":{{"text":"Bye"}},"thread_control":{control}}}"#);
        let reply = server.ask(post("/me/messages").bearer("EAAsales").json(body)).await;
        assert!(reply.text().starts_with(r#"{"recipient_id":"3001","message_id":"m_"#), "{control}: {}", reply.line());
        assert_eq!(reply.json().as_object().map(serde_json::Map::len), Some(2), "{control}: {}", reply.line());
        let handovers = server.entries("webhook").await.split_off(before);
        let handovers =
            handovers.iter().filter(|entry| entry["field"] == "messaging_handovers" && entry["decision"] == "deliver");
        assert_eq!(
            handovers.map(|entry| entry["app"].as_str()).collect::<Vec<_>>(),
            Vec::from_iter(shown.map(Some)),
            "{control}"
        );
        assert_eq!(server.control("/threads/bakery/alice").await["owner"], owner, "{control}");
    }
}

#[tokio::test]
async fn without_a_default_app_thread_control_is_ignored_with_a_warning() {
    let server = TestServer::after(KIOSK, &["{ user: carol, says: Hi }"]).await;
    let body = r#"{"recipient":{"id":"3101"},"message":{"text":"Bye"},"thread_control":{"control_type":"release"}}"#;
    assert_eq!(server.ask(post("/me/messages").bearer("EAAfront").json(body)).await.status, 200);
    let warnings = server.entries("warning").await;
    insta::assert_snapshot!(warnings[0]["text"].as_str().unwrap_or_default(), @"warning for front: thread_control was ignored: it is obeyed only where there is a default app  (control.none.thread_control_ignored)");
}
