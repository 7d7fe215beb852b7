//! Tests of single requests: the side they go to, the host guard, the limits of bodies.

use super::*;

fn small() -> ServerSettings {
    ServerSettings { max_graph_body: 10, max_control_body: 10, ..ServerSettings::default() }
}

#[tokio::test]
async fn control_and_inspector_paths_go_to_the_control_side() {
    let server = TestServer::start(ServerSettings::default()).await;
    let ask = async |line: &str| {
        server.exchange(&format!("{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).await
    };
    assert!(ask("GET /_control/health").await.ends_with("\r\n\r\ncontrol GET /_control/health 0"));
    assert!(ask("GET /_inspector").await.ends_with("\r\n\r\ncontrol GET /_inspector 0"));
    assert!(ask("GET /v25.0/me").await.ends_with("\r\n\r\ngraph GET /v25.0/me 0"));
    assert!(ask("DELETE /_controls").await.ends_with("\r\n\r\ngraph DELETE /_controls 0"));
}

#[tokio::test]
async fn only_allowed_hosts_reach_the_control_side() {
    let allowed_hosts = vec!["graph.test".to_owned()];
    let server = TestServer::start(ServerSettings { allowed_hosts, ..ServerSettings::default() }).await;
    let ask = async |path: &str, headers: &str| {
        server.exchange(&format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n\r\n")).await
    };
    assert!(ask("/_control", "Host: graph.test:4004").await.starts_with("HTTP/1.1 200"));
    let refused = ask("/_control", "Host: evil.example").await;
    assert!(refused.starts_with("HTTP/1.1 403") && refused.contains("application/json"), "{refused}");
    assert!(refused.contains(r#"{"error":{"message":"the host `evil.example`"#), "{refused}");
    assert!(refused.contains("--allow-host") && refused.contains("GRAPHDOUBLE_ALLOW_HOST"), "{refused}");
    let refused = ask("/_inspector", "Host: localhost\r\nOrigin: https://evil.example").await;
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    assert!(ask("/_control", "Host: localhost\r\nOrigin: http://localhost:3000").await.starts_with("HTTP/1.1 200"));
    assert!(ask("http://evil.example/_control", "Host: localhost").await.starts_with("HTTP/1.1 403"));
    assert!(ask("/me", "Host: graph.facebook.com\r\nOrigin: https://evil.example").await.starts_with("HTTP/1.1 200"));
    assert!(server.exchange("GET /_control HTTP/1.0\r\n\r\n").await.starts_with("HTTP/1.0 403"));
    assert!(server.exchange("GET /me HTTP/1.0\r\n\r\n").await.starts_with("HTTP/1.0 200"));
}

#[tokio::test]
async fn requests_of_other_sites_are_refused_with_every_method() {
    let server = TestServer::start(ServerSettings::default()).await;
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
        let ask = async |path: &str, site: &str| {
            let headers = format!("Host: localhost\r\nConnection: close\r\nSec-Fetch-Site: {site}");
            server.exchange(&format!("{method} {path} HTTP/1.1\r\n{headers}\r\n\r\n")).await
        };
        for path in ["/_control/worlds", "/_control/health", "/_inspector"] {
            assert!(ask(path, "cross-site").await.starts_with("HTTP/1.1 403"), "{method} {path}");
            assert!(ask(path, "same-origin").await.starts_with("HTTP/1.1 200"), "{method} {path}");
        }
        assert!(ask("/me", "cross-site").await.starts_with("HTTP/1.1 200"), "{method}");
    }
}

#[tokio::test]
async fn bodies_of_both_encodings_are_limited() {
    let server = TestServer::start(small()).await;
    let whole = |path: &str, body: &str| {
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    let chunked = |path: &str, body: &str| {
        let (half, rest) = body.split_at(5);
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked");
        format!("{head}\r\n\r\n5\r\n{half}\r\n{:x}\r\n{rest}\r\n0\r\n\r\n", rest.len())
    };
    let (fits, over) = ("0123456789", "0123456789+");
    for request in [whole("/me", fits), chunked("/me", fits)] {
        assert!(server.exchange(&request).await.ends_with("graph POST /me 10"));
    }
    for request in [whole("/me", over), chunked("/me", over)] {
        let answer = server.exchange(&request).await;
        assert!(answer.starts_with("HTTP/1.1 413") && answer.ends_with("too large for /me"), "{answer}");
    }
    for request in [whole("/_control", over), chunked("/_control", over)] {
        let answer = server.exchange(&request).await;
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains(r#"{"error":{"message":"the body"#), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_is_declared_too_large_is_refused_before_it_comes() {
    let server = TestServer::start(small()).await;
    for path in ["/me", "/_control"] {
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n");
        let answer = in_time(server.exchange(&head)).await;
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("connection: close"), "{answer}");
    }
}

#[tokio::test]
async fn large_documents_are_read_one_after_the_other() {
    let server = TestServer::start(ServerSettings::default()).await;
    let body = "x".repeat(3 * 1024 * 1024);
    let post = |path: &str| {
        let length = body.len();
        format!("POST /_control/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}")
    };
    let mut first = server.connect().await;
    first.send(post("wait").as_bytes()).await;
    in_time(server.service.arrived.notified()).await;
    // Its client goes away before its turn comes, so it never arrives.
    let mut gone = server.connect().await;
    gone.send(post("wait").as_bytes()).await;
    let mut third = server.connect().await;
    third.send(post("document").as_bytes()).await;
    drop(gone);
    drop(first);
    in_time(server.service.given_up.notified()).await;
    assert!(in_time(third.read_until("/_control/document 3145728")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn an_endless_body_is_refused() {
    let server = TestServer::start(small()).await;
    let head = "POST /me HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = server.exchange(&format!("{head}{}", "a\r\n0123456789\r\n".repeat(10))).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_missing_body_times_out() {
    let body_timeout = std::time::Duration::from_millis(20);
    let server = TestServer::start(ServerSettings { body_timeout, ..small() }).await;
    let answer = server.exchange("POST /me HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n012").await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("within 0.02 s"), "{answer}");
}

#[tokio::test]
async fn expect_100_continue_is_answered() {
    let server = TestServer::start(small()).await;
    let head = |length| {
        format!("POST /me HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n")
    };
    let mut client = server.connect().await;
    client.send(head(10).as_bytes()).await;
    assert_eq!(client.read_until("\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    client.send(b"0123456789").await;
    assert!(client.read_until("graph POST /me 10").await.starts_with("HTTP/1.1 200"));
    let refused = server.exchange(&head(11)).await;
    assert!(refused.starts_with("HTTP/1.1 413"), "{refused}");
}

#[tokio::test]
async fn http_1_0_and_head_requests_work() {
    let server = TestServer::start(ServerSettings::default()).await;
    let head = server.exchange("HEAD /me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    assert!(head.contains("content-length: 16") && head.contains("connection: close"), "{head}");
    let kept = "GET /one HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    let mut client = server.connect().await;
    client.send(kept.as_bytes()).await;
    assert!(client.read_until("/one 0").await.contains("connection: keep-alive"));
    client.send(b"GET /two HTTP/1.0\r\n\r\n").await;
    assert!(client.read_to_end().await.ends_with("graph GET /two 0"));
    let garbage = server.exchange("what?\r\n\r\n").await;
    assert!(garbage.starts_with("HTTP/1.1 400"), "{garbage}");
}
