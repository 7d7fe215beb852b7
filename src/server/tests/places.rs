//! Tests of what many connections, and slow ones, may cost.

use super::*;
use crate::server::places::SPARE_CONNECTIONS;

const HEALTH: &str = "GET /_control/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const GET_LARGE: &[u8] = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test]
async fn requests_beyond_the_limit_wait_and_the_health_check_does_not() {
    let server = TestServer::start(ServerSettings { max_connections: 1, ..ServerSettings::default() }).await;
    let mut first = server.connect().await;
    first.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    let mut second = server.connect().await;
    second.send(HOLD).await;
    assert!(in_time(server.exchange(HEALTH)).await.ends_with("control GET /_control/health 0"));
    server.service.release.notify_one();
    assert!(in_time(first.read_until("/hold 0")).await.starts_with("HTTP/1.1 200"));
    // The first connection stays open, and its turn is over.
    in_time(server.service.arrived.notified()).await;
    server.service.release.notify_one();
    assert!(in_time(second.read_until("/hold 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn streams_leave_places_for_other_calls() {
    let server = TestServer::start(ServerSettings { max_connections: 4, ..ServerSettings::default() }).await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        let mut client = server.connect().await;
        client.send(b"GET /_control/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        streams.push(client);
    }
    for stream in &mut streams[..2] {
        in_time(stream.read_until("/_control/stream 0\r\n")).await;
    }
    let mut graph = server.connect().await;
    graph.send(PLAIN).await;
    assert!(in_time(graph.read_until("/plain 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn the_oldest_connections_that_say_nothing_give_way() {
    let server = TestServer::start(ServerSettings { max_connections: 2, ..ServerSettings::default() }).await;
    let all = 2 + SPARE_CONNECTIONS;
    let mut busy = server.connect().await;
    busy.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    let mut silent = Vec::new();
    for _ in 0..all + 20 {
        silent.push(server.connect().await);
    }
    let mut half = server.connect().await;
    half.send(b"GET /plain HTTP/1.1\r\nHo").await;
    assert!(in_time(server.exchange(HEALTH)).await.starts_with("HTTP/1.1 200"));
    for old in &mut silent[..20] {
        assert_eq!(in_time(old.read_to_end()).await, "");
    }
    // The newest are still there, and so is the one that was busy.
    half.send(b"st: localhost\r\n\r\n").await;
    assert!(in_time(half.read_until("/plain 0")).await.starts_with("HTTP/1.1 200"));
    server.service.release.notify_one();
    assert!(in_time(busy.read_until("/hold 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn connections_with_half_a_head_and_those_between_requests_give_way_too() {
    let server = TestServer::start(ServerSettings { max_connections: 1, ..ServerSettings::default() }).await;
    let mut rested = server.connect().await;
    rested.send(PLAIN).await;
    in_time(rested.read_until("/plain 0")).await;
    let mut slow = Vec::new();
    for _ in 0..SPARE_CONNECTIONS + 20 {
        let mut client = server.connect().await;
        client.send(b"GET /plain HTTP/1.1\r\nX: ").await;
        slow.push(client);
    }
    assert!(in_time(server.exchange(HEALTH)).await.starts_with("HTTP/1.1 200"));
    assert_eq!(in_time(rested.read_to_end()).await, "");
    assert_eq!(in_time(slow[0].read_to_end()).await, "");
}

#[tokio::test]
async fn requests_that_wait_are_refused_when_there_are_too_many() {
    let server = TestServer::start(ServerSettings { max_connections: 1, ..ServerSettings::default() }).await;
    let mut busy = server.connect().await;
    busy.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    let mut waiting = Vec::new();
    for _ in 0..SPARE_CONNECTIONS + 10 {
        let mut client = server.connect().await;
        client.send(PLAIN).await;
        waiting.push(client);
    }
    let refused = in_time(waiting[0].read_to_end()).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("connection: close"), "{refused}");
    assert!(refused.ends_with("graph /plain: too many requests wait for their turn"), "{refused}");
    assert!(in_time(server.exchange(HEALTH)).await.starts_with("HTTP/1.1 200"));
    server.service.release.notify_one();
    let last = waiting.last_mut().expect("a client");
    assert!(in_time(last.read_until("/plain 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_reads_nothing_of_its_answer_is_cut_off() {
    let write_timeout = Duration::from_millis(50);
    let server = TestServer::start(ServerSettings { write_timeout, grace: NEVER, ..ServerSettings::default() }).await;
    let mut client = server.connect().await;
    client.send(GET_LARGE).await;
    in_time(client.0.readable()).await.expect("a head");
    // Without the limit the server would wait for this client for ever.
    server.stop.send(()).expect("the server runs");
    in_time(server.done).await.expect("no panic");
    assert!(in_time(client.read_to_end()).await.len() < LARGE);
}

#[tokio::test]
async fn large_answers_that_nobody_reads_have_a_limit() {
    let max_unread_answers = 2 * 1024 * 1024;
    let server = TestServer::start(ServerSettings { max_unread_answers, ..ServerSettings::default() }).await;
    let mut slow = server.connect().await;
    slow.send(GET_LARGE).await;
    in_time(slow.0.readable()).await.expect("a head");
    let ask = "GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let refused = in_time(server.exchange(ask)).await;
    assert!(
        refused.starts_with("HTTP/1.1 503") && refused.contains("graph /large: clients ask for large"),
        "{refused}"
    );
    assert!(in_time(slow.read_until("xxx")).await.len() > 3);
    drop(slow);
    // Once the server has noticed that the client went away, there is room again.
    while !in_time(server.exchange(ask)).await.starts_with("HTTP/1.1 200") {}
    assert!(in_time(server.exchange(ask)).await.len() > LARGE);
}
