//! `/oauth/access_token`.

use serde_json::json;

use crate::graph_api::{answers, refusals};
use crate::support::{BAKERY, GUARDED, House, Request, get, post};

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
    let house = House::open(BAKERY).await;
    let opaque = token(&house.ask(asks(&form)).await);
    let read = house.ask(get("/1001?fields=id").bearer(&opaque)).await;
    assert_eq!(read.json(), json!({ "id": "1001" }));
    assert_eq!(house.ask(get("/1001/subscriptions").bearer(&opaque)).await.line(), r#"200 {"data":[]}"#);
}

#[tokio::test]
async fn a_code_gives_a_short_lived_token_and_that_a_long_lived_one() {
    let mut house = House::open(GUARDED).await;
    let short = house.ask(logs_in("AQDdora")).await;
    assert_eq!((short.status, &short.json()["expires_in"]), (200, &json!(7200)));
    let long = house.ask(exchanges(&token(&short))).await;
    assert_eq!((long.status, &long.json()["expires_in"]), (200, &json!(5_184_000)));
    assert_ne!(token(&short), token(&long));
    assert!([token(&short), token(&long)].iter().all(|token| token.starts_with("EAA")));
    house.step("{ clock: +2h }").await;
    let gone = house.refused(get("/me").bearer(&token(&short))).await;
    assert_eq!(gone.code(), (190, Some(463)));
    assert_eq!(house.refused(exchanges(&token(&short))).await.code(), (190, Some(463)));
    assert_eq!(house.ask(get("/me").bearer(&token(&long))).await.json()["id"], "5001");
}

#[tokio::test]
async fn a_long_lived_token_makes_page_tokens_that_never_expire() {
    let mut house = House::open(GUARDED).await;
    let accounts = async |house: &House, token: &str| {
        let told = house.ask(get("/me/accounts").bearer(token)).await.json();
        told["data"][0]["access_token"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(accounts(&house, "EAAdora").await, "EAAsupport");
    let long = token(&house.ask(exchanges("EAAdora")).await);
    let lasting = accounts(&house, &long).await;
    assert_ne!(lasting, "EAAsupport");
    house.step("{ clock: +365d }").await;
    assert_eq!(house.refused(get("/me").bearer("EAAsupport")).await.code(), (190, Some(463)));
    assert_eq!(house.ask(get("/me?fields=id").bearer(&lasting)).await.json(), json!({ "id": "2001" }));
    let told = house.ask(get(format!("/debug_token?input_token={lasting}")).bearer("1001|support-secret")).await;
    assert_eq!(told.json()["data"]["expires_at"], 0);
}

#[tokio::test]
async fn what_was_issued_is_forgotten_with_a_reset() {
    let house = House::open(GUARDED).await;
    let issued = token(&house.ask(logs_in("AQDdora")).await);
    assert_eq!(house.ask(get("/me").bearer(&issued)).await.status, 200);
    let reset = house.ask(post("/_control/worlds/default/reset")).await;
    assert_eq!(reset.status, 204);
    assert_eq!(house.refused(get("/me").bearer(&issued)).await.code(), (190, None));
    let again = token(&house.ask(logs_in("AQDdora")).await);
    assert_eq!(house.ask(get("/me").bearer(&again)).await.status, 200);
}

#[tokio::test]
async fn worlds_that_share_an_app_are_told_apart_by_what_is_exchanged() {
    let house = House::open(GUARDED).await;
    let other = r#"{ name: other, world: {
        apps: { support: { id: "1001", secret: support-secret } },
        pages: { shop: { id: "2009", default_app: support, apps: { support: {} } } },
        users: { olga: { id: "5009", tokens: { support: EAAolga }, pages: { shop: [MESSAGING] }, codes: { support: AQDolga } } } } }"#;
    assert_eq!(house.ask(post("/_control/worlds").body(other)).await.status, 201);
    for (request, id) in [(logs_in("AQDolga"), "5009"), (exchanges("EAAolga"), "5009"), (logs_in("AQDdora"), "5001")] {
        let issued = token(&house.ask(request).await);
        assert_eq!(house.ask(get("/me?fields=id").bearer(&issued)).await.json(), json!({ "id": id }));
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
    no client: 400 {"error":{"message":"Missing client_id parameter.","type":"OAuthException","code":101,"fbtrace_id":"A63QnOdy2Gnv7bFQPhHVIlf"}}
    no secret: 400 {"error":{"message":"Missing client_secret parameter.","type":"OAuthException","code":1,"fbtrace_id":"A63QnOdy2Gnv7bFQPhHVIlf"}}
    an unknown client: 400 {"error":{"message":"Error validating application. Invalid application ID.","type":"OAuthException","code":101,"fbtrace_id":"A63QnOdy2Gnv7bFQPhHVIlf"}}
    a client of letters: 400 {"error":{"message":"Error validating application. Invalid application ID.","type":"OAuthException","code":101,"fbtrace_id":"A63QnOdy2Gnv7bFQPhHVIlf"}}
    another secret: 400 {"error":{"message":"Error validating client secret.","type":"OAuthException","code":1,"fbtrace_id":"A63QnOdy2Gnv7bFQPhHVIlf"}}
    another grant type: 400 {"error":{"message":"Invalid grant_type: 'password'. Supported types: authorization_code, client_credentials, fb_exchange_token","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    no code: 400 {"error":{"message":"Missing authorization code","type":"OAuthException","code":1,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    no redirect_uri: 400 {"error":{"message":"Missing redirect_uri parameter.","type":"OAuthException","code":191,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    an unknown code: 400 {"error":{"message":"Invalid verification code format.","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    another app's code: 400 {"error":{"message":"Invalid verification code format.","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    nothing to exchange: 400 {"error":{"message":"(#100) The parameter fb_exchange_token is required","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    an unknown token: 401 {"error":{"message":"Invalid OAuth access token.","type":"OAuthException","code":190,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    a page token: 401 {"error":{"message":"(#102) A user access token is required to request this resource.","type":"OAuthException","code":102,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    an app token: 401 {"error":{"message":"(#102) A user access token is required to request this resource.","type":"OAuthException","code":102,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    another app's token: 400 {"error":{"message":"(#100) The App_id in the input_token did not match the Viewing App","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    an Instagram token: 401 {"error":{"message":"Invalid OAuth access token: an Instagram user token (IGAA) belongs to graph.instagram.com, which is not built yet in graphdouble","type":"OAuthException","code":190,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    another edge: 400 {"error":{"message":"(#100) the edge oauth/authorize is not built yet in graphdouble","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    "#);
}

#[tokio::test]
async fn a_code_for_a_user_logs_them_in_once() {
    let house = House::open(GUARDED).await;
    let path = format!("/oauth/client_code?{CLIENT}&redirect_uri=&access_token=EAAdora");
    let code = house.ask(get(path)).await.json()["code"].as_str().expect("a code").to_owned();
    let token = house.ask(logs_in(&code)).await.json()["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(house.ask(get("/me").bearer(&token)).await.json()["id"], "5001");
    assert_eq!(house.refused(logs_in(&code)).await.code(), (100, Some(36009)));
    let code_for = |query: &str| get(format!("/oauth/client_code?{CLIENT}&{query}"));
    let rows = vec![
        ("no redirect_uri", code_for("access_token=EAAdora")),
        ("no token", code_for("redirect_uri=")),
        ("a page token", code_for("redirect_uri=&access_token=EAAsupport")),
        ("another app's token", code_for("redirect_uri=&access_token=EAAdoraloyalty")),
    ];
    insta::assert_snapshot!(refusals(GUARDED, &[], rows).await, @r#"
    no redirect_uri: 400 {"error":{"message":"Missing redirect_uri parameter.","type":"OAuthException","code":191,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    no token: 400 {"error":{"message":"(#100) The parameter access_token is required","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    a page token: 401 {"error":{"message":"(#102) A user access token is required to request this resource.","type":"OAuthException","code":102,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    another app's token: 400 {"error":{"message":"(#100) The App_id in the input_token did not match the Viewing App","type":"OAuthException","code":100,"fbtrace_id":"Az6wTYuizwdqkvQNUa8YDEu"}}
    "#);
}
