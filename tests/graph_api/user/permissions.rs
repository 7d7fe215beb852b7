//! `GET /{user}/permissions`.

use crate::support::{BAKERY, GUARDED, House, delete, get};
use crate::{answers, refusals};

#[tokio::test]
async fn a_user_is_told_what_the_app_was_granted_and_what_was_withdrawn() {
    let steps = &["{ admin: bakery, withdraws: { support: [pages_messaging, instagram_basic] } }"];
    let rows = vec![("some", get("/v25.0/me/permissions").bearer("EAAdora"))];
    insta::assert_snapshot!(answers(GUARDED, steps, rows).await, @r#"some: 200 {"data":[{"permission":"pages_messaging","status":"declined"},{"permission":"pages_manage_metadata","status":"granted"},{"permission":"pages_show_list","status":"granted"},{"permission":"pages_read_engagement","status":"granted"},{"permission":"pages_user_locale","status":"granted"},{"permission":"pages_user_timezone","status":"granted"},{"permission":"pages_user_gender","status":"granted"},{"permission":"pages_utility_messaging","status":"granted"},{"permission":"instagram_basic","status":"declined"},{"permission":"instagram_manage_messages","status":"granted"},{"permission":"public_profile","status":"granted"}]}"#);
}

#[tokio::test]
async fn taking_permissions_back_by_a_call_is_not_built() {
    let rows = vec![("all", delete("/me/permissions").bearer("EAAdora"))];
    insta::assert_snapshot!(refusals(GUARDED, &[], rows).await, @r#"all: 400 {"error":{"message":"(#100) DELETE of permissions is not built yet in graphdouble","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}"#);
}

#[tokio::test]
async fn nobody_asks_for_permissions_where_the_world_is_not_strict() {
    let steps = &[
        "{ user: alice, says: Hi }",
        "{ admin: bakery, withdraws: { support: [pages_messaging, pages_manage_metadata] } }",
    ];
    let house = House::after(BAKERY, steps).await;
    let sends = crate::support::post("/me/messages").bearer("EAAsupport").json(crate::HELLO);
    assert_eq!(house.ask(sends).await.status, 200);
    assert_eq!(house.ask(get("/me/subscribed_apps").bearer("EAAsupport")).await.status, 200);
}
