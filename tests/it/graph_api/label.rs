//! `/{page}/custom_labels`, `/{label}`, `/{label}/label` and `/{psid}/custom_labels`.

use serde_json::json;

use crate::graph_api::{SPOKEN, refusals};
use crate::support::{BAKERY, Request, TestServer, delete, get, post};

fn as_support(request: Request) -> Request {
    request.bearer("EAAsupport")
}

async fn make(server: &TestServer, name: &str) -> String {
    let body = json!({ "page_label_name": name }).to_string();
    let reply = server.ask(as_support(post("/me/custom_labels").json(body))).await;
    reply.json()["id"].as_str().unwrap_or_else(|| panic!("{}", reply.text())).to_owned()
}

#[tokio::test]
async fn a_label_goes_through_its_life() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let regular = make(&server, "regular").await;
    let sweet = make(&server, "sweet tooth").await;
    let read = |path: String| server.ask(as_support(get(path)));
    assert_eq!(
        read("/me/custom_labels".to_owned()).await.json()["data"],
        json!([{ "name": "regular", "page_label_name": "regular", "id": regular }, { "name": "sweet tooth", "page_label_name": "sweet tooth", "id": sweet }])
    );
    let second = read("/me/custom_labels?limit=1&after=MAZDZD&fields=name".to_owned()).await.json();
    assert_eq!(second["data"], json!([{ "name": "sweet tooth", "id": sweet }]));
    assert_eq!(
        read(format!("/{regular}")).await.json(),
        json!({ "name": "regular", "page_label_name": "regular", "id": regular })
    );
    let user = r#"{"user":"3001"}"#;
    let done = server.ask(as_support(post(format!("/{regular}/label")).json(user))).await;
    assert_eq!(done.json(), json!({ "success": true }));
    let of_alice = read("/3001/custom_labels?fields=id".to_owned()).await.json();
    assert_eq!(of_alice["data"], json!([{ "id": regular }]));
    let done = server.ask(as_support(delete(format!("/{regular}/label")).json(user))).await;
    assert_eq!(done.json(), json!({ "success": true }));
    assert_eq!(read("/3001/custom_labels".to_owned()).await.json(), json!({ "data": [] }));
    let done = server.ask(as_support(delete(format!("/{regular}")))).await;
    assert_eq!(done.json(), json!({ "success": true }));
    server.refused(as_support(get(format!("/{regular}")))).await;
    assert_ne!(make(&server, "regular").await, regular, "an id is never used again");
}

#[tokio::test]
async fn what_is_no_label_is_refused() {
    let long = json!({ "name": "x".repeat(201) }).to_string();
    let rows = vec![
        ("no name", as_support(post("/me/custom_labels").json("{}"))),
        ("an empty name", as_support(post("/me/custom_labels").json(r#"{"name":" "}"#))),
        ("a long name", as_support(post("/me/custom_labels").json(long))),
        ("an unknown field", as_support(get("/me/custom_labels?fields=colour"))),
        ("no label", as_support(get("/1234567890123456"))),
        ("labels of nobody", as_support(get("/9999/custom_labels"))),
        ("a label that a person makes", as_support(post("/3001/custom_labels").json("{}"))),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    no name: 400 {"error":{"message":"(#100) The parameter page_label_name is required","type":"OAuthException","code":100}}
    an empty name: 400 {"error":{"message":"(#100) Param name must be a non-empty UTF-8 encoded string","type":"OAuthException","code":100}}
    a long name: 400 {"error":{"message":"(#100) Length of param name must be less than or equal to 200","type":"OAuthException","code":100}}
    an unknown field: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (colour) on node type (PageUserMessageThreadLabel)","type":"OAuthException","code":100}}
    no label: 400 {"error":{"message":"Unsupported get request. Object with ID '1234567890123456' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    labels of nobody: 400 {"error":{"message":"Unsupported get request. Object with ID '9999' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    a label that a person makes: 400 {"error":{"message":"Unsupported post request. Object with ID '3001' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    "#);
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let id = make(&server, "regular").await;
    for request in [
        post("/me/custom_labels").json(r#"{"name":"regular"}"#),
        post(format!("/{id}/label")).json("{}"),
        post(format!("/{id}/label")).json(r#"{"user":"9999"}"#),
        get(format!("/{id}/label")),
        get(format!("/{id}?fields=colour")),
        post(format!("/{id}")).json("{}"),
    ] {
        server.refused(as_support(request)).await;
    }
}
