//! Headers of answers.

use crate::graph_api::{HELLO, SPOKEN};
use crate::support::{BAKERY, TestServer, get, post};

/// All headers but the date, which is real time.
fn listed(headers: &[(String, String)]) -> String {
    let shown = headers.iter().filter(|(name, _)| name != "date");
    shown.map(|(name, value)| format!("{name}: {value}\n")).collect()
}

#[tokio::test]
async fn a_success_has_exactly_these_headers() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let reply = server.ask(post("/v25.0/me/messages").bearer("EAAsupport").json(HELLO)).await;
    insta::assert_snapshot!(listed(&reply.headers), @r#"
    content-type: application/json; charset=UTF-8
    facebook-api-version: v25.0
    x-fb-trace-id: kvQNUa8YDEu
    x-fb-request-id: Az6wTYuizwdqkvQNUa8YDEu
    x-fb-rev: 1003118628
    cache-control: private, no-cache, no-store, must-revalidate
    pragma: no-cache
    expires: Sat, 01 Jan 2000 00:00:00 GMT
    access-control-allow-origin: *
    x-business-use-case-usage: {"2001":[{"type":"messenger","call_count":0,"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":0}]}
    x-app-usage: {"call_count":0,"total_cputime":0,"total_time":0}
    content-length: 127
    "#);
}

#[tokio::test]
async fn an_error_has_exactly_these_headers() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.ask(post("/v25.0/me/messages").bearer("EAAsupport").json(HELLO)).await;
    insta::assert_snapshot!(listed(&reply.headers), @r#"
    content-type: application/json; charset=UTF-8
    facebook-api-version: v25.0
    x-fb-trace-id: kvQNUa8YDEu
    x-fb-request-id: Az6wTYuizwdqkvQNUa8YDEu
    x-fb-rev: 1003118628
    cache-control: no-store
    pragma: no-cache
    expires: Sat, 01 Jan 2000 00:00:00 GMT
    access-control-allow-origin: *
    x-business-use-case-usage: {"2001":[{"type":"messenger","call_count":0,"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":0}]}
    x-app-usage: {"call_count":0,"total_cputime":0,"total_time":0}
    www-authenticate: OAuth "Facebook Platform" "invalid_request" "(#10) This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview"
    content-length: 284
    "#);
    insta::assert_snapshot!(reply.line(), @r#"400 {"error":{"message":"(#10) This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview","type":"OAuthException","code":10,"error_subcode":2018278}}"#);
}

#[tokio::test]
async fn the_request_id_is_the_trace_id_of_the_error_and_no_two_answers_share_one() {
    let server = TestServer::start(BAKERY).await;
    let mut ids = Vec::new();
    for request in [
        get("/me"),
        get("/me").bearer("EAAnobody"),
        get("/me/nothing").bearer("EAAsupport"),
        get("/me").bearer("EAAsupport"),
        post("/me/messages").bearer("EAAsupport").json("{"),
    ] {
        let reply = server.ask(request).await;
        let id = reply.header("x-fb-request-id").expect("a request id").to_owned();
        assert_eq!((id.len(), &id[..1]), (23, "A"));
        assert_eq!(reply.header("x-fb-trace-id"), Some(&id[12..]));
        if reply.status != 200 {
            assert_eq!(reply.json()["error"]["fbtrace_id"], id.as_str());
        }
        assert!(!ids.contains(&id), "{id} came twice");
        ids.push(id);
    }
}

#[tokio::test]
async fn the_version_header_says_who_answers() {
    for (path, served) in [
        ("/v25.0/me", "v25.0"),
        ("/v19.0/me", "v19.0"),
        ("/v26.0/me", "v26.0"),
        ("/me", "v25.0"),
        ("/v2.6/me", "v19.0"),
        ("/v18.0/me", "v19.0"),
        ("/v99.0/me", "v25.0"),
        ("/v25.0/me/nothing", "v25.0"),
        ("/v2.6/nothing", "v19.0"),
    ] {
        let server = TestServer::start(BAKERY).await;
        for request in [get(path).bearer("EAAsupport"), get(path), post(path).bearer("EAAsupport").json("{")] {
            let reply = server.ask(request).await;
            assert_eq!(reply.header("facebook-api-version"), Some(served), "{path}: {}", reply.line());
        }
    }
}

#[tokio::test]
async fn content_type_and_cors_stand_on_every_answer() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    for request in [
        get("/me").bearer("EAAsupport"),
        get("/me"),
        get("/"),
        get("/v25.0/"),
        get("/nothing").bearer("EAAsupport"),
        post("/me/messages").bearer("EAAsupport").json(HELLO),
        post("/me/messages").bearer("EAAsupport").json("{"),
        post("/me/messages")
            .bearer("EAAsupport")
            .header("Content-Type", "multipart/form-data; boundary=x")
            .body("--x--"),
    ] {
        let reply = server.ask(request.clone()).await;
        assert_eq!(reply.header("content-type"), Some("application/json; charset=UTF-8"), "{request:?}");
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{request:?}");
        assert!(reply.header("facebook-api-version").is_some(), "{request:?}");
    }
}

#[tokio::test]
async fn an_answer_is_called_json_only_where_the_request_asks_for_it() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let (json, script) = ("application/json; charset=UTF-8", "text/javascript; charset=UTF-8");
    for (accept, expected) in [
        ("*/*", json),
        ("application/json", json),
        ("application/json, text/plain, */*", json),
        ("text/html", script),
        ("", script),
    ] {
        for request in
            [get("/me").bearer("EAAsupport"), get("/me"), post("/me/messages").bearer("EAAsupport").json("{")]
        {
            let reply = server.ask(request.header("Accept", accept)).await;
            assert_eq!(reply.header("content-type"), Some(expected), "{accept}: {}", reply.line());
        }
    }
    let without = "GET /me?access_token=EAAsupport HTTP/1.1\r\nHost: graph.facebook.com\r\n\r\n";
    let reply = server.connect().await.ask(without.as_bytes()).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some(script)));
    let called = get("/me?callback=show").bearer("EAAsupport").header("Accept", "application/json");
    assert_eq!(server.ask(called).await.header("content-type"), Some(script));
}

#[tokio::test]
async fn a_challenge_names_the_kind_of_error_and_its_text() {
    let server = TestServer::start(BAKERY).await;
    let challenge = async |request| {
        let reply = server.ask(request).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        reply.header("www-authenticate").unwrap_or_default().to_owned()
    };
    let unknown_token = challenge(get("/me").bearer("EAAnobody")).await;
    insta::assert_snapshot!(unknown_token, @r#"OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token.""#);
    let no_such_alias = challenge(get("/bak%22ery%C3%A4").bearer("EAAsupport")).await;
    insta::assert_snapshot!(no_such_alias, @r#"OAuth "Facebook Platform" "invalid_request" "(#803) Some of the aliases you requested do not exist: bak'ery""#);
    assert_eq!(server.ask(get("/me").bearer("EAAsupport")).await.header("www-authenticate"), None);
}

#[tokio::test]
async fn answers_escape_what_is_not_ascii_and_keep_slashes() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.ask(get("/%C3%A4%F0%9F%8C%B7%2F%3C").bearer("EAAsupport")).await;
    insta::assert_snapshot!(reply.line(), @r#"400 {"error":{"message":"(#803) Some of the aliases you requested do not exist: \u00e4\ud83c\udf37/<","type":"OAuthException","code":803}}"#);
}

#[tokio::test]
async fn a_connection_serves_many_calls_and_closes_when_asked() {
    let server = TestServer::start(BAKERY).await;
    let mut connection = server.connect().await;
    let request = get("/me").bearer("EAAsupport");
    for _ in 0..3 {
        assert_eq!(connection.ask(&request.bytes(server.address())).await.status, 200);
    }
    let last = connection.ask(&request.header("Connection", "close").bytes(server.address())).await;
    assert_eq!(last.header("connection"), Some("close"));
}
