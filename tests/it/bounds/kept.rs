//! What worlds keep is bounded in bytes: the oldest goes first, and what does not fit is refused before it is made.

use serde_json::{Map, Value, json};

use super::{Served, world};
use crate::support::{Answer, Bot, Request, TestServer, files, get, post, put};

const MESSAGES: &str = "/v25.0/me/messages";

/// A message with a file of so many bytes.
fn upload(bytes: usize) -> Request {
    let part = |head: &str, body: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let body = part("name=\"recipient\"", "{\"id\":\"3001\"}")
        + &part("name=\"message\"", "{\"attachment\":{\"type\":\"file\",\"payload\":{\"is_reusable\":true}}}")
        + &part("name=\"filedata\"; filename=\"a.bin\"", &"x".repeat(bytes))
        + "--x--\r\n";
    post(MESSAGES).bearer("EAAbot").header("Content-Type", "multipart/form-data; boundary=x").body(body)
}

/// What `GET /_control/worlds` says of a world.
async fn described(server: &TestServer) -> Value {
    server.ask(get("/_control/worlds")).await.json()["worlds"][0].clone()
}

#[tokio::test]
async fn uploaded_files_push_the_oldest_entries_out_of_the_ledger() {
    let mut server = TestServer::start(&world(&json!({ "ledger_bytes": 1_000_000 }))).await;
    server.step("{ user: alice, says: Hi }").await;
    for _ in 0..30 {
        assert_eq!(server.ask(upload(100_000)).await.status, 200);
    }
    let kept = described(&server).await["memory"].clone();
    let ledger = kept["ledger"].as_u64().expect("bytes");
    assert!((800_000..=1_100_000).contains(&ledger), "{kept}");
    assert_eq!(server.entries("graph_call").await.len(), 9, "a file counts in full");
    let gone = server.ask(get("/_control/worlds/default/ledger?after=1")).await;
    assert!(gone.text().contains("the ledger keeps the newest 1000000 bytes"), "{}", gone.text());
}

#[tokio::test]
async fn long_messages_push_the_oldest_out() {
    let server = TestServer::start(&world(&json!({ "message_bytes": 300_000, "ledger_bytes": 10_000_000 }))).await;
    for number in 0..20 {
        let step = format!("{{ user: alice, says: \"{number} {}\" }}", "x".repeat(50_000));
        assert_eq!(server.http_step(&step).await.status, 200);
    }
    let kept = described(&server).await["memory"].clone();
    let messages = kept["messages"].as_u64().expect("bytes");
    assert!((200_000..=300_000).contains(&messages), "{kept}");
    let ledger = kept["ledger"].as_u64().expect("bytes");
    assert!((1_000_000..4_000_000).contains(&ledger), "a text counts with its command and its event: {kept}");
}

/// A message with an unknown parameter of so many bytes.
fn padded(bytes: usize) -> Request {
    let body = json!({ "recipient": { "id": "3001" }, "message": { "text": "Hi" }, "z": "x".repeat(bytes) });
    post(MESSAGES).bearer("EAAbot").header("Content-Type", "application/json").body(body.to_string())
}

#[tokio::test]
async fn a_large_body_is_cut_in_the_ledger_and_a_snapshot_of_it_restores() {
    let server = TestServer::start(&world(&json!({ "ledger_bytes": 100_000 }))).await;
    assert_eq!(server.http_step("{ user: alice, says: Hi }").await.status, 200);
    let answer = server.ask(padded(5_000_000)).await;
    assert_eq!((answer.status, answer.json()["recipient_id"].as_str()), (200, Some("3001")), "answered as ever");
    let kept = described(&server).await["memory"]["ledger"].as_u64().expect("bytes");
    assert!(kept < 100_000, "{kept}");

    let calls = server.ask(get("/_control/worlds/default/calls")).await.json();
    let call = &calls["calls"][0];
    assert!(call["cut"].as_u64().is_some_and(|bytes| (5_000_000..5_000_200).contains(&bytes)), "{call:#}");
    assert_eq!((&call["body"]["message"]["text"], &call["person"]), (&json!("Hi"), &json!("alice")));
    assert_eq!(call["body"]["z"].as_str().map(|text| text.chars().count()), Some(1025));

    let ledger = || async { server.ask(get("/_control/worlds/default/ledger")).await.json()["entries"].clone() };
    let before = ledger().await;
    assert!(before.to_string().contains("\"cut\":5000"), "{before:#}");
    let snapshot = server.ask(get("/_control/worlds/default/snapshot")).await;
    assert_eq!(snapshot.status, 200, "{}", snapshot.text());
    assert_eq!(server.http_step("{ user: alice, says: Hello }").await.status, 200);
    let restored = server.ask(put("/_control/worlds/default/snapshot?ids=same").body(snapshot.body)).await;
    assert_eq!(restored.status, 200, "{}", restored.text());
    assert_eq!(ledger().await, before);
}

#[tokio::test]
async fn a_large_file_is_cut_and_its_length_stays() {
    let server = TestServer::start(&world(&json!({}))).await;
    assert_eq!(server.ask(upload(3_000_000)).await.status, 400, "outside of the window");
    assert_eq!(server.http_step("{ user: alice, says: Hi }").await.status, 200);
    assert_eq!(server.ask(upload(3_000_000)).await.status, 200);
    let calls = server.ask(get("/_control/worlds/default/calls")).await.json();
    for call in [&calls["calls"][0], &calls["calls"][1]] {
        assert_eq!(call["body"]["filedata"]["bytes"], json!(3_000_000), "{call:#}");
        assert_eq!((call["cut"].is_u64(), &call["person"]), (true, &json!("alice")), "{call:#}");
    }
    let kept = described(&server).await["memory"]["ledger"].as_u64().expect("bytes");
    assert!(kept < 100_000, "{kept}");
    let failed = server.entries("call_failed").await;
    assert!(failed[0]["text"].to_string().contains("its body was cut: it had 3000"), "{failed:?}");
    let recorded = server.ask(get("/_control/worlds/default/scenario")).await;
    assert!(recorded.text().contains("of which the ledger has only a part"), "{}", recorded.text());
}

/// A world with so many pages and people.
fn crowded(pages: usize, people: usize) -> String {
    let named = |prefix: &str, count: usize, value: Value| -> Value {
        (0..count).map(|number| (format!("{prefix}{number}"), value.clone())).collect::<serde_json::Map<_, _>>().into()
    };
    let page = json!({ "default_app": "bot", "apps": { "bot": {} } });
    json!({ "world": { "apps": { "bot": {} }, "pages": named("page", pages, page), "people": named("p", people, json!({})) } })
        .to_string()
}

#[tokio::test]
async fn what_does_not_fit_into_the_memory_of_the_process_is_refused() {
    let served = Served::start(&["--memory", "4MiB"]);
    let make = |body: String| served.ask(post("/_control/worlds").body(body));
    let refused = make(crowded(100, 2_000)).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("4194304 bytes") && refused.text().contains("--memory"), "{}", refused.text());
    assert_eq!(make(crowded(2, 10)).await.status, 201, "a small one fits");
    let listed = served.ask(get("/_control/worlds")).await.json();
    let (used, limit) = (&listed["memory"]["used"], &listed["memory"]["limit"]);
    assert!(used.as_u64().is_some_and(|used| used < 1_000_000) && *limit == json!(4 << 20), "{}", listed["memory"]);
}

#[tokio::test]
async fn worlds_that_grow_beyond_the_memory_of_the_process_drop_their_oldest_entries() {
    let served = Served::start(&["--memory", "4MiB"]);
    for name in ["one", "two"] {
        let body = world(&json!({})).replace("EAAbot", name).replace("\"limits\":{},", "");
        let made = served.ask(post(format!("/_control/worlds?name={name}")).body(body)).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    for number in 0..100 {
        for name in ["one", "two"] {
            let step = format!("{{ user: alice, says: \"{number} {}\" }}", "x".repeat(20_000));
            let stepped = served.ask(post(format!("/_control/worlds/{name}/steps")).body(step)).await;
            assert_eq!(stepped.status, 200, "{}", stepped.text());
        }
    }
    let listed = served.ask(get("/_control/worlds")).await.json();
    let used = listed["memory"]["used"].as_u64().expect("bytes");
    assert!(used < 6 << 20, "{listed:#}");
    let gone = served.ask(get("/_control/worlds/one/ledger?after=1")).await;
    assert!(gone.text().contains("keep at most 4194304 bytes (`--memory`)"), "{}", gone.text());
}

#[tokio::test]
async fn what_apps_save_and_webhooks_that_wait_are_counted() {
    let bot = Bot::answering(|_| Answer::status("500 Internal Server Error", "")).await;
    let world =
        world(&json!({})).replacen("\"bot\":{}", &format!("\"bot\":{{\"webhook\":\"{}\"}}", bot.url("/bot")), 1);
    let server = TestServer::start(&world).await;
    let before = described(&server).await["memory"].clone();
    assert_eq!((&before["saved"], &before["waiting"]), (&json!(0), &json!(0)));
    assert_eq!(server.http_step("{ user: alice, says: Hi }").await.status, 422, "the bot refuses the webhook");
    let url = format!("https://a.example/{}", "x".repeat(1000));
    let calls = [
        ("personas", json!({ "name": "Ann", "profile_picture_url": url })),
        ("custom_labels", json!({ "page_label_name": "new" })),
        (
            "message_attachments",
            json!({ "message": { "attachment": { "type": "image", "payload": { "url": url, "is_reusable": true } } } }),
        ),
    ];
    let mut saved = 0;
    for (edge, body) in calls {
        let answer = server.ask(post(format!("/v25.0/me/{edge}")).bearer("EAAbot").json(body.to_string())).await;
        assert_eq!(answer.status, 200, "{edge}: {}", answer.text());
        let now = described(&server).await["memory"]["saved"].as_u64().expect("bytes");
        assert!(now > saved + if edge == "custom_labels" { 100 } else { 1000 }, "{edge}: {now} after {saved}");
        saved = now;
    }
    let memory = described(&server).await["memory"].clone();
    assert!(memory["waiting"].as_u64().is_some_and(|bytes| bytes > 0), "{memory}");
    let parts = ["ledger", "messages", "threads", "saved", "waiting", "declared"];
    let sum: u64 = parts.iter().filter_map(|part| memory[part].as_u64()).sum();
    assert_eq!(memory["total"], sum);
}

#[tokio::test]
async fn one_call_does_not_take_more_than_a_quarter_of_the_memory_of_the_process() {
    let path = files::file("bounds", "quarter.json", &world(&json!({})));
    let served = Served::start(&["--world", &path, "--memory", "2MiB"]);
    assert!(served.ask(padded(900_000)).await.status >= 400, "nobody has written yet");
    let calls = served.ask(get("/_control/worlds/default/calls")).await.json();
    assert!(calls["calls"][0]["cut"].as_u64().is_some_and(|cut| cut > 900_000), "{calls}");
    let listed = served.ask(get("/_control/worlds")).await.json();
    assert!(listed["worlds"][0]["memory"]["ledger"].as_u64().is_some_and(|bytes| bytes < 600_000), "{listed}");
}

#[tokio::test]
async fn a_description_has_no_more_people_than_it_may() {
    let pages: Map<String, Value> =
        (0..50).map(|page| (format!("p{page}"), json!({ "default_app": "bot", "apps": { "bot": {} } }))).collect();
    let people: Map<String, Value> = (0..2_500).map(|person| (format!("u{person}"), json!({}))).collect();
    let server = TestServer::start(&world(&json!({}))).await;
    let large = json!({ "name": "large", "world": { "apps": { "bot": {} }, "pages": pages, "people": people } });
    let made = server.ask(post("/_control/worlds").body(large.to_string())).await;
    let described = made.json();
    assert_eq!((made.status, &described["more_people"]), (201, &json!(500)), "{}", described["error"]);
    assert_eq!(described["people"].as_object().map(Map::len), Some(2_000));
    let last = server.ask(get("/_control/worlds/large/people?after=u2498")).await.json();
    assert_eq!((&last["people"][0]["name"], &last["next"]), (&json!("u2499"), &Value::Null));
}
