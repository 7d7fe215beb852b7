//! `/{page}/personas`.

use serde_json::{Value, json};

use crate::graph_api::{SPOKEN, TWO_PAGES, answers, is_success, refusals};
use crate::support::{BAKERY, Request, TestServer, get, post};

const ADAM: &str = r#"{"name":"Adam","profile_picture_url":"https://bakery.example/adam.jpg"}"#;

fn makes(body: impl ToString) -> Request {
    post("/v25.0/me/personas").bearer("EAAsupport").json(body.to_string())
}

fn persona(name: &str) -> Value {
    json!({ "name": name, "profile_picture_url": "https://bakery.example/face.jpg" })
}

#[tokio::test]
async fn a_page_lists_its_personas_to_all_of_its_apps() {
    let server = TestServer::start(BAKERY).await;
    let lists = |query: &str| get(format!("/v25.0/me/personas?{query}")).bearer("EAAsales");
    assert_eq!(server.ask(lists("")).await.line(), r#"200 {"data":[]}"#);
    let id = server.ask(makes(ADAM)).await.json()["id"].clone();
    assert!(id.as_str().is_some_and(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_digit())), "{id}");
    let shown = server.ask(lists("")).await.json();
    assert_eq!(
        shown,
        json!({
            "data": [{ "name": "Adam", "profile_picture_url": "https://bakery.example/adam.jpg", "id": id }],
            "paging": { "cursors": { "before": "MAZDZD", "after": "MAZDZD" } },
        })
    );
    let shown = server.ask(lists("fields=name")).await.json();
    assert_eq!(shown["data"], json!([{ "name": "Adam", "id": id }]));
}

#[tokio::test]
async fn following_the_pages_comes_to_an_end() {
    let server = TestServer::start(BAKERY).await;
    for place in 0..60 {
        assert_eq!(server.ask(makes(persona(&format!("Adam {place}")))).await.status, 200);
    }
    let (mut names, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let shown = server.ask(get(format!("/me/personas?after={after}")).bearer("EAAsupport")).await.json();
        let page = shown["data"].as_array().cloned().unwrap_or_default();
        names.extend(page.iter().map(|one| one["name"].as_str().unwrap_or_default().to_owned()));
        pages += 1;
        // As messaging-api-messenger goes on: until a page has no cursor.
        match shown["paging"]["cursors"]["after"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((names.len(), pages), (60, 4));
    assert_eq!((names[0].as_str(), names[59].as_str()), ("Adam 0", "Adam 59"));
    let first = server.ask(get("/me/personas?limit=50").bearer("EAAsupport")).await.json();
    let next = first["paging"]["next"].as_str().unwrap_or_default();
    assert!(next.contains(server.address()) && next.contains("/2001/personas?"), "{next}");
}

#[tokio::test]
async fn ids_come_from_the_seed() {
    let rows = vec![
        ("in JSON", makes(ADAM)),
        (
            "in a form",
            post("/me/personas")
                .bearer("EAAsupport")
                .form("name=Adam&profile_picture_url=https%3A%2F%2Fa.example%2Fa.jpg"),
        ),
        (
            "in the query",
            post("/2001/personas?name=Adam&profile_picture_url=https://a.example/a.jpg").bearer("EAAsales"),
        ),
    ];
    insta::assert_snapshot!(answers(BAKERY, &[], rows).await, @r#"
    in JSON: 200 {"id":"1230926062564196"}
    in a form: 200 {"id":"1230926062564196"}
    in the query: 200 {"id":"1230926062564196"}
    "#);
}

#[tokio::test]
async fn what_is_no_persona_is_refused() {
    let long = persona(&"x".repeat(51));
    let rows = vec![
        ("without a name", makes(r#"{"profile_picture_url":"https://a.example/a.jpg"}"#)),
        ("with an empty name", makes(persona(""))),
        ("with too long a name", makes(long)),
        ("without a picture", makes(r#"{"name":"Adam"}"#)),
        ("with a picture that is nowhere", makes(r#"{"name":"Adam","profile_picture_url":"adam.jpg"}"#)),
        ("a field that there is not", get("/me/personas?fields=age").bearer("EAAsupport")),
        ("a cursor that is none", get("/me/personas?after=x").bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    without a name: 400 {"error":{"message":"(#100) The parameter name is required","type":"OAuthException","code":100}}
    with an empty name: 400 {"error":{"message":"(#100) Param name must be a non-empty UTF-8 encoded string","type":"OAuthException","code":100}}
    with too long a name: 400 {"error":{"message":"(#100) Length of param name must be less than or equal to 50","type":"OAuthException","code":100}}
    without a picture: 400 {"error":{"message":"(#100) The parameter profile_picture_url is required","type":"OAuthException","code":100}}
    with a picture that is nowhere: 400 {"error":{"message":"(#100) profile_picture_url should represent a valid URL","type":"OAuthException","code":100}}
    a field that there is not: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (age) on node type (Persona)","type":"OAuthException","code":100}}
    a cursor that is none: 400 {"error":{"message":"(#100) Invalid cursors values for after","type":"OAuthException","code":100}}
    "#);
    let server = TestServer::start(BAKERY).await;
    assert_eq!(server.ask(makes(persona(&"x".repeat(50)))).await.status, 200);
}

#[tokio::test]
async fn the_personas_are_the_pages_own() {
    let server = TestServer::start(TWO_PAGES).await;
    server.ask(makes(ADAM)).await;
    let shown = server.ask(get("/me/personas").bearer("EAAkiosk")).await;
    assert_eq!(shown.line(), r#"200 {"data":[]}"#);
}

#[tokio::test]
async fn a_persona_speaks_and_types_and_does_nothing_else() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let id = server.ask(makes(ADAM)).await.json()["id"].clone();
    let with = |key: &str, value: Value| {
        let body = json!({ "recipient": { "id": "3001" }, key: value, "persona_id": id });
        post("/me/messages").bearer("EAAsupport").json(body.to_string())
    };
    for request in [
        with("message", json!({ "text": "I am Adam" })),
        with("sender_action", json!("typing_on")),
        with("sender_action", json!("TYPING_OFF")),
    ] {
        let reply = server.ask(request).await;
        assert!(is_success(&reply), "{}", reply.line());
    }
    let reply = server.refused(with("sender_action", json!("mark_seen"))).await;
    insta::assert_snapshot!(reply.line(), @r#"400 {"error":{"message":"(#100) Param persona_id can only be used with a message, typing_on or typing_off","type":"OAuthException","code":100}}"#);
}
