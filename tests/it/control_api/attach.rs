//! Webhooks that are attached while a world runs: by the control API, by a subscription, and over resets and snapshots.

use std::io::{Read as _, Write as _};

use serde_json::{Value, json};

#[cfg(feature = "tls")]
use crate::control_api::mistakes;
use crate::control_api::{kinds, message, read};
use crate::support::{Answer, BAKERY, Bot, LANGUAGES, RealBot, Reply, TestServer, delete, get, post, put};

const SUPPORT: &str = "/_control/worlds/default/apps/support";

async fn attaches(server: &TestServer, body: Value) -> Reply {
    server.ask(put(format!("{SUPPORT}/webhook")).json(body.to_string())).await
}

/// A bot that makes the handshake as it should, and takes webhooks.
async fn honest() -> Bot {
    Bot::answering(|seen| match seen.line().split_once("hub.challenge=") {
        Some((_, rest)) => Answer::status("200 OK", rest.split('&').next().unwrap_or_default()),
        None => Answer::status("200 OK", "EVENT_RECEIVED"),
    })
    .await
}

async fn went_well(server: &TestServer, step: &str) {
    let reply = server.http_step(step).await;
    assert_eq!(reply.status, 200, "{step}: {}", reply.text());
}

#[tokio::test]
async fn a_real_bot_is_attached_with_the_port_that_it_chose_and_stays_over_a_reset() {
    for language in LANGUAGES {
        let server = TestServer::start(BAKERY).await;
        let bot = RealBot::start(language, &read(&server, SUPPORT).await["env"]);
        let attached = attaches(&server, json!({ "url": bot.url, "verify": true })).await;
        assert_eq!(attached.status, 200, "{}", attached.text());
        assert_eq!(attached.json()["webhook"]["url"], bot.url);
        let answer =
            |text: &str| format!("{{ app: support, to: alice, sends: {{ text: 'Hello from {language}: {text}' }} }}");
        went_well(&server, "{ user: alice, says: Hi }").await;
        went_well(&server, &answer("Hi")).await;
        assert_eq!(server.ask(post("/_control/worlds/default/reset")).await.status, 204);
        assert_eq!(read(&server, SUPPORT).await["webhook"]["url"], bot.url);
        went_well(&server, "{ user: alice, says: Again }").await;
        went_well(&server, &answer("Again")).await;
        let verified = server.ask(post(format!("{SUPPORT}/webhook/verify"))).await;
        assert_eq!(verified.json(), json!({ "url": bot.url, "verified": true }));
        // From here on it is a puppet: the step acts, and the bot hears nothing.
        assert_eq!(server.ask(delete(format!("{SUPPORT}/webhook"))).await.status, 204);
        went_well(&server, "{ user: alice, says: Anybody there? }").await;
        let acted = server.http_step("{ app: support, to: alice, sends: A puppet }").await;
        assert_eq!(acted.json()["how"], "acted", "{}", acted.text());
    }
}

#[tokio::test]
async fn a_handshake_that_fails_says_what_was_sent_and_what_came_back_and_changes_nothing() {
    let server = TestServer::start(BAKERY).await;
    let liar = Bot::answering(|_| Answer::status("200 OK", "EVENT_RECEIVED")).await;
    let strict = Bot::answering(|_| Answer::status("403 Forbidden", "wrong verify token")).await;
    let gone = honest().await;
    let nobody = gone.url("/hook");
    drop(gone);
    tokio::task::yield_now().await;
    let before = (read(&server, SUPPORT).await, server.state().await);
    let mut shown = String::new();
    for (what, url) in [("wrong body", liar.url("/hook")), ("forbidden", strict.url("/hook")), ("nobody", nobody)] {
        let reply = attaches(&server, json!({ "url": url, "verify_token": "open sesame", "verify": true })).await;
        let said = reply.json()["handshake"].clone();
        let challenge = said["expected"]
            .as_str()
            .unwrap_or_default()
            .trim_end_matches('`')
            .rsplit('`')
            .next()
            .unwrap_or_default()
            .to_owned();
        let port = url.rsplit(':').next().unwrap_or_default().split('/').next().unwrap_or_default().to_owned();
        let text = message(&reply).replace(&challenge, "CHALLENGE").replace(&port, "PORT");
        shown.push_str(&format!("{what}: {} {text}\n", reply.status));
        assert!(said["sent"].as_str().is_some_and(|sent| sent.starts_with("GET http://127.0.0.1:")), "{said}");
    }
    insta::assert_snapshot!(shown, @"
    wrong body: 422 the handshake failed, and nothing has changed: `GET http://127.0.0.1:PORT/hook?hub.mode=subscribe&hub.challenge=CHALLENGE&hub.verify_token=open+sesame` was sent, and 200 with the body `EVENT_RECEIVED` came back; 200 with the body `CHALLENGE` was expected
    forbidden: 422 the handshake failed, and nothing has changed: `GET http://127.0.0.1:PORT/hook?hub.mode=subscribe&hub.challenge=CHALLENGE&hub.verify_token=open+sesame` was sent, and 403 Forbidden with the body `wrong verify token` came back; 200 with the body `CHALLENGE` was expected
    nobody: 422 the handshake failed, and nothing has changed: `GET http://127.0.0.1:PORT/hook?hub.mode=subscribe&hub.challenge=CHALLENGE&hub.verify_token=open+sesame` was sent, and nothing (connection refused: nobody listens on port PORT of 127.0.0.1) came back; 200 with the body `CHALLENGE` was expected
    ");
    assert_eq!((read(&server, SUPPORT).await, server.state().await), before);
}

// The texts name https, which a build without TLS does not know.
#[cfg(feature = "tls")]
#[tokio::test]
async fn what_cannot_be_attached_is_refused_with_a_way_out() {
    let server = TestServer::start(BAKERY).await;
    let webhook = |app: &str| format!("/_control/worlds/default/apps/{app}/webhook");
    let rows = vec![
        ("nothing", put(webhook("support")).body("{}")),
        ("an unknown key", put(webhook("support")).body("{ uri: 'http://127.0.0.1:1' }")),
        ("port 0", put(webhook("support")).body("{ url: 'http://127.0.0.1:0/hook' }")),
        ("another scheme", put(webhook("support")).body("{ url: 'ftp://127.0.0.1/hook' }")),
        ("no URL", put(webhook("support")).body("{ url: hook }")),
        ("a list", put(webhook("support")).body("{ url: [] }")),
        ("a word for verify", put(webhook("support")).body("{ url: 'http://127.0.0.1:1', verify: maybe }")),
        ("nobody to ask", put(webhook("support")).body("{ url: null, verify: true }")),
        ("an unknown app", put(webhook("suport")).body("{ url: 'http://127.0.0.1:1' }")),
        ("an unknown world", put("/_control/worlds/nowhere/apps/support/webhook").body("{ url: null }")),
        ("Meta's own app", put(webhook("inbox")).body("{ url: 'http://127.0.0.1:1' }")),
        ("the handshake of a puppet", post(format!("{}/verify", webhook("support")))),
        ("an unknown app, described", get("/_control/worlds/default/apps/nobody")),
    ];
    let before = server.state().await;
    insta::assert_snapshot!(mistakes(&server, rows).await, @"
    nothing: 400 the body has no `url`: a URL such as http://127.0.0.1:5001/webhook, `later`, or null, which makes the app a puppet
    an unknown key: 400 the request:1:3: unknown key `uri`, did you mean `url`?
    port 0: 400 the request:1:8: `http://127.0.0.1:0/hook` names port 0, on which nobody can be reached: give the app `webhook: later`, and once the bot listens, `PUT …/apps/{app}/webhook` takes the URL with the port that it got
    another scheme: 400 the request:1:8: `ftp://127.0.0.1/hook` is no http:// or https:// URL: write it like http://127.0.0.1:5001/webhook
    no URL: 400 the request:1:8: `hook` is no http:// or https:// URL: write it like http://127.0.0.1:5001/webhook
    a list: 400 the request:1:8: `url` is a URL such as http://127.0.0.1:5001/webhook, `later`, or null, which makes the app a puppet
    a word for verify: 400 `verify` is true or false
    nobody to ask: 400 `verify: true` needs a `url`: there is nobody to ask
    an unknown app: 404 there is no app `suport`, did you mean `support`? (known are: support, sales, loyalty, inbox, lead_ads)
    an unknown world: 404 there is no world `nowhere` (known are: default)
    Meta's own app: 409 `inbox` is Meta's own app: it takes no webhooks
    the handshake of a puppet: 409 `support` is a puppet, so there is nobody to ask: PUT …/apps/support/webhook gives it a webhook
    an unknown app, described: 404 there is no app `nobody` (known are: support, sales, loyalty, inbox, lead_ads)
    ");
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_app_whose_url_comes_later_fails_to_take_webhooks_until_it_comes() {
    let world = BAKERY.replace("secret: support-secret", "secret: support-secret, webhook: later");
    let server = TestServer::start(&world).await;
    assert_eq!(read(&server, SUPPORT).await["webhook"]["url"], Value::Null);
    let failed = server.http_step("{ user: alice, says: Hi }").await;
    assert_eq!(failed.status, 422, "{}", failed.text());
    assert!(message(&failed).contains("PUT …/apps/support/webhook"), "{}", failed.text());
    let verified = server.ask(post(format!("{SUPPORT}/webhook/verify"))).await;
    assert!(verified.status == 409 && message(&verified).contains("has no webhook URL yet"), "{}", verified.text());
    let bot = honest().await;
    assert_eq!(attaches(&server, json!({ "url": bot.url("/hook") })).await.status, 200);
    // It is sent again when its time has come, as every webhook that failed.
    went_well(&server, "{ clock: +1m }").await;
    assert_eq!(bot.seen_at("/hook").len(), 1);
    assert_eq!(bot.seen_at("/hook")[0].item()["message"]["text"], "Hi");
    went_well(&server, "{ user: alice, says: Are you there? }").await;
    assert_eq!(bot.seen_at("/hook").len(), 2);
}

#[tokio::test]
async fn a_webhook_may_be_written_as_its_url() {
    let bot = honest().await;
    for webhook in [format!("'{}'", bot.url("/hook")), format!("{{ url: '{}' }}", bot.url("/hook"))] {
        let world = BAKERY.replace("secret: support-secret", &format!("secret: support-secret, webhook: {webhook}"));
        let server = TestServer::start(&world).await;
        went_well(&server, "{ user: alice, says: Hi }").await;
    }
    assert_eq!(bot.seen_at("/hook").len(), 2);
}

#[tokio::test]
async fn the_newest_webhook_is_the_one_that_is_used_and_the_ledger_says_so() {
    let (old, new) = (honest().await, honest().await);
    let server = TestServer::start(BAKERY).await;
    for bot in [&old, &new] {
        assert_eq!(attaches(&server, json!({ "url": bot.url("/hook"), "verify_token": "t" })).await.status, 200);
        // The same once more is no news.
        assert_eq!(attaches(&server, json!({ "url": bot.url("/hook"), "verify_token": "t" })).await.status, 200);
        went_well(&server, "{ user: alice, says: Hi }").await;
    }
    assert_eq!((old.seen().len(), new.seen().len()), (1, 1));
    let commands = server.entries("command").await;
    let texts = commands.iter().filter_map(|entry| entry["text"].as_str()).filter(|text| text.contains("webhooks at"));
    assert_eq!(texts.count(), 2);
}

#[tokio::test]
async fn a_snapshot_has_the_webhooks_of_its_moment() {
    let bot = honest().await;
    let server = TestServer::start(BAKERY).await;
    attaches(&server, json!({ "url": bot.url("/first"), "verify_token": "first" })).await;
    went_well(&server, "{ user: alice, says: Hi }").await;
    server.ask(post("/_control/worlds/default/reset")).await;
    went_well(&server, "{ user: alice, says: Hi }").await;
    let (app, ledger) = (read(&server, SUPPORT).await, server.ask(get("/_control/worlds/default/ledger.jsonl")).await);
    let snapshot = server.ask(get("/_control/worlds/default/snapshot")).await;
    assert_eq!(snapshot.status, 200, "{}", snapshot.text());
    attaches(&server, json!({ "url": null })).await;
    let restored = server.ask(put("/_control/worlds/default/snapshot?ids=same").json(snapshot.body.clone())).await;
    assert_eq!(restored.status, 200, "{}", restored.text());
    assert_eq!(read(&server, SUPPORT).await, app);
    assert_eq!(server.ask(get("/_control/worlds/default/ledger.jsonl")).await.text(), ledger.text());
    went_well(&server, "{ user: bob, says: Hi }").await;
    assert_eq!(bot.seen_at("/first").len(), 3);
    assert!(kinds(&read(&server, "/_control/worlds/default/ledger").await["entries"]).contains(&"delivery_attempt"));
}

#[tokio::test]
async fn a_puppet_that_subscribes_with_a_url_of_this_machine_becomes_a_real_app() {
    let bot = honest().await;
    let server = TestServer::start(&format!("{BAKERY}\nallow_webhooks: [Bot.Invalid]\n")).await;
    let subscribes = async |url: &str| {
        let url: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
        let query = format!("object=page&callback_url={url}&verify_token=mine&fields=messages");
        server.ask(post(format!("/v25.0/1001/subscriptions?{query}")).bearer("1001|support-secret")).await
    };
    assert_eq!(subscribes(&bot.url("/own")).await.line(), r#"200 {"success":true}"#);
    let webhook = json!({ "url": bot.url("/own"), "verify_token": "mine" });
    assert_eq!(read(&server, SUPPORT).await["webhook"], webhook);
    went_well(&server, "{ user: alice, says: Hi }").await;
    assert_eq!(bot.seen_at("/own").len(), 1);
    server.ask(post("/_control/worlds/default/reset")).await;
    assert_eq!(read(&server, SUPPORT).await["webhook"], webhook);
    // A host that the world allows is asked; any other is not.
    let allowed = subscribes("http://bot.invalid/hook").await;
    assert!(allowed.text().contains("Could not resolve host"), "{}", allowed.text());
    let stranger = subscribes("http://stranger.invalid/hook").await;
    assert!(stranger.text().contains("the world allows no webhook on this host"), "{}", stranger.text());
    let warnings = server.entries("warning").await;
    assert!(warnings.iter().any(|warning| {
        warning["text"].as_str().is_some_and(|text| text.contains("allow_webhooks: [stranger.invalid]"))
    }));
}

/// A bot that makes a call of the control API while it is asked, and then makes the handshake as it should.
async fn calls_back(method: &'static str, path: &'static str, body: &'static str) -> (TestServer, Bot) {
    let server = TestServer::start(BAKERY).await;
    let address = server.address().to_owned();
    let call = move || {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        let mut answer = String::new();
        // Without this the runtime may wait for this thread, which waits for the server.
        tokio::task::block_in_place(|| {
            let mut stream = std::net::TcpStream::connect(&address).expect("the server");
            stream.write_all(request.as_bytes()).expect("a request");
            stream.read_to_string(&mut answer).expect("an answer");
        });
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    };
    let bot = Bot::answering(move |seen| {
        call();
        let challenge = seen.line().split_once("hub.challenge=").map_or("", |(_, rest)| rest);
        Answer::status("200 OK", challenge.split('&').next().unwrap_or_default())
    });
    let bot = bot.await;
    (server, bot)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_during_a_handshake_is_not_undone_by_it() {
    let (server, bot) = calls_back("DELETE", "/_control/worlds/default", "").await;
    let reply = attaches(&server, json!({ "url": bot.url("/hook"), "verify": true })).await;
    assert_eq!(reply.status, 404, "{}", reply.text());

    let path = "/_control/worlds/default/apps/support/webhook";
    let (server, bot) = calls_back("PUT", path, r#"{"url": "http://127.0.0.1:9/newer"}"#).await;
    let reply = attaches(&server, json!({ "url": bot.url("/hook"), "verify": true })).await;
    assert_eq!(reply.status, 409, "{}", reply.text());
    assert_eq!(message(&reply), "`support` got another webhook during the handshake, and that one stays");
    let stands = server.control("/apps/support").await["webhook"]["url"].clone();
    assert_eq!(stands, "http://127.0.0.1:9/newer");
}
