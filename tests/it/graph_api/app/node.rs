//! `GET /{app}`.

use serde_json::json;

use crate::graph_api::refusals;
use crate::support::{BAKERY, TestServer, get};

#[tokio::test]
async fn an_app_has_its_name_and_id() {
    let server = TestServer::start(BAKERY).await;
    for (request, name, id) in [
        (get("/v25.0/1001").bearer("1001|support-secret"), "support", "1001"),
        (get("/1001?fields=name").bearer("EAAsupport"), "support", "1001"),
        (get("/1002").bearer("EAAsupport"), "sales", "1002"),
        (get("/263902037430900").bearer("EAAsupport"), "inbox", "263902037430900"),
    ] {
        let reply = server.ask(request).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "name": name, "id": id })));
    }
    let rows = vec![("an unknown field", get("/1001?fields=secret").bearer("EAAsupport"))];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"an unknown field: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (secret) on node type (Application)","type":"OAuthException","code":100}}"#);
}

#[tokio::test]
async fn what_meta_has_and_is_not_built_says_so() {
    let server = TestServer::start(BAKERY).await;
    for path in ["/1001/roles", "/1001?fields=roles", "/1001?fields=namespace"] {
        let reply = server.refused(get(path).bearer("1001|support-secret")).await;
        assert!(reply.text().contains("not built yet"), "{path}: {}", reply.line());
    }
}
