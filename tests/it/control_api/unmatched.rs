//! Calls that belong to no world.

use serde_json::json;

use crate::control_api::{mistakes, read};
use crate::support::{BAKERY, TestServer, get, post};

#[tokio::test]
async fn calls_without_a_known_token_are_listed_and_their_tokens_are_not() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(read(&server, "/_control/calls").await, json!({ "calls": [], "after": 0 }));
    server.ask(post("/v25.0/me/messages").bearer("EAAwrong-and-secret").body("{}")).await;
    server.ask(get("/me")).await;
    server.ask(get("/me?access_token=EAAsupport")).await;
    let answer = read(&server, "/_control/calls").await;
    let calls = answer["calls"].as_array().expect("calls");
    assert_eq!((calls.len(), &answer["after"]), (2, &json!(2)), "{answer}");
    let mut first = calls[0].clone();
    let at = first.as_object_mut().and_then(|call| call.remove("at")).expect("a moment");
    assert!(at.as_str().is_some_and(|at| at.starts_with("20") && at.ends_with('Z')), "{at}");
    assert_eq!(
        first,
        json!({
            "number": 1, "method": "POST", "path": "/v25.0/me/messages", "status": 401, "code": 190,
            "message": "Invalid OAuth access token.", "token": "EAAwro***",
        })
    );
    assert_eq!((&calls[1]["path"], &calls[1]["code"]), (&json!("/me"), &json!(2500)));
    assert!(calls[1].get("token").is_none(), "{}", calls[1]);
    let after = read(&server, "/_control/calls?after=1").await;
    assert_eq!((after["calls"].as_array().map(Vec::len), &after["calls"][0]["number"]), (Some(1), &json!(2)));
}

#[tokio::test]
async fn a_reader_waits_for_the_next_one() {
    let server = TestServer::start(BAKERY).await;
    let waiting = server.ask(get("/_control/calls?after=0&wait=30s"));
    let calling = server.ask(get("/me?access_token=EAAwrong"));
    let (waited, _) = tokio::join!(waiting, calling);
    assert_eq!(waited.json()["calls"][0]["path"], "/me");
    assert_eq!(read(&server, "/_control/calls?after=1&wait=1ms").await, json!({ "calls": [], "after": 1 }));
}

#[tokio::test]
async fn mistakes_in_the_query_are_answered_in_words() {
    let server = TestServer::start(BAKERY).await;
    let rows = vec![("no number", get("/_control/calls?after=x")), ("no length", get("/_control/calls?wait=long"))];
    insta::assert_snapshot!(mistakes(&server, rows).await, @r"
    no number: 400 `after=x`: a whole number
    no length: 400 `wait=long`: a length of time is a number with its unit: 300ms, 2s, 90m, 24h, 7d, or 1h30m
    ");
}
