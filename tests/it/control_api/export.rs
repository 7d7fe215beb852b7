//! The ledger as it leaves the process: JSON Lines, taking and clearing, and streams that go on where they were cut off.

use serde_json::{Value, json};

use crate::control_api::{kinds, message};
use crate::support::{BAKERY, Reply, TestServer, delete, get};

const LEDGER: &str = "/_control/worlds/default/ledger";

fn lines(reply: &Reply) -> Vec<Value> {
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/x-ndjson")), "{}", reply.text());
    reply.text().lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

fn cursors(entries: &[Value]) -> Vec<u64> {
    entries.iter().filter_map(|entry| entry["cursor"].as_u64()).collect()
}

#[tokio::test]
async fn json_lines_are_the_entries_of_the_ledger_one_a_line() {
    let server = TestServer::after(BAKERY, &["{ user: alice, says: Hi }", "{ app: support, sends: Hello }"]).await;
    let as_json = server.control("/ledger").await;
    let by_path = server.ask(get(format!("{LEDGER}.jsonl"))).await;
    assert_eq!(json!(lines(&by_path)), as_json["entries"]);
    let by_accept = server.ask(get(LEDGER).header("Accept", "application/x-ndjson")).await;
    assert_eq!(by_accept.text(), by_path.text());
    let some = lines(&server.ask(get(format!("{LEDGER}.jsonl?kind=webhook&app=support&limit=1"))).await);
    assert_eq!(kinds(&json!(some)), ["webhook"]);
}

#[tokio::test]
async fn the_same_steps_give_the_same_lines() {
    let mut shown = Vec::new();
    for _ in 0..2 {
        let server =
            TestServer::after(BAKERY, &["{ user: alice, taps_ad: tulips, says: Hi }", "{ clock: +24h }"]).await;
        shown.push(server.ask(get(format!("{LEDGER}.jsonl?stable=true"))).await.text().to_owned());
    }
    assert_eq!(shown[0], shown[1]);
    insta::assert_snapshot!(shown[0].lines().next().unwrap_or_default(), @r#"{"cursor":1,"cause":1,"at":"2026-03-02T09:00:00Z","kind":"command","page":"bakery","person":"alice","text":"alice taps the ad tulips and says \"Hi\""}"#);
}

#[tokio::test]
async fn entries_are_taken_once_and_none_is_lost_between() {
    let mut server = TestServer::after(BAKERY, &["{ user: alice, says: one }"]).await;
    let whole = server.control("/ledger").await;
    let first = server.ask(delete(format!("{LEDGER}?limit=2"))).await.json();
    assert_eq!((&first["after"], first["entries"].as_array().map(Vec::len)), (&json!(2), Some(2)));
    let rest = server.ask(delete(LEDGER)).await.json();
    let both: Vec<Value> = [&first, &rest]
        .into_iter()
        .flat_map(|shown| shown["entries"].as_array().cloned().unwrap_or_default())
        .collect();
    assert_eq!(json!(both), whole["entries"]);
    let nothing = server.ask(delete(LEDGER)).await.json();
    assert_eq!(nothing, json!({ "entries": [], "after": whole["after"] }));
    server.step("{ user: alice, says: two }").await;
    let taken = lines(&server.ask(delete(LEDGER).header("Accept", "application/x-ndjson")).await);
    assert_eq!(cursors(&taken).first().copied(), whole["after"].as_u64().map(|after| after + 1));
    let gone = server.ask(get(format!("{LEDGER}?after=1"))).await;
    let next = cursors(&taken).last().map(|last| last + 1).expect("entries");
    let shown = format!("the ledger was taken and cleared: everything before entry {next} is gone");
    assert_eq!((gone.status, message(&gone)), (410, shown));
}

#[tokio::test]
async fn takers_at_the_same_time_share_the_entries_out_between_them() {
    let mut server = TestServer::start(BAKERY).await;
    let mut taken = Vec::new();
    for _ in 0..5 {
        server.step("{ user: alice, says: Hi }").await;
        let take = || server.ask(delete(format!("{LEDGER}?limit=3")));
        let (left, right) = tokio::join!(take(), take());
        taken.extend(cursors(left.json()["entries"].as_array().expect("entries")));
        taken.extend(cursors(right.json()["entries"].as_array().expect("entries")));
    }
    taken.extend(cursors(server.ask(delete(LEDGER)).await.json()["entries"].as_array().expect("entries")));
    taken.sort_unstable();
    assert_eq!(taken, (1..=taken.len() as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn steps_go_on_after_the_ledger_was_taken() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(server.http_step("{ user: alice, says: Hi }").await.status, 200);
    server.ask(delete(LEDGER)).await;
    let late = server.http_step("{ expect: [{ app: support, gets: messages }] }").await;
    assert_eq!(late.status, 422);
    assert!(message(&late).contains("the ledger was taken and cleared"), "{}", late.text());
    assert_eq!(server.http_step("{ app: support, sends: Hello }").await.status, 200);
    assert_eq!(server.http_step("{ expect: [{ message: { from: support, text: Hello } }] }").await.status, 200);
    let story = server.control("/threads/bakery/alice/explain").await.to_string();
    assert!(story.contains("the ledger was taken and cleared: everything before entry"), "{story}");
}

#[tokio::test]
async fn a_stream_goes_on_after_the_event_that_came_last_and_says_what_is_gone() {
    let server = TestServer::after(BAKERY, &["{ user: alice, says: Hi }"]).await;
    let open = async |last: &str| {
        let mut reader = server.connect().await;
        let asks = get(format!("{LEDGER}/stream?stable=true")).header("Last-Event-ID", last);
        reader.send(&asks.bytes(server.address())).await;
        assert_eq!(reader.head().await.status, 200);
        String::from_utf8(reader.chunk().await.expect("an event")).expect("UTF-8")
    };
    assert!(open("1").await.starts_with("id: 2\ndata: {\"cursor\":2,"));
    server.ask(delete(format!("{LEDGER}?limit=2"))).await;
    let shown = open("1").await;
    assert!(
        shown.starts_with("event: gone\ndata: the ledger was taken and cleared: everything before entry 3 is gone\n\n"),
        "{shown}"
    );
    let wrong = server.ask(get(format!("{LEDGER}/stream")).header("Last-Event-ID", "first")).await;
    assert_eq!(wrong.status, 400);
    assert!(message(&wrong).starts_with("`Last-Event-ID: first`"), "{}", wrong.text());
}
