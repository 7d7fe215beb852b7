//! `/oauth/access_token`.

use serde_json::json;

use crate::graph_api::{answers, refusals};
use crate::support::{BAKERY, GUARDED, Request, TestServer, get, post};

const CLIENT: &str = "client_id=1001&client_secret=support-secret";

fn asks(query: &str) -> Request {
    get(format!("/v25.0/oauth/access_token?{query}"))
}

fn logs_in(code: &str) -> Request {
    asks(&format!("{CLIENT}&redirect_uri=https://bakery.example/in&code={code}"))
}

fn exchanges(token: &str) -> Request {
    asks(&format!("{CLIENT}&grant_type=fb_exchange_token&fb_exchange_token={token}"))
}

fn token(reply: &crate::support::Reply) -> String {
    reply.json()["access_token"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_app_gets_a_token_for_its_secret() {
    let form = format!("{CLIENT}&grant_type=client_credentials");
    let rows = vec![
        ("in the query", asks(&form)),
        ("in a form", post("/oauth/access_token").form(&form)),
        (
            "in JSON",
            post("/oauth/access_token")
                .json(r#"{"client_id":1001,"client_secret":"support-secret","grant_type":"client_credentials"}"#),
        ),
    ];
    insta::assert_snapshot!(answers(BAKERY, &[], rows).await, @r#"
    in the query: 200 {"access_token":"1001|qnIzwRgPgxGFI4i2WH0FTuICyOQ","token_type":"bearer"}
    in a form: 200 {"access_token":"1001|qnIzwRgPgxGFI4i2WH0FTuICyOQ","token_type":"bearer"}
    in JSON: 200 {"access_token":"1001|qnIzwRgPgxGFI4i2WH0FTuICyOQ","token_type":"bearer"}
    "#);
    let server = TestServer::start(BAKERY).await;
    let opaque = token(&server.ask(asks(&form)).await);
    let read = server.ask(get("/1001?fields=id").bearer(&opaque)).await;
    assert_eq!(read.json(), json!({ "id": "1001" }));
    assert_eq!(server.ask(get("/1001/subscriptions").bearer(&opaque)).await.line(), r#"200 {"data":[]}"#);
}

#[tokio::test]
async fn a_code_gives_a_short_lived_token_and_that_a_long_lived_one() {
    let mut server = TestServer::start(GUARDED).await;
    let short = server.ask(logs_in("AQDdora")).await;
    assert_eq!((short.status, &short.json()["expires_in"]), (200, &json!(7200)));
    let long = server.ask(exchanges(&token(&short))).await;
    assert_eq!((long.status, &long.json()["expires_in"]), (200, &json!(5_184_000)));
    assert_ne!(token(&short), token(&long));
    assert!([token(&short), token(&long)].iter().all(|token| token.starts_with("EAA")));
    server.step("{ clock: +2h }").await;
    let gone = server.refused(get("/me").bearer(&token(&short))).await;
    assert_eq!(gone.code(), (190, Some(463)));
    assert_eq!(server.refused(exchanges(&token(&short))).await.code(), (190, Some(463)));
    assert_eq!(server.ask(get("/me").bearer(&token(&long))).await.json()["id"], "5001");
}

#[tokio::test]
async fn a_long_lived_token_makes_page_tokens_that_never_expire() {
    let mut server = TestServer::start(GUARDED).await;
    let accounts = async |server: &TestServer, token: &str| {
        let shown = server.ask(get("/me/accounts").bearer(token)).await.json();
        shown["data"][0]["access_token"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(accounts(&server, "EAAdora").await, "EAAsupport");
    let long = token(&server.ask(exchanges("EAAdora")).await);
    let lasting = accounts(&server, &long).await;
    assert_ne!(lasting, "EAAsupport");
    server.step("{ clock: +365d }").await;
    assert_eq!(server.refused(get("/me").bearer("EAAsupport")).await.code(), (190, Some(463)));
    assert_eq!(server.ask(get("/me?fields=id").bearer(&lasting)).await.json(), json!({ "id": "2001" }));
    let shown = server.ask(get(format!("/debug_token?input_token={lasting}")).bearer("1001|support-secret")).await;
    assert_eq!(shown.json()["data"]["expires_at"], 0);
}

#[tokio::test]
async fn what_was_issued_is_forgotten_with_a_reset() {
    let server = TestServer::start(GUARDED).await;
    let issued = token(&server.ask(logs_in("AQDdora")).await);
    assert_eq!(server.ask(get("/me").bearer(&issued)).await.status, 200);
    let reset = server.ask(post("/_control/worlds/default/reset")).await;
    assert_eq!(reset.status, 204);
    assert_eq!(server.refused(get("/me").bearer(&issued)).await.code(), (190, None));
    let again = token(&server.ask(logs_in("AQDdora")).await);
    assert_eq!(server.ask(get("/me").bearer(&again)).await.status, 200);
}

#[tokio::test]
async fn worlds_that_share_an_app_differ_by_the_exchanged_token() {
    let server = TestServer::start(GUARDED).await;
    let other = r#"{ name: other, world: {
        apps: { support: { id: "1001", secret: support-secret } },
        pages: { shop: { id: "2009", default_app: support, apps: { support: {} } } },
        users: { olga: { id: "5009", tokens: { support: EAAolga }, pages: { shop: [MESSAGING] }, codes: { support: AQDolga } } } } }"#;
    assert_eq!(server.ask(post("/_control/worlds").body(other)).await.status, 201);
    for (request, id) in [(logs_in("AQDolga"), "5009"), (exchanges("EAAolga"), "5009"), (logs_in("AQDdora"), "5001")] {
        let issued = token(&server.ask(request).await);
        assert_eq!(server.ask(get("/me?fields=id").bearer(&issued)).await.json(), json!({ "id": id }));
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_exchange_is_said() {
    let rows = vec![
        ("no client", asks("client_secret=support-secret&grant_type=client_credentials")),
        ("no secret", asks("client_id=1001&grant_type=client_credentials")),
        ("an unknown client", asks("client_id=1009&client_secret=support-secret&grant_type=client_credentials")),
        ("a client of letters", asks("client_id=x&client_secret=support-secret&grant_type=client_credentials")),
        ("another secret", asks("client_id=1001&client_secret=sales-secret&grant_type=client_credentials")),
        ("another grant type", asks(&format!("{CLIENT}&grant_type=password"))),
        ("no code", asks(&format!("{CLIENT}&redirect_uri="))),
        ("no redirect_uri", asks(&format!("{CLIENT}&code=AQDdora"))),
        ("an unknown code", logs_in("AQDnobody")),
        ("another app's code", asks("client_id=1002&client_secret=sales-secret&redirect_uri=&code=AQDdora")),
        ("nothing to exchange", asks(&format!("{CLIENT}&grant_type=fb_exchange_token"))),
        ("an unknown token", exchanges("EAAnobody")),
        ("a page token", exchanges("EAAsupport")),
        ("an app token", exchanges("1001%7Csupport-secret")),
        ("another app's token", exchanges("EAAdoraloyalty")),
        ("an Instagram token", exchanges("IGAAsomebody")),
        ("another edge", get(format!("/oauth/authorize?{CLIENT}")).bearer("EAAdora")),
    ];
    insta::assert_snapshot!(refusals(GUARDED, &[], rows).await, @r#"
    no client: 400 {"error":{"message":"Missing client_id parameter.","type":"OAuthException","code":101}}
    no secret: 400 {"error":{"message":"Missing client_secret parameter.","type":"OAuthException","code":1}}
    an unknown client: 400 {"error":{"message":"Error validating application. Invalid application ID.","type":"OAuthException","code":101}}
    a client of letters: 400 {"error":{"message":"Error validating application. Invalid application ID.","type":"OAuthException","code":101}}
    another secret: 400 {"error":{"message":"Error validating client secret.","type":"OAuthException","code":1}}
    another grant type: 400 {"error":{"message":"Invalid grant_type: 'password'. Supported types: authorization_code, client_credentials, fb_exchange_token","type":"OAuthException","code":100}}
    no code: 400 {"error":{"message":"Missing authorization code","type":"OAuthException","code":1}}
    no redirect_uri: 400 {"error":{"message":"Missing redirect_uri parameter.","type":"OAuthException","code":191}}
    an unknown code: 400 {"error":{"message":"Invalid verification code format.","type":"OAuthException","code":100}}
    another app's code: 400 {"error":{"message":"Invalid verification code format.","type":"OAuthException","code":100}}
    nothing to exchange: 400 {"error":{"message":"(#100) The parameter fb_exchange_token is required","type":"OAuthException","code":100}}
    an unknown token: 400 {"error":{"message":"Invalid OAuth access token.","type":"OAuthException","code":190}}
    a page token: 400 {"error":{"message":"(#102) A user access token is required to request this resource.","type":"OAuthException","code":102}}
    an app token: 400 {"error":{"message":"(#102) A user access token is required to request this resource.","type":"OAuthException","code":102}}
    another app's token: 400 {"error":{"message":"(#100) The App_id in the input_token did not match the Viewing App","type":"OAuthException","code":100}}
    an Instagram token: 400 {"error":{"message":"Invalid OAuth access token - Cannot parse access token","type":"OAuthException","code":190}}
    another edge: 400 {"error":{"message":"(#100) the edge oauth/authorize is not built yet in graphdouble","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn a_code_for_a_user_logs_them_in_once() {
    let server = TestServer::start(GUARDED).await;
    let path = format!("/oauth/client_code?{CLIENT}&redirect_uri=&access_token=EAAdora");
    let code = server.ask(get(path)).await.json()["code"].as_str().expect("a code").to_owned();
    let token = server.ask(logs_in(&code)).await.json()["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(server.ask(get("/me").bearer(&token)).await.json()["id"], "5001");
    assert_eq!(server.refused(logs_in(&code)).await.code(), (100, Some(36009)));
    let code_for = |query: &str| get(format!("/oauth/client_code?{CLIENT}&{query}"));
    let rows = vec![
        ("no redirect_uri", code_for("access_token=EAAdora")),
        ("no token", code_for("redirect_uri=")),
        ("a page token", code_for("redirect_uri=&access_token=EAAsupport")),
        ("another app's token", code_for("redirect_uri=&access_token=EAAdoraloyalty")),
    ];
    insta::assert_snapshot!(refusals(GUARDED, &[], rows).await, @r#"
    no redirect_uri: 400 {"error":{"message":"Missing redirect_uri parameter.","type":"OAuthException","code":191}}
    no token: 400 {"error":{"message":"(#100) The parameter access_token is required","type":"OAuthException","code":100}}
    a page token: 400 {"error":{"message":"(#102) A user access token is required to request this resource.","type":"OAuthException","code":102}}
    another app's token: 400 {"error":{"message":"(#100) The App_id in the input_token did not match the Viewing App","type":"OAuthException","code":100}}
    "#);
}
