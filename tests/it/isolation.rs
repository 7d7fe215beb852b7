//! Many worlds in one process: what happens in one is what would happen if it were alone.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::support::{BAKERY, Bot, Seen, TestServer, delete, get, machine, post};

/// A world of its own, whose one real app lives at a path of its own.
fn world(bot: &Bot, number: usize) -> Value {
    json!({ "name": format!("test-{number}"), "clock": "frozen", "world": {
        "seed": 1000 + number,
        "clock": "2026-03-02T09:00:00Z",
        "apps": {
            "support": { "secret": "s", "webhook": { "url": bot.url(&format!("/{number}")), "verify_token": "v" } },
            "sales": {},
        },
        "pages": { "shop": { "default_app": "support", "apps": { "support": {}, "sales": { "take_control": true } } } },
        "ads": { "tulips": { "page": "shop", "app": "sales" } },
        "people": { "alice": {}, "bob": {} },
    } })
}

/// A scenario, in one of three forms.
fn steps(number: usize) -> Vec<String> {
    let hours = 1 + number % 30;
    let steps: &[&str] = match number % 3 {
        0 => &["{ user: alice, says: Hi }", "{ app: sales, sends: Hello, to: alice }", "{ user: alice, says: Bye }"],
        1 => &["{ user: bob, taps_ad: tulips, says: Hi }", "{ app: sales, passes: support, to: bob }"],
        _ => &["{ user: alice, says: Hi }", "{ user: bob, says: Ho }", "{ app: sales, sends: Mine, to: bob }"],
    };
    let steps = steps.iter().map(|step| (*step).to_owned());
    steps.chain([format!("{{ clock: +{hours}h }}"), "{ user: alice, says: Again }".to_owned()]).collect()
}

/// The outcome of a scenario: the ledger without real durations, and the requests to the bot.
#[derive(Debug, PartialEq)]
struct Outcome {
    ledger: Vec<Value>,
    seen: Vec<Vec<u8>>,
}

/// Makes a world, plays its scenario over HTTP with a Graph call of the bot in the middle, and returns the outcome.
async fn play(server: &TestServer, bot: &Bot, number: usize) -> Outcome {
    let made = server.ask(post("/_control/worlds").json(world(bot, number).to_string())).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let name = made["name"].as_str().expect("a name");
    for (place, step) in steps(number).into_iter().enumerate() {
        let reply = server.ask(post(format!("/_control/worlds/{name}/steps")).body(step)).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        if place == 0 {
            let token = made["pages"]["shop"]["apps"]["support"]["token"].as_str().expect("a token");
            let call = get("/me?fields=id,name").bearer(token);
            assert_eq!(
                server.ask(call).await.json()["id"],
                made["pages"]["shop"]["id"],
                "the token leads to its own world"
            );
        }
    }
    let printed = server.ask(get(format!("/_control/worlds/{name}/ledger"))).await.json();
    let mut ledger = printed["entries"].as_array().expect("entries").clone();
    for entry in &mut ledger {
        let map = entry.as_object_mut().expect("an entry");
        // The two bots listen on ports of their own.
        for key in ["took_ms", "url"] {
            map.remove(key);
        }
    }
    let seen = bot.seen_at(&format!("/{number}")).into_iter().map(|seen: Seen| seen.body).collect();
    Outcome { ledger, seen }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_scenarios_at_once_go_as_each_goes_alone() {
    const SCENARIOS: usize = 100;
    let _guard = machine::alone().await;
    let (server, bot) = (Arc::new(TestServer::start(BAKERY).await), Arc::new(Bot::accepting().await));
    let all_at_once = (0..SCENARIOS).map(|number| {
        let (server, bot) = (server.clone(), bot.clone());
        tokio::spawn(async move { play(&server, &bot, number).await })
    });
    let mut together = Vec::new();
    for outcome in all_at_once.collect::<Vec<_>>() {
        together.push(outcome.await.expect("a scenario that goes well"));
    }
    for (number, together) in together.into_iter().enumerate() {
        let (server, bot) = (TestServer::start(BAKERY).await, Bot::accepting().await);
        let alone = play(&server, &bot, number).await;
        assert!(!alone.seen.is_empty() && alone.ledger.len() > 10);
        assert_eq!(alone, together, "scenario {number}");
    }
}

#[tokio::test]
async fn a_thousand_worlds_have_clocks_of_their_own_and_a_reset_touches_one() {
    const WORLDS: usize = 1000;
    let _guard = machine::alone().await;
    let server = TestServer::start(BAKERY).await;
    let small = r#"{"clock":"frozen","world":{"clock":"2026-03-02T09:00:00Z","apps":{"bot":{}},"pages":{"shop":{"apps":{"bot":{}}}},"people":{"alice":{}}}}"#;
    let mut worlds = Vec::new();
    for _ in 0..WORLDS {
        let made = server.ask(post("/_control/worlds").json(small)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        worlds.push(made.json());
    }
    let bot = |world: &Value, key: &str| world["apps"]["bot"][key].as_str().expect("a text").to_owned();
    let token = |world: &Value| world["pages"]["shop"]["apps"]["bot"]["token"].as_str().expect("a token").to_owned();
    let psid = |world: &Value| world["people"]["alice"]["psids"]["shop"].as_str().expect("a PSID").to_owned();
    for of in [&token as &dyn Fn(&Value) -> String, &psid, &|world| bot(world, "id"), &|world| bot(world, "secret")] {
        let distinct: std::collections::BTreeSet<String> = worlds.iter().map(of).collect();
        assert_eq!(distinct.len(), WORLDS, "ids, tokens and secrets are fresh");
    }
    let path =
        |world: &Value, rest: &str| format!("/_control/worlds/{}{rest}", world["name"].as_str().expect("a name"));
    for (number, world) in worlds.iter().enumerate().step_by(50) {
        let turned =
            server.ask(post(path(world, "/clock")).json(format!("{{\"advance\":\"+{}m\"}}", number / 2 + 1))).await;
        assert_eq!(turned.status, 200);
        assert_eq!(server.ask(post(path(world, "/steps")).body("{ user: alice, says: Hi }")).await.status, 200);
    }
    let reset = server.ask(post(path(&worlds[50], "/reset"))).await;
    assert_eq!(reset.status, 204);
    assert_eq!(server.ask(delete(path(&worlds[1], ""))).await.status, 204);
    for (number, world) in worlds.iter().enumerate().step_by(50) {
        let (minutes, threads) = if number == 50 { (0, 0) } else { (number as u64 / 2 + 1, 1) };
        let clock = server.ask(get(path(world, "/clock"))).await.json();
        let shown = format!("2026-03-02T{:02}:{:02}:00Z", 9 + minutes / 60, minutes % 60);
        assert_eq!(clock["now"], shown, "world {number}");
        let printed = server.ask(get(path(world, "/threads"))).await.json();
        assert_eq!(printed["threads"].as_array().map(Vec::len), Some(threads), "world {number}");
        assert_eq!(server.ask(get("/me").bearer(&token(world))).await.status, 200);
    }
    assert_eq!(
        server.ask(get("/me").bearer(&token(&worlds[1]))).await.status,
        401,
        "a world that is gone takes its tokens along"
    );
}
