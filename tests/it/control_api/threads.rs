//! Threads: their order, a part of them, their owners so far, and where their messages stand in the ledger.

use serde_json::{Value, json};

use crate::control_api::{mistakes, read};
use crate::support::{BAKERY, TestServer, get};

fn people(threads: &Value) -> Vec<&str> {
    threads["threads"].as_array().into_iter().flatten().filter_map(|thread| thread["person"].as_str()).collect()
}

#[tokio::test]
async fn the_thread_with_the_newest_event_comes_first_and_a_part_can_be_asked_for() {
    let mut server = TestServer::start(&format!("{BAKERY}  carol: {{}}\n")).await;
    for (person, later) in [("alice", "1h"), ("bob", "1h"), ("carol", "1h"), ("alice", "1h")] {
        server.step(&format!("{{ user: {person}, says: Hi }}")).await;
        server.step(&format!("{{ clock: +{later} }}")).await;
    }
    let all = server.control("/threads").await;
    assert_eq!((people(&all), &all["after"]), (vec!["alice", "carol", "bob"], &Value::Null));
    let first = server.control("/threads?limit=2").await;
    assert_eq!((people(&first), &first["after"]), (vec!["alice", "carol"], &json!("carol@bakery")));
    let rest = server.control("/threads?limit=2&after=carol@bakery").await;
    assert_eq!((people(&rest), &rest["after"]), (vec!["bob"], &Value::Null));
    assert_eq!(people(&server.control("/threads?person=bob").await), ["bob"]);
    assert_eq!(people(&server.control("/threads?page=bakery&person=carol").await), ["carol"]);
    let none = server.control("/threads?after=bob@bakery").await;
    assert_eq!(none, json!({ "threads": [], "after": null }));
}

#[tokio::test]
async fn mistakes_in_the_query_are_answered_in_words() {
    let server = TestServer::start(BAKERY).await;
    let at = |query: &str| get(format!("/_control/worlds/default/threads?{query}"));
    let rows = vec![
        ("an unknown person", at("person=alcie")),
        ("no thread", at("after=alice")),
        ("an unknown page", at("after=alice@bakry")),
        ("no number", at("limit=0")),
    ];
    insta::assert_snapshot!(mistakes(&server, rows).await, @r"
    an unknown person: 400 there is no person `alcie`, did you mean `alice`? (known are: alice, bob)
    no thread: 400 `after=alice`: a thread is named like `alice@bakery`
    an unknown page: 400 there is no page `bakry`, did you mean `bakery`? (known are: bakery)
    no number: 400 `limit=0`: a whole number from 1
    ");
}

#[tokio::test]
async fn a_thread_has_its_owners_so_far_with_rule_and_entry() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    let thread = server.control("/threads/bakery/alice").await;
    let entry = thread["owners"][0]["entry"].as_u64().expect("an entry");
    assert_eq!(
        thread["owners"],
        json!([{
            "at": "2026-03-02T09:00:00Z", "from": "support", "to": "sales", "rule": "routing.ad.marketing_app",
            "entry": entry, "ends": "2026-03-03T09:00:00Z",
        }])
    );
    let page = server.control(&format!("/ledger?after={}&limit=1", entry - 1)).await;
    assert_eq!(page["entries"][0]["kind"], "owner_changed");
    server.step("{ clock: +24h }").await;
    let owners = server.control("/threads/bakery/alice").await["owners"].clone();
    assert_eq!(owners.as_array().map(Vec::len), Some(2), "{owners}");
    assert!(owners[0].get("ends").is_none(), "it has ended: {owners}");
    assert_eq!(
        (&owners[1]["at"], &owners[1]["to"], owners[1].get("entry")),
        (&json!("2026-03-03T09:00:00Z"), &json!("support"), None),
        "no entry says yet that control lapsed"
    );
}

#[tokio::test]
async fn a_message_has_the_entry_that_it_came_from_while_the_ledger_has_it() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    server.step("{ app: sales, sends: Hello }").await;
    let transcript = server.control("/threads/bakery/alice").await["transcript"].clone();
    let kinds = ["shown", "command", "command"];
    for (message, kind) in transcript.as_array().expect("a transcript").iter().zip(kinds) {
        let entry = message["entry"].as_u64().expect("an entry");
        let page = server.control(&format!("/ledger?after={}&limit=1", entry - 1)).await;
        assert_eq!(
            (&page["entries"][0]["cursor"], &page["entries"][0]["kind"]),
            (&json!(entry), &json!(kind)),
            "{page}"
        );
    }
    server.ask(crate::support::delete("/_control/worlds/default/ledger")).await;
    let transcript = server.control("/threads/bakery/alice").await["transcript"].clone();
    assert_eq!(transcript.as_array().map(Vec::len), Some(3));
    assert!(transcript.as_array().into_iter().flatten().all(|message| message.get("entry").is_none()), "{transcript}");
}

#[tokio::test]
async fn a_world_says_what_its_pages_are_and_where_its_page_is() {
    let server = TestServer::start(BAKERY).await;
    let world = read(&server, "/_control/worlds/default").await;
    let page = &world["pages"]["bakery"];
    assert_eq!((&page["platform"], &page["default_app"]), (&json!("messenger"), &json!("support")));
    assert_eq!(world["people"]["alice"]["first_name"], "Alice");
    let inspector = format!("http://{}/_inspector/#/default/", server.address());
    let expected = if cfg!(feature = "inspector") { json!(inspector) } else { Value::Null };
    assert_eq!(world["inspector"], expected);
    server.http_step("{ admin: bakery, sets_default_app: sales }").await;
    let world = read(&server, "/_control/worlds/default").await;
    assert_eq!(world["pages"]["bakery"]["default_app"], "sales");
    server.http_step("{ fault: { at: send, reply: rate_limited } }").await;
    let worlds = read(&server, "/_control/worlds").await;
    assert_eq!(worlds["worlds"][0]["counts"]["faults"], 1);
}
