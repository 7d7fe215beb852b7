//! What browsers get at `/`: the inspector or, in a build without it, a page of its own.

use crate::support::{BAKERY, TestServer, get, post};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[cfg(feature = "inspector")]
#[tokio::test]
async fn a_browser_is_led_to_the_inspector() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.ask(get("/").header("Accept", BROWSER)).await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/_inspector/")));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[cfg(not(feature = "inspector"))]
#[tokio::test]
async fn a_browser_gets_a_page_that_says_what_this_is_and_where_to_go_on() {
    let server = TestServer::start(BAKERY).await;
    let page = server.ask(get("/").header("Accept", BROWSER)).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let text = page.text().to_owned();
    let links: Vec<&str> = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() >= 4, "{text}");
    for link in links {
        assert_eq!(server.ask(get(link)).await.status, 200, "{link}");
    }
    assert!(!text.contains("EAA") && !text.contains("secret\""), "it names no secrets: {text}");
}

#[tokio::test]
async fn a_client_of_the_graph_api_gets_metas_answer_at_the_root() {
    let server = TestServer::start(BAKERY).await;
    let plain = server.ask(get("/")).await;
    let rows = [
        get("/").header("Accept", "*/*"),
        get("/").header("Accept", "application/json"),
        get("/?fields=id").header("Accept", BROWSER),
        get("/").header("Accept", BROWSER).bearer("EAAsupport"),
        post("/").header("Accept", BROWSER),
    ];
    assert!(plain.text().starts_with("{\"error\""), "{}", plain.text());
    for request in rows {
        let reply = server.ask(request).await;
        assert!(reply.text().starts_with("{\"error\""), "{}", reply.text());
    }
}

#[tokio::test]
async fn a_page_of_another_site_cannot_show_it() {
    let server = TestServer::start(BAKERY).await;
    let shown = if cfg!(feature = "inspector") { 302 } else { 200 };
    for (site, status) in [("cross-site", 403), ("same-origin", shown), ("none", shown)] {
        let reply = server.ask(get("/").header("Accept", BROWSER).header("Sec-Fetch-Site", site)).await;
        assert_eq!(reply.status, status, "{site}");
    }
}
