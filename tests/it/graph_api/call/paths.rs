//! Paths, methods, and bodies that cannot be read.

use crate::graph_api::{HELLO, SPOKEN, TWO_PAGES, answers, refusals};
use crate::support::{BAKERY, Request, TestServer, delete, get, post, put};

#[tokio::test]
async fn a_path_is_forgiven_slashes_and_old_versions() {
    let mut shown = Vec::new();
    for path in [
        "/v25.0/me/messages",
        "/v25.0/2001/messages",
        "/me/messages",
        "/2001/messages",
        "/v25.0/me/messages/",
        "//v25.0//me//messages//",
        "/v2.6/me/messages",
        "/v3.3/me/messages",
        "/v25.0/%6De/messages",
    ] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        let reply = server.ask(post(path).bearer("EAAsupport").json(HELLO)).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.line());
        shown.push(reply.body);
    }
    shown.dedup();
    assert_eq!(shown.len(), 1, "the paths mean the same and answer the same");
}

#[tokio::test]
async fn what_is_not_there_is_refused_by_what_it_looks_like() {
    let as_support = |request: Request| request.bearer("EAAsupport");
    let rows = vec![
        ("an id of nothing", as_support(get("/v25.0/999999"))),
        ("an id of nothing, with an edge", as_support(post("/999999/messages").json(HELLO))),
        ("an id of nothing, deleted", as_support(delete("/999999"))),
        ("an alias", as_support(get("/bakery"))),
        ("an alias with an edge", as_support(post("/bakery/messages").json(HELLO))),
        ("the root", as_support(get("/v25.0/"))),
        ("an edge that a page has not", as_support(get("/me/bogus"))),
        ("a path below an edge", as_support(get("/me/messages/bogus"))),
        ("an edge that an app has not", as_support(get("/1001/bogus"))),
        ("an edge that a person has not", as_support(get("/3001/bogus"))),
        ("a version without a minor", as_support(get("/v25/me"))),
        ("a version that is still to come", as_support(post("/v99.0/me/messages").json(HELLO))),
        ("a version that never was", as_support(get("/v2.80/me"))),
        ("nothing but a version that never was", as_support(get("/v2.80"))),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    an id of nothing: 400 {"error":{"message":"Unsupported get request. Object with ID '999999' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    an id of nothing, with an edge: 400 {"error":{"message":"Unsupported post request. Object with ID '999999' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    an id of nothing, deleted: 400 {"error":{"message":"Unsupported delete request. Object with ID '999999' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    an alias: 400 {"error":{"message":"(#803) Some of the aliases you requested do not exist: bakery","type":"OAuthException","code":803}}
    an alias with an edge: 400 {"error":{"message":"(#803) Some of the aliases you requested do not exist: bakery","type":"OAuthException","code":803}}
    the root: 400 {"error":{"message":"Unsupported get request. Object with ID '' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    an edge that a page has not: 400 {"error":{"message":"Unknown path components: /bogus","type":"OAuthException","code":2500}}
    a path below an edge: 400 {"error":{"message":"Unknown path components: /messages/bogus","type":"OAuthException","code":2500}}
    an edge that an app has not: 400 {"error":{"message":"Unknown path components: /bogus","type":"OAuthException","code":2500}}
    an edge that a person has not: 400 {"error":{"message":"Unknown path components: /bogus","type":"OAuthException","code":2500}}
    a version without a minor: 400 {"error":{"message":"(#803) Some of the aliases you requested do not exist: v25","type":"OAuthException","code":803}}
    a version that is still to come: 400 {"error":{"message":"Unknown path components: /me/messages","type":"OAuthException","code":2500}}
    a version that never was: 400 {"error":{"message":"Unknown path components: /me","type":"OAuthException","code":2500}}
    nothing but a version that never was: 400 {"error":{"message":"(#803) Some of the aliases you requested do not exist: v2.80","type":"OAuthException","code":803}}
    "#);
}

#[tokio::test]
async fn a_page_is_seen_by_its_own_tokens_alone() {
    let rows = vec![
        ("another page", get("/2002").bearer("EAAsupport")),
        ("an edge of another page", post("/2002/messages").bearer("EAAsupport").json(HELLO)),
        ("a PSID of another page", post("/me/messages").bearer("EAAkiosk").json(HELLO)),
    ];
    let spoken = &["{ user: alice, page: bakery, says: Hi }"];
    insta::assert_snapshot!(refusals(TWO_PAGES, spoken, rows).await, @r#"
    another page: 400 {"error":{"message":"Unsupported get request. Object with ID '2002' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    an edge of another page: 400 {"error":{"message":"Unsupported post request. Object with ID '2002' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    a PSID of another page: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    "#);
}

#[tokio::test]
async fn a_method_that_an_edge_has_not_is_refused() {
    let mut rows = vec![("subscribed_apps", put("/me/subscribed_apps").json(HELLO).bearer("EAAsupport"))];
    for edge in ["messages", "pass_thread_control"] {
        let path = format!("/me/{edge}");
        for request in [get(&path), put(&path).json(HELLO), delete(&path).json(HELLO)] {
            rows.push((edge, request.bearer("EAAsupport")));
        }
    }
    rows.push(("thread_owner", post("/me/thread_owner?recipient=3001").bearer("EAAsupport")));
    rows.push(("the page", post("/me").bearer("EAAsupport")));
    rows.push(("subscriptions", put("/1001/subscriptions").bearer("1001|support-secret")));
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    subscribed_apps: 400 {"error":{"message":"Unsupported put request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    messages: 400 {"error":{"message":"Unsupported get request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    messages: 400 {"error":{"message":"Unsupported put request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    messages: 400 {"error":{"message":"Unsupported delete request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    pass_thread_control: 400 {"error":{"message":"Unsupported get request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    pass_thread_control: 400 {"error":{"message":"Unsupported put request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    pass_thread_control: 400 {"error":{"message":"Unsupported delete request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    thread_owner: 400 {"error":{"message":"Unsupported post request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    the page: 400 {"error":{"message":"Unsupported post request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    subscriptions: 400 {"error":{"message":"Unsupported put request. Object with ID '1001' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    "#);
}

#[tokio::test]
async fn a_parameter_may_override_the_method() {
    let rows = vec![
        ("POST as DELETE", post("/me/subscribed_apps?method=delete").bearer("EAAsupport")),
        ("GET as POST", get("/me/subscribed_apps?method=POST&subscribed_fields=messages").bearer("EAAsupport")),
        ("POST as GET, in a form", post("/me").bearer("EAAsupport").form("method=get&fields=id")),
        ("GET as a send", get(format!("/me/messages?method=post&{QUERY}")).bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(answers(BAKERY, SPOKEN, rows).await, @r#"
    POST as DELETE: 200 {"success":true}
    GET as POST: 200 {"success":true}
    POST as GET, in a form: 200 {"id":"2001"}
    GET as a send: 200 {"recipient_id":"3001","message_id":"m_kcGQeBkjUUqJoMZuDYC4ANA8tThNiQ3FRrGSuKEzpntyoCziLUZZ1BEjTNuIxB5bmIUSrEnGdd-OosnkLThw1A"}
    "#);
    let server = TestServer::after(BAKERY, SPOKEN).await;
    server.ask(post("/me/subscribed_apps?method=delete").bearer("EAAsupport")).await;
    let left = server.ask(get("/me/subscribed_apps").bearer("EAAsales")).await;
    assert!(!left.text().contains("support"), "the override must really delete: {}", left.text());
}

const QUERY: &str = "recipient=%7B%22id%22:%223001%22%7D&message=%7B%22text%22:%22Hello!%22%7D";

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_before_anything_else() {
    let as_support = || post("/v25.0/me/messages").bearer("EAAsupport");
    let rows = vec![
        ("half an object", as_support().json(r#"{"recipient":"#)),
        ("a list", as_support().json("[1]")),
        ("a word", as_support().json("hello")),
        ("null", as_support().json("null")),
        ("not UTF-8", as_support().json(vec![b'{', 0xff, b'}'])),
        ("a form in the clothes of JSON", as_support().json(QUERY)),
        ("without a token", post("/v25.0/me/messages").json("{")),
        ("a multipart body", as_support().header("Content-Type", "multipart/form-data; boundary=x").body("--x--\r\n")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    half an object: 400 {"error":{"message":"(#100) Invalid parameter: the body is not a JSON object","type":"OAuthException","code":100}}
    a list: 400 {"error":{"message":"(#100) Invalid parameter: the body is not a JSON object","type":"OAuthException","code":100}}
    a word: 400 {"error":{"message":"(#100) Invalid parameter: the body is not a JSON object","type":"OAuthException","code":100}}
    null: 400 {"error":{"message":"(#100) Invalid parameter: the body is not a JSON object","type":"OAuthException","code":100}}
    not UTF-8: 400 {"error":{"message":"(#100) Invalid parameter: the body is not a JSON object","type":"OAuthException","code":100}}
    a form in the clothes of JSON: 400 {"error":{"message":"(#100) Invalid parameter: the body is not a JSON object","type":"OAuthException","code":100}}
    without a token: 400 {"error":{"message":"(#100) Invalid parameter: the body is not a JSON object","type":"OAuthException","code":100}}
    a multipart body: 400 {"error":{"message":"(#100) The parameter recipient is required","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn an_empty_body_is_no_body_whatever_its_type_says() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let reply = server.ask(post(format!("/me/messages?{QUERY}")).bearer("EAAsupport").json("")).await;
    assert_eq!(reply.status, 200, "{}", reply.line());
    let reply = server.ask(get("/me").bearer("EAAsupport").json("{}")).await;
    assert_eq!(reply.status, 200, "a GET may carry a JSON body: {}", reply.line());
    let reply = server.ask(get("/me").json(r#"{"access_token":"EAAsupport","fields":"name"}"#)).await;
    assert_eq!((reply.status, &reply.json()["name"]), (200, &serde_json::json!("bakery")));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_in_metas_envelope() {
    const LIMIT: usize = 26 * 1024 * 1024;
    let server = TestServer::after(BAKERY, SPOKEN).await;
    // Announced, asked for permission, and not sent.
    let asking = post("/v25.0/me/messages").bearer("EAAsupport").header("Expect", "100-continue");
    let asking = asking.header("Content-Length", &(LIMIT + 1).to_string()).bytes(server.address());
    let refused = server.raw(&asking).await;
    insta::assert_snapshot!(refused.line(), @r#"400 {"error":{"message":"(#100) The request body is larger than the allowable limit","type":"OAuthException","code":100}}"#);
    assert_eq!(refused.header("facebook-api-version"), Some("v25.0"));
    // Sent to its end.
    let mut long = br#"{"recipient":{"id":"3001"},"message":{"text":""#.to_vec();
    long.resize(LIMIT + 1, b'x');
    let refused = server.refused(post("/v25.0/me/messages").bearer("EAAsupport").json(long)).await;
    assert_eq!((refused.status, refused.code()), (400, (100, None)));
}

#[tokio::test]
async fn a_chunked_body_is_a_body() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let mut raw = post("/me/messages").bearer("EAAsupport").header("Content-Type", "application/json");
    raw = raw.header("Transfer-Encoding", "chunked");
    let mut bytes = raw.bytes(server.address());
    for piece in [&HELLO[..20], &HELLO[20..]] {
        bytes.extend(format!("{:x}\r\n{piece}\r\n", piece.len()).bytes());
    }
    bytes.extend(b"0\r\n\r\n");
    assert_eq!(server.raw(&bytes).await.status, 200);
}

#[tokio::test]
async fn odd_requests_are_refused_like_any_other() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(5000), close.repeat(5000));
    let call = |query: &str| post(format!("/v25.0/me/messages?{query}")).bearer("EAAsupport");
    let server = TestServer::after(BAKERY, SPOKEN).await;
    for request in [
        call("").json(deep("[", "]")),
        call("").json(format!(r#"{{"recipient":{}}}"#, deep(r#"{"a":"#, "}"))),
        call("").form(&format!("recipient[id]=3001&message{}=x", "[a]".repeat(2000))),
        call("").form("recipient[id]=3001&message[99999999999999999999]=x"),
        call("").form("recipient[id]=3001&message[=x&message]=y&[]=z&=&&&"),
        call("").form(&format!("recipient={{id:3001}}&message={}", "{'a':".repeat(5000))),
        call("recipient=%FF%FE&message=%00"),
        call("recipient={id:3001}&message={text:}"),
        call("method=NO%20METHOD").json(HELLO),
        call("method=").json(HELLO),
        get("/%FF%FE/%00").bearer("EAAsupport"),
        get(format!("/{}", "a/".repeat(2000))).bearer("EAAsupport"),
        get("/me/%2e%2e/messages").bearer("EAAsupport"),
        get("/..;/me?access_token=%00"),
        get("/me").header("Authorization", "Principal \u{e4}"),
        Request::new("BREW", "/me").bearer("EAAsupport"),
    ] {
        server.refused(request).await;
    }
}
