//! `/{page}/custom_user_settings`.

use serde_json::{Value, json};

use crate::graph_api::{TWO_PAGES, is_success, refusals};
use crate::support::{BAKERY, Request, TestServer, delete, get, post};

const PATH: &str = "/v25.0/me/custom_user_settings";

fn menus(payload: &str) -> Value {
    json!([{
        "locale": "default",
        "composer_input_disabled": false,
        "call_to_actions": [{ "type": "postback", "title": "Order", "payload": payload }],
    }])
}

fn sets(body: Value) -> Request {
    post(PATH).bearer("EAAsupport").json(body.to_string())
}

fn reads(query: &str) -> Request {
    get(format!("{PATH}?{query}")).bearer("EAAsupport")
}

fn deletes(query: &str) -> Request {
    delete(format!("{PATH}?{query}")).bearer("EAAsupport")
}

#[tokio::test]
async fn a_person_has_a_menu_of_their_own_beside_the_pages() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(server.ask(reads("psid=3001")).await.line(), r#"200 {"data":[]}"#);
    let own = json!({ "psid": "3001", "persistent_menu": menus("OWN") });
    assert_eq!(server.ask(sets(own)).await.line(), r#"200 {"result":"success"}"#);
    let printed = server.ask(reads("psid=3001")).await.json();
    assert_eq!(printed, json!({ "data": [{ "user_level_persistent_menu": menus("OWN") }] }));
    let of_page = json!({ "get_started": { "payload": "GO" }, "persistent_menu": menus("PAGE") });
    let set = post("/me/messenger_profile").bearer("EAAsales").json(of_page.to_string());
    assert!(is_success(&server.ask(set).await));
    let both = json!({ "user_level_persistent_menu": menus("OWN"), "page_level_persistent_menu": menus("PAGE") });
    assert_eq!(server.ask(reads("psid=3001")).await.json(), json!({ "data": [both] }));
    let printed = server.ask(reads("psid=3002")).await.json();
    assert_eq!(printed, json!({ "data": [{ "page_level_persistent_menu": menus("PAGE") }] }));
    let printed = server.ask(reads("psid=3001&fields=user_level_persistent_menu")).await.json();
    assert_eq!(printed, json!({ "data": [{ "user_level_persistent_menu": menus("OWN") }] }));
    let reply = server.ask(deletes("psid=3001&params=%5B%22persistent_menu%22%5D")).await;
    assert_eq!(reply.line(), r#"200 {"result":"success"}"#);
    let printed = server.ask(reads("psid=3001")).await.json();
    assert_eq!(printed, json!({ "data": [{ "page_level_persistent_menu": menus("PAGE") }] }));
}

#[tokio::test]
async fn it_is_not_shown_before_the_page_has_get_started() {
    let mut server = TestServer::start(BAKERY).await;
    server.ask(sets(json!({ "psid": "3001", "persistent_menu": menus("OWN") }))).await;
    let failed = server.emulator.step("{ user: alice, taps_menu: Order }").await;
    let failed = failed.expect_err("there is no menu to tap").to_string();
    assert!(failed.contains("not shown before a Get Started button is set"), "{failed}");
    server.ask(post("/me/messenger_profile?get_started[payload]=GO").bearer("EAAsupport")).await;
    server.step("{ user: alice, taps_menu: Order }").await;
    server.step("{ expect: [{ app: support, gets: messaging_postbacks, payload: OWN }] }").await;
}

#[tokio::test]
async fn what_is_no_menu_of_a_person_is_refused() {
    let rows = vec![
        ("nobody", sets(json!({ "persistent_menu": menus("OWN") }))),
        ("somebody unknown", sets(json!({ "psid": "9999", "persistent_menu": menus("OWN") }))),
        ("no menu", sets(json!({ "psid": "3001" }))),
        ("an empty menu", sets(json!({ "psid": "3001", "persistent_menu": [] }))),
        ("reading nobody's", reads("")),
        ("a field that there is not", reads("psid=3001&fields=bogus")),
        ("deleting nothing", deletes("psid=3001")),
        ("deleting what there is not", deletes("psid=3001&params=greeting")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    nobody: 400 {"error":{"message":"(#100) The parameter psid is required","type":"OAuthException","code":100}}
    somebody unknown: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    no menu: 400 {"error":{"message":"(#100) The parameter persistent_menu is required","type":"OAuthException","code":100}}
    an empty menu: 400 {"error":{"message":"(#194) param persistent_menu has too few elements.","type":"OAuthException","code":194}}
    reading nobody's: 400 {"error":{"message":"(#100) The parameter psid is required","type":"OAuthException","code":100}}
    a field that there is not: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (bogus) on node type (PageUserSettings)","type":"OAuthException","code":100}}
    deleting nothing: 400 {"error":{"message":"(#100) The parameter params is required","type":"OAuthException","code":100}}
    deleting what there is not: 400 {"error":{"message":"(#100) Param params[0] must be one of {PERSISTENT_MENU} - got \"greeting\".","type":"OAuthException","code":100}}
    "#);
    let server = TestServer::start(TWO_PAGES).await;
    let reply = server.refused(sets(json!({ "psid": "3901", "persistent_menu": menus("OWN") }))).await;
    assert_eq!(reply.code(), (100, Some(2018001)), "a PSID of another page");
}
