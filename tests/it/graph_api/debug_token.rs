//! `GET /debug_token`.

use serde_json::json;

use crate::graph_api::{answers, refusals};
use crate::support::{GUARDED, Request, TestServer, get, post};

const APP: &str = "1001|support-secret";

fn debugs(input: &str) -> Request {
    get(format!("/v25.0/debug_token?input_token={input}")).bearer(APP)
}

#[tokio::test]
async fn a_token_is_described_with_everything_it_grants() {
    let rows = vec![
        ("a page token", debugs("EAAsupport")),
        ("a user token", debugs("EAAdora")),
        ("an app token", debugs("1001%7Csupport-secret")),
        ("by a user of the app", get("/debug_token?input_token=EAAdora").bearer("EAAdora")),
        ("an unknown token", debugs("EAAnobody")),
        ("an Instagram token", debugs("IGAAsomebody")),
    ];
    insta::assert_snapshot!(answers(GUARDED, &[], rows).await, @r#"
    a page token: 200 {"data":{"app_id":"1001","type":"PAGE","application":"support","data_access_expires_at":1780218000,"expires_at":1777626000,"is_valid":true,"issued_at":1772442000,"profile_id":"2001","scopes":["pages_messaging","pages_manage_metadata","pages_show_list","pages_read_engagement","pages_user_locale","pages_user_timezone","pages_user_gender","pages_utility_messaging","instagram_basic","instagram_manage_messages","leads_retrieval","instagram_manage_comments","public_profile"],"granular_scopes":[{"scope":"pages_messaging","target_ids":["2001"]},{"scope":"pages_manage_metadata","target_ids":["2001"]},{"scope":"pages_show_list","target_ids":["2001"]},{"scope":"pages_read_engagement","target_ids":["2001"]},{"scope":"pages_user_locale","target_ids":["2001"]},{"scope":"pages_user_timezone","target_ids":["2001"]},{"scope":"pages_user_gender","target_ids":["2001"]},{"scope":"pages_utility_messaging","target_ids":["2001"]}],"user_id":"5001"}}
    a user token: 200 {"data":{"app_id":"1001","type":"USER","application":"support","data_access_expires_at":1780218000,"expires_at":0,"is_valid":true,"issued_at":1772442000,"scopes":["pages_messaging","pages_manage_metadata","pages_show_list","pages_read_engagement","pages_user_locale","pages_user_timezone","pages_user_gender","pages_utility_messaging","instagram_basic","instagram_manage_messages","leads_retrieval","instagram_manage_comments","public_profile"],"granular_scopes":[{"scope":"pages_messaging","target_ids":["2001"]},{"scope":"pages_manage_metadata","target_ids":["2001"]},{"scope":"pages_show_list","target_ids":["2001"]},{"scope":"pages_read_engagement","target_ids":["2001"]},{"scope":"pages_user_locale","target_ids":["2001"]},{"scope":"pages_user_timezone","target_ids":["2001"]},{"scope":"pages_user_gender","target_ids":["2001"]},{"scope":"pages_utility_messaging","target_ids":["2001"]}],"user_id":"5001"}}
    an app token: 200 {"data":{"app_id":"1001","type":"APP","application":"support","is_valid":true,"scopes":[]}}
    by a user of the app: 200 {"data":{"app_id":"1001","type":"USER","application":"support","data_access_expires_at":1780218000,"expires_at":0,"is_valid":true,"issued_at":1772442000,"scopes":["pages_messaging","pages_manage_metadata","pages_show_list","pages_read_engagement","pages_user_locale","pages_user_timezone","pages_user_gender","pages_utility_messaging","instagram_basic","instagram_manage_messages","leads_retrieval","instagram_manage_comments","public_profile"],"granular_scopes":[{"scope":"pages_messaging","target_ids":["2001"]},{"scope":"pages_manage_metadata","target_ids":["2001"]},{"scope":"pages_show_list","target_ids":["2001"]},{"scope":"pages_read_engagement","target_ids":["2001"]},{"scope":"pages_user_locale","target_ids":["2001"]},{"scope":"pages_user_timezone","target_ids":["2001"]},{"scope":"pages_user_gender","target_ids":["2001"]},{"scope":"pages_utility_messaging","target_ids":["2001"]}],"user_id":"5001"}}
    an unknown token: 200 {"data":{"error":{"code":190,"message":"Invalid OAuth access token."},"is_valid":false,"scopes":[]}}
    an Instagram token: 200 {"data":{"error":{"code":190,"message":"Invalid OAuth access token - Cannot parse access token"},"is_valid":false,"scopes":[]}}
    "#);
}

#[tokio::test]
async fn a_dead_token_is_described_with_its_error() {
    let expired = vec![("expired", debugs("EAAsupport"))];
    insta::assert_snapshot!(answers(GUARDED, &["{ clock: +61d }"], expired).await, @r#"expired: 200 {"data":{"app_id":"1001","type":"PAGE","application":"support","data_access_expires_at":1780218000,"expires_at":1777626000,"is_valid":false,"issued_at":1772442000,"profile_id":"2001","scopes":["pages_messaging","pages_manage_metadata","pages_show_list","pages_read_engagement","pages_user_locale","pages_user_timezone","pages_user_gender","pages_utility_messaging","instagram_basic","instagram_manage_messages","leads_retrieval","instagram_manage_comments","public_profile"],"granular_scopes":[{"scope":"pages_messaging","target_ids":["2001"]},{"scope":"pages_manage_metadata","target_ids":["2001"]},{"scope":"pages_show_list","target_ids":["2001"]},{"scope":"pages_read_engagement","target_ids":["2001"]},{"scope":"pages_user_locale","target_ids":["2001"]},{"scope":"pages_user_timezone","target_ids":["2001"]},{"scope":"pages_user_gender","target_ids":["2001"]},{"scope":"pages_utility_messaging","target_ids":["2001"]}],"user_id":"5001","error":{"code":190,"message":"Error validating access token: Session has expired on Friday, 01-May-26 02:00:00 PDT. The current time is Saturday, 02-May-26 02:00:00 PDT.","subcode":463}}}"#);
    let steps = &["{ admin: bakery, revokes_token: { support: logged_out } }"];
    let ended = vec![("ended", debugs("EAAsupport")), ("its maker's", debugs("EAAdora"))];
    insta::assert_snapshot!(answers(GUARDED, steps, ended).await, @r#"
    ended: 200 {"data":{"app_id":"1001","type":"PAGE","application":"support","data_access_expires_at":1780218000,"expires_at":1777626000,"is_valid":false,"issued_at":1772442000,"profile_id":"2001","scopes":["pages_messaging","pages_manage_metadata","pages_show_list","pages_read_engagement","pages_user_locale","pages_user_timezone","pages_user_gender","pages_utility_messaging","instagram_basic","instagram_manage_messages","leads_retrieval","instagram_manage_comments","public_profile"],"granular_scopes":[{"scope":"pages_messaging","target_ids":["2001"]},{"scope":"pages_manage_metadata","target_ids":["2001"]},{"scope":"pages_show_list","target_ids":["2001"]},{"scope":"pages_read_engagement","target_ids":["2001"]},{"scope":"pages_user_locale","target_ids":["2001"]},{"scope":"pages_user_timezone","target_ids":["2001"]},{"scope":"pages_user_gender","target_ids":["2001"]},{"scope":"pages_utility_messaging","target_ids":["2001"]}],"user_id":"5001","error":{"code":190,"message":"Error validating access token: The session is invalid because the user logged out.","subcode":467}}}
    its maker's: 200 {"data":{"app_id":"1001","type":"USER","application":"support","data_access_expires_at":1780218000,"expires_at":0,"is_valid":false,"issued_at":1772442000,"scopes":["pages_messaging","pages_manage_metadata","pages_show_list","pages_read_engagement","pages_user_locale","pages_user_timezone","pages_user_gender","pages_utility_messaging","instagram_basic","instagram_manage_messages","leads_retrieval","instagram_manage_comments","public_profile"],"granular_scopes":[{"scope":"pages_messaging","target_ids":["2001"]},{"scope":"pages_manage_metadata","target_ids":["2001"]},{"scope":"pages_show_list","target_ids":["2001"]},{"scope":"pages_read_engagement","target_ids":["2001"]},{"scope":"pages_user_locale","target_ids":["2001"]},{"scope":"pages_user_timezone","target_ids":["2001"]},{"scope":"pages_user_gender","target_ids":["2001"]},{"scope":"pages_utility_messaging","target_ids":["2001"]}],"user_id":"5001","error":{"code":190,"message":"Error validating access token: The session is invalid because the user logged out.","subcode":467}}}
    "#);
}

#[tokio::test]
async fn scopes_are_what_the_app_is_granted_now() {
    let server = TestServer::after(GUARDED, &["{ admin: bakery, withdraws: { support: [pages_messaging] } }"]).await;
    let shown = server.ask(debugs("EAAsupport")).await.json();
    assert!(!shown["data"]["scopes"].as_array().is_some_and(|scopes| scopes.contains(&json!("pages_messaging"))));
    assert_eq!(shown["data"]["is_valid"], true);
}

#[tokio::test]
async fn only_the_app_of_the_token_may_ask() {
    let rows = vec![
        ("a page token asks", get("/debug_token?input_token=EAAsupport").bearer("EAAsupport")),
        ("another app asks", get("/debug_token?input_token=EAAsupport").bearer("1002|sales-secret")),
        ("nothing to look at", get("/debug_token").bearer(APP)),
        ("a post", crate::support::post("/debug_token?input_token=EAAsupport").bearer(APP)),
    ];
    insta::assert_snapshot!(refusals(GUARDED, &[], rows).await, @r#"
    a page token asks: 400 {"error":{"message":"(#100) You must provide an app access token, or a user access token that is an owner or developer of the app","type":"OAuthException","code":100}}
    another app asks: 400 {"error":{"message":"(#100) The App_id in the input_token did not match the Viewing App","type":"OAuthException","code":100}}
    nothing to look at: 400 {"error":{"message":"(#100) The parameter input_token is required","type":"OAuthException","code":100}}
    a post: 400 {"error":{"message":"Unsupported post request. Object with ID 'debug_token' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    "#);
}

#[tokio::test]
async fn worlds_that_share_an_app_differ_by_the_input_token() {
    let server = TestServer::start(GUARDED).await;
    let other = r#"{ name: other, world: {
        apps: { support: { id: "1001", secret: support-secret } },
        pages: { shop: { id: "2009", default_app: support, apps: { support: { token: EAAshop } } } } } }"#;
    assert_eq!(server.ask(post("/_control/worlds").body(other)).await.status, 201);
    for (token, page) in [("EAAshop", "2009"), ("EAAsupport", "2001")] {
        let shown = server.ask(debugs(token)).await.json();
        assert_eq!((&shown["data"]["is_valid"], &shown["data"]["profile_id"]), (&json!(true), &json!(page)), "{token}");
    }
}
