//! The order of checks for a message: of two mistakes, which one is answered. Each row has both, and names the one that must win.

use serde_json::json;

use crate::graph_api::{BY_AD, HELLO, SPOKEN};
use crate::support::{BAKERY, Request, TestServer, post};

const LATER: &str = "{ clock: +25h }";
const BLOCKED: &str = "{ user: alice, blocks: true }";
/// Somebody at the inbox has the thread, so that not even the default app may send.
const TAKEN: &[&str] = &["{ user: alice, says: Hi }", "{ inbox: bakery, moves_to_main: true, to: alice }"];

fn sends(token: &str, to: &str, text: &str) -> Request {
    let body = json!({ "recipient": { "id": to }, "message": { "text": text } });
    post("/me/messages").bearer(token).json(body.to_string())
}

async fn code(steps: &[&str], request: Request) -> (i64, Option<i64>) {
    TestServer::after(BAKERY, steps).await.refused(request).await.code()
}

#[tokio::test]
async fn of_two_mistakes_the_earlier_check_is_answered() {
    let too_long = "x".repeat(2001);
    let tagged = |token: &str, tag: &str| {
        let body = json!({ "recipient": { "id": "9999" }, "message": { "text": "Hi" }, "messaging_type": "MESSAGE_TAG", "tag": tag });
        post("/me/messages").bearer(token).json(body.to_string())
    };
    let spoken_then_blocked = &[SPOKEN[0], BLOCKED][..];
    let ad_then_blocked = &[BY_AD[0], BLOCKED][..];
    for (what, steps, request, expected) in [
        ("a broken body before a missing token", SPOKEN, post("/me/messages").json("{"), (100, None)),
        ("a missing token before an unknown path", SPOKEN, post("/2001/nothing").json(HELLO), (104, None)),
        ("an unknown token before an unknown path", SPOKEN, post("/nothing").bearer("EAAnobody"), (190, None)),
        (
            "a wrong proof before an unknown path",
            SPOKEN,
            post("/nothing?appsecret_proof=x").bearer("EAAsupport"),
            (100, None),
        ),
        (
            "a wrong proof before the kind of token",
            SPOKEN,
            post("/2001/messages?appsecret_proof=x").bearer("1001|support-secret"),
            (100, None),
        ),
        (
            "the kind of token before parameters",
            SPOKEN,
            post("/2001/messages").bearer("1001|support-secret"),
            (210, None),
        ),
        ("a length before an unknown person", SPOKEN, sends("EAAsupport", "9999", &too_long), (100, None)),
        ("an empty message before an unknown person", SPOKEN, sends("EAAsupport", "9999", ""), (100, Some(2018034))),
        ("a dead tag before an unknown person", SPOKEN, tagged("EAAsupport", "ACCOUNT_UPDATE"), (100, Some(1893061))),
        ("a good tag for an unknown person", SPOKEN, tagged("EAAsupport", "HUMAN_AGENT"), (100, Some(2018001))),
        ("a length before thread control", BY_AD, sends("EAAsupport", "3001", &too_long), (100, None)),
        ("an unknown person before thread control", BY_AD, sends("EAAsupport", "9999", "Hi"), (100, Some(2018001))),
        ("a block before thread control", ad_then_blocked, sends("EAAsupport", "3001", "Hi"), (551, Some(1545041))),
        (
            "a block before the window",
            &[spoken_then_blocked[0], spoken_then_blocked[1], LATER],
            sends("EAAsupport", "3001", "Hi"),
            (551, Some(1545041)),
        ),
        (
            "thread control before the window, for another app's default",
            &[SPOKEN[0], LATER],
            sends("EAAsales", "3001", "Hi"),
            (10, Some(2018300)),
        ),
        (
            "thread control before the window, in a thread that nobody ever used",
            &[],
            sends("EAAsales", "3002", "Hi"),
            (10, Some(2018300)),
        ),
        (
            "the window, where thread control is no obstacle",
            &[SPOKEN[0], LATER],
            sends("EAAsupport", "3001", "Hi"),
            (10, Some(2018278)),
        ),
        ("the window, in a thread that nobody ever used", &[], sends("EAAsupport", "3002", "Hi"), (10, Some(2018278))),
        ("thread control, when the inbox has it", TAKEN, sends("EAAsupport", "3001", "Hi"), (10, Some(2018300))),
    ] {
        assert_eq!(code(steps, request).await, expected, "{what}");
    }
}

#[tokio::test]
async fn the_toggle_moves_control_only_for_a_message_that_may_be_sent() {
    let toggle = "{ admin: bakery, sets_take_control: { sales: true } }";
    assert_eq!(code(&[SPOKEN[0], toggle, LATER], sends("EAAsales", "3001", "Hi")).await, (10, Some(2018278)));
    let server = TestServer::after(BAKERY, &[SPOKEN[0], toggle]).await;
    assert_eq!(server.ask(sends("EAAsales", "3001", "Hi")).await.status, 200);
    assert_eq!(server.control("/threads/bakery/alice").await["owner"], "sales");
}

#[tokio::test]
async fn a_human_agent_has_seven_days_and_no_control_of_others() {
    let tagged = |token: &str| {
        let body = json!({ "recipient": { "id": "3001" }, "message": { "text": "Hi" }, "messaging_type": "message_tag", "tag": "human_agent" });
        post("/me/messages").bearer(token).json(body.to_string())
    };
    let server = TestServer::after(BAKERY, &[SPOKEN[0], "{ clock: +167h }"]).await;
    assert_eq!(server.ask(tagged("EAAsupport")).await.status, 200);
    assert_eq!(server.refused(tagged("EAAsales")).await.code(), (10, Some(2018300)));
    assert_eq!(code(&[SPOKEN[0], "{ clock: +168h }"], tagged("EAAsupport")).await, (10, Some(2018278)));
}

#[tokio::test]
async fn a_survey_has_seven_days_too() {
    let survey = json!({ "attachment": { "type": "template", "payload": {
        "template_type": "customer_feedback", "title": "Rate us", "subtitle": "One question", "button_title": "Rate",
        "feedback_screens": [{ "questions": [{ "id": "q", "type": "nps" }] }], "business_privacy": { "url": "https://bakery.example/privacy" },
    } } });
    let sends = |tag: Option<&str>| {
        let body = json!({ "recipient": { "id": "3001" }, "message": survey, "messaging_type": tag.map(|_| "MESSAGE_TAG"), "tag": tag });
        post("/me/messages").bearer("EAAsupport").json(body.to_string())
    };
    let server = TestServer::after(BAKERY, &[SPOKEN[0], "{ clock: +167h }"]).await;
    assert_eq!(server.ask(sends(Some("customer_feedback"))).await.status, 200);
    assert_eq!(server.refused(sends(None)).await.code(), (10, Some(2018278)));
    assert_eq!(code(&[SPOKEN[0], "{ clock: +168h }"], sends(Some("CUSTOMER_FEEDBACK"))).await, (10, Some(2018278)));
}

#[tokio::test]
async fn sender_actions_meet_the_same_checks() {
    let types = |token: &str, to: &str| {
        let body = json!({ "recipient": { "id": to }, "sender_action": "typing_on" });
        post("/me/messages").bearer(token).json(body.to_string())
    };
    for (what, steps, request, expected) in [
        ("an unknown person", SPOKEN, types("EAAsupport", "9999"), (100, Some(2018001))),
        ("another app's thread", BY_AD, types("EAAsupport", "3001"), (10, Some(2018300))),
        ("a closed window", &[SPOKEN[0], LATER], types("EAAsupport", "3001"), (10, Some(2018278))),
        ("a block", &[SPOKEN[0], BLOCKED], types("EAAsupport", "3001"), (551, Some(1545041))),
    ] {
        assert_eq!(code(steps, request).await, expected, "{what}");
    }
}

#[tokio::test]
async fn payload_and_app_together_are_refused_before_the_window_is_looked_at() {
    let body = json!({
        "recipient": { "id": "3001" }, "message": { "text": "Bye" },
        "thread_control": { "payload": "pass_thread_control", "app_id": "1003" },
    });
    let request = || post("/me/messages").bearer("EAAsupport").json(body.to_string());
    assert_eq!(code(SPOKEN, request()).await, (100, None));
    assert_eq!(code(&[SPOKEN[0], LATER], request()).await, (100, None));
}
