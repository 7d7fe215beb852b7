//! `GET /{user}`.

use crate::graph_api::{answers, refusals};
use crate::support::{GUARDED, get};

#[tokio::test]
async fn a_user_has_an_id_and_a_name() {
    let rows = vec![
        ("me", get("/v25.0/me").bearer("EAAdora")),
        ("by id", get("/5001?fields=first_name,last_name").bearer("EAAdora")),
        ("to an app", get("/5002?fields=id,name").bearer("1001|support-secret")),
        ("a page of theirs", get("/2001").bearer("EAAdora")),
        ("its token", get("/2001?fields=access_token").bearer("EAAdora")),
        ("a page's own token", get("/me?fields=access_token").bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(answers(GUARDED, &[], rows).await, @r#"
    me: 200 {"name":"Dora Dahl","id":"5001"}
    by id: 200 {"first_name":"Dora","last_name":"Dahl","id":"5001"}
    to an app: 200 {"id":"5002","name":"Erik Doe"}
    a page of theirs: 200 {"name":"bakery","id":"2001"}
    its token: 200 {"access_token":"EAAsupport","id":"2001"}
    a page's own token: 200 {"access_token":"EAAsupport","id":"2001"}
    "#);
}

#[tokio::test]
async fn what_a_user_does_not_have_is_said() {
    let rows = vec![
        ("an unknown field", get("/me?fields=birthday").bearer("EAAdora")),
        ("a user, to a page", get("/5001").bearer("EAAsupport")),
        ("a post", crate::support::post("/me").bearer("EAAdora")),
    ];
    insta::assert_snapshot!(refusals(GUARDED, &[], rows).await, @r#"
    an unknown field: 400 {"error":{"message":"(#100) the field birthday of a User is not built yet in graphdouble","type":"OAuthException","code":100}}
    a user, to a page: 400 {"error":{"message":"Unsupported get request. Object with ID '5001' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    a post: 400 {"error":{"message":"Unsupported post request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    "#);
}
