//! Health, rules, and the OpenAPI document.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::control_api::read;
use crate::support::{BAKERY, Request, TestServer};

#[tokio::test]
async fn health_has_the_version() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(
        read(&server, "/_control/health").await,
        json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })
    );
    assert_eq!(read(&server, "/_control/health/").await["status"], "ok");
}

#[tokio::test]
async fn every_rule_has_an_id_of_its_own_a_sentence_and_a_source() {
    let server = TestServer::start(BAKERY).await;
    let shown = read(&server, "/_control/rules").await;
    let rules = shown["rules"].as_array().expect("rules");
    let ids: BTreeSet<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len());
    for rule in rules {
        assert!(["documented", "observed", "inferred"].contains(&rule["basis"].as_str().unwrap_or_default()), "{rule}");
        assert!(
            ["statement", "source"].iter().all(|key| rule[key].as_str().is_some_and(|text| !text.is_empty())),
            "{rule}"
        );
    }
}

/// What the description says is there.
async fn operations(server: &TestServer) -> Vec<(String, String)> {
    let shown = read(server, "/_control/openapi.json").await;
    assert_eq!(shown["openapi"], "3.1.0");
    let mut found = Vec::new();
    for (path, item) in shown["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("an item").keys().filter(|key| *key != "parameters") {
            found.push((method.to_uppercase(), path.clone()));
        }
    }
    found
}

#[tokio::test]
async fn the_description_names_every_path_that_is_served() {
    let server = TestServer::start(BAKERY).await;
    let shown: BTreeSet<(String, String)> = operations(&server).await.into_iter().collect();
    let served = [
        ("GET", "/_control/health"),
        ("GET", "/_control/rules"),
        ("GET", "/_control/lints"),
        ("GET", "/_control/openapi.json"),
        ("GET", "/_control/worlds"),
        ("POST", "/_control/worlds"),
        ("GET", "/_control/worlds/{world}"),
        ("DELETE", "/_control/worlds/{world}"),
        ("POST", "/_control/worlds/{world}/reset"),
        ("POST", "/_control/worlds/{world}/steps"),
        ("GET", "/_control/worlds/{world}/ledger"),
        ("DELETE", "/_control/worlds/{world}/ledger"),
        ("GET", "/_control/worlds/{world}/ledger.jsonl"),
        ("GET", "/_control/worlds/{world}/ledger/stream"),
        ("POST", "/_control/worlds/{world}/ledger/{cursor}/redeliver"),
        ("GET", "/_control/worlds/{world}/snapshot"),
        ("PUT", "/_control/worlds/{world}/snapshot"),
        ("GET", "/_control/worlds/{world}/threads"),
        ("GET", "/_control/worlds/{world}/threads/{page}/{person}"),
        ("GET", "/_control/worlds/{world}/threads/{page}/{person}/explain"),
        ("GET", "/_control/worlds/{world}/faults"),
        ("POST", "/_control/worlds/{world}/faults"),
        ("DELETE", "/_control/worlds/{world}/faults"),
        ("DELETE", "/_control/worlds/{world}/faults/{number}"),
        ("GET", "/_control/worlds/{world}/lint"),
        ("GET", "/_control/worlds/{world}/clock"),
        ("POST", "/_control/worlds/{world}/clock"),
    ];
    let served = served.map(|(method, path)| (method.to_owned(), path.to_owned()));
    let ca = cfg!(feature = "tls").then(|| ("GET".to_owned(), "/_control/ca.pem".to_owned()));
    assert_eq!(shown, served.into_iter().chain(ca).collect());
}

#[tokio::test]
async fn whatever_the_description_names_is_there() {
    for (method, path) in operations(&TestServer::start(BAKERY).await).await {
        let server = TestServer::after(BAKERY, &["{ fault: { at: any, breaks: hang } }"]).await;
        let filled = path.replace("{world}", "default").replace("{page}", "bakery").replace("{person}", "alice");
        let filled = filled.replace("{number}", "1");
        let request = Request::new(&method, filled);
        let request = if method == "POST" { request.body("{}") } else { request };
        let mut connection = server.connect().await;
        connection.send(&request.bytes(server.address())).await;
        let status = connection.head().await.status;
        assert!(![404, 405, 501].contains(&status), "{method} {path}: {status}");
    }
}

/// The routes as the router itself has them, like `("GET", ["worlds", name])`; what a name stands for is left open.
fn routes() -> BTreeSet<(String, String)> {
    let router = include_str!("../../../src/control/mod.rs");
    let mut found = BTreeSet::new();
    for route in router.lines().filter_map(|line| line.trim().strip_prefix("(\"")) {
        let Some((methods, words)) = route.split_once("\", [") else { continue };
        let words = words.split_once("])").expect("a pattern ends").0.split(", ");
        let path: Vec<&str> =
            words.map(|word| word.strip_prefix('"').map_or("{}", |word| &word[..word.len() - 1])).collect();
        // That one may also ask for the head alone is HTTP's own.
        for method in methods.split("\" | \"").filter(|method| *method != "HEAD") {
            found.insert((method.to_owned(), format!("/_control/{}", path.join("/"))));
        }
    }
    found
}

#[tokio::test]
async fn router_and_description_have_the_same_routes() {
    let open = |path: &str| {
        let words = path.split('/').map(|word| if word.starts_with('{') { "{}" } else { word });
        words.collect::<Vec<_>>().join("/")
    };
    let shown = operations(&TestServer::start(BAKERY).await).await;
    let shown: BTreeSet<(String, String)> = shown.into_iter().map(|(method, path)| (method, open(&path))).collect();
    let mut served = routes();
    assert!(served.len() > 10);
    if !cfg!(feature = "tls") {
        served.retain(|(_, path)| path != "/_control/ca.pem");
    }
    assert_eq!(shown, served);
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let server = TestServer::start(BAKERY).await;
    let shown = read(&server, "/_control/openapi.json").await;
    let mut left = vec![&shown];
    let mut seen = 0;
    while let Some(value) = left.pop() {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    seen += 1;
                    let found = reference.strip_prefix('#').and_then(|pointer| shown.pointer(pointer));
                    assert!(found.is_some(), "{reference} leads nowhere");
                }
                left.extend(map.values());
            }
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
    assert!(seen > 2);
}
