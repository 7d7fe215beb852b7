//! A reset that keeps what apps have set, and ids that no bot has seen before.

use serde_json::{Value, json};

use crate::control_api::{drawn, mistakes, read};
use crate::support::{LANGUAGES, RealBot, Reply, TestServer, get, post, put};

/// A world of puppets, whose people have no ids of their own.
const SHOP: &str = "
apps: { bot: {}, desk: {} }
pages: { shop: { default_app: bot, apps: { bot: { token: EAAbot }, desk: {} } } }
people: { alice: {} }
";
const WORLD: &str = "/_control/worlds/default";

async fn reset(server: &TestServer, body: &str) {
    let reply = server.ask(post(format!("{WORLD}/reset")).body(body)).await;
    assert_eq!(reply.status, 204, "{body}: {}", reply.text());
}

async fn psid(server: &TestServer) -> String {
    read(server, WORLD).await["people"]["alice"]["psids"]["shop"].as_str().unwrap_or_default().to_owned()
}

async fn says(server: &TestServer, psid: &str, text: &str) -> Reply {
    let body = json!({ "recipient": { "id": psid }, "message": { "text": text } });
    server.ask(post("/me/messages").bearer("EAAbot").json(body.to_string())).await
}

async fn went_well(server: &TestServer, step: &str) -> Value {
    let reply = server.http_step(step).await;
    assert_eq!(reply.status, 200, "{step}: {}", reply.text());
    reply.json()
}

async fn profile(server: &TestServer) -> Value {
    server.ask(get("/me/messenger_profile?fields=get_started").bearer("EAAbot")).await.json()["data"].clone()
}

#[tokio::test]
async fn a_reset_keeps_what_it_names_and_nothing_else() {
    let server = TestServer::start(SHOP).await;
    let set = async |edge: &str, body: Value| {
        let reply = server.ask(post(format!("/me/{edge}")).bearer("EAAbot").json(body.to_string())).await;
        assert_eq!(reply.status, 200, "{edge}: {}", reply.text());
        reply.json()
    };
    set("messenger_profile", json!({ "get_started": { "payload": "GO" } })).await;
    let rosa = set("personas", json!({ "name": "Rosa", "profile_picture_url": "https://example.com/r.png" })).await;
    let personas = async || server.ask(get("/me/personas").bearer("EAAbot")).await.json()["data"].clone();
    for _ in 0..2 {
        reset(&server, "{ keep: [profile, personas] }").await;
        assert_eq!(profile(&server).await[0]["get_started"]["payload"], "GO");
        assert_eq!(personas().await[0]["id"], rosa["id"], "an id that the bot remembers stays valid");
    }
    reset(&server, "{ keep: [profile] }").await;
    assert_eq!(
        (profile(&server).await[0]["get_started"]["payload"].clone(), personas().await),
        (json!("GO"), json!([]))
    );
    reset(&server, "").await;
    assert_eq!(profile(&server).await, json!([]));
}

#[tokio::test]
async fn what_a_bot_says_late_to_somebody_from_before_reaches_nobody_of_now() {
    for language in LANGUAGES {
        let server = TestServer::start(SHOP).await;
        let bot = RealBot::start(language, &read(&server, &format!("{WORLD}/apps/bot")).await["env"]);
        let body = json!({ "url": bot.url }).to_string();
        assert_eq!(server.ask(put(format!("{WORLD}/apps/bot/webhook")).json(body)).await.status, 200);
        let greeting = format!("{{ app: bot, to: alice, sends: {{ text: 'Hello from {language}: Hi' }} }}");
        let mut mids = Vec::new();
        let mut before = String::new();
        for _ in 0..3 {
            went_well(&server, "{ user: alice, says: Hi }").await;
            mids.push(went_well(&server, &greeting).await["answer"]["message_id"].clone());
            let now = psid(&server).await;
            assert_ne!(now, before, "people of now have other ids");
            if !before.is_empty() {
                let late = says(&server, &before, "Sorry, I am late").await;
                assert_eq!((late.status, &late.json()["recipient_id"]), (200, &json!(before)), "{}", late.text());
            }
            let ledger = read(&server, &format!("{WORLD}/ledger")).await["entries"].to_string();
            assert!(!ledger.contains("Sorry"), "{ledger}");
            assert_eq!(read(&server, &format!("{WORLD}/lint")).await["findings"], json!([]));
            before = now;
            reset(&server, "{ keep: [subscriptions] }").await;
        }
        mids.sort_by_key(Value::to_string);
        mids.dedup();
        assert_eq!(mids.len(), 3, "no message id comes twice: {mids:?}");
    }
}

#[tokio::test]
async fn ids_are_the_same_for_those_who_ask_for_that() {
    let server = TestServer::start(SHOP).await;
    let hi = async || went_well(&server, "{ user: alice, says: Hi }").await["answer"]["mid"].clone();
    let (once, alice) = (hi().await, psid(&server).await);
    reset(&server, "{ ids: same, people: same }").await;
    assert_eq!((hi().await, psid(&server).await), (once.clone(), alice.clone()));
    reset(&server, "{ people: same }").await;
    assert_eq!(psid(&server).await, alice);
    assert_ne!(hi().await, once);
    reset(&server, "{ people: new }").await;
    assert_ne!(psid(&server).await, alice);
}

#[tokio::test]
async fn a_world_that_is_put_back_makes_message_ids_that_were_never_seen() {
    let server = TestServer::start(SHOP).await;
    went_well(&server, "{ user: alice, says: Hi }").await;
    let snapshot = server.ask(get(format!("{WORLD}/snapshot"))).await.body;
    let (mut seen, mut alice) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        seen.push(went_well(&server, "{ user: alice, says: Again }").await["answer"]["mid"].to_string());
        alice.push(psid(&server).await);
        let back = server.ask(put(format!("{WORLD}/snapshot")).body(snapshot.clone())).await;
        assert_eq!(back.status, 200, "{}", back.text());
    }
    let again = server.ask(get(format!("{WORLD}/snapshot"))).await.body;
    seen.push(went_well(&server, "{ user: alice, says: Again }").await["answer"]["mid"].to_string());
    let last = seen.last().cloned();
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count, "{seen:?}");
    assert!(alice.iter().all(|psid| *psid == alice[0]), "the people are those of the snapshot: {alice:?}");
    let back = server.ask(put(format!("{WORLD}/snapshot?ids=same")).body(again)).await;
    assert_eq!(back.status, 200, "{}", back.text());
    let same = went_well(&server, "{ user: alice, says: Again }").await["answer"]["mid"].to_string();
    assert_eq!(Some(same), last);
}

#[tokio::test]
async fn a_reset_with_mistakes_changes_nothing() {
    let server = TestServer::start(SHOP).await;
    went_well(&server, "{ user: alice, says: Hi }").await;
    let before = read(&server, &format!("{WORLD}/ledger")).await;
    let asks = |body: &str| post(format!("{WORLD}/reset")).body(body);
    let shown = mistakes(
        &server,
        vec![
            ("a word that is close", asks("{ keep: [profil] }")),
            ("no list", asks("{ keep: profile }")),
            ("another key", asks("{ keeps: [profile] }")),
            ("another word", asks("{ ids: old }")),
            ("no map", asks("[")),
        ],
    )
    .await;
    insta::assert_snapshot!(shown);
    let reply = server.ask(asks("{ keep: [profil] }")).await;
    assert!(drawn(&reply).contains("did you mean `profile`"), "{}", drawn(&reply));
    assert_eq!(read(&server, &format!("{WORLD}/ledger")).await, before);
}
