//! Worlds as files: taken, put back, put into another process, and refused.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::control_api::{SMALL, make, message};
use crate::support::{Answer, BAKERY, Bot, GUARDED, Reply, TestServer, delete, get, post, put};

const SNAPSHOT: &str = "/_control/worlds/default/snapshot";

/// What a world goes through before its snapshot: a bit of everything.
const BEFORE: &[&str] = &[
    "{ user: alice, taps_ad: tulips, says: Hi }",
    "{ app: sales, sends: { text: Which?, quick_replies: [{ content_type: text, title: Red, payload: RED }] } }",
    "{ app: support, sends: No, refused: { code: 10 } }",
    "{ admin: bakery, sets_standby: { sales: false } }",
    "{ fault: { at: send, app: support, reply: rate_limited, times: 2 } }",
    "{ clock: +2h }",
    "{ call: { as: support, post: /me/messages, body: { nonsense: 1 } }, returns: { status: 400 } }",
    "{ user: bob, says: Hello }",
];
/// What it goes through afterwards; each depends on what came before.
const AFTER: &[&str] = &[
    "{ user: alice, taps_quick_reply: Red }",
    "{ app: sales, passes: support, to: alice }",
    "{ app: support, sends: Later, to: bob, refused: { code: 613 } }",
    "{ clock: +23h }",
    "{ app: support, sends: Mine now, to: alice }",
    "{ call: { as: support, get: /me/conversations?fields=messages }, returns: { status: 200 } }",
];

async fn snapshot(server: &TestServer) -> Vec<u8> {
    let reply = server.ask(get(SNAPSHOT)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.body
}

async fn restore(server: &TestServer, file: &[u8]) -> Reply {
    server.ask(put(format!("{SNAPSHOT}?ids=same")).body(file)).await
}

/// Steps over HTTP: a façade's own stage ends with the world that it was made for.
async fn perform(server: &TestServer, steps: &[&str]) {
    for step in steps {
        let reply = server.http_step(step).await;
        assert_eq!(reply.status, 200, "{step}: {}", reply.text());
    }
}

/// A snapshot whose content was changed by somebody who knows how to seal it.
fn forged(file: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(file).expect("JSON");
    change(&mut file["content"]);
    let sum = Sha256::digest(file["content"].to_string().as_bytes());
    file["sha256"] = json!(sum.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    file.to_string().into_bytes()
}

async fn lines(server: &TestServer) -> String {
    server.ask(get("/_control/worlds/default/ledger.jsonl?stable=true")).await.text().to_owned()
}

#[tokio::test]
async fn what_follows_a_restore_is_what_followed_the_snapshot_byte_for_byte() {
    for world in [BAKERY, GUARDED] {
        let server = TestServer::start(world).await;
        perform(&server, &BEFORE[..2]).await;
        let file = snapshot(&server).await;
        perform(&server, &AFTER[..2]).await;
        let once = lines(&server).await;
        assert_eq!(restore(&server, &file).await.status, 200);
        assert_eq!(snapshot(&server).await, file, "a restored world is the same at rest");
        perform(&server, &AFTER[..2]).await;
        assert_eq!(lines(&server).await, once);
    }
}

#[tokio::test]
async fn another_process_goes_on_where_the_first_one_was() {
    let first = TestServer::start(BAKERY).await;
    perform(&first, BEFORE).await;
    let file = snapshot(&first).await;
    perform(&first, AFTER).await;
    let second = TestServer::start(BAKERY).await;
    perform(&second, &["{ user: bob, says: this is forgotten }"]).await;
    assert_eq!(restore(&second, &file).await.status, 200);
    perform(&second, AFTER).await;
    assert_eq!(lines(&second).await, lines(&first).await);
    assert_eq!(second.state().await, first.state().await);
}

#[tokio::test]
async fn a_ledger_that_let_go_of_entries_comes_back_as_short_as_it_was() {
    let world = format!("{BAKERY}limits: {{ ledger: 7 }}\n");
    for is_taken in [false, true] {
        let server = TestServer::start(&world).await;
        perform(&server, BEFORE).await;
        if is_taken {
            server.ask(delete("/_control/worlds/default/ledger?limit=6")).await;
        }
        let (file, before) = (snapshot(&server).await, lines(&server).await);
        let other = TestServer::start(&world).await;
        assert_eq!(restore(&other, &file).await.status, 200);
        assert_eq!(lines(&other).await, before);
        let gone =
            async |server: &TestServer| message(&server.ask(get("/_control/worlds/default/ledger?after=1")).await);
        assert_eq!(gone(&other).await, gone(&server).await);
        perform(&server, AFTER).await;
        perform(&other, AFTER).await;
        assert_eq!(lines(&other).await, lines(&server).await);
    }
}

#[tokio::test]
async fn a_world_that_was_reset_or_is_gone_comes_back() {
    let server = TestServer::start(BAKERY).await;
    make(&server, "brief").await;
    let at = |path: &str| format!("/_control/worlds/brief{path}");
    let say = async |text: &str| server.ask(post(at("/steps")).body(format!("{{ user: carol, says: {text} }}"))).await;
    server.ask(post(at("/reset"))).await;
    assert_eq!(say("one").await.status, 200);
    let file = server.ask(get(at("/snapshot"))).await.body;
    let once = say("two").await.json()["entries"].clone();
    assert_eq!(server.ask(delete("/_control/worlds/brief")).await.status, 204);
    let back = server.ask(put(at("/snapshot?ids=same")).body(file.clone())).await;
    assert_eq!((back.status, &back.json()["name"]), (201, &json!("brief")), "{}", back.text());
    assert_eq!(say("two").await.json()["entries"], once);
    server.ask(post(at("/reset"))).await;
    assert_eq!(server.ask(put(at("/snapshot?ids=same")).body(file)).await.status, 200);
    assert_eq!(say("two").await.json()["entries"], once, "message ids count resets as they did");
}

#[tokio::test]
async fn a_world_that_follows_the_wall_is_put_back_into_one_that_began_later() {
    let server = TestServer::start(BAKERY).await;
    let begin = || post("/_control/worlds").body(format!("{{ name: brief, world: {SMALL} }}"));
    assert_eq!(server.ask(begin()).await.status, 201);
    let at = |path: &str| format!("/_control/worlds/brief{path}");
    server.ask(post(at("/steps")).body("{ user: carol, says: Hi }")).await;
    let file = server.ask(get(at("/snapshot"))).await.body;
    let once = server.ask(get(at("/ledger"))).await;
    server.ask(delete("/_control/worlds/brief")).await;
    server.ask(begin()).await;
    let back = server.ask(put(at("/snapshot?ids=same")).body(file)).await;
    assert_eq!(back.status, 200, "{}", back.text());
    assert_eq!(server.ask(get(at("/ledger"))).await.json(), once.json());
    assert_eq!(server.ask(post(at("/steps")).body("{ user: carol, says: again }")).await.status, 200);
}

#[tokio::test]
async fn a_bot_gets_the_same_bytes_after_a_restore() {
    let bot = Bot::accepting().await;
    let webhook = format!("secret: support-secret, webhook: {{ url: \"{}\" }}", bot.url("/webhook"));
    let server = TestServer::start(&BAKERY.replace("secret: support-secret", &webhook)).await;
    perform(&server, &BEFORE[..2]).await;
    let file = snapshot(&server).await;
    let mut shown = Vec::new();
    for _ in 0..2 {
        bot.forget();
        assert_eq!(restore(&server, &file).await.status, 200);
        perform(&server, &["{ user: bob, says: Hello }", "{ clock: +25h }", "{ user: alice, says: Hi again }"]).await;
        shown.push(bot.seen().into_iter().map(|seen| seen.text().to_owned()).collect::<Vec<_>>());
    }
    assert!(shown[0].len() > 1, "{shown:?}");
    assert_eq!(shown[0], shown[1]);
}

#[tokio::test]
async fn a_token_is_good_where_it_was_issued_and_nowhere_before() {
    let server = TestServer::start(GUARDED).await;
    let before = snapshot(&server).await;
    let code = server.http_step("{ admin: bakery, issues_code: { support: dora } }").await;
    let code = code.json()["answer"]["code"].as_str().expect("a code").to_owned();
    let client = "client_id=1001&client_secret=support-secret&redirect_uri=https://a.example/";
    let issued = server.ask(get(format!("/v25.0/oauth/access_token?{client}&code={code}"))).await;
    let token = issued.json()["access_token"].as_str().expect("a token").to_owned();
    let after = snapshot(&server).await;
    let me = async || server.ask(get("/v25.0/me").bearer(&token)).await.status;
    assert_eq!(me().await, 200);
    assert_eq!(restore(&server, &before).await.status, 200);
    assert_eq!(me().await, 401);
    assert_eq!(restore(&server, &after).await.status, 200);
    assert_eq!(me().await, 200);
}

#[tokio::test]
async fn a_test_in_rust_keeps_its_world_and_puts_it_back() {
    let mut server = TestServer::after(BAKERY, &BEFORE[..2]).await;
    let file = server.emulator.snapshot().await.expect("a quiet world");
    server.step(AFTER[0]).await;
    let once = server.emulator.ledger();
    assert_eq!(once, lines(&server).await);
    server.emulator.restore(&file).expect("its own snapshot");
    server.step(AFTER[0]).await;
    assert_eq!(server.emulator.ledger(), once);
    let foreign = TestServer::start(GUARDED).await.emulator.snapshot().await.expect("a quiet world");
    let refused = server.emulator.restore(&foreign).map_err(|error| error.to_string());
    assert_eq!(refused, Err("this is a snapshot of another world".to_owned()));
    assert_eq!(server.emulator.ledger(), once);
}

#[tokio::test]
async fn a_file_that_is_no_snapshot_changes_nothing() {
    let server = TestServer::start(BAKERY).await;
    perform(&server, &BEFORE[..3]).await;
    let file = snapshot(&server).await;
    let before = lines(&server).await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed: Value = serde_json::from_slice(&file).expect("JSON");
        change(&mut changed);
        changed.to_string().into_bytes()
    };
    make(&server, "other").await;
    let foreign = server.ask(get("/_control/worlds/other/snapshot")).await.body;
    let mut shown = String::new();
    for (what, body) in [
        ("nothing", Vec::new()),
        ("no JSON", b"snapshot".to_vec()),
        ("half of it", file[..file.len() / 2].to_vec()),
        ("something else", b"{\"world\": {}}".to_vec()),
        ("another version", with(&|file| file["version"] = json!("0.0.1"))),
        ("another format", with(&|file| file["format"] = Value::Null)),
        ("a changed clock", with(&|file| file["content"]["now"] = json!(1))),
        ("another world", foreign),
        ("a clock beyond all calendars", forged(&file, |content| content["now"] = json!(u64::MAX))),
        ("cursors that run backwards", forged(&file, |content| content["cursors"] = json!([9, 1, 0, 2]))),
        ("one that happened twice", forged(&file, |content| content["history"][1] = content["history"][0].clone())),
        (
            "a page that is not there",
            forged(&file, |content| {
                content["history"][0]["input"]["executed"]["command"]["Person"][0]["asset"] = json!(99);
            }),
        ),
        (
            "an unknown rule",
            forged(&file, |content| {
                content["history"][0]["input"] = json!({ "read": { "by": "script", "rule": "no.such" } });
            }),
        ),
    ] {
        let reply = restore(&server, &body).await;
        shown.push_str(&format!("{what}: {} {}\n", reply.status, message(&reply)));
        assert_eq!(lines(&server).await, before, "{what}");
    }
    insta::assert_snapshot!(shown.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[tokio::test]
async fn what_is_under_way_is_named_and_in_no_snapshot() {
    let bot = Bot::answering(|_| Answer::Silence).await;
    let webhook = format!("secret: support-secret, webhook: {{ url: \"{}\" }}", bot.url("/webhook"));
    let server = TestServer::start(&BAKERY.replace("secret: support-secret", &webhook)).await;
    let mut connection = server.connect().await;
    let step = post("/_control/worlds/default/steps").body("{ user: alice, says: Hi }");
    connection.send(&step.bytes(server.address())).await;
    server.control("/ledger?kind=webhook&app=support&wait=30s").await;
    let busy = server.ask(get(format!("{SNAPSHOT}?wait=1ms"))).await;
    assert_eq!(busy.status, 409);
    assert!(message(&busy).contains("app `support` at http://127.0.0.1:"), "{}", busy.text());
}

#[tokio::test]
async fn a_stream_says_that_the_world_was_put_back_and_goes_on_from_there() {
    let server = TestServer::start(BAKERY).await;
    perform(&server, &["{ user: alice, says: one }"]).await;
    let file = snapshot(&server).await;
    let newest = server.control("/ledger").await["after"].clone();
    perform(&server, &["{ user: alice, says: two }"]).await;
    let mut reader = server.connect().await;
    reader.send(&get("/_control/worlds/default/ledger/stream").bytes(server.address())).await;
    assert_eq!(reader.head().await.status, 200);
    server.control("/clock").await;
    assert_eq!(restore(&server, &file).await.status, 200);
    let event = String::from_utf8(reader.chunk().await.expect("an event")).expect("UTF-8");
    let shown =
        format!("the ledger ends with entry {newest}: the world was put back to a snapshot, or never came so far");
    assert_eq!(event, format!("event: put_back\ndata: {shown}\n\n"));
    let polled = server.ask(get("/_control/worlds/default/ledger?wait=30s&after=40")).await;
    assert_eq!(
        (polled.status, message(&polled)),
        (410, shown),
        "nobody waits for entries that mean something else now"
    );
}

#[tokio::test]
async fn a_stream_says_at_once_that_the_world_was_reset_and_goes_on_from_there() {
    let server = TestServer::start(BAKERY).await;
    perform(&server, &["{ user: alice, says: one }"]).await;
    let newest = server.control("/ledger").await["after"].as_u64().expect("a cursor");
    let mut reader = server.connect().await;
    reader.send(&get("/_control/worlds/default/ledger/stream").bytes(server.address())).await;
    assert_eq!(reader.head().await.status, 200);
    server.control("/clock").await;
    assert_eq!(server.ask(post("/_control/worlds/default/reset")).await.status, 204);
    let event = String::from_utf8(reader.chunk().await.expect("an event")).expect("UTF-8");
    let first = newest + 1;
    assert_eq!(event, format!("event: reset\ndata: the world was reset; its ledger goes on with entry {first}\n\n"));
    perform(&server, &["{ user: alice, says: two }"]).await;
    let event = String::from_utf8(reader.chunk().await.expect("an entry")).expect("UTF-8");
    assert!(event.starts_with(&format!("id: {first}\ndata: ")), "{event}");
}

/// What is on its way is a part of the world: attempts to come, half a batch, dice and turns of faults.
#[tokio::test]
async fn webhooks_that_wait_go_on_waiting_after_a_restore() {
    let before = [
        "{ fault: { webhook: messages, app: support, fails: 500, times: 3 } }",
        "{ fault: { webhook: messages, app: support, to: bob, batch: 3, nth: 2 } }",
        "{ fault: { webhook: standby, app: sales, late: 3s } }",
        "{ user: alice, says: one }",
        "{ clock: +1s }",
        "{ user: bob, says: two }",
        "{ user: bob, says: three }",
    ];
    let after = ["{ user: alice, says: four }", "{ clock: +1s }", "{ clock: +10s }", "{ clock: +2h }"];
    let first = TestServer::start(BAKERY).await;
    perform(&first, &before).await;
    let file = snapshot(&first).await;
    perform(&first, &after).await;
    let second = TestServer::start(BAKERY).await;
    assert_eq!(restore(&second, &file).await.status, 200);
    assert_eq!(snapshot(&second).await, file, "a restored world is the same at rest");
    perform(&second, &after).await;
    let (once, again) = (lines(&first).await, lines(&second).await);
    assert!(once.contains("\"attempt\":3") && once.contains("\"with\":["), "{once}");
    assert_eq!(again, once);
}

/// The places of all numbers in a value.
fn numbers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(at),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| numbers(item, format!("{at}/{index}"), found));
        }
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            numbers(member, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found)
        }),
        _ => {}
    }
}

#[tokio::test]
async fn no_number_in_a_snapshot_of_somebody_else_ends_in_a_panic() {
    let server = TestServer::start(GUARDED).await;
    perform(&server, &BEFORE[..2]).await;
    perform(&server, &AFTER[..2]).await;
    let file = snapshot(&server).await;
    let whole: Value = serde_json::from_slice(&file).expect("JSON");
    let mut places = Vec::new();
    for part in ["history", "pending", "faults", "cursors", "resets", "now", "answers", "faults_armed"] {
        numbers(&whole["content"][part], format!("/{part}"), &mut places);
    }
    assert!(places.len() > 20, "{places:?}");
    let mut named = 0;
    for place in &places {
        for number in [json!(4000), json!(u64::from(u32::MAX)), json!(u64::MAX)] {
            let forged = forged(&file, |content| *content.pointer_mut(place).expect("a place") = number.clone());
            let reply = restore(&server, &forged).await;
            assert!([200, 400, 413, 422].contains(&reply.status), "{place} {number}: {}", reply.text());
            assert!(!reply.text().contains("panic"), "{place} {number}: {}", reply.text());
            if reply.status == 200 {
                let fault =
                    post("/_control/worlds/default/faults").body("{ at: send, reply: rate_limited, optional: true }");
                assert_ne!(server.ask(fault).await.status, 500, "{place} {number}");
                let me = get("/v25.0/me?access_token=EAAsupport");
                assert_ne!(server.ask(me).await.status, 500, "{place} {number}");
            }
            named += usize::from(reply.text().contains("and its world has"));
        }
    }
    assert!(named > 10, "{named} keys were refused by name");
}
