//! The façade with a thread of its own: statements in blocking and async tests, with real bots, and what a failure looks like.

mod blocking_bot;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};

use graphdouble::{TestWorld, json};

use self::blocking_bot::BlockingBot;
use crate::support::{LANGUAGES, RealBot};

const WORLD: &str = "
apps: { bot: {}, desk: {} }
pages: { shop: { default_app: desk, social: bot, apps: { bot: {}, desk: {} } } }
ads: { tulips: { page: shop, app: bot } }
people: { alice: {}, bob: {} }
";

fn world() -> TestWorld {
    TestWorld::start(WORLD).expect("a world without mistakes")
}

/// The text with which a statement panics, without the line that says where in the file it stands.
fn panic_of(statement: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(statement)).expect_err("a panic");
    let text = panic.downcast_ref::<String>().expect("a text");
    let (place, drawn) = text.split_once('\n').expect("two lines");
    assert!(place.starts_with(&format!("the step at {}:", file!())), "{place}");
    drawn.to_owned()
}

#[test]
fn a_bot_that_blocks_is_tested_by_statements_that_block() {
    let world = world();
    BlockingBot::start(&world);
    world.user("alice").taps_ad("tulips").says("Hi");
    world.app("bot").gets("messages").of("alice").text("Hi").referral(json!({ "source": "ADS" }));
    world.app("bot").sends("You said Hi").to("alice");
    world.message(json!({ "from": "bot", "to": "alice", "text": "You said Hi" })).of("alice");
    world.app("desk").gets_no("messages").of("alice");
    world.owner("bot").of("alice");
    world.clock("+24h");
    world.window("closed").of("alice");
    assert!(world.findings().expect("findings").is_empty());
}

#[tokio::test]
async fn a_bot_that_blocks_the_only_thread_of_the_runtime_does_not_stop_graphdouble() {
    let world = world();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let bot = BlockingBot::of(&world);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let stream = stream.into_std().expect("a socket");
            stream.set_nonblocking(false).expect("a socket that blocks");
            bot.take(stream);
        }
    });
    world.app("bot").attach(&format!("http://{address}/webhook")).expect("a webhook");
    world.user("alice").says("Hi").await;
    world.app("bot").sends("You said Hi").to("alice").await;
    world.message(json!({ "to": "alice", "text": "You said Hi" })).of("alice").await;

    // Without `.await` the bot cannot answer, and the failure says why.
    let blocked = world.app("bot").sends("You said Bye").to("alice").within("1ms").outcome();
    let blocked = blocked.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(blocked.contains("write `.await` behind the step"), "{blocked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn statements_may_be_awaited_or_not_on_any_runtime() {
    let world = world();
    BlockingBot::start(&world);
    world.user("alice").says("Hi").await;
    world.app("bot").sends("You said Hi").to("alice");
    world.user("bob").says("Ho");
    world.app("bot").sends("You said Ho").to("bob").await;
}

#[test]
fn an_expectation_that_does_not_hold_panics_when_its_statement_ends() {
    let world = world();
    world.user("alice").says("Hi");
    let text = panic_of(|| {
        world.app("desk").gets("messages").of("alice");
    });
    insta::assert_snapshot!(text, @r#"
    error: app `desk` did not get this `messages`
     --> the step:1:12
      |
    1 | {"expect":[{"app":"desk","gets":"messages","of":"alice"}]}
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: app `desk` got it as `standby`, because it does not own the thread
      = note: nearest: standby {"sender":{"id":"alice"},"recipient":{"id":"545825056531777"},"timestamp":1767603600000,"message":{"mid":"m_nolO_GNRmcnpfe0QxYnlSTA4m20QqxH7VbQhQ0yYnD0yzGzIHvisuZd0_EzigN39ZKXM0tE9e5GmRuBmnHZjp-","text":"Hi"}}
      = note: owners of the thread of alice: desk → bot at 2026-01-05T09:00:00Z (routing.social.app) — now bot (routing.social.app)

    1 mistake
    "#);
    let mistake = panic_of(|| {
        world.user("alice").with("shouts", "Hi");
    });
    assert!(mistake.contains(r#"{"user":"alice","shouts":"Hi"}"#), "{mistake}");
}

#[test]
fn nothing_is_performed_while_the_test_panics() {
    let world = world();
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let _unperformed = world.user("alice").says("Hi");
        panic!("the test fails");
    }));
    assert_eq!(panic.expect_err("a panic").downcast_ref::<&str>(), Some(&"the test fails"));
    assert!(!world.ledger().expect("the ledger").contains("says"));
    // A name without words is no step either.
    drop(world.app("bot"));
    assert_eq!(world.ledger().expect("the ledger"), "");
}

#[test]
fn worlds_side_by_side_never_meet() {
    let ledgers: Vec<String> = std::thread::scope(|scope| {
        let tests: Vec<_> = (0..8)
            .map(|number| {
                scope.spawn(move || {
                    let world = world();
                    BlockingBot::start(&world);
                    world.user("alice").says(format!("I am {number}"));
                    world.app("bot").sends(format!("You said I am {number}")).to("alice");
                    world.ledger().expect("the ledger").replace(&format!("I am {number}"), "")
                })
            })
            .collect();
        tests.into_iter().map(|test| test.join().expect("a test that passes")).collect()
    });
    assert!(ledgers.iter().all(|ledger| !ledger.contains("I am")));
}

#[test]
fn bots_in_node_and_python_are_attached_with_their_environment() {
    for language in LANGUAGES {
        let world = world();
        let env = world.app("bot").env().expect("the environment");
        let bot = RealBot::start(language, &json!(env));
        world.app("bot").attach(&bot.url).expect("a webhook");
        world.user("alice").says("Hi");
        world.app("bot").sends(format!("Hello from {language}: Hi")).to("alice");
    }
}

#[test]
fn answers_are_saved_and_returned() {
    let world = world();
    let psid = world.psid("shop", "alice").expect("a server").expect("alice");
    world.user("alice").says("Hi").save(json!({ "hers": "/mid" }));
    world.app("bot").sends("You wrote ${hers}").to("alice");
    world.step("{ expect: [{ message: { from: bot, text: { contains: m_ } }, of: alice }] }");
    let me = world.call(json!({ "as": "bot", "get": "/me" })).returns(json!({ "status": 200 })).answer();
    assert_eq!(me["name"], "shop");
    let answer = world.app("bot").sends("Bye").to("alice").answer();
    assert_eq!(answer["recipient_id"], json!(psid));
}

#[test]
fn mistakes_are_errors_that_name_what_is_known() {
    let mistake = TestWorld::start("{ app: { bot: {} } }").err().map(|error| error.to_string()).unwrap_or_default();
    assert!(mistake.contains("did you mean `apps`?"), "{mistake}");
    let world = world();
    let unknown = world.app("bott").attach("http://127.0.0.1:1/").err().map(|error| error.to_string());
    assert!(unknown.as_deref().is_some_and(|error| error.contains("did you mean `bot`?")), "{unknown:?}");
    let no_url = world.app("bot").attach("nowhere").err().map(|error| error.to_string()).unwrap_or_default();
    assert!(no_url.contains("http"), "{no_url}");
}
