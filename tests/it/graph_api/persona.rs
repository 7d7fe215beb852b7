//! `/{persona}`.

use serde_json::json;

use crate::graph_api::TWO_PAGES;
use crate::support::{TestServer, delete, get, post};

/// A persona of the bakery.
async fn adam(server: &TestServer) -> String {
    let body = r#"{"name":"Adam","profile_picture_url":"https://bakery.example/adam.jpg"}"#;
    let made = server.ask(post("/me/personas").bearer("EAAsupport").json(body)).await;
    made.json()["id"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_persona_is_read_and_deleted_by_its_id() {
    let server = TestServer::start(TWO_PAGES).await;
    let id = adam(&server).await;
    let reads = |query: &str| get(format!("/v25.0/{id}{query}")).bearer("EAAsales");
    let whole = json!({ "name": "Adam", "profile_picture_url": "https://bakery.example/adam.jpg", "id": id });
    assert_eq!(server.ask(reads("")).await.json(), whole);
    assert_eq!(server.ask(reads("?fields=name")).await.json(), json!({ "name": "Adam", "id": id }));
    let shown = server.ask(get(format!("/?ids={id},2001&fields=name")).bearer("EAAsales")).await.json();
    assert_eq!(shown[&id], json!({ "name": "Adam", "id": id }));
    let reply = server.refused(reads("?fields=messaging_feature_status")).await;
    assert!(reply.text().contains("on node type (Persona)"), "{}", reply.text());
    assert_eq!(server.ask(delete(format!("/{id}")).bearer("EAAsales")).await.line(), r#"200 {"success":true}"#);
    assert_eq!(server.refused(reads("")).await.code(), (100, Some(33)));
    assert_eq!(server.refused(delete(format!("/{id}")).bearer("EAAsales")).await.code(), (100, Some(33)));
    assert_ne!(adam(&server).await, id, "an id never comes twice");
}

#[tokio::test]
async fn a_persona_is_seen_by_its_own_page_alone() {
    let server = TestServer::start(TWO_PAGES).await;
    let id = adam(&server).await;
    for token in ["EAAkiosk", "1001|support-secret"] {
        assert_eq!(server.refused(get(format!("/{id}")).bearer(token)).await.code(), (100, Some(33)), "{token}");
        assert_eq!(server.refused(delete(format!("/{id}")).bearer(token)).await.code(), (100, Some(33)), "{token}");
    }
    assert_eq!(server.refused(post(format!("/{id}")).bearer("EAAsupport")).await.code(), (100, Some(33)));
    assert_eq!(server.refused(get(format!("/{id}/feed")).bearer("EAAsupport")).await.code(), (2500, None));
}
