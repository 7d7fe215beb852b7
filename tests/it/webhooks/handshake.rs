//! The verification of a callback URL.

use super::*;
use crate::support::delete;

/// A bot that answers a verification request in some way, and takes webhooks.
async fn verifier(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Bot {
    Bot::answering(move |seen| match seen.line().split_once("hub.challenge=") {
        Some((_, rest)) => answer(rest.split('&').next().unwrap_or_default()),
        None => Answer::status("200 OK", ""),
    })
    .await
}

async fn honest() -> Bot {
    verifier(|challenge| Answer::status("200 OK", challenge)).await
}

async fn subscribes(server: &TestServer, url: &str, more: &str) -> Reply {
    let url: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
    let query = format!("object=page&callback_url={url}&verify_token=my%20%26%20token{more}");
    server.ask(post(format!("/v25.0/1001/subscriptions?{query}")).bearer("1001|support-secret").json("")).await
}

/// What a verification request asks to be given back.
fn challenge(seen: &Seen) -> String {
    let (_, rest) = seen.line().split_once("hub.challenge=").expect("a challenge");
    rest.split('&').next().unwrap_or_default().to_owned()
}

async fn subscription(server: &TestServer) -> Value {
    server.ask(get("/1001/subscriptions").bearer("1001|support-secret")).await.json()["data"].clone()
}

#[tokio::test]
async fn a_callback_that_gives_the_challenge_back_is_subscribed_and_used() {
    let bot = honest().await;
    let mut server = server(&bot).await;
    let reply = subscribes(&server, &bot.url("/new?x=1"), "&fields=messages,%20message_echoes").await;
    assert_eq!(reply.line(), r#"200 {"success":true}"#);
    let subscription = subscription(&server).await;
    assert_eq!(subscription[0]["callback_url"], bot.url("/new?x=1"));
    assert_eq!(
        subscription[0]["fields"],
        json!([{ "name": "messages", "version": "v25.0" }, { "name": "message_echoes", "version": "v25.0" }])
    );
    server.step("{ user: alice, says: Hi }").await;
    assert_eq!((bot.seen_at("/new?x=1").len(), bot.seen_at("/support").len()), (1, 0));
}

#[tokio::test]
async fn the_question_is_one_get_with_a_decimal_challenge() {
    let bot = honest().await;
    let server = server(&bot).await;
    subscribes(&server, &bot.url("/support?x=1"), "&fields=messages").await;
    let seen = bot.seen();
    assert_eq!(seen.len(), 1);
    let challenge = challenge(&seen[0]);
    assert!((1..=10).contains(&challenge.len()) && challenge.bytes().all(|byte| byte.is_ascii_digit()), "{challenge}");
    // The challenge depends on the URL, and so on the port of the bot.
    let shown = seen[0].head.replace(bot.address(), "BOT").replace(&challenge, "CHALLENGE").replace('\r', "");
    insta::assert_snapshot!(shown, @"
    GET /support?x=1&hub.mode=subscribe&hub.challenge=CHALLENGE&hub.verify_token=my+%26+token HTTP/1.1
    Host: BOT
    User-Agent: facebookplatform/1.0 (+http://developers.facebook.com)
    Accept: */*
    Accept-Encoding: deflate, gzip
    ");
}

#[tokio::test]
async fn a_second_call_adds_fields() {
    let bot = honest().await;
    let server = server(&bot).await;
    for field in ["messages", "message_reads", "messages"] {
        assert_eq!(subscribes(&server, &bot.url("/support"), &format!("&fields={field}")).await.status, 200);
    }
    let fields = subscription(&server).await[0]["fields"].clone();
    let names: Vec<&str> = fields.as_array().into_iter().flatten().filter_map(|field| field["name"].as_str()).collect();
    assert_eq!(names, ["messages", "message_reads"]);
}

#[tokio::test]
async fn an_answer_that_is_not_the_challenge_is_refused_in_metas_words() {
    let cut = |challenge: &str| Answer::status("200 OK", &challenge[1..]);
    let rows: [(&str, Bot); 8] = [
        ("a word", verifier(|_| Answer::status("200 OK", "EVENT_RECEIVED")).await),
        ("nothing", verifier(|_| Answer::status("200 OK", "")).await),
        ("a part of it", verifier(cut).await),
        ("in quotes", verifier(|challenge| Answer::status("200 OK", &format!("\"{challenge}\""))).await),
        ("not found", verifier(|_| Answer::status("404 Not Found", "no")).await),
        ("forbidden, in words of its own", verifier(|_| Answer::status("403 Go Away", "no")).await),
        (
            "the right challenge with a wrong status",
            verifier(|challenge| Answer::status("201 Created", challenge)).await,
        ),
        (
            "a redirect",
            verifier(|_| {
                Answer::Bytes("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n".to_owned())
            })
            .await,
        ),
    ];
    let mut shown = String::new();
    for (what, bot) in rows {
        let server = server(&bot).await;
        let reply = subscribes(&server, &bot.url("/support"), "&fields=messages").await;
        let seen = bot.seen();
        assert_eq!(seen.len(), 1, "{what}: asked once");
        let challenge = challenge(&seen[0]);
        let line = reply.line().replace(&challenge, "CHALLENGE").replace(&challenge[1..], "PART");
        shown.push_str(&format!("{what}: {line}\n"));
    }
    insta::assert_snapshot!(shown, @r#"
    a word: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: Response does not match challenge, expected value=\"CHALLENGE\", received=\"EVENT_RECEIVED\"","type":"OAuthException","code":2200}}
    nothing: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: Response does not match challenge, expected value=\"CHALLENGE\", received=\"\"","type":"OAuthException","code":2200}}
    a part of it: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: Response does not match challenge, expected value=\"CHALLENGE\", received=\"PART\"","type":"OAuthException","code":2200}}
    in quotes: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: Response does not match challenge, expected value=\"CHALLENGE\", received=\"\"CHALLENGE\"\"","type":"OAuthException","code":2200}}
    not found: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: HTTP Status Code = 404; HTTP Message = Not Found","type":"OAuthException","code":2200}}
    forbidden, in words of its own: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: HTTP Status Code = 403; HTTP Message = Go Away","type":"OAuthException","code":2200}}
    the right challenge with a wrong status: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: HTTP Status Code = 201; HTTP Message = Created","type":"OAuthException","code":2200}}
    a redirect: 400 {"error":{"message":"(#2200) Callback verification failed with the following errors: HTTP Status Code = 302; HTTP Message = Found","type":"OAuthException","code":2200}}
    "#);
}

#[tokio::test]
async fn no_answer_is_refused_in_curls_words() {
    let bot = verifier(|_| Answer::HangUp).await;
    let server = server(&bot).await;
    let reply = subscribes(&server, &bot.url("/support"), "").await;
    insta::assert_snapshot!(reply.line(), @r#"400 {"error":{"message":"(#2200) Callback verification failed with the following errors: curl_errno = 52; curl_error = Empty reply from server; HTTP Status Code = 0","type":"OAuthException","code":2200}}"#);
    let port = bot.address().rsplit(':').next().unwrap_or_default().to_owned();
    let url = bot.url("/support");
    drop(bot);
    // The listener goes with the task that held it.
    tokio::task::yield_now().await;
    let reply = subscribes(&server, &url, "").await;
    insta::assert_snapshot!(reply.line().replace(&port, "PORT"), @r#"400 {"error":{"message":"(#2200) Callback verification failed with the following errors: curl_errno = 7; curl_error = Failed to connect to 127.0.0.1 port PORT: Connection refused; HTTP Status Code = 0","type":"OAuthException","code":2200}}"#);
}

#[tokio::test]
async fn what_was_refused_leaves_the_subscription_as_it_was() {
    let bot = verifier(|_| Answer::status("404 Not Found", "")).await;
    let mut server = server(&bot).await;
    let before = subscription(&server).await;
    assert_eq!(subscribes(&server, &bot.url("/new"), "&fields=messages").await.code(), (2200, None));
    assert_eq!(subscription(&server).await, before);
    server.step("{ user: alice, says: Hi }").await;
    assert_eq!((bot.seen_at("/support").len(), bot.seen_at("/new").len()), (1, 0));
}

#[tokio::test]
async fn only_servers_that_the_world_knows_are_ever_called() {
    let declared = honest().await;
    let server = server(&declared).await;
    let trick = format!("http://{}@bot.invalid/support", declared.address());
    let other = declared.url("/support").replace("127.0.0.1", "127.0.0.1.nip.io");
    for url in ["http://10.0.0.1/support".to_owned(), trick, other, "http://0.0.0.0/support".to_owned()] {
        let reply = subscribes(&server, &url, "&fields=messages").await;
        assert_eq!(reply.code(), (2200, None), "{url}: {}", reply.line());
        assert!(reply.text().contains("the world allows no webhook on this host"), "{url}: {}", reply.line());
    }
    assert_eq!(declared.seen().len(), 0);
    let warnings = server.entries("warning").await;
    assert_eq!(warnings.len(), 4, "each says which URL was not called");
}

#[tokio::test]
async fn other_objects_are_subscribed_listed_and_removed_and_the_ledger_says_that_nothing_is_sent_of_them() {
    let bot = honest().await;
    let mut server = server(&bot).await;
    for (object, fields) in [("user", "email,feed"), ("permissions", "connected"), ("USER", "photos"), ("payments", "")]
    {
        let url: String = form_urlencoded::byte_serialize(bot.url("/users").as_bytes()).collect();
        let query = format!("object={object}&callback_url={url}&verify_token=t&fields={fields}");
        let reply =
            server.ask(post(format!("/1001/subscriptions?{query}")).bearer("1001|support-secret").json("")).await;
        assert_eq!(reply.line(), r#"200 {"success":true}"#, "{object}");
    }
    assert_eq!(bot.seen().len(), 4, "each was verified");
    let field = |name: &str| json!({ "name": name, "version": "v25.0" });
    let listed = |object: &str, fields: &[&str]| {
        let fields: Vec<Value> = fields.iter().map(|name| field(name)).collect();
        json!({ "object": object, "callback_url": bot.url("/users"), "active": true, "fields": fields })
    };
    let others = async |server: &TestServer| {
        let subscriptions = subscription(server).await.as_array().cloned().unwrap_or_default();
        subscriptions.into_iter().filter(|one| one["object"] != "page").collect::<Vec<_>>()
    };
    let (user, permissions) = (listed("user", &["email", "feed", "photos"]), listed("permissions", &["connected"]));
    assert_eq!(others(&server).await, [user, permissions.clone()]);
    let warnings = server.entries("warning").await;
    let silent: Vec<&Value> = warnings.iter().filter(|warning| warning["warning"] == "never_sent").collect();
    assert_eq!(silent.len(), 4, "{warnings:?}");
    assert!(silent[0]["text"].as_str().unwrap_or_default().ends_with("never sends a webhook of the object user"));
    let removes = |query: &str| delete(format!("/1001/subscriptions?{query}")).bearer("1001|support-secret");
    assert_eq!(server.ask(removes("object=user&fields=feed,photos")).await.status, 200);
    assert_eq!(others(&server).await, [listed("user", &["email"]), permissions.clone()]);
    assert_eq!(server.ask(removes("object=user")).await.status, 200);
    assert_eq!(others(&server).await, [permissions]);
    server.step("{ user: alice, says: Hi }").await;
    assert_eq!(
        (bot.seen_at("/support").len(), bot.seen_at("/users").len()),
        (1, 0),
        "the page's callback is as it was"
    );
    assert_eq!(server.ask(removes("")).await.status, 200);
    assert_eq!(subscription(&server).await, json!([]));
}
