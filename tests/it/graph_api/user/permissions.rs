//! `GET /{user}/permissions`.

use crate::graph_api::{answers, refusals};
use crate::support::{BAKERY, GUARDED, TestServer, delete, get};

#[tokio::test]
async fn a_user_reads_what_the_app_was_granted_and_what_was_withdrawn() {
    let steps = &["{ admin: bakery, withdraws: { support: [pages_messaging, instagram_basic] } }"];
    let rows = vec![("some", get("/v25.0/me/permissions").bearer("EAAdora"))];
    insta::assert_snapshot!(answers(GUARDED, steps, rows).await, @r#"some: 200 {"data":[{"permission":"pages_messaging","status":"declined"},{"permission":"pages_manage_metadata","status":"granted"},{"permission":"pages_show_list","status":"granted"},{"permission":"pages_read_engagement","status":"granted"},{"permission":"pages_user_locale","status":"granted"},{"permission":"pages_user_timezone","status":"granted"},{"permission":"pages_user_gender","status":"granted"},{"permission":"pages_utility_messaging","status":"granted"},{"permission":"instagram_basic","status":"declined"},{"permission":"instagram_manage_messages","status":"granted"},{"permission":"leads_retrieval","status":"granted"},{"permission":"instagram_manage_comments","status":"granted"},{"permission":"public_profile","status":"granted"}]}"#);
}

#[tokio::test]
async fn a_user_takes_one_permission_back_or_removes_the_app() {
    let server = TestServer::start(GUARDED).await;
    let status = async |name: &str| {
        let granted = server.ask(get("/me/permissions").bearer("EAAdora")).await.json();
        let found = granted["data"].as_array().into_iter().flatten().find(|one| one["permission"] == name);
        found.and_then(|one| one["status"].as_str().map(str::to_owned)).unwrap_or_default()
    };
    let calls = [delete("/me/permissions/pages_show_list"), delete("/5001/permissions?permission=pages_user_gender")];
    for call in calls {
        assert_eq!(server.ask(call.bearer("EAAdora")).await.line(), r#"200 {"success":true}"#);
    }
    assert_eq!(status("pages_show_list").await, "declined");
    assert_eq!(status("pages_user_gender").await, "declined");
    assert_eq!(status("pages_messaging").await, "granted");
    assert_eq!(server.ask(delete("/me/permissions").bearer("EAAdora")).await.line(), r#"200 {"success":true}"#);
    assert_eq!(server.ask(get("/me").bearer("EAAdora")).await.code(), (190, Some(458)));
    assert_eq!(server.ask(get("/me").bearer("EAAsupport")).await.code(), (190, Some(458)), "a token that she made");
}

#[tokio::test]
async fn permissions_are_taken_back_by_their_user_and_by_their_name() {
    let rows = vec![
        ("no such permission", delete("/me/permissions/pages_baking").bearer("EAAdora")),
        ("by an app", delete("/5001/permissions").bearer("1001|support-secret")),
        ("a post", crate::support::post("/me/permissions").bearer("EAAdora")),
    ];
    insta::assert_snapshot!(refusals(GUARDED, &[], rows).await, @r#"
    no such permission: 400 {"error":{"message":"(#100) Param permission must be one of {pages_messaging, pages_manage_metadata, pages_show_list, pages_read_engagement, pages_user_locale, pages_user_timezone, pages_user_gender, pages_utility_messaging, instagram_basic, instagram_manage_messages, leads_retrieval, instagram_manage_comments, instagram_business_basic, instagram_business_manage_messages, instagram_business_manage_comments} - got \"pages_baking\".","type":"OAuthException","code":100}}
    by an app: 401 {"error":{"message":"(#102) A user access token is required to request this resource.","type":"OAuthException","code":102}}
    a post: 400 {"error":{"message":"(#100) POST of permissions is not built yet in graphdouble","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn nobody_asks_for_permissions_where_the_world_is_not_strict() {
    let steps = &[
        "{ user: alice, says: Hi }",
        "{ admin: bakery, withdraws: { support: [pages_messaging, pages_manage_metadata] } }",
    ];
    let server = TestServer::after(BAKERY, steps).await;
    let sends = crate::support::post("/me/messages").bearer("EAAsupport").json(crate::graph_api::HELLO);
    assert_eq!(server.ask(sends).await.status, 200);
    assert_eq!(server.ask(get("/me/subscribed_apps").bearer("EAAsupport")).await.status, 200);
}
