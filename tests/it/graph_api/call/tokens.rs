//! Whose call it is: where a token may stand, what each kind is good for, and its proof.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::graph_api::{HELLO, SPOKEN, refusals};
use crate::support::{BAKERY, GUARDED, Request, TestServer, get, post};

/// `appsecret_proof`, made without the product's help.
fn proof(secret: &str, token: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(token.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn a_token_is_found_wherever_a_client_puts_it() {
    for request in [
        get("/me?access_token=EAAsupport"),
        get("/me").header("Authorization", "Bearer EAAsupport"),
        get("/me").header("Authorization", "bearer EAAsupport"),
        get("/me").header("Authorization", "OAuth EAAsupport"),
        get("/me").header("Authorization", "oauth EAAsupport"),
        get("/me").json(r#"{"access_token":"EAAsupport"}"#),
        get("/me").form("access_token=EAAsupport"),
        get("/me").body("access_token=EAAsupport"),
    ] {
        let server = TestServer::start(BAKERY).await;
        let reply = server.ask(request.clone()).await;
        assert_eq!((reply.status, &reply.json()["id"]), (200, &json!("2001")), "{request:?}");
    }
}

#[tokio::test]
async fn a_parameter_wins_over_the_header() {
    let server = TestServer::start(BAKERY).await;
    let sends = |token: &str| post("/me/messages").bearer(token);
    let parameter_is_wrong = server.ask(get("/me?access_token=EAAnobody").bearer("EAAsupport")).await;
    assert_eq!(parameter_is_wrong.code(), (190, None));
    let body_is_wrong = server.ask(sends("EAAsupport").json(r#"{"access_token":"EAAnobody"}"#)).await;
    assert_eq!(body_is_wrong.code(), (190, None));
    let header_is_wrong = server.ask(get("/me?access_token=EAAsupport").bearer("EAAnobody")).await;
    assert_eq!(header_is_wrong.status, 200);
}

#[tokio::test]
async fn without_a_good_token_nobody_gets_in() {
    let call = || post("/2001/messages").json(HELLO);
    let rows = vec![
        ("no token", call()),
        ("no token, a page by its id", get("/2001")),
        ("an unknown token", call().bearer("EAAnobody")),
        ("an unknown token in the query", post("/me/messages?access_token=EAAnobody").json(HELLO)),
        ("another scheme", call().header("Authorization", "Basic EAAsupport")),
        ("a scheme alone", call().header("Authorization", "Principal")),
        ("an app that does not exist", call().bearer("1009|support-secret")),
        ("the secret of another app", call().bearer("1001|sales-secret")),
        ("a token that is a list", call().json(r#"{"access_token":["EAAsupport"]}"#)),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    no token: 400 {"error":{"message":"An access token is required to request this resource.","type":"OAuthException","code":104}}
    no token, a page by its id: 400 {"error":{"message":"An access token is required to request this resource.","type":"OAuthException","code":104}}
    an unknown token: 401 {"error":{"message":"Invalid OAuth access token.","type":"OAuthException","code":190}}
    an unknown token in the query: 400 {"error":{"message":"Invalid OAuth access token.","type":"OAuthException","code":190}}
    another scheme: 401 {"error":{"message":"An access token is required to request this resource.","type":"OAuthException","code":104}}
    a scheme alone: 401 {"error":{"message":"An access token is required to request this resource.","type":"OAuthException","code":104}}
    an app that does not exist: 401 {"error":{"message":"Invalid OAuth access token.","type":"OAuthException","code":190}}
    the secret of another app: 401 {"error":{"message":"Invalid OAuth access token.","type":"OAuthException","code":190}}
    a token that is a list: 400 {"error":{"message":"(#100) Param access_token must be a string.","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn the_status_for_a_bad_token_says_where_it_stood() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let batch =
        |item: &str| post("/").bearer("EAAnobody").json(format!(r#"{{"access_token":"EAAsupport","batch":[{item}]}}"#));
    for (status, request) in [
        (400, get("/me?access_token=EAAnobody")),
        (400, get("/me").form("access_token=EAAnobody")),
        (400, post("/me/messages").json(r#"{"access_token":"EAAnobody"}"#)),
        (400, get("/me?access_token=EAAnobody").bearer("EAAsupport")),
        (401, get("/me").bearer("EAAnobody")),
        (401, get("/me").header("Authorization", "OAuth EAAnobody")),
        (401, post("/me/messages").bearer("EAAnobody").json(HELLO)),
    ] {
        let reply = server.ask(request.clone()).await;
        assert_eq!((reply.status, reply.code()), (status, (190, None)), "{request:?}");
    }
    let item = r#"{"method":"GET","relative_url":"me","access_token":"EAAnobody"}"#;
    assert_eq!(server.ask(batch(item)).await.json()[0]["code"], 400, "an item has its token as a parameter");
}

#[tokio::test]
async fn an_app_token_is_good_for_the_app_alone() {
    let token = "1001|support-secret";
    let server = TestServer::start(BAKERY).await;
    let own = server.ask(get("/1001").bearer(token)).await;
    assert_eq!((own.status, &own.json()["id"]), (200, &json!("1001")));
    let in_query = server.ask(get("/1001?access_token=1001%7Csupport-secret")).await;
    assert_eq!(in_query.body, own.body);
    let rows = vec![
        ("me", get("/me").bearer(token)),
        ("me with an edge", post("/me/messages").bearer(token).json(HELLO)),
        ("a page", get("/2001").bearer(token)),
        ("an edge of a page", post("/2001/messages").bearer(token).json(HELLO)),
        ("a person", get("/3001").bearer(token)),
        ("another app's subscriptions", get("/1002/subscriptions").bearer(token)),
        ("a page token at subscriptions", get("/1001/subscriptions").bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    me: 400 {"error":{"message":"An active access token must be used to query information about the current user.","type":"OAuthException","code":2500}}
    me with an edge: 400 {"error":{"message":"An active access token must be used to query information about the current user.","type":"OAuthException","code":2500}}
    a page: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    an edge of a page: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    a person: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    another app's subscriptions: 400 {"error":{"message":"(#15) This method must be called with an app access_token.","type":"OAuthException","code":15}}
    a page token at subscriptions: 400 {"error":{"message":"(#15) This method must be called with an app access_token.","type":"OAuthException","code":15}}
    "#);
}

#[tokio::test]
async fn a_right_proof_is_taken_wherever_it_stands() {
    let right = proof("support-secret", "EAAsupport");
    let app = proof("support-secret", "1001|support-secret");
    for request in [
        get(format!("/me?appsecret_proof={right}")).bearer("EAAsupport"),
        get(format!("/me?appsecret_proof={right}&access_token=EAAsupport")),
        get(format!("/me?appsecret_proof={}", right.to_uppercase())).bearer("EAAsupport"),
        get("/me").bearer("EAAsupport").form(&format!("appsecret_proof={right}")),
        get("/me").bearer("EAAsupport").json(format!(r#"{{"appsecret_proof":"{right}"}}"#)),
        get(format!("/1001?appsecret_proof={app}")).bearer("1001|support-secret"),
    ] {
        let server = TestServer::start(BAKERY).await;
        let reply = server.ask(request.clone()).await;
        assert_eq!(reply.status, 200, "{request:?}: {}", reply.line());
    }
}

#[tokio::test]
async fn a_wrong_proof_is_refused_although_the_token_is_good() {
    let with = |proof: String| post(format!("/me/messages?appsecret_proof={proof}")).bearer("EAAsupport").json(HELLO);
    let rows: Vec<(&str, Request)> = vec![
        ("nonsense", with("00".repeat(32))),
        ("empty", with(String::new())),
        ("of another token", with(proof("support-secret", "EAAsales"))),
        ("with another secret", with(proof("sales-secret", "EAAsupport"))),
        ("cut short", with(proof("support-secret", "EAAsupport")[..63].to_owned())),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    nonsense: 400 {"error":{"message":"Invalid appsecret_proof provided in the API argument","type":"GraphMethodException","code":100}}
    empty: 400 {"error":{"message":"Invalid appsecret_proof provided in the API argument","type":"GraphMethodException","code":100}}
    of another token: 400 {"error":{"message":"Invalid appsecret_proof provided in the API argument","type":"GraphMethodException","code":100}}
    with another secret: 400 {"error":{"message":"Invalid appsecret_proof provided in the API argument","type":"GraphMethodException","code":100}}
    cut short: 400 {"error":{"message":"Invalid appsecret_proof provided in the API argument","type":"GraphMethodException","code":100}}
    "#);
}

#[tokio::test]
async fn an_app_that_was_disconnected_has_lost_its_token() {
    let rows = vec![
        ("reading the page", get("/me").bearer("EAAsales")),
        ("sending", post("/me/messages").bearer("EAAsales").json(HELLO)),
        ("by the page's id", get("/2001").bearer("EAAsales")),
    ];
    let steps = &["{ user: alice, says: Hi }", "{ admin: bakery, disconnects_app: sales }"];
    insta::assert_snapshot!(refusals(BAKERY, steps, rows).await, @r#"
    reading the page: 401 {"error":{"message":"Error validating access token: the page has not authorized application 1002.","type":"OAuthException","code":190,"error_subcode":458}}
    sending: 401 {"error":{"message":"Error validating access token: the page has not authorized application 1002.","type":"OAuthException","code":190,"error_subcode":458}}
    by the page's id: 401 {"error":{"message":"Error validating access token: the page has not authorized application 1002.","type":"OAuthException","code":190,"error_subcode":458}}
    "#);
}

#[tokio::test]
async fn a_proof_may_be_signed_with_the_time() {
    let signed = proof("support-secret", "EAAsupport|1772442000");
    let server = TestServer::start(BAKERY).await;
    let timed = |time: &str| get(format!("/me?appsecret_proof={signed}&appsecret_time={time}")).bearer("EAAsupport");
    assert_eq!(server.ask(timed("1772442000")).await.status, 200);
    let other = server.refused(timed("1772442001")).await;
    assert_eq!(other.json()["error"]["message"], "Invalid appsecret_proof provided in the API argument");
    let untimed = server.refused(get(format!("/me?appsecret_proof={signed}")).bearer("EAAsupport")).await;
    assert_eq!(untimed.code(), (100, None));
}

#[tokio::test]
async fn an_app_that_requires_proof_takes_none_of_its_tokens_without() {
    let app_token = "1003|loyalty-secret";
    let user_proof = proof("loyalty-secret", "EAAdoraloyalty");
    let server = TestServer::start(GUARDED).await;
    let with = get(format!("/me?fields=id&appsecret_proof={user_proof}")).bearer("EAAdoraloyalty");
    assert_eq!(server.ask(with).await.json(), json!({ "id": "5001" }));
    let rows = vec![
        ("a page token", post("/me/messages").bearer("EAAloyalty").json(HELLO)),
        ("a user token", get("/me").bearer("EAAdoraloyalty")),
        ("the app token", get("/1003").bearer(app_token)),
        ("a wrong proof", get(format!("/me?appsecret_proof={}", "00".repeat(32))).bearer("EAAloyalty")),
    ];
    insta::assert_snapshot!(refusals(GUARDED, SPOKEN, rows).await, @r#"
    a page token: 400 {"error":{"message":"API calls from the server require an appsecret_proof argument","type":"GraphMethodException","code":100}}
    a user token: 400 {"error":{"message":"API calls from the server require an appsecret_proof argument","type":"GraphMethodException","code":100}}
    the app token: 400 {"error":{"message":"API calls from the server require an appsecret_proof argument","type":"GraphMethodException","code":100}}
    a wrong proof: 400 {"error":{"message":"Invalid appsecret_proof provided in the API argument","type":"GraphMethodException","code":100}}
    "#);
}

#[tokio::test]
async fn an_instagram_token_is_known_by_its_looks() {
    let rows = vec![("Instagram's", post("/me/messages").bearer("IGAAsomebody").json(HELLO))];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"Instagram's: 401 {"error":{"message":"Invalid OAuth access token - Cannot parse access token","type":"OAuthException","code":190}}"#);
}

#[tokio::test]
async fn a_user_token_is_no_page_token() {
    let token = "EAAdora";
    let rows = vec![
        ("sending", post("/me/messages").bearer(token).json(HELLO)),
        ("sending by the page's id", post("/2001/messages").bearer(token).json(HELLO)),
        ("thread control", post("/me/take_thread_control").bearer(token).json(HELLO)),
        ("whose a thread is", get("/2001/thread_owner?recipient=3001").bearer(token)),
        ("subscriptions on the page", get("/2001/subscribed_apps").bearer(token)),
        ("a person", get("/3001").bearer(token)),
        ("the app's own subscription", get("/1001/subscriptions").bearer(token)),
        ("a user as a page", get("/me/accounts").bearer("EAAsupport")),
        ("another user", get("/5002").bearer(token)),
        ("a user whose token was never issued", get("/me").bearer("EAAerik")),
        ("a path of nothing", get("/me/acounts").bearer(token)),
    ];
    insta::assert_snapshot!(refusals(GUARDED, SPOKEN, rows).await, @r#"
    sending: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    sending by the page's id: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    thread control: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    whose a thread is: 401 {"error":{"message":"(#190) This method must be called with a Page Access Token","type":"OAuthException","code":190}}
    subscriptions on the page: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    a person: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    the app's own subscription: 400 {"error":{"message":"(#15) This method must be called with an app access_token.","type":"OAuthException","code":15}}
    a user as a page: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (accounts) on node type (Page)","type":"OAuthException","code":100}}
    another user: 400 {"error":{"message":"Unsupported get request. Object with ID '5002' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    a user whose token was never issued: 401 {"error":{"message":"Invalid OAuth access token.","type":"OAuthException","code":190}}
    a path of nothing: 400 {"error":{"message":"Unknown path components: /acounts","type":"OAuthException","code":2500}}
    "#);
}

#[tokio::test]
async fn a_token_that_has_died_is_refused_wherever_it_stands_and_the_world_hears_of_it() {
    let mut server = TestServer::start(GUARDED).await;
    server.step("{ admin: bakery, expires_token: support }").await;
    server.step("{ clock: +1d }").await;
    for request in [
        get("/me").bearer("EAAsupport"),
        get("/me?access_token=EAAsupport"),
        post("/me/messages").form("access_token=EAAsupport"),
        post("/me/messages").json(r#"{"access_token":"EAAsupport"}"#),
    ] {
        let reply = server.refused(request).await;
        assert_eq!(reply.code(), (190, Some(463)));
        let shown = "Error validating access token: Session has expired on Monday, 02-Mar-26 01:00:00 PST. \
                    The current time is Tuesday, 03-Mar-26 01:00:00 PST.";
        assert_eq!(reply.json()["error"]["message"], shown);
        assert!(reply.header("www-authenticate").is_some_and(|shown| shown.contains("invalid_token")));
    }
    let called = server.entries("call_failed").await;
    assert_eq!(called.iter().filter(|entry| entry["rule"] == "token.expired").count(), 4, "{called:?}");
}
