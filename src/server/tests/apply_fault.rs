//! Server tests: answers that the site wants held back, cut short, or never sent.

use std::io::ErrorKind;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// All that comes of a request, and how the connection ends.
async fn outcome(server: &Server, path: &str) -> (String, Result<(), ErrorKind>) {
    let mut socket = TcpStream::connect(server.address).await.expect("the server accepts");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    socket.write_all(request.as_bytes()).await.expect("the server reads");
    let mut told = Vec::new();
    let end = in_time(socket.read_to_end(&mut told)).await;
    (String::from_utf8_lossy(&told).into_owned(), end.map(drop).map_err(|error| error.kind()))
}

#[tokio::test]
async fn a_reset_is_told_from_a_close() {
    let server = Server::start(ServerSettings::default()).await;
    assert_eq!(outcome(&server, "/reset").await, (String::new(), Err(ErrorKind::ConnectionReset)));
    assert_eq!(outcome(&server, "/close").await, (String::new(), Ok(())));
}

#[tokio::test]
async fn half_a_body_comes_with_the_length_of_the_whole() {
    let server = Server::start(ServerSettings::default()).await;
    let (told, end) = outcome(&server, "/half").await;
    let (head, body) = told.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-length: 17"), "{head}");
    assert_eq!((body, end), ("graph GE", Ok(())));
}

#[tokio::test]
async fn a_client_that_hangs_is_let_go_when_it_gives_up() {
    let server = Server::start(ServerSettings { max_connections: 1, ..ServerSettings::default() }).await;
    let mut first = server.connect().await;
    first.send(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut second = server.connect().await;
    second.send(PLAIN).await;
    drop(first);
    assert!(in_time(second.until("/plain 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_never_gives_up_hangs_no_longer_than_the_limit() {
    let hang_timeout = Duration::from_millis(20);
    let server = Server::start(ServerSettings { hang_timeout, ..ServerSettings::default() }).await;
    assert_eq!(outcome(&server, "/hang").await, (String::new(), Ok(())));
}

#[tokio::test]
async fn a_stop_waits_neither_for_who_hangs_nor_for_what_is_held_back() {
    let server = Server::start(ServerSettings { grace: NEVER, ..ServerSettings::default() }).await;
    let mut hangs = server.connect().await;
    hangs.send(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut late = server.connect().await;
    late.send(b"GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    // Whoever came later is served, so the others were.
    let mut later = server.connect().await;
    later.send(HOLD).await;
    in_time(server.site.held.notified()).await;
    server.stop.send(()).expect("the server runs");
    server.site.let_go.notify_one();
    assert!(in_time(late.rest()).await.ends_with("graph GET /late 0"), "what is held back is let go");
    in_time(server.done).await.expect("no panic");
    assert_eq!(in_time(hangs.rest()).await, "");
}
