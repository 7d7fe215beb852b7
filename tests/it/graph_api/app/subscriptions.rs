//! `/{app}/subscriptions`, as far as no bot is called: the handshake is tested in tests/it/webhooks.

use serde_json::json;

use crate::graph_api::{answers, refusals};
use crate::support::{BAKERY, Request, TestServer, delete, get, post};

const TOKEN: &str = "1001|support-secret";

fn with_webhook() -> String {
    let webhook = r#"webhook: { url: "http://127.0.0.1:9/hook?a=b", verify_token: open } }"#;
    BAKERY.replace(r#"secret: support-secret }"#, &format!("secret: support-secret, {webhook}"))
}

fn subscribes(body: &str) -> Request {
    post("/v25.0/1001/subscriptions").bearer(TOKEN).json(body)
}

#[tokio::test]
async fn a_declared_webhook_is_a_subscription_to_everything() {
    let server = TestServer::start(&with_webhook()).await;
    let read = server.ask(get("/v25.0/1001/subscriptions").bearer(TOKEN)).await.json();
    let subscription = &read["data"][0];
    assert_eq!((&subscription["object"], &subscription["active"]), (&json!("page"), &json!(true)));
    assert_eq!(subscription["callback_url"], "http://127.0.0.1:9/hook?a=b");
    assert_eq!(subscription["fields"][0], json!({ "name": "messages", "version": "v25.0" }));
    assert_eq!(subscription["fields"].as_array().map(Vec::len), Some(49));
}

#[tokio::test]
async fn fields_are_removed_by_name_or_all_at_once() {
    let server = TestServer::start(&with_webhook()).await;
    let count = async || {
        let read = server.ask(get("/1001/subscriptions").bearer(TOKEN)).await.json();
        read["data"][0]["fields"].as_array().map_or(0, Vec::len)
    };
    let removes = |query: &str| delete(format!("/1001/subscriptions?{query}")).bearer(TOKEN);
    assert_eq!(server.ask(removes("object=page&fields=messages,standby")).await.line(), r#"200 {"success":true}"#);
    assert_eq!(count().await, 47);
    assert_eq!(server.ask(removes("object=page")).await.line(), r#"200 {"success":true}"#);
    assert_eq!(server.ask(get("/1001/subscriptions").bearer(TOKEN)).await.line(), r#"200 {"data":[]}"#);
}

#[tokio::test]
async fn without_an_object_all_subscriptions_end() {
    let server = TestServer::start(&with_webhook()).await;
    assert_eq!(server.ask(delete("/1001/subscriptions").bearer(TOKEN)).await.line(), r#"200 {"success":true}"#);
    assert_eq!(server.ask(get("/1001/subscriptions").bearer(TOKEN)).await.line(), r#"200 {"data":[]}"#);
}

#[tokio::test]
async fn a_puppet_has_no_subscription() {
    let rows = vec![("read", get("/1001/subscriptions").bearer(TOKEN))];
    insta::assert_snapshot!(answers(BAKERY, &[], rows).await, @r#"read: 200 {"data":[]}"#);
}

#[tokio::test]
async fn what_is_wrong_with_a_subscription_is_said_before_anybody_is_called() {
    let url = "http://127.0.0.1:9/hook";
    let rows = vec![
        ("nothing", subscribes("{}")),
        ("no callback", subscribes(r#"{"object":"page"}"#)),
        ("no verify token", subscribes(&format!(r#"{{"object":"page","callback_url":"{url}"}}"#))),
        (
            "an unknown object",
            subscribes(&format!(r#"{{"object":"pages","callback_url":"{url}","verify_token":"t"}}"#)),
        ),
        (
            "an object that comes later",
            subscribes(&format!(r#"{{"object":"payments","callback_url":"{url}","verify_token":"t"}}"#)),
        ),
        (
            "an undeclared host",
            subscribes(r#"{"object":"page","callback_url":"http://10.0.0.2:9/hook","verify_token":"t"}"#),
        ),
        (
            "an undeclared port",
            subscribes(r#"{"object":"page","callback_url":"http://10.0.0.1:10/hook","verify_token":"t"}"#),
        ),
        (
            "an undeclared scheme",
            subscribes(r#"{"object":"page","callback_url":"gopher://127.0.0.1:9/hook","verify_token":"t"}"#),
        ),
        (
            "somebody else's name before the host",
            subscribes(r#"{"object":"page","callback_url":"http://127.0.0.1:9@evil.example/","verify_token":"t"}"#),
        ),
        (
            "a field that the object has not",
            subscribes(&format!(
                r#"{{"object":"user","callback_url":"{url}","verify_token":"t","fields":"email,shoe_size"}}"#
            )),
        ),
        (
            "fields that are no list",
            subscribes(&format!(
                r#"{{"object":"permissions","callback_url":"{url}","verify_token":"t","fields":{{"email":1}}}}"#
            )),
        ),
        ("no URL at all", subscribes(r#"{"object":"page","callback_url":"hook","verify_token":"t"}"#)),
        ("removing from an unknown object", delete("/1001/subscriptions?object=pages").bearer(TOKEN)),
        ("removing an unknown field", delete("/1001/subscriptions?object=user&fields=shoe_size").bearer(TOKEN)),
    ];
    insta::assert_snapshot!(refusals(&with_webhook(), &[], rows).await, @r#"
    nothing: 400 {"error":{"message":"(#100) The parameter object is required","type":"OAuthException","code":100}}
    no callback: 400 {"error":{"message":"(#100) The parameter callback_url is required","type":"OAuthException","code":100}}
    no verify token: 400 {"error":{"message":"(#100) The parameter verify_token is required","type":"OAuthException","code":100}}
    an unknown object: 400 {"error":{"message":"(#100) Param object must be one of {user, page, permissions, payments, instagram} - got \"pages\".","type":"OAuthException","code":100}}
    an object that comes later: 400 {"error":{"message":"(#100) object payments is not built yet in graphdouble","type":"OAuthException","code":100}}
    an undeclared host: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: curl_errno = 7; curl_error = the world allows no webhook on this host; HTTP Status Code = 0","type":"OAuthException","code":2200}}
    an undeclared port: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: curl_errno = 7; curl_error = the world allows no webhook on this host; HTTP Status Code = 0","type":"OAuthException","code":2200}}
    an undeclared scheme: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: curl_errno = 3; curl_error = URL rejected; HTTP Status Code = 0","type":"OAuthException","code":2200}}
    somebody else's name before the host: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: curl_errno = 7; curl_error = the world allows no webhook on this host; HTTP Status Code = 0","type":"OAuthException","code":2200}}
    a field that the object has not: 400 {"error":{"message":"(#100) the field shoe_size of the object user is not built yet in graphdouble","type":"OAuthException","code":100}}
    fields that are no list: 400 {"error":{"message":"(#100) Param fields must be an array.","type":"OAuthException","code":100}}
    no URL at all: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: curl_errno = 3; curl_error = URL rejected; HTTP Status Code = 0","type":"OAuthException","code":2200}}
    removing from an unknown object: 400 {"error":{"message":"(#100) Param object must be one of {user, page, permissions, payments} - got \"pages\".","type":"OAuthException","code":100}}
    removing an unknown field: 400 {"error":{"message":"(#100) the field shoe_size of the object user is not built yet in graphdouble","type":"OAuthException","code":100}}
    "#);
}
