//! `GET /{psid}`.

use serde_json::json;

use crate::graph_api::{SPOKEN, TWO_PAGES, refusals};
use crate::support::{BAKERY, Request, TestServer, get, post};

fn read(path: &str) -> Request {
    get(path).bearer("EAAsupport")
}

#[tokio::test]
async fn a_profile_has_the_fields_that_were_asked_for_and_always_the_id() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    // Seven days after 2026-03-02T09:00:00Z.
    let picture = "https://graphdouble.invalid/profile_pic/3001.jpg?ext=1773046800";
    for (request, shown) in [
        (
            read("/v25.0/3001"),
            json!({ "first_name": "Alice", "last_name": "Archer", "profile_pic": picture, "id": "3001" }),
        ),
        (read("/3001?fields=name"), json!({ "name": "Alice Archer", "id": "3001" })),
        (read("/3001?fields=id,locale,timezone,gender"), json!({ "id": "3001", "locale": "en_US", "timezone": 0 })),
        (get("/3001?fields=first_name").bearer("EAAsales"), json!({ "first_name": "Alice", "id": "3001" })),
    ] {
        let reply = server.ask(request).await;
        assert_eq!((reply.status, reply.json()), (200, shown));
    }
}

#[tokio::test]
async fn who_is_not_there_or_never_spoke_has_no_profile() {
    let rows = vec![
        ("never spoke", read("/3002")),
        ("is not there", read("/9999")),
        ("an unknown field", read("/3001?fields=shoe_size")),
        ("a POST", post("/3001").bearer("EAAsupport").json("{}")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    never spoke: 400 {"error":{"message":"(#100) No profile available for this user.","type":"OAuthException","code":100,"error_subcode":2018218}}
    is not there: 400 {"error":{"message":"Unsupported get request. Object with ID '9999' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    an unknown field: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (shoe_size) on node type (User)","type":"OAuthException","code":100}}
    a POST: 400 {"error":{"message":"Unsupported post request. Object with ID '3001' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    "#);
}

#[tokio::test]
async fn a_tap_on_an_ad_alone_is_no_consent() {
    let rows = vec![("tapped only", read("/3001"))];
    insta::assert_snapshot!(refusals(BAKERY, &["{ user: alice, taps_ad: tulips }"], rows).await, @r#"tapped only: 400 {"error":{"message":"(#100) No profile available for this user.","type":"OAuthException","code":100,"error_subcode":2018218}}"#);
}

#[tokio::test]
async fn a_psid_belongs_to_its_page() {
    let server = TestServer::after(TWO_PAGES, &["{ user: alice, page: kiosk, says: Hi }"]).await;
    assert_eq!(server.ask(get("/3901").bearer("EAAkiosk")).await.status, 200);
    assert_eq!(server.refused(get("/3901").bearer("EAAsupport")).await.code().0, 100);
}

#[tokio::test]
async fn a_person_has_an_id_on_each_page_of_the_app_and_in_no_app() {
    let server = TestServer::after(TWO_PAGES, &["{ user: alice, page: kiosk, says: Hi }"]).await;
    let of_pages = server.ask(read("/3001/ids_for_pages")).await.json();
    let page = |name: &str, id: &str| {
        let link = format!("https://graphdouble.invalid/pages/{id}");
        json!({ "category": "Business", "link": link, "name": name, "id": id })
    };
    let bakery = json!({ "id": "3001", "page": page("bakery", "2001") });
    let kiosk = json!({ "id": "3901", "page": page("kiosk", "2002") });
    assert_eq!(of_pages["data"], json!([bakery, kiosk]));
    assert_eq!(server.ask(read("/3001/ids_for_pages?page=2002")).await.json()["data"], json!([kiosk]));
    let of_sales = server.ask(get("/3001/ids_for_pages").bearer("EAAsales")).await.json();
    assert_eq!(of_sales["data"], json!([bakery]));
    assert_eq!(server.ask(read("/3001/ids_for_apps")).await.json(), json!({ "data": [] }));
    server.refused(read("/3901/ids_for_pages")).await;
}
