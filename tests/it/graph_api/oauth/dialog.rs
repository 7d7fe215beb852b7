//! The dialog of Instagram Login, which sends the browser back to the app with a code.

use crate::support::{Reply, TestServer, get, post};

const WORLD: &str = r#"
apps: { dm: { instagram: { id: "7001", secret: s } }, both: { instagram: { id: "7002" } } }
instagram:
  shop_ig: { apps: { dm: {}, both: {} } }
  other_ig: { apps: { both: {} } }
people: {}
"#;
const GOOD: &str = "client_id=7001&redirect_uri=https%3A%2F%2Fbot.example%2Fback%3Fa%3D1&response_type=code&scope=instagram_business_basic,instagram_business_manage_messages&state=x%26y";

async fn opens(server: &TestServer, query: &str) -> Reply {
    server.ask(get(format!("/oauth/authorize?{query}")).header("Host", "www.instagram.com")).await
}

#[tokio::test]
async fn the_code_of_the_dialog_becomes_a_token() {
    let server = TestServer::start(WORLD).await;
    let reply = opens(&server, GOOD).await;
    let location = reply.header("location").expect("a place to go back to");
    assert_eq!(reply.status, 302);
    let rest = location.strip_prefix("https://bot.example/back?a=1&code=").expect("the URL of the app");
    let code = rest.strip_suffix("&state=x%26y#_").expect("the state, and the end that Instagram writes");
    let form = format!(
        "client_id=7001&client_secret=s&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fbot.example%2F&code={code}"
    );
    let token = server.ask(post("/oauth/access_token").header("Host", "api.instagram.com").form(&form)).await;
    assert_eq!(token.status, 200);
    let token = token.json()["access_token"].as_str().unwrap_or_default().to_owned();
    let read = server.ask(get("/me?fields=username").bearer(&token)).await.json();
    assert_eq!(read["username"], "shop_ig");
}

#[tokio::test]
async fn the_owner_logs_in_in_a_recorded_scenario() {
    let server = TestServer::start(WORLD).await;
    assert_eq!(opens(&server, GOOD).await.status, 302);
    let scenario = server.ask(get("/_control/worlds/default/scenario")).await;
    assert!(scenario.text().contains("logs_in: dm"), "{}", scenario.text());
    assert!(!scenario.text().contains("a reset kept"), "{}", scenario.text());
}

#[tokio::test]
async fn what_is_wrong_is_said_to_the_person_in_the_browser() {
    let server = TestServer::start(WORLD).await;
    for (query, why) in [
        (GOOD.replace("7001", "7009"), "no app of a world has the Instagram app id 7009"),
        (GOOD.replace("7001", "7002"), "the app reaches several accounts: let the step `logs_in` say which one"),
        (GOOD.replace("response_type=code", "response_type=token"), "`response_type` must be `code`"),
        (GOOD.replace("https%3A%2F%2F", "file%3A"), "`redirect_uri` is no URL that begins with http:// or https://"),
        (
            GOOD.replace("instagram_business_basic", "pages_messaging"),
            "`pages_messaging` in `scope` is no permission of Instagram Login",
        ),
        (GOOD.replace("scope", "scopes"), "`scope` is missing"),
    ] {
        let reply = opens(&server, &query).await;
        assert_eq!((reply.status, reply.text(), reply.header("location")), (400, why, None), "{query}");
    }
}
