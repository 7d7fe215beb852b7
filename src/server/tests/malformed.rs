//! Tests of what is not HTTP: each side answers it in its own words.

use std::net::Shutdown;

use super::*;

async fn refused(request: &str) -> String {
    let server = TestServer::start(ServerSettings::default()).await;
    in_time(server.exchange(request)).await
}

#[tokio::test]
async fn a_head_that_is_not_http_is_answered_by_the_side_that_it_names() {
    let graph = refused("GET /v25.0/me?x HTTP/1.1\r\nno header\r\n\r\n").await;
    assert!(graph.starts_with("HTTP/1.1 400 Bad Request\r\n") && graph.contains("connection: close\r\n"), "{graph}");
    assert!(graph.ends_with("graph /v25.0/me: invalid HTTP header parsed"), "{graph}");
    let control = refused("GET /_control/worlds HTTP/1.1\r\nno header\r\n\r\n").await;
    assert!(control.starts_with("HTTP/1.1 400") && control.contains("application/json"), "{control}");
    let error = r#"{"error":{"message":"the request is not HTTP/1.1: invalid HTTP header parsed"}}"#;
    assert!(control.ends_with(error), "{control}");
    for (request, path) in [
        ("what?\r\n\r\n", ""),
        ("GET /me SPDY/1\r\n\r\n", "/me"),
        ("G(T /me HTTP/1.1\r\n\r\n", "/me"),
        ("GET /me HTTP/1.1\r\nContent-Length: x\r\n\r\n", "/me"),
        ("POST /me HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "/me"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "*"),
    ] {
        let answer = refused(request).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{request}: {answer}");
        assert!(answer.contains(&format!("graph {path}: ")), "{request}: {answer}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_answered_with_its_own_status() {
    let header = "x".repeat(1_000_000);
    let answer = refused(&format!("GET /_control HTTP/1.1\r\nX: {header}\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431") && answer.contains(r#"{"error":{"message":"#), "{answer}");
    let path = "x".repeat(100_000);
    let answer = refused(&format!("GET /{path} HTTP/1.1\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 414") && answer.contains("graph /xxx"), "{answer}");
}

#[tokio::test]
async fn what_came_before_is_answered_too() {
    let server = TestServer::start(ServerSettings::default()).await;
    let answers = in_time(server.exchange("GET /one HTTP/1.1\r\nHost: x\r\n\r\nwhat?\r\n\r\n")).await;
    assert!(answers.starts_with("HTTP/1.1 200") && answers.contains("graph GET /one 0HTTP/1.1 400"), "{answers}");
}

#[tokio::test]
async fn a_body_that_is_not_http_is_answered() {
    let head = "Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    let graph = refused(&format!("POST /me HTTP/1.1\r\n{head}no number\r\n")).await;
    assert!(graph.starts_with("HTTP/1.1 400") && graph.contains("graph /me: "), "{graph}");
    let control = refused(&format!("POST /_control/worlds HTTP/1.1\r\n{head}no number\r\n")).await;
    assert!(control.starts_with("HTTP/1.1 400") && control.contains("the request is not HTTP/1.1: "), "{control}");
}

#[tokio::test]
async fn a_body_that_ends_early_is_answered() {
    let server = TestServer::start(ServerSettings::default()).await;
    let mut client = server.connect().await;
    client.send(b"POST /me HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n012").await;
    let socket = client.0.into_std().expect("a socket");
    socket.shutdown(Shutdown::Write).expect("an open half");
    let mut client = TestClient(TcpStream::from_std(socket).expect("a socket"));
    let answer = in_time(client.read_to_end()).await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("graph /me: "), "{answer}");
}
