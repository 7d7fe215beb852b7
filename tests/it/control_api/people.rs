//! People of a running world: listed, added, handed out, and looked up under every name and id that they have.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::control_api::{message, mistakes, read};
use crate::support::{BAKERY, Reply, TestServer, get, post, put};

const PEOPLE: &str = "/_control/worlds/default/people";
/// Two pages, a named person, a crowd of a million, and anybody else who comes.
const CROWDED: &str = "
apps: { bot: {}, draft: { mode: development } }
pages:
  shop: { default_app: bot, apps: { bot: { token: EAAshop }, draft: { token: EAAdraft } } }
  cafe: { default_app: bot, apps: { bot: { token: EAAcafe } } }
people: { any: true, alice: {}, crowd: { count: 1000000, locale: de_DE } }
";

async fn add(server: &TestServer, body: Value) -> Reply {
    server.ask(post(PEOPLE).json(body.to_string())).await
}

async fn claim(server: &TestServer, crowd: &str) -> Reply {
    server.ask(post(format!("{PEOPLE}/claim")).json(json!({ "of": crowd }).to_string())).await
}

fn psid(person: &Value, page: &str) -> String {
    person["psids"][page].as_str().unwrap_or_default().to_owned()
}

async fn send(server: &TestServer, token: &str, psid: &str) -> Reply {
    let body = json!({ "recipient": { "id": psid }, "messaging_type": "RESPONSE", "message": { "text": "Hello" } });
    server.ask(post(format!("/v25.0/me/messages?access_token={token}")).json(body.to_string())).await
}

#[tokio::test]
async fn a_person_comes_while_the_world_runs_and_is_like_any_other() {
    let server = TestServer::start(CROWDED).await;
    let bob = json!({ "name": "bob", "first_name": "Robert", "locale": "fr_FR", "psids": { "cafe": "777" }, "roles": { "draft": "tester" } });
    let added = add(&server, bob).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let bob = added.json();
    assert_eq!(
        (&bob["first_name"], &bob["last_name"], &bob["locale"]),
        (&json!("Robert"), &json!("Doe"), &json!("fr_FR"))
    );
    assert_eq!((psid(&bob, "cafe"), psid(&bob, "shop").len()), ("777".to_owned(), 16));
    assert_eq!(read(&server, &format!("{PEOPLE}/bob")).await, bob);
    let early = send(&server, "EAAshop", &psid(&bob, "shop")).await;
    assert_eq!(early.json()["error"]["code"], 10, "{}", early.text());
    assert_eq!(server.http_step("{ user: bob, page: shop, says: Hi }").await.status, 200);
    let sent = send(&server, "EAAshop", &psid(&bob, "shop")).await;
    assert_eq!((sent.status, &sent.json()["recipient_id"]), (200, &bob["psids"]["shop"]), "{}", sent.text());
    let profile = format!("/v25.0/{}?fields=name,locale&access_token=EAAshop", psid(&bob, "shop"));
    assert_eq!(server.ask(get(&profile)).await.json()["name"], "Robert Doe");
    let thread = bob["links"]["threads"]["shop"].as_str().unwrap_or_default();
    let thread = read(&server, thread.trim_start_matches(server.emulator.url())).await;
    assert_eq!(
        (&thread["person"], &thread["psid"], &thread["owner"]),
        (&json!("bob"), &bob["psids"]["shop"], &json!("bot"))
    );
    let entries = server.entries("command").await;
    assert_eq!((&entries[0]["text"], &entries[0]["rule"]), (&json!("adds bob to the people"), &Value::Null));
}

#[tokio::test]
async fn a_person_without_a_name_gets_a_new_one() {
    let server = TestServer::start(BAKERY).await;
    let names = [
        add(&server, json!({})).await,
        add(&server, json!({ "name": "person-4" })).await,
        add(&server, json!({})).await,
    ];
    let names = names.map(|added| added.json()["name"].as_str().unwrap_or_default().to_owned());
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 3, "{names:?}");
    let listed = read(&server, PEOPLE).await;
    let listed: Vec<&str> =
        listed["people"].as_array().into_iter().flatten().filter_map(|person| person["name"].as_str()).collect();
    assert!(names.iter().all(|name| listed.contains(&name.as_str())), "{names:?} in {listed:?}");
}

#[tokio::test]
async fn an_added_person_has_the_ids_that_a_declared_one_of_this_name_has() {
    let server = TestServer::start("{ apps: { bot: {} }, pages: { shop: { apps: { bot: {} } } } }").await;
    let declared =
        TestServer::start("{ apps: { bot: {} }, pages: { shop: { apps: { bot: {} } } }, people: { bob: {} } }").await;
    let bob = add(&server, json!({ "name": "bob" })).await.json();
    assert_eq!(bob["psids"], read(&declared, "/_control/worlds/default").await["people"]["bob"]["psids"]);
}

#[tokio::test]
async fn a_member_of_a_crowd_is_like_any_other_person() {
    let mut server = TestServer::start(CROWDED).await;
    let member = read(&server, &format!("{PEOPLE}/crowd.999999")).await;
    assert_eq!((psid(&member, "shop").len(), &member["locale"]), (17, &json!("de_DE")));
    assert_ne!(psid(&member, "shop"), psid(&member, "cafe"));
    server.step("{ user: crowd.999999, page: shop, says: Hi }").await;
    server
        .step("{ expect: [{ app: bot, gets: messages, of: crowd.999999, body: { sender: { id: \"${crowd.999999@shop}\" } } }] }")
        .await;
    server.step("{ fault: { at: send, to: crowd.999999, reply: rate_limited } }").await;
    let refused = send(&server, "EAAshop", &psid(&member, "shop")).await;
    assert_eq!(refused.json()["error"]["code"], 613, "{}", refused.text());
    server.step("{ app: bot, to: crowd.999999, page: shop, sends: Hello }").await;
    let explained = read(&server, "/_control/worlds/default/threads/shop/crowd.999999/explain").await;
    assert_eq!(explained["person"], "crowd.999999");
    let elsewhere = send(&server, "EAAcafe", &psid(&member, "shop")).await;
    assert_eq!(elsewhere.json()["error"]["code"], 100, "{}", elsewhere.text());
    let profile = format!("/v25.0/{}?fields=name&access_token=EAAshop", psid(&member, "shop"));
    let name = format!(
        "{} {}",
        member["first_name"].as_str().unwrap_or_default(),
        member["last_name"].as_str().unwrap_or_default()
    );
    assert_eq!(server.ask(get(&profile)).await.json()["name"], name);
}

#[tokio::test]
async fn the_ids_of_members_lead_back_to_them_and_to_nobody_else() {
    let server = TestServer::start(CROWDED).await;
    let listed = read(&server, &format!("{PEOPLE}?of=crowd&limit=1000")).await;
    let people = listed["people"].as_array().cloned().unwrap_or_default();
    let ids: BTreeSet<String> = people.iter().flat_map(|person| [psid(person, "shop"), psid(person, "cafe")]).collect();
    assert_eq!((people.len(), ids.len()), (1000, 2000));
    assert!(ids.iter().all(|id| id.len() == 17 && id.bytes().all(|byte| byte.is_ascii_digit())));
    let stranger = psid(&people[0], "shop").parse::<u64>().unwrap_or_default() + 1;
    let refused = send(&server, "EAAshop", &stranger.to_string()).await;
    assert_eq!(refused.json()["error"]["code"], 100, "{}", refused.text());
}

#[tokio::test]
async fn people_are_listed_page_by_page() {
    let server = TestServer::start(CROWDED).await;
    for number in 0..5 {
        assert_eq!(add(&server, json!({ "name": format!("guest-{number}") })).await.status, 201);
    }
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let listed = read(&server, &format!("{PEOPLE}?limit=2{after}")).await;
        assert_eq!((&listed["count"], &listed["crowds"][0]["count"]), (&json!(1_000_006), &json!(1_000_000)));
        names.extend(
            listed["people"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|person| person["name"].as_str().unwrap_or_default().to_owned()),
        );
        let Some(next) = listed["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(names, ["alice", "guest-0", "guest-1", "guest-2", "guest-3", "guest-4"]);
    let last = read(&server, &format!("{PEOPLE}?of=crowd&after=crowd.999998&limit=5")).await;
    assert_eq!(
        (&last["people"][0]["name"], &last["people"][1]["name"], &last["next"]),
        (&json!("crowd.999999"), &json!("crowd.1000000"), &Value::Null)
    );
    let world = read(&server, "/_control/worlds/default").await;
    assert_eq!(world["crowds"], json!({ "crowd": { "count": 1_000_000, "claimed": 0 } }));
    assert_eq!(world["people"].as_object().map(|people| people.len()), Some(6));
}

#[tokio::test]
async fn every_member_is_handed_out_once_also_to_many_callers_at_once() {
    let server = TestServer::start(BAKERY).await;
    let added = add(&server, json!({ "crowd": { "count": 40, "name": "testers" } })).await;
    assert_eq!((added.status, &added.json()["last"]), (201, &json!("testers.40")), "{}", added.text());
    let claims = (0..40).map(|_| claim(&server, "testers"));
    let claims = futures_of(claims).await;
    let names: BTreeSet<String> =
        claims.iter().map(|claimed| claimed.json()["name"].as_str().unwrap_or_default().to_owned()).collect();
    assert!(claims.iter().all(|claimed| claimed.status == 200) && names.len() == 40, "{names:?}");
    let late = claim(&server, "testers").await;
    assert_eq!(late.status, 410);
    assert_eq!(message(&late), "all 40 members of `testers` are handed out; a reset of the world takes them back");
    assert_eq!(server.ask(post("/_control/worlds/default/reset")).await.status, 204);
    assert_eq!(claim(&server, "testers").await.status, 404, "a reset takes the crowd away");
}

/// All of these at once.
async fn futures_of(futures: impl Iterator<Item = impl Future<Output = Reply>>) -> Vec<Reply> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, reply) in waiting.iter_mut().filter(|(_, reply)| reply.is_none()) {
            if let std::task::Poll::Ready(ready) = future.as_mut().poll(context) {
                *reply = Some(ready);
            }
        }
        match waiting.iter().all(|(_, reply)| reply.is_some()) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, reply)| reply).collect()
}

#[tokio::test]
async fn a_snapshot_keeps_people_and_claims_and_a_reset_ends_them() {
    let server = TestServer::start(CROWDED).await;
    assert_eq!(claim(&server, "crowd").await.json()["name"], "crowd.1");
    let bob = add(&server, json!({ "name": "bob", "gender": "male" })).await.json();
    assert_eq!(server.http_step("{ user: carol, page: shop, says: Hi }").await.status, 200);
    assert_eq!(server.http_step("{ fault: { at: send, to: bob, reply: rate_limited } }").await.status, 200);
    let ledger = "/_control/worlds/default/ledger.jsonl?stable=true";
    let before = server.ask(get(ledger)).await.text().to_owned();
    let snapshot = server.ask(get("/_control/worlds/default/snapshot")).await;
    assert_eq!(snapshot.status, 200, "{}", snapshot.text());
    assert_eq!(server.ask(post("/_control/worlds/default/reset")).await.status, 204);
    assert_eq!(server.ask(get(format!("{PEOPLE}/bob"))).await.status, 404);
    assert_eq!(claim(&server, "crowd").await.json()["name"], "crowd.1");
    let other = TestServer::start(CROWDED).await;
    for server in [&server, &other] {
        let restored = server.ask(put("/_control/worlds/default/snapshot?ids=same").body(&*snapshot.body)).await;
        assert_eq!(restored.status, 200, "{}", restored.text());
        assert_eq!(server.ask(get(ledger)).await.text(), before);
        let there = read(server, &format!("{PEOPLE}/bob")).await;
        assert_eq!((&there["psids"], &there["gender"]), (&bob["psids"], &json!("male")));
        assert_eq!(read(server, &format!("{PEOPLE}/carol")).await["name"], "carol");
        assert_eq!(claim(server, "crowd").await.json()["name"], "crowd.2");
        assert_eq!(read(server, "/_control/worlds/default/faults").await["faults"][0]["to"], "bob");
    }
}

#[tokio::test]
async fn an_unknown_name_in_a_step_is_a_new_person_where_the_world_says_so() {
    let server = TestServer::start(CROWDED).await;
    let step = server.http_step("{ user: dora, page: shop, says: Hi }").await;
    assert_eq!(step.status, 200, "{}", step.text());
    assert_eq!(server.http_step("{ user: dora, page: shop, says: Hi again }").await.status, 200);
    let commands = server.entries("command").await;
    let added = commands.iter().filter(|entry| entry["text"] == "adds dora to the people").count();
    assert_eq!(added, 1, "{commands:#?}");
    assert_eq!(read(&server, &format!("{PEOPLE}/dora")).await["name"], "dora");
    let closed = TestServer::start(BAKERY).await;
    let refused = closed.http_step("{ user: dora, says: Hi }").await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.text().contains("with `people: any` in the world, an unknown name is a new person"),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn bad_requests_are_refused_and_change_nothing() {
    let server = TestServer::start(CROWDED).await;
    assert_eq!(server.http_step("{ user: alice, page: shop, says: Hi }").await.status, 200);
    let long = "x".repeat(101);
    let member = psid(&read(&server, &format!("{PEOPLE}/crowd.5")).await, "shop");
    let people = |body: Value| post(PEOPLE).json(body.to_string());
    let crowd = |count: Value| people(json!({ "crowd": { "count": count, "name": "c" } }));
    let claims = |body: Value| post(format!("{PEOPLE}/claim")).json(body.to_string());
    let before = (server.state().await, read(&server, PEOPLE).await);
    let rows = vec![
        ("a name that is taken", people(json!({ "name": "alice" }))),
        ("the name of a crowd", people(json!({ "name": "crowd" }))),
        ("the name of a member", people(json!({ "name": "crowd.7" }))),
        ("a name like that of a member", people(json!({ "name": "nobody.7" }))),
        ("a name that is too long", people(json!({ "name": long }))),
        ("an empty name", people(json!({ "name": "" }))),
        ("a name with a slash", people(json!({ "name": "a/b" }))),
        ("a name that is a list", people(json!({ "name": ["a"] }))),
        ("an unknown key", people(json!({ "nmae": "bob" }))),
        ("an unknown page", people(json!({ "name": "bob", "psids": { "shpo": "1" } }))),
        ("an unknown app", people(json!({ "name": "bob", "roles": { "bto": "tester" } }))),
        ("the PSID of a member", people(json!({ "name": "bob", "psids": { "cafe": member } }))),
        ("one PSID on two pages", people(json!({ "name": "bob", "psids": { "cafe": "9", "shop": "9" } }))),
        ("a person and a crowd", people(json!({ "name": "bob", "crowd": { "count": 1 } }))),
        ("no object", people(json!(7))),
        ("null", people(json!(null))),
        ("a time zone beyond the world", people(json!({ "name": "bob", "timezone": 200 }))),
        ("a time zone by its name", people(json!({ "name": "bob", "timezone": "Europe/Berlin" }))),
        ("people after a member of a crowd", get(format!("{PEOPLE}?after=crowd.1"))),
        ("members after somebody with a name", get(format!("{PEOPLE}?of=crowd&after=alice"))),
        ("no JSON", post(PEOPLE).json("{".to_owned())),
        ("an unknown world", post("/_control/worlds/none/people").json("{}".to_owned())),
        ("a crowd of none", crowd(json!(0))),
        ("a crowd of less than none", crowd(json!(-1))),
        ("a crowd of half a person", crowd(json!(1.5))),
        ("a crowd of too many", crowd(json!(1_000_000_000_000u64))),
        ("a crowd of too many beside the others", crowd(json!(1_000_000_000))),
        ("a crowd without a count", people(json!({ "crowd": {} }))),
        ("a crowd with one first name", people(json!({ "crowd": { "count": 1, "first_name": "Ann" } }))),
        ("a crowd of a taken name", people(json!({ "crowd": { "count": 1, "name": "alice" } }))),
        ("a claim of nothing", claims(json!({}))),
        ("a claim of a person", claims(json!({ "of": "alice" }))),
        ("a claim of a mistyped crowd", claims(json!({ "of": "crwod" }))),
        ("a claim of a list", claims(json!({ "of": ["crowd"] }))),
        ("a claim with more", claims(json!({ "of": "crowd", "count": 3 }))),
        ("a limit of none", get(format!("{PEOPLE}?limit=0"))),
        ("a limit of too many", get(format!("{PEOPLE}?limit=1001"))),
        ("people after nobody", get(format!("{PEOPLE}?after=nobody"))),
        ("members of nothing", get(format!("{PEOPLE}?of=alice"))),
        ("a member beyond the last", get(format!("{PEOPLE}/crowd.1000001"))),
        ("a member with a zero in front", get(format!("{PEOPLE}/crowd.07"))),
        ("a mistyped person", get(format!("{PEOPLE}/alcie"))),
    ];
    insta::assert_snapshot!("people_mistakes", mistakes(&server, rows).await);
    assert_eq!((server.state().await, read(&server, PEOPLE).await), before);
}
