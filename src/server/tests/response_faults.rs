//! Tests of response faults: responses that are delayed, cut short, or never sent.

use std::io::ErrorKind;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Everything that the client reads, and how the connection ends.
async fn outcome(server: &TestServer, path: &str) -> (String, Result<(), ErrorKind>) {
    let mut socket = TcpStream::connect(server.address).await.expect("the server accepts");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    socket.write_all(request.as_bytes()).await.expect("the server reads");
    let mut read = Vec::new();
    let end = in_time(socket.read_to_end(&mut read)).await;
    (String::from_utf8_lossy(&read).into_owned(), end.map(drop).map_err(|error| error.kind()))
}

#[tokio::test]
async fn a_reset_differs_from_a_close() {
    let server = TestServer::start(ServerSettings::default()).await;
    assert_eq!(outcome(&server, "/reset").await, (String::new(), Err(ErrorKind::ConnectionReset)));
    assert_eq!(outcome(&server, "/close").await, (String::new(), Ok(())));
}

#[tokio::test]
async fn half_a_body_announces_the_whole_length() {
    let server = TestServer::start(ServerSettings::default()).await;
    let (read, end) = outcome(&server, "/half").await;
    let (head, body) = read.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-length: 17"), "{head}");
    assert_eq!((body, end), ("graph GE", Ok(())));
}

#[tokio::test]
async fn a_hang_ends_when_the_client_gives_up() {
    let server = TestServer::start(ServerSettings { max_connections: 1, ..ServerSettings::default() }).await;
    let mut first = server.connect().await;
    first.send(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut second = server.connect().await;
    second.send(PLAIN).await;
    drop(first);
    assert!(in_time(second.read_until("/plain 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_hang_ends_at_the_limit() {
    let hang_timeout = Duration::from_millis(20);
    let server = TestServer::start(ServerSettings { hang_timeout, ..ServerSettings::default() }).await;
    assert_eq!(outcome(&server, "/hang").await, (String::new(), Ok(())));
}

#[tokio::test]
async fn a_stop_waits_neither_for_hangs_nor_for_delays() {
    let server = TestServer::start(ServerSettings { grace: NEVER, ..ServerSettings::default() }).await;
    let mut hangs = server.connect().await;
    hangs.send(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut late = server.connect().await;
    late.send(b"GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    // The server reads this later request, so it has read the earlier ones.
    let mut later = server.connect().await;
    later.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    server.stop.send(()).expect("the server runs");
    server.service.release.notify_one();
    assert!(in_time(late.read_to_end()).await.ends_with("graph GET /late 0"), "the delayed response leaves");
    in_time(server.done).await.expect("no panic");
    assert_eq!(in_time(hangs.read_to_end()).await, "");
}
