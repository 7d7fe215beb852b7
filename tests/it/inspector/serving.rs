//! The page over HTTP: its headers, who gets it, and what is not there.

use crate::control_api::message;
use crate::support::{BAKERY, Request, TestServer, get, post};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                   frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

#[tokio::test]
async fn the_page_comes_with_its_security_headers() {
    let server = TestServer::start(BAKERY).await;
    for (path, kind) in [
        ("/_inspector/", "text/html; charset=utf-8"),
        ("/_inspector/index.html", "text/html; charset=utf-8"),
        ("/_inspector/main.js", "text/javascript; charset=utf-8"),
        ("/_inspector/vendor/lit-html.js", "text/javascript; charset=utf-8"),
        ("/_inspector/vendor/lit-html.LICENSE", "text/plain; charset=utf-8"),
        ("/_inspector/style.css", "text/css; charset=utf-8"),
    ] {
        let reply = server.ask(get(path)).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(kind)), "{path}");
        assert!(!reply.body.is_empty(), "{path}");
        for (name, value) in [
            ("content-security-policy", CSP),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-cache"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{path}");
        }
        assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let server = TestServer::start(BAKERY).await;
    let first = server.ask(get("/_inspector/main.js")).await;
    let etag = first.header("etag").expect("a tag").to_owned();
    assert!(etag.starts_with('"') && etag.len() > 30, "{etag}");
    for known in [etag.clone(), format!("\"x\", {etag}"), "*".to_owned()] {
        let again = server.ask(get("/_inspector/main.js").header("If-None-Match", &known)).await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), Some(&*etag));
        assert_eq!(again.header("cache-control"), Some("no-cache"));
    }
    let other = server.ask(get("/_inspector/main.js").header("If-None-Match", "\"x\"")).await;
    assert_eq!((other.status, &other.body), (200, &first.body));
    let style = server.ask(get("/_inspector/style.css")).await;
    assert_ne!(style.header("etag"), Some(&*etag), "each file has a tag of its own");
}

#[tokio::test]
async fn head_has_the_headers_alone_and_other_methods_are_refused() {
    let server = TestServer::start(BAKERY).await;
    let page = server.ask(get("/_inspector/")).await;
    let mut connection = server.connect().await;
    connection.send(&Request::new("HEAD", "/_inspector/").bytes(server.address())).await;
    let head = connection.head().await;
    assert_eq!(head.status, 200);
    for name in ["etag", "content-type", "content-length"] {
        assert_eq!(head.header(name), page.header(name), "{name}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let reply = server.ask(Request::new(method, "/_inspector/")).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
}

#[tokio::test]
async fn only_files_of_the_page_are_there() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.ask(get("/_inspector")).await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/_inspector/")));
    for path in [
        "/_inspector/health",
        "/_inspector/worlds/default",
        "/_inspector/../Cargo.toml",
        "/_inspector/%2e%2e/mod.rs",
        "/_inspector/vendor/../../mod.rs",
        "/_inspector//main.js",
        "/_inspector/main.js/",
        "/_inspector/vendor/",
    ] {
        let reply = server.ask(get(path)).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(message(&reply).contains("/_control/openapi.json"), "{path}: {}", reply.text());
        assert_eq!(reply.header("content-security-policy"), Some(CSP), "{path}");
    }
}

#[tokio::test]
async fn a_link_leads_to_the_page_from_anywhere_and_nothing_else_does() {
    let server = TestServer::start(BAKERY).await;
    let from = async |path: &str, mode: &str, dest: &str| {
        let request = get(path).header("Sec-Fetch-Site", "cross-site");
        server.ask(request.header("Sec-Fetch-Mode", mode).header("Sec-Fetch-Dest", dest)).await.status
    };
    assert_eq!(from("/_inspector/", "navigate", "document").await, 200);
    assert_eq!(from("/_inspector", "navigate", "document").await, 302);
    assert_eq!(from("/_inspector/", "navigate", "iframe").await, 403, "a frame");
    assert_eq!(from("/_inspector/", "no-cors", "document").await, 403, "no navigation");
    assert_eq!(from("/_inspector/main.js", "navigate", "document").await, 403, "no page");
    assert_eq!(from("/_inspector/main.js", "no-cors", "script").await, 403);
    assert_eq!(from("/_control/worlds", "navigate", "document").await, 403, "the control API");
    let posted = post("/_inspector/").header("Sec-Fetch-Site", "cross-site");
    let posted = posted.header("Sec-Fetch-Mode", "navigate").header("Sec-Fetch-Dest", "document");
    assert_eq!(server.ask(posted).await.status, 403, "a form");
    let bare = server.ask(get("/_inspector/").header("Sec-Fetch-Site", "cross-site")).await;
    assert_eq!(bare.status, 403, "without saying how");
    let rebound = get("/_inspector/").header("Host", "evil.example").header("Sec-Fetch-Mode", "navigate");
    assert_eq!(server.ask(rebound.header("Sec-Fetch-Dest", "document")).await.status, 403, "a rebound name");
}
