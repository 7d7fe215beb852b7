//! Health, rules, and the OpenAPI document: it describes every answer, and docs/CONTROL-API.md is written from it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::control_api::read;
use crate::support::{BAKERY, Request, TestServer, contract, get};

#[tokio::test]
async fn health_says_the_version() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(
        read(&server, "/_control/health").await,
        json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })
    );
    assert_eq!(read(&server, "/_control/health/").await["status"], "ok");
}

#[cfg(not(feature = "inspector"))]
#[tokio::test]
async fn a_build_without_the_inspector_says_so() {
    let server = TestServer::start(BAKERY).await;
    for path in ["/_inspector", "/_inspector/", "/_inspector/health", "/_inspector/worlds/default"] {
        let reply = server.ask(crate::support::get(path)).await;
        assert_eq!(reply.status, 404, "{path}: {}", reply.text());
        assert!(crate::control_api::message(&reply).contains("/_control/openapi.json"), "{}", reply.text());
    }
}

#[tokio::test]
async fn every_rule_has_an_id_of_its_own_a_sentence_and_a_source() {
    let server = TestServer::start(BAKERY).await;
    let answer = read(&server, "/_control/rules").await;
    let rules = answer["rules"].as_array().expect("rules");
    let ids: BTreeSet<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len());
    for rule in rules {
        assert!(
            ["statement", "source"].iter().all(|key| rule[key].as_str().is_some_and(|text| !text.is_empty())),
            "{rule}"
        );
    }
}

/// Method, path and description of every operation.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let items = document["paths"].as_object().expect("paths").iter();
    let operations = items.flat_map(|(path, item)| {
        let methods = item.as_object().expect("an item").iter().filter(|(key, _)| *key != "parameters");
        methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    operations.collect()
}

async fn document() -> &'static Value {
    contract::document(TestServer::start(BAKERY).await.address()).await
}

#[tokio::test]
async fn the_document_names_every_route() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    let described = operations(document).into_iter().map(|(method, path, _)| (method, path));
    let described: BTreeSet<(String, String)> = described.collect();
    let served = [
        ("GET", "/_control/health"),
        ("HEAD", "/_control/health"),
        ("GET", "/_control/rules"),
        ("GET", "/_control/lints"),
        ("GET", "/_control/openapi.json"),
        ("GET", "/_control/calls"),
        ("GET", "/_control/worlds"),
        ("POST", "/_control/worlds"),
        ("GET", "/_control/worlds/{world}"),
        ("DELETE", "/_control/worlds/{world}"),
        ("POST", "/_control/worlds/{world}/reset"),
        ("GET", "/_control/worlds/{world}/apps/{app}"),
        ("PUT", "/_control/worlds/{world}/apps/{app}/webhook"),
        ("DELETE", "/_control/worlds/{world}/apps/{app}/webhook"),
        ("POST", "/_control/worlds/{world}/apps/{app}/webhook/verify"),
        ("POST", "/_control/worlds/{world}/steps"),
        ("POST", "/_control/worlds/{world}/exchanges"),
        ("GET", "/_control/worlds/{world}/answers"),
        ("DELETE", "/_control/worlds/{world}/answers"),
        ("GET", "/_control/worlds/{world}/ledger"),
        ("DELETE", "/_control/worlds/{world}/ledger"),
        ("GET", "/_control/worlds/{world}/ledger.jsonl"),
        ("GET", "/_control/worlds/{world}/ledger/stream"),
        ("GET", "/_control/worlds/{world}/calls"),
        ("POST", "/_control/worlds/{world}/ledger/{cursor}/redeliver"),
        ("GET", "/_control/worlds/{world}/scenario"),
        ("GET", "/_control/worlds/{world}/snapshot"),
        ("PUT", "/_control/worlds/{world}/snapshot"),
        ("GET", "/_control/worlds/{world}/people"),
        ("POST", "/_control/worlds/{world}/people"),
        ("POST", "/_control/worlds/{world}/people/claim"),
        ("GET", "/_control/worlds/{world}/people/{person}"),
        ("GET", "/_control/worlds/{world}/threads"),
        ("GET", "/_control/worlds/{world}/threads/{page}/{person}"),
        ("GET", "/_control/worlds/{world}/threads/{page}/{person}/explain"),
        ("GET", "/_control/worlds/{world}/threads/{page}/{person}/offers"),
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
    assert_eq!(described, served.into_iter().chain(ca).collect());
}

#[tokio::test]
async fn every_operation_of_the_document_is_there() {
    for (method, path, _) in operations(document().await) {
        let server = TestServer::after(BAKERY, &["{ fault: { at: any, breaks: hang } }"]).await;
        let filled = path.replace("{world}", "default").replace("{page}", "bakery").replace("{person}", "alice");
        let filled = filled.replace("{number}", "1").replace("{app}", "support");
        let request = Request::new(&method, filled);
        let request = if method == "POST" { request.body("{}") } else { request };
        let mut connection = server.connect().await;
        connection.send(&request.bytes(server.address())).await;
        let status = connection.head().await.status;
        assert!(![404, 405, 501].contains(&status), "{method} {path}: {status}");
    }
}

#[tokio::test]
async fn every_answer_of_every_operation_has_a_schema() {
    for (method, path, operation) in operations(document().await) {
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.len() > 1 && responses.contains_key("default"), "{method} {path}");
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} {status}");
            let content = response["content"].as_object();
            if method == "HEAD" && status == "200" || status == "204" {
                assert!(content.is_none(), "{method} {path} {status} has no body");
                continue;
            }
            let content = content.unwrap_or_else(|| panic!("{method} {path} {status} has no content"));
            assert!(
                !content.is_empty() && content.values().all(|media| media["schema"].is_object()),
                "{path} {status}"
            );
        }
    }
}

#[tokio::test]
async fn every_parameter_is_described() {
    for (method, path, operation) in operations(document().await) {
        let in_path = &document().await["paths"][&path]["parameters"];
        assert_eq!(in_path.as_array().map(Vec::len), Some(path.matches('{').count()), "{path}");
        let in_query = operation["parameters"].as_array();
        for parameter in in_query.into_iter().flatten().chain(in_path.as_array().into_iter().flatten()) {
            let described = parameter["description"].as_str().is_some_and(|text| text.ends_with('.'));
            assert!(described && parameter["schema"].is_object(), "{method} {path}: {parameter}");
        }
    }
}

#[tokio::test]
async fn a_route_takes_no_parameters_but_its_own() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.ask(get("/_control/worlds?limit=1")).await;
    assert_eq!(
        (reply.status, &*crate::control_api::message(&reply)),
        (400, "unknown parameter `limit` (there are none here)")
    );
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    let document = document().await;
    let mut left = vec![document];
    let mut seen = BTreeSet::new();
    while let Some(value) = left.pop() {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    let found = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
                    assert!(found.is_some(), "{reference} leads nowhere");
                    seen.insert(reference.rsplit('/').next().unwrap_or_default().to_owned());
                }
                left.extend(map.values());
            }
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let unused: Vec<&String> = schemas.keys().filter(|name| !seen.contains(*name)).collect();
    assert!(unused.is_empty(), "nothing refers to {unused:?}");
}
