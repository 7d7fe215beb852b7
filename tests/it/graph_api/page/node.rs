//! `GET /{page}`.

use serde_json::json;

use crate::graph_api::{SPOKEN, refusals};
use crate::support::{BAKERY, KIOSK, Request, TestServer, get};

fn read(path: &str) -> Request {
    get(path).bearer("EAAsupport")
}

#[tokio::test]
async fn a_page_has_the_requested_fields_and_always_its_id() {
    let server = TestServer::start(BAKERY).await;
    let status = json!({ "hop_v2": false, "msgr_multi_app": true, "ig_multi_app": false });
    for (path, shown) in [
        ("/me", json!({ "name": "bakery", "id": "2001" })),
        ("/2001", json!({ "name": "bakery", "id": "2001" })),
        ("/me?fields=name", json!({ "name": "bakery", "id": "2001" })),
        ("/me?fields=id", json!({ "id": "2001" })),
        ("/me?fields=id,name", json!({ "id": "2001", "name": "bakery" })),
        ("/v12.0/me?fields=messaging_feature_status", json!({ "messaging_feature_status": status, "id": "2001" })),
        (
            "/me?fields=name,%20messaging_feature_status",
            json!({ "name": "bakery", "messaging_feature_status": status, "id": "2001" }),
        ),
        ("/me?fields=%5B%22name%22%5D", json!({ "name": "bakery", "id": "2001" })),
    ] {
        let reply = server.ask(read(path)).await;
        assert_eq!((reply.status, reply.json()), (200, shown), "{path}");
    }
}

#[tokio::test]
async fn without_a_default_app_the_feature_is_off() {
    let server = TestServer::start(KIOSK).await;
    let reply = server.ask(get("/me?fields=messaging_feature_status").bearer("EAAfront")).await;
    let status = json!({ "hop_v2": false, "msgr_multi_app": false, "ig_multi_app": false });
    assert_eq!(reply.json(), json!({ "messaging_feature_status": status, "id": "2101" }));
}

#[tokio::test]
async fn an_unknown_field_is_refused_by_name() {
    let rows = vec![
        ("one", read("/me?fields=fdsfds")),
        ("among known ones", read("/me?fields=id,fdsfds,name")),
        ("in capitals", read("/me?fields=Name")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    one: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (fdsfds) on node type (Page)","type":"OAuthException","code":100}}
    among known ones: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (fdsfds) on node type (Page)","type":"OAuthException","code":100}}
    in capitals: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (Name) on node type (Page)","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn what_has_fields_of_its_own_is_cut_to_those_that_were_asked_for_and_the_rest_takes_none() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let status = server.ask(read("/me?fields=messaging_feature_status{hop_v2}")).await.json();
    assert_eq!(status, json!({ "messaging_feature_status": { "hop_v2": false }, "id": "2001" }));
    let conversations = server.ask(read("/me?fields=conversations{participants.as(who){id}}")).await.json();
    let who = json!({ "data": [{ "id": "3001" }, { "id": "2001" }] });
    assert_eq!(conversations.pointer("/conversations/data/0/who"), Some(&who));
    let first = server.ask(read("/me?fields=conversations{participants.limit(1){id}}")).await.json();
    assert_eq!(first.pointer("/conversations/data/0/participants"), Some(&json!({ "data": [{ "id": "3001" }] })));
    let rows = vec![
        ("a limit that is no number", read("/me?fields=conversations{participants.limit(one)}")),
        ("braces", read("/me?fields=id{name}")),
        ("a modifier", read("/me?fields=name.limit(2)")),
        ("inside", read("/me?fields=conversations{snippet{text}}")),
        ("unknown inside", read("/me?fields=messaging_feature_status{hop_v3}")),
        ("of Meta, not built", read("/me?fields=bio")),
        ("an edge of Meta, not built", read("/me/picture")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    a limit that is no number: 400 {"error":{"message":"(#100) Param limit must be an unsigned integer.","type":"OAuthException","code":100}}
    braces: 400 {"error":{"message":"Subfields are not supported by id","type":"OAuthException","code":2500}}
    a modifier: 400 {"error":{"message":"Subfields are not supported by name","type":"OAuthException","code":2500}}
    inside: 400 {"error":{"message":"Subfields are not supported by snippet","type":"OAuthException","code":2500}}
    unknown inside: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (hop_v3) on node type (MessagingFeatureStatus)","type":"OAuthException","code":100}}
    of Meta, not built: 400 {"error":{"message":"(#100) the field bio of a Page is not built yet in graphdouble","type":"OAuthException","code":100}}
    an edge of Meta, not built: 400 {"error":{"message":"(#100) the edge picture is not built yet in graphdouble","type":"OAuthException","code":100}}
    "#);
}
