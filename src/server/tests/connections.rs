//! Tests of the life of connections: keep-alive, stop, panic, and limits.

use std::net::Shutdown;
use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let server = TestServer::start(ServerSettings::default()).await;
    let mut client = server.connect().await;
    for _ in 0..3 {
        client.send(PLAIN).await;
        assert!(client.read_until("/plain 0").await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn a_stop_finishes_open_requests_and_accepts_no_connection() {
    let server = TestServer::start(ServerSettings::default()).await;
    let mut resting = server.connect().await;
    resting.send(PLAIN).await;
    resting.read_until("/plain 0").await;
    let mut busy = server.connect().await;
    busy.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    server.stop.send(()).expect("the server runs");
    assert_eq!(in_time(resting.read_to_end()).await, "");
    assert!(TcpStream::connect(server.address).await.is_err());
    assert!(!server.done.is_finished());
    server.service.release.notify_one();
    let answer = in_time(busy.read_to_end()).await;
    assert!(answer.contains("connection: close") && answer.ends_with("graph GET /hold 0"), "{answer}");
    in_time(server.done).await.expect("no panic");
}

#[tokio::test]
async fn a_request_that_exceeds_the_grace_is_cut_off() {
    let server = TestServer::start(ServerSettings { grace: Duration::ZERO, ..ServerSettings::default() }).await;
    let mut busy = server.connect().await;
    busy.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    server.stop.send(()).expect("the server runs");
    in_time(server.done).await.expect("no panic");
    assert_eq!(in_time(busy.read_to_end()).await, "");
}

#[tokio::test]
async fn a_stream_ends_cleanly_when_the_server_stops() {
    let server = TestServer::start(ServerSettings::default()).await;
    let mut client = server.connect().await;
    client.send(b"GET /_control/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    in_time(client.read_until("/_control/stream 0\r\n")).await;
    server.stop.send(()).expect("the server runs");
    assert_eq!(in_time(client.read_to_end()).await, "0\r\n\r\n");
    in_time(server.done).await.expect("no panic");
}

#[tokio::test]
async fn a_panic_ends_only_its_own_connection() {
    let server = TestServer::start(ServerSettings::default()).await;
    let mut other = server.connect().await;
    other.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    assert_eq!(in_time(server.exchange("GET /panic HTTP/1.1\r\nHost: localhost\r\n\r\n")).await, "");
    server.service.release.notify_one();
    assert!(in_time(other.read_until("/hold 0")).await.starts_with("HTTP/1.1 200"));
    other.send(PLAIN).await;
    assert!(in_time(other.read_until("/plain 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_may_close_its_half_and_read_the_response() {
    let server = TestServer::start(ServerSettings::default()).await;
    let mut client = server.connect().await;
    client.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    let socket = client.0.into_std().expect("a socket");
    socket.shutdown(Shutdown::Write).expect("an open half");
    server.service.release.notify_one();
    let mut client = TestClient(TcpStream::from_std(socket).expect("a socket"));
    assert!(in_time(client.read_to_end()).await.ends_with("graph GET /hold 0"));
}

#[tokio::test]
async fn a_control_call_is_given_up_when_its_client_goes_away() {
    let server = TestServer::start(ServerSettings::default()).await;
    let mut client = server.connect().await;
    client.send(b"GET /_control/wait HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    in_time(server.service.arrived.notified()).await;
    drop(client);
    in_time(server.service.given_up.notified()).await;
}

#[tokio::test]
async fn a_missing_head_times_out() {
    let head_timeout = Duration::from_millis(20);
    let server = TestServer::start(ServerSettings { head_timeout, ..ServerSettings::default() }).await;
    in_time(server.exchange("GET /plain HTTP/1.1\r\n")).await;
    in_time(server.exchange("")).await;
}

#[tokio::test]
async fn the_next_head_of_a_connection_times_out_too() {
    let head_timeout = Duration::from_millis(20);
    let server = TestServer::start(ServerSettings { head_timeout, ..ServerSettings::default() }).await;
    let mut client = server.connect().await;
    client.send(b"GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    // The server closes it, although the client keeps it open.
    assert!(in_time(client.read_to_end()).await.starts_with("HTTP/1.1 200"));
}
