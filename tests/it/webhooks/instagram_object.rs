//! The object `instagram` of an app's own subscription.

use super::*;
use crate::support::delete;

/// A bot that answers a verification request with its challenge, and takes webhooks.
async fn bot() -> Bot {
    Bot::answering(|seen| match seen.line().split_once("hub.challenge=") {
        Some((_, rest)) => Answer::status("200 OK", rest.split('&').next().unwrap_or_default()),
        None => Answer::status("200 OK", ""),
    })
    .await
}

async fn server_with_account(bot: &Bot) -> TestServer {
    let world = format!(
        r#"
        apps: {{ desk: {{ id: "1001", secret: s, webhook: {{ url: "{}", verify_token: open }} }} }}
        pages: {{ shop: {{ apps: {{ desk: {{}} }} }} }}
        instagram: {{ shop_ig: {{ page: shop, apps: {{ desk: {{}} }} }} }}
        people: {{ sam: {{}} }}
        "#,
        bot.url("/hook")
    );
    TestServer::start(&world).await
}

async fn subscribes(server: &TestServer, bot: &Bot, object: &str, fields: &str) -> Reply {
    let body = json!({ "object": object, "callback_url": bot.url("/hook"), "verify_token": "open", "fields": fields });
    server.ask(post("/v25.0/1001/subscriptions").bearer("1001|s").json(body.to_string())).await
}

async fn objects(server: &TestServer) -> Vec<(Value, usize)> {
    let read = server.ask(get("/1001/subscriptions").bearer("1001|s")).await.json();
    let data = read["data"].as_array().cloned().unwrap_or_default();
    let described = |item: &Value| (item["object"].clone(), item["fields"].as_array().map_or(0, Vec::len));
    data.iter().map(described).collect()
}

#[tokio::test]
async fn each_object_has_fields_of_its_own() {
    let bot = bot().await;
    let mut server = server_with_account(&bot).await;
    assert_eq!(subscribes(&server, &bot, "page", "messages").await.line(), r#"200 {"success":true}"#);
    assert_eq!(
        subscribes(&server, &bot, "instagram", "messaging_seen,comments").await.line(),
        r#"200 {"success":true}"#
    );
    assert_eq!(objects(&server).await, [(json!("page"), 1), (json!("instagram"), 2)]);
    let refused = subscribes(&server, &bot, "instagram", "message_reads").await;
    assert!(refused.line().contains("Param fields[0] must be one of"), "{}", refused.line());
    bot.forget();
    server.step("{ user: sam, on: instagram, says: hi }").await;
    server.step("{ user: sam, page: shop, says: hello }").await;
    let objects: Vec<Value> = bot.seen().iter().map(|seen| seen.json()["object"].clone()).collect();
    assert_eq!(objects, [json!("page")], "the object instagram has no `messages`");
}

#[tokio::test]
async fn an_object_is_removed_alone() {
    let bot = bot().await;
    let server = server_with_account(&bot).await;
    subscribes(&server, &bot, "page", "messages").await;
    subscribes(&server, &bot, "instagram", "messages").await;
    let removed = delete("/1001/subscriptions?object=instagram").bearer("1001|s");
    assert_eq!(server.ask(removed).await.line(), r#"200 {"success":true}"#);
    assert_eq!(objects(&server).await, [(json!("page"), 1)]);
}

#[tokio::test]
async fn each_login_signs_with_its_own_secret() {
    let bot = Bot::accepting().await;
    let app = |name: &str| {
        format!(
            r#"{name}: {{ secret: meta, instagram: {{ secret: insta }}, webhook: "{}" }}"#,
            bot.url(&format!("/{name}"))
        )
    };
    let world = format!(
        r#"
        apps: {{ {}, {} }}
        pages: {{ shop: {{ apps: {{ desk: {{}} }} }} }}
        instagram: {{ shop_ig: {{ page: shop, apps: {{ desk: {{}}, dm: {{ login: instagram }} }} }} }}
        people: {{ sam: {{}} }}
        "#,
        app("desk"),
        app("dm")
    );
    let mut server = TestServer::start(&world).await;
    server.step("{ user: sam, on: instagram, says: hi }").await;
    for (path, secret) in [("/desk", "meta"), ("/dm", "insta")] {
        let seen = bot.seen_at(path);
        let message = seen.iter().find(|seen| seen.text().contains(r#""text":"hi""#)).expect("a message");
        let (sha1, sha256) = signatures(secret, message.text().as_bytes());
        assert_eq!((message.header("x-hub-signature"), message.header("x-hub-signature-256")), (&*sha1, &*sha256));
    }
}
