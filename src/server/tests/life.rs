//! Server tests: connections that stay, break, wait and end.

use std::net::Shutdown;
use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let server = Server::start(ServerSettings::default()).await;
    let mut client = server.connect().await;
    for _ in 0..3 {
        client.send(PLAIN).await;
        assert!(client.until("/plain 0").await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn a_stop_lets_requests_under_way_finish_and_nobody_in() {
    let server = Server::start(ServerSettings::default()).await;
    let mut resting = server.connect().await;
    resting.send(PLAIN).await;
    resting.until("/plain 0").await;
    let mut busy = server.connect().await;
    busy.send(HOLD).await;
    in_time(server.site.held.notified()).await;
    server.stop.send(()).expect("the server runs");
    assert_eq!(in_time(resting.rest()).await, "");
    assert!(TcpStream::connect(server.address).await.is_err());
    assert!(!server.done.is_finished());
    server.site.let_go.notify_one();
    let answer = in_time(busy.rest()).await;
    assert!(answer.contains("connection: close") && answer.ends_with("graph GET /hold 0"), "{answer}");
    in_time(server.done).await.expect("no panic");
}

#[tokio::test]
async fn a_request_that_outlives_the_grace_is_cut_off() {
    let server = Server::start(ServerSettings { grace: Duration::ZERO, ..ServerSettings::default() }).await;
    let mut busy = server.connect().await;
    busy.send(HOLD).await;
    in_time(server.site.held.notified()).await;
    server.stop.send(()).expect("the server runs");
    in_time(server.done).await.expect("no panic");
    assert_eq!(in_time(busy.rest()).await, "");
}

#[tokio::test]
async fn a_stream_ends_in_order_when_the_server_stops() {
    let server = Server::start(ServerSettings::default()).await;
    let mut client = server.connect().await;
    client.send(b"GET /_control/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    in_time(client.until("/_control/stream 0\r\n")).await;
    server.stop.send(()).expect("the server runs");
    assert_eq!(in_time(client.rest()).await, "0\r\n\r\n");
    in_time(server.done).await.expect("no panic");
}

#[tokio::test]
async fn a_panic_costs_its_connection_alone() {
    let server = Server::start(ServerSettings::default()).await;
    let mut other = server.connect().await;
    other.send(HOLD).await;
    in_time(server.site.held.notified()).await;
    assert_eq!(in_time(server.ask("GET /panic HTTP/1.1\r\nHost: localhost\r\n\r\n")).await, "");
    server.site.let_go.notify_one();
    assert!(in_time(other.until("/hold 0")).await.starts_with("HTTP/1.1 200"));
    other.send(PLAIN).await;
    assert!(in_time(other.until("/plain 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn beyond_the_limit_connections_wait_for_a_place() {
    let server = Server::start(ServerSettings { max_connections: 1, ..ServerSettings::default() }).await;
    let mut first = server.connect().await;
    first.send(PLAIN).await;
    in_time(first.until("/plain 0")).await;
    let mut second = server.connect().await;
    second.send(HOLD).await;
    // The first is served again although the second was there before.
    first.send(PLAIN).await;
    in_time(first.until("/plain 0")).await;
    drop(first);
    in_time(server.site.held.notified()).await;
    server.site.let_go.notify_one();
    assert!(in_time(second.until("/hold 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_may_close_its_half_and_wait() {
    let server = Server::start(ServerSettings::default()).await;
    let mut client = server.connect().await;
    client.send(HOLD).await;
    in_time(server.site.held.notified()).await;
    let socket = client.0.into_std().expect("a socket");
    socket.shutdown(Shutdown::Write).expect("an open half");
    server.site.let_go.notify_one();
    let mut client = Client(TcpStream::from_std(socket).expect("a socket"));
    assert!(in_time(client.rest()).await.ends_with("graph GET /hold 0"));
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let head_timeout = Duration::from_millis(20);
    let server = Server::start(ServerSettings { head_timeout, ..ServerSettings::default() }).await;
    in_time(server.ask("GET /plain HTTP/1.1\r\n")).await;
    in_time(server.ask("")).await;
}
