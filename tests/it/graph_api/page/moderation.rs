//! `POST /{page}/moderate_conversations`, and `/{page}/blocked`.

use serde_json::json;

use crate::graph_api::{HELLO, SPOKEN, refusals};
use crate::support::{BAKERY, Request, TestServer, delete, get, post};

const EDGE: &str = "/me/moderate_conversations";

fn as_support(request: Request) -> Request {
    request.bearer("EAAsupport")
}

fn moderate(body: &str) -> Request {
    as_support(post(EDGE).json(body))
}

#[tokio::test]
async fn people_and_actions_come_in_every_form() {
    for request in [
        moderate(r#"{"user_ids":[{"id":"3001"}],"actions":["BLOCK_USER"]}"#),
        moderate(r#"{"user_ids":["3001"],"actions":["move_to_spam","ban_user"]}"#),
        moderate(r#"{"user_ids":"[{\"id\":3001}]","actions":"block_user"}"#),
        as_support(post(EDGE).form("user_ids[0][id]=3001&user_ids[1][id]=3002&actions=block_user")),
    ] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        let reply = server.ask(request).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "success": true })));
        let reply = server.refused(as_support(post("/me/messages").json(HELLO))).await;
        assert_eq!(reply.code(), (551, Some(1_545_041)));
    }
}

#[tokio::test]
async fn blocked_lists_blocks_and_unblocks() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let blocked = || server.ask(as_support(get("/me/blocked")));
    assert_eq!(blocked().await.json(), json!({ "data": [] }));
    let reply = server.ask(as_support(post("/me/blocked").json(r#"{"psid":["3001","3002"]}"#))).await;
    assert_eq!(reply.json(), json!({ "3001": true, "3002": true }));
    assert_eq!(
        blocked().await.json()["data"],
        json!([{ "name": "Alice Archer", "id": "3001" }, { "name": "Bob Doe", "id": "3002" }])
    );
    let one = server.ask(as_support(get("/me/blocked?user=3002&fields=id"))).await.json();
    assert_eq!(one["data"], json!([{ "id": "3002" }]));
    let reply = server.ask(as_support(delete("/me/blocked?user=3001"))).await;
    assert_eq!(reply.json(), json!({ "success": true }));
    assert_eq!(blocked().await.json()["data"], json!([{ "name": "Bob Doe", "id": "3002" }]));
}

#[tokio::test]
async fn nobody_is_touched_where_one_is_unknown() {
    let rows = vec![
        ("nobody", moderate(r#"{"user_ids":[],"actions":["block_user"]}"#)),
        ("no people", moderate(r#"{"actions":["block_user"]}"#)),
        ("no actions", moderate(r#"{"user_ids":["3001"],"actions":[]}"#)),
        ("no actions at all", moderate(r#"{"user_ids":["3001"]}"#)),
        ("an unknown action", moderate(r#"{"user_ids":["3001"],"actions":["block_user","tickle_user"]}"#)),
        ("one who is unknown", moderate(r#"{"user_ids":["3001","9999"],"actions":["block_user"]}"#)),
        ("people that are no list", moderate(r#"{"user_ids":"3001","actions":["block_user"]}"#)),
        ("people without ids", moderate(r#"{"user_ids":[{"name":"Alice"}],"actions":["block_user"]}"#)),
        ("too many", moderate(&json!({ "user_ids": vec!["3001"; 51], "actions": ["block_user"] }).to_string())),
        ("blocking nobody", as_support(post("/me/blocked").json("{}"))),
        ("by another kind of id", as_support(post("/me/blocked").json(r#"{"asid":["1"]}"#))),
        ("an unknown field", as_support(get("/me/blocked?fields=shoe_size"))),
        ("a GET", as_support(get(EDGE))),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    nobody: 400 {"error":{"message":"(#194) param user_ids has too few elements.","type":"OAuthException","code":194}}
    no people: 400 {"error":{"message":"(#100) The parameter user_ids is required","type":"OAuthException","code":100}}
    no actions: 400 {"error":{"message":"(#194) param actions has too few elements.","type":"OAuthException","code":194}}
    no actions at all: 400 {"error":{"message":"(#100) The parameter actions is required","type":"OAuthException","code":100}}
    an unknown action: 400 {"error":{"message":"(#100) Param actions[1] must be one of {BLOCK_USER, UNBLOCK_USER, BAN_USER, UNBAN_USER, MOVE_TO_SPAM} - got \"tickle_user\".","type":"OAuthException","code":100}}
    one who is unknown: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    people that are no list: 400 {"error":{"message":"(#100) Param user_ids must be an array.","type":"OAuthException","code":100}}
    people without ids: 400 {"error":{"message":"(#100) Invalid keys \"name\" were found in param \"user_ids[0]\".","type":"OAuthException","code":100}}
    too many: 400 {"error":{"message":"(#105) param user_ids has too many elements.","type":"OAuthException","code":105}}
    blocking nobody: 400 {"error":{"message":"(#100) The parameter psid is required","type":"OAuthException","code":100}}
    by another kind of id: 400 {"error":{"message":"(#100) asid is not built yet in graphdouble","type":"OAuthException","code":100}}
    an unknown field: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (shoe_size) on node type (Profile)","type":"OAuthException","code":100}}
    a GET: 400 {"error":{"message":"Unsupported get request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    "#);
}

#[tokio::test]
async fn more_actions_than_there_are_is_refused() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let actions = "BLOCK_USER,".repeat(6);
    let reply = server
        .ask(post(format!("/me/moderate_conversations?user_ids=3001&actions={actions}")).bearer("EAAsupport"))
        .await;
    assert_eq!(reply.code(), (105, None));
    assert_eq!(
        server.ask(get("/me/blocked").bearer("EAAsupport")).await.json()["data"].as_array().map(Vec::len),
        Some(0)
    );
}
