//! `GET /{page}/thread_owner`.

use crate::graph_api::{BY_AD, SPOKEN, answers, refusals};
use crate::support::{BAKERY, KIOSK, Request, get};

fn asks(token: &str, query: &str) -> Request {
    get(format!("/v25.0/me/thread_owner?{query}")).bearer(token)
}

#[tokio::test]
async fn the_owner_is_named_with_the_second_at_which_control_lapses() {
    let rows = vec![
        ("the owner asks", asks("EAAsales", "recipient=3001")),
        ("the default app asks", asks("EAAsupport", "recipient=3001")),
        ("as an object", asks("EAAsales", "recipient=%7B%22id%22:%223001%22%7D")),
        ("as a relaxed object", asks("EAAsales", "recipient={id:3001}")),
        ("by the page's id", get("/2001/thread_owner?recipient=3001").bearer("EAAsales")),
        ("in a JSON body", get("/me/thread_owner").bearer("EAAsales").json(r#"{"recipient":3001}"#)),
    ];
    insta::assert_snapshot!(answers(BAKERY, BY_AD, rows).await, @r#"
    the owner asks: 200 {"data":[{"thread_owner":{"app_id":"1002","expiration":1772528400}}]}
    the default app asks: 200 {"data":[{"thread_owner":{"app_id":"1002","expiration":1772528400}}]}
    as an object: 200 {"data":[{"thread_owner":{"app_id":"1002","expiration":1772528400}}]}
    as a relaxed object: 200 {"data":[{"thread_owner":{"app_id":"1002","expiration":1772528400}}]}
    by the page's id: 200 {"data":[{"thread_owner":{"app_id":"1002","expiration":1772528400}}]}
    in a JSON body: 200 {"data":[{"thread_owner":{"app_id":"1002","expiration":1772528400}}]}
    "#);
}

#[tokio::test]
async fn of_a_thread_that_no_app_holds_the_default_app_is_named() {
    let rows = vec![("the default app asks", asks("EAAsupport", "recipient=3001"))];
    insta::assert_snapshot!(answers(BAKERY, &[SPOKEN[0], "{ clock: +24h }"], rows).await, @r#"the default app asks: 200 {"data":[{"thread_owner":{"app_id":"1001"}}]}"#);
}

#[tokio::test]
async fn without_a_default_app_nobody_owns_an_idle_thread() {
    let rows = vec![("idle", asks("EAAfront", "recipient=3101"))];
    insta::assert_snapshot!(answers(KIOSK, &["{ user: carol, says: Hi }"], rows).await, @r#"idle: 200 {"data":[]}"#);
}

#[tokio::test]
async fn the_recipient_is_a_person_of_the_page() {
    let rows = vec![
        ("nobody", asks("EAAsales", "recipient=9999")),
        ("left out", asks("EAAsales", "")),
        ("empty", asks("EAAsales", "recipient=")),
        ("zero", asks("EAAsales", "recipient=0")),
        ("an object without an id", asks("EAAsales", "recipient={}")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, BY_AD, rows).await, @r#"
    nobody: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    left out: 400 {"error":{"message":"(#100) The parameter recipient is required","type":"OAuthException","code":100}}
    empty: 400 {"error":{"message":"(#100) Parameter error: You cannot send messages to this id","type":"OAuthException","code":100}}
    zero: 400 {"error":{"message":"(#100) Parameter error: You cannot send messages to this id","type":"OAuthException","code":100}}
    an object without an id: 400 {"error":{"message":"(#100) Parameter error: You cannot send messages to this id","type":"OAuthException","code":100}}
    "#);
}
