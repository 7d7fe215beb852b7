//! Who may command a world: nobody whom a web page could send.

use crate::control_api::{message, read};
use crate::support::{BAKERY, TestServer, delete, get, post};

#[tokio::test]
async fn a_foreign_host_or_a_foreign_page_is_refused() {
    let server = TestServer::start(BAKERY).await;
    for (what, request) in [
        ("a rebound name", get("/_control/health").header("Host", "evil.example")),
        ("a name that begins well", get("/_control/health").header("Host", "localhost.evil.example")),
        ("a foreign page", post("/_control/worlds/default/reset").header("Origin", "https://evil.example")),
        ("a page of no origin", delete("/_control/worlds/default").header("Origin", "null")),
        (
            "a foreign page, with a step",
            post("/_control/worlds/default/steps").header("Origin", "http://evil.example").body("{ clock: +1h }"),
        ),
        ("the inspector under a rebound name", get("/_inspector/").header("Host", "evil.example")),
        ("a rebound name in the request line", get("http://evil.example/_control/health")),
    ] {
        let reply = server.ask(request).await;
        assert_eq!(reply.status, 403, "{what}: {}", reply.text());
        assert!(
            message(&reply).contains("--allow-host evil.example") || what.contains("origin") || what.contains("begins"),
            "{what}: {}",
            reply.text()
        );
        assert_eq!(reply.header("access-control-allow-origin"), None, "{what}");
    }
    assert_eq!(server.control("/clock").await["now"], "2026-03-02T09:00:00Z");
}

#[tokio::test]
async fn a_request_without_a_host_is_refused() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.raw(b"GET /_control/health HTTP/1.0\r\n\r\n").await;
    assert_eq!(reply.status, 403);
}

#[tokio::test]
async fn loopback_names_and_pages_of_the_developers_machine_are_let_in() {
    let server = TestServer::start(BAKERY).await;
    for request in [
        get("/_control/health").header("Host", "localhost"),
        get("/_control/health").header("Host", "[::1]:4004"),
        get("/_control/health").header("Origin", "http://localhost:3000"),
    ] {
        let reply = server.ask(request).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    assert_eq!(read(&server, "/_control/health").await["status"], "ok");
}

#[tokio::test]
async fn the_graph_api_answers_under_any_name() {
    let server = TestServer::start(BAKERY).await;
    let reply =
        server.ask(get("/me").bearer("EAAsupport").header("Host", "graph.facebook.com").header("Origin", "null")).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("*")));
}
