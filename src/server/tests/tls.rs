//! Server tests: what a handshake may cost, and what a port without certificates does.

use std::time::Duration;

use super::*;
use crate::certificates::{Certificates, Origin};

fn settings() -> ServerSettings {
    let certificates = Some(Arc::new(Certificates::new(Origin::Fresh, &[])));
    ServerSettings { certificates, ..ServerSettings::default() }
}

#[tokio::test]
async fn a_handshake_that_does_not_go_on_is_not_waited_for() {
    let handshake_timeout = Duration::from_millis(20);
    let server = Server::start(ServerSettings { handshake_timeout, ..settings() }).await;
    assert_eq!(in_time(server.ask("\x16")).await, "");
}

#[tokio::test]
async fn a_client_that_never_says_a_word_is_not_waited_for() {
    let head_timeout = Duration::from_millis(20);
    let server = Server::start(ServerSettings { head_timeout, ..settings() }).await;
    assert_eq!(in_time(server.ask("")).await, "");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_who_has_not_begun() {
    let server = Server::start(settings()).await;
    let mut silent = server.connect().await;
    let mut half = server.connect().await;
    half.send(b"\x16").await;
    // Whoever came later is served, so those before have been let in.
    let mut later = server.connect().await;
    later.send(PLAIN).await;
    in_time(later.until("/plain 0")).await;
    server.stop.send(()).expect("the server runs");
    in_time(server.done).await.expect("no panic");
    for client in [&mut silent, &mut half] {
        assert_eq!(in_time(client.rest()).await, "");
    }
}

#[tokio::test]
async fn a_handshake_counts_as_a_connection() {
    let server = Server::start(ServerSettings { max_connections: 1, ..settings() }).await;
    let mut first = server.connect().await;
    first.send(b"\x16").await;
    let mut second = server.connect().await;
    second.send(HOLD).await;
    let held = tokio::time::timeout(Duration::from_millis(50), server.site.held.notified()).await;
    assert!(held.is_err(), "a second connection was let in");
    drop(first);
    in_time(server.site.held.notified()).await;
    server.site.let_go.notify_one();
    assert!(in_time(second.until("/hold 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn without_certificates_a_port_is_plain() {
    let server = Server::start(ServerSettings::default()).await;
    assert!(in_time(server.ask("\x16\x03\x01")).await.starts_with("HTTP/1.1 400"));
}
