//! Ledger, stream, threads and clock.

use serde_json::{Value, json};

use crate::control_api::{kinds, mistakes, read};
use crate::support::{BAKERY, TestServer, get, post};

fn cursors(shown: &Value) -> Vec<u64> {
    shown["entries"].as_array().into_iter().flatten().filter_map(|entry| entry["cursor"].as_u64()).collect()
}

#[tokio::test]
async fn the_ledger_is_read_on_from_a_cursor_in_pages() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi }").await;
    let whole = server.control("/ledger").await;
    let all = cursors(&whole);
    assert_eq!(all, (1..=all.len() as u64).collect::<Vec<_>>());
    assert_eq!(whole["after"], json!(all.len()));
    let mut paged = Vec::new();
    let mut after = 0;
    loop {
        let page = server.control(&format!("/ledger?after={after}&limit=3")).await;
        if cursors(&page).is_empty() {
            break;
        }
        assert!(cursors(&page).len() <= 3);
        paged.extend(cursors(&page));
        after = page["after"].as_u64().unwrap_or_default();
    }
    assert_eq!(paged, all);
    assert_eq!(server.control(&format!("/ledger?after={}", all.len())).await["entries"], json!([]));
    let ahead = server.ask(get("/_control/worlds/default/ledger?after=99999")).await;
    assert_eq!(ahead.status, 410);
    assert!(
        crate::control_api::message(&ahead).starts_with(&format!("the ledger ends with entry {}", all.len())),
        "{}",
        ahead.text()
    );
}

#[tokio::test]
async fn the_ledger_is_filtered_by_kind_app_page_and_person() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi }").await;
    server.step("{ user: bob, taps_ad: tulips, says: Hello }").await;
    for (filter, key, value) in [
        ("kind=webhook", "kind", "webhook"),
        ("app=sales", "app", "sales"),
        ("page=bakery", "page", "bakery"),
        ("person=bob", "person", "bob"),
    ] {
        let some = server.control(&format!("/ledger?{filter}")).await;
        let entries = some["entries"].as_array().cloned().unwrap_or_default();
        assert!(!entries.is_empty() && entries.iter().all(|entry| entry[key] == value), "{filter}: {some}");
        let all = server.control("/ledger").await;
        let matching = all["entries"].as_array().into_iter().flatten().filter(|entry| entry[key] == value).count();
        assert_eq!(entries.len(), matching, "{filter} leaves nothing out");
    }
    let both = server.control("/ledger?kind=webhook&app=sales&person=alice").await;
    assert_eq!(kinds(&both["entries"]), ["webhook"]);
    assert_eq!(both["entries"][0]["channel"], "standby");
}

#[tokio::test]
async fn an_entry_has_its_cause_its_rule_and_the_whole_webhook() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi }").await;
    let asked = server.control("/ledger?kind=command").await["entries"][0].clone();
    let webhook = server.control("/ledger?kind=webhook&app=support").await["entries"][0].clone();
    assert_eq!(webhook["cause"], asked["cursor"]);
    assert_eq!(webhook["at"], "2026-03-02T09:00:00Z");
    assert_eq!(
        (&webhook["field"], &webhook["decision"], &webhook["channel"]),
        (&json!("messages"), &json!("deliver"), &json!("messaging"))
    );
    assert_eq!(webhook["body"]["entry"][0]["messaging"][0]["message"]["text"], "Hi");
    let rules = read(&server, "/_control/rules").await;
    let ids: Vec<&Value> = rules["rules"].as_array().into_iter().flatten().map(|rule| &rule["id"]).collect();
    let whole = server.control("/ledger").await;
    for entry in whole["entries"].as_array().into_iter().flatten().filter(|entry| entry.get("rule").is_some()) {
        assert!(ids.contains(&&entry["rule"]), "{entry}");
    }
}

#[tokio::test]
async fn a_withheld_webhook_stands_there_with_its_reason_and_without_a_body() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ admin: bakery, sets_standby: { sales: false } }").await;
    server.step("{ user: alice, says: Hi }").await;
    let withheld = server.control("/ledger?kind=webhook&app=sales").await["entries"][0].clone();
    assert_eq!(
        (&withheld["decision"], &withheld["rule"]),
        (&json!("withhold"), &json!("webhook.withheld.standby_toggle_off"))
    );
    assert_eq!(withheld.get("body"), None);
}

#[tokio::test]
async fn who_waits_before_it_happens_gets_it() {
    let mut server = TestServer::start(BAKERY).await;
    let mut reader = server.connect().await;
    let asks = get("/_control/worlds/default/ledger?kind=webhook&app=support&wait=30s").bytes(server.address());
    reader.send(&asks).await;
    // A whole call on another connection meanwhile: by then the server has the reader's request.
    server.control("/clock").await;
    server.step("{ user: alice, says: Hi }").await;
    let shown = reader.reply().await.json();
    assert_eq!(shown["entries"][0]["body"]["entry"][0]["messaging"][0]["message"]["text"], "Hi");
    // The same connection waits for the next one, which is of another kind and must not wake it up for good.
    let after = &shown["after"];
    let asks =
        get(format!("/_control/worlds/default/ledger?after={after}&kind=refused&wait=30s")).bytes(server.address());
    reader.send(&asks).await;
    server.control("/clock").await;
    server.step("{ user: alice, says: And }").await;
    server.step("{ app: sales, sends: No, refused: { code: 10 } }").await;
    assert_eq!(kinds(&reader.reply().await.json()["entries"]), ["refused"]);
}

#[tokio::test]
async fn who_waits_in_vain_gets_nothing_and_a_cursor() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi }").await;
    let newest = server.control("/ledger").await["after"].clone();
    let shown = server.control("/ledger?kind=refused&wait=1ms").await;
    assert_eq!(shown, json!({ "entries": [], "after": newest }));
    // Whoever wants only what comes next need not read what has been.
    assert_eq!(server.control("/ledger?after=now").await, json!({ "entries": [], "after": newest }));
    assert_eq!(server.control("/calls?after=now").await, json!({ "calls": [], "after": newest }));
}

#[tokio::test]
async fn a_stream_sends_each_entry_as_an_event_until_the_reader_leaves() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: before }").await;
    let mut reader = server.connect().await;
    let asks = get("/_control/worlds/default/ledger/stream?kind=webhook&app=support").bytes(server.address());
    reader.send(&asks).await;
    let head = reader.head().await;
    assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")));
    for text in ["one", "two"] {
        server.step(&format!("{{ user: alice, says: {text} }}")).await;
        let event = String::from_utf8(reader.chunk().await.expect("an event")).expect("UTF-8");
        let (id, data) = event.split_once('\n').expect("two lines");
        let data =
            data.strip_prefix("data: ").and_then(|data| data.strip_suffix("\n\n")).expect("data and an empty line");
        let entry: Value = serde_json::from_str(data).expect("an entry");
        assert_eq!(id, format!("id: {}", entry["cursor"]));
        assert_eq!(entry["body"]["entry"][0]["messaging"][0]["message"]["text"], text);
    }
    drop(reader);
    server.step("{ user: alice, says: after }").await;
    server.step("{ expect: [{ app: support, gets: messages, text: after }] }").await;
}

#[tokio::test]
async fn a_stream_begins_after_the_cursor_that_is_asked_for_and_ends_with_the_server() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi }").await;
    let mut reader = server.connect().await;
    reader.send(&get("/_control/worlds/default/ledger/stream?after=0&kind=command").bytes(server.address())).await;
    assert_eq!(reader.head().await.status, 200);
    let event = String::from_utf8(reader.chunk().await.expect("an event")).expect("UTF-8");
    assert!(event.starts_with("id: 1\ndata: {"), "{event}");
    server.emulator.stop().await;
    assert_eq!(reader.chunk().await, None, "the stream ends in order");
}

#[tokio::test]
async fn mistakes_in_a_query_are_answered_with_what_was_meant() {
    let server = TestServer::start(BAKERY).await;
    let at = |path: &str| get(format!("/_control/worlds/default/{path}"));
    let rows = vec![
        ("an unknown parameter", at("ledger?aftr=1")),
        ("an unknown kind", at("ledger?kind=webhok")),
        ("a kind that was renamed", at("ledger?kind=called")),
        ("an unknown app", at("ledger?app=suport")),
        ("an unknown page", at("ledger?page=bakry")),
        ("an unknown person", at("ledger?person=alcie")),
        ("a cursor that is none", at("ledger?after=first")),
        ("a cursor below zero", at("ledger?after=-1")),
        ("a parameter twice", at("ledger?after=1&after=2")),
        ("a limit of nothing", at("ledger?limit=0")),
        ("a wait without a unit", at("ledger?wait=2")),
        ("an unknown app in the stream", at("ledger/stream?app=suport")),
        ("a thread of an unknown page", at("threads/bakry/alice")),
        ("a thread of an unknown person", at("threads/bakery/alcie")),
        ("a clock without a unit", post("/_control/worlds/default/clock").body("{ advance: 24 }")),
        ("a clock that runs backwards", post("/_control/worlds/default/clock").body("{ to: 2026-01-01T00:00:00Z }")),
        ("a clock with both", post("/_control/worlds/default/clock").body("{ advance: 1h, to: 2027-01-01T00:00:00Z }")),
        ("a clock with neither", post("/_control/worlds/default/clock").body("{}")),
        ("a moment that is none", post("/_control/worlds/default/clock").body("{ to: tomorrow }")),
    ];
    let of_the_poll = server.ask(at("ledger/stream?wait=1s")).await;
    assert!(
        crate::control_api::message(&of_the_poll).starts_with("unknown parameter `wait`"),
        "{}",
        of_the_poll.text()
    );
    insta::assert_snapshot!(mistakes(&server, rows).await, @r#"
    an unknown parameter: 400 unknown parameter `aftr`, did you mean `after`? (known are: after, kind, app, page, person, wait, limit, stable, secrets)
    an unknown kind: 400 there is no kind `webhok`, did you mean `webhook`? (known are: command, refused, webhook_event, routed, owner_changed, control_kept, allowed, applied, shown, window_opened, setting_changed, warning, webhook, graph_call, call_failed, read, delivery_attempt, delivery_state, fault_armed, fault_disarmed, clock)
    a kind that was renamed: 400 there is no kind `called`; it is `graph_call` now
    an unknown app: 400 there is no app `suport`, did you mean `support`? (known are: support, sales, loyalty, inbox, lead_ads)
    an unknown page: 400 there is no page `bakry`, did you mean `bakery`? (known are: bakery)
    an unknown person: 400 there is no person `alcie`, did you mean `alice`? (known are: alice, bob)
    a cursor that is none: 400 `after=first`: a cursor is a whole number, or `now`
    a cursor below zero: 400 `after=-1`: a cursor is a whole number, or `now`
    a parameter twice: 400 the parameter `after` stands in the query more than once
    a limit of nothing: 400 `limit=0`: a whole number from 1
    a wait without a unit: 400 `wait=2`: a length of time is a number with its unit: 300ms, 2s, 90m, 24h, 7d, or 1h30m
    an unknown app in the stream: 400 there is no app `suport`, did you mean `support`? (known are: support, sales, loyalty, inbox, lead_ads)
    a thread of an unknown page: 404 there is no page `bakry`, did you mean `bakery`? (known are: bakery)
    a thread of an unknown person: 404 there is no person `alcie`, did you mean `alice`? (known are: alice, bob)
    a clock without a unit: 400 `advance`: a length of time is a number with its unit: 300ms, 2s, 90m, 24h, 7d, or 1h30m
    a clock that runs backwards: 422 the request:1:1: the clock cannot go back: it is already 2026-03-02T09:00:00Z
    a clock with both: 400 send {"advance": "+24h"} or {"to": "2026-03-03T09:00:00Z"}
    a clock with neither: 400 send {"advance": "+24h"} or {"to": "2026-03-03T09:00:00Z"}
    a moment that is none: 400 `to`: a moment is written like 2026-03-02T09:00:00Z
    "#);
}

#[tokio::test]
async fn entries_that_the_ledger_has_dropped_are_said_to_be_gone() {
    let world = format!("{BAKERY}limits: {{ ledger: 5 }}\n");
    let server = TestServer::after(&world, &["{ user: alice, says: Hi }", "{ user: alice, says: Hi }"]).await;
    let reply = server.ask(get("/_control/worlds/default/ledger?after=1")).await;
    assert_eq!(reply.status, 410);
    assert!(
        crate::control_api::message(&reply)
            .starts_with("the ledger keeps the newest 5 entries: everything before entry"),
        "{}",
        reply.text()
    );
    assert_eq!(
        server.control("/ledger").await["entries"].as_array().map(Vec::len),
        Some(5),
        "from the beginning is from what is left"
    );
}

#[tokio::test]
async fn a_thread_has_its_owner_its_window_and_its_transcript() {
    let mut server = TestServer::start(BAKERY).await;
    let nothing = server.control("/threads/bakery/alice").await;
    assert_eq!(
        (&nothing["owner"], &nothing["window"], &nothing["transcript"]),
        (&json!("support"), &json!("closed"), &json!([]))
    );
    assert_eq!(server.control("/threads").await, json!({ "threads": [], "after": null }));
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    server.step("{ app: sales, sends: Hello }").await;
    let thread = server.control("/threads/bakery/alice").await;
    let mut summary = thread.clone();
    for more in ["transcript", "owners"] {
        summary.as_object_mut().expect("a thread").remove(more);
    }
    assert_eq!(
        summary,
        json!({
            "page": "bakery", "person": "alice", "psid": "3001", "owner": "sales", "since": "2026-03-02T09:00:00Z",
            "until": "2026-03-03T09:00:00Z", "because": "routing.ad.marketing_app", "window": "open",
        })
    );
    let last = thread["transcript"].as_array().and_then(|messages| messages.last()).cloned().expect("a message");
    summary["last_message"] =
        json!({ "mid": last["mid"], "at": last["at"], "from": "sales", "content": last["content"] });
    assert_eq!(server.control("/threads").await, json!({ "threads": [summary], "after": null }));
    let said: Vec<(&Value, &Value)> = thread["transcript"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|said| (&said["from"], &said["content"]["text"]))
        .collect();
    assert_eq!(
        said,
        [(&json!("tulips"), &Value::Null), (&json!("alice"), &json!("Hi")), (&json!("sales"), &json!("Hello"))]
    );
}

#[tokio::test]
async fn the_clock_is_read_and_turned() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    let clock = server.control("/clock").await;
    assert_eq!((&clock["now"], &clock["mode"]), (&json!("2026-03-02T09:00:00Z"), &json!("frozen")));
    let turn = async |body: &str| server.ask(post("/_control/worlds/default/clock").body(body)).await;
    assert_eq!(turn(r#"{"advance":"+1h30m"}"#).await.json()["now"], "2026-03-02T10:30:00Z");
    assert_eq!(turn("{ advance: 30m }").await.json()["now"], "2026-03-02T11:00:00Z");
    assert_eq!(turn("{ to: 2026-03-03T09:00:00Z }").await.json()["now"], "2026-03-03T09:00:00Z");
    let thread = server.control("/threads/bakery/alice").await;
    assert_eq!(
        (&thread["owner"], &thread["window"], &thread["until"]),
        (&json!("support"), &json!("closed"), &Value::Null)
    );
    assert_eq!(server.entries("clock").await.len(), 3);
}
