//! Tests of TLS: the limits of a handshake, and a port without certificates.

use std::time::Duration;

use super::*;
use crate::certificates::{Certificates, Origin};

fn settings() -> ServerSettings {
    let certificates = Some(Arc::new(Certificates::new(Origin::Fresh, &[])));
    ServerSettings { certificates, ..ServerSettings::default() }
}

#[tokio::test]
async fn a_stalled_handshake_times_out() {
    let handshake_timeout = Duration::from_millis(20);
    let server = TestServer::start(ServerSettings { handshake_timeout, ..settings() }).await;
    assert_eq!(in_time(server.exchange("\x16")).await, "");
}

#[tokio::test]
async fn a_silent_client_times_out() {
    let head_timeout = Duration::from_millis(20);
    let server = TestServer::start(ServerSettings { head_timeout, ..settings() }).await;
    assert_eq!(in_time(server.exchange("")).await, "");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_silent_clients() {
    let server = TestServer::start(settings()).await;
    let mut silent = server.connect().await;
    let mut half = server.connect().await;
    half.send(b"\x16").await;
    // The server answers this later client, so it has accepted the earlier ones.
    let mut later = server.connect().await;
    later.send(PLAIN).await;
    in_time(later.read_until("/plain 0")).await;
    server.stop.send(()).expect("the server runs");
    in_time(server.done).await.expect("no panic");
    for client in [&mut silent, &mut half] {
        assert_eq!(in_time(client.read_to_end()).await, "");
    }
}

#[tokio::test]
async fn a_handshake_takes_no_place_of_a_request() {
    let server = TestServer::start(ServerSettings { max_connections: 1, ..settings() }).await;
    let mut first = server.connect().await;
    first.send(b"\x16").await;
    let mut second = server.connect().await;
    second.send(HOLD).await;
    in_time(server.service.arrived.notified()).await;
    server.service.release.notify_one();
    assert!(in_time(second.read_until("/hold 0")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn without_certificates_a_port_speaks_plain_http() {
    let server = TestServer::start(ServerSettings::default()).await;
    assert!(in_time(server.exchange("\x16\x03\x01")).await.starts_with("HTTP/1.1 400"));
}
