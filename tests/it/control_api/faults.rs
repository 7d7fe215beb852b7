//! Faults over HTTP: armed in the words of a step, listed with what they did, and taken away.

use serde_json::{Value, json};

use crate::control_api::{drawn, message, mistakes};
use crate::support::{BAKERY, Reply, TestServer, delete, get, post};

const FAULTS: &str = "/_control/worlds/default/faults";

async fn arm(server: &TestServer, fault: &str) -> Reply {
    server.ask(post(FAULTS).body(fault)).await
}

/// A fault as the list has it, without what no step says.
fn without_ours(mut shown: Value) -> Value {
    for key in ["fault", "text", "met", "fired"] {
        let gone = shown.as_object_mut().and_then(|shown| shown.remove(key));
        assert!(gone.is_some(), "no `{key}`");
    }
    shown
}

async fn me(server: &TestServer) -> u16 {
    server.ask(get("/me").bearer("EAAsupport")).await.status
}

#[tokio::test]
async fn a_fault_is_armed_and_listed_in_the_words_of_a_step() {
    let server = TestServer::start(BAKERY).await;
    let reply = arm(&server, "{ at: send, app: support, to: alice, page: bakery, breaks: reset, nth: 2 }").await;
    assert_eq!(reply.status, 201);
    let shown = json!({
        "at": "send", "app": "support", "to": "alice", "page": "bakery", "breaks": "reset", "after": false, "times": 1, "nth": 2,
        "every": 1, "optional": false, "fault": 1,
        "text": "send of support to alice on bakery breaks: reset, on call 2", "met": 0, "fired": 0,
    });
    assert_eq!(reply.json(), shown);
    assert_eq!(server.control("/faults").await, json!({ "faults": [shown] }));
}

#[tokio::test]
async fn a_listed_fault_can_be_armed_again() {
    let server = TestServer::start(BAKERY).await;
    for fault in [
        "{ at: any, reply: rate_limited, times: always, every: 3 }",
        "{ at: send, status: 429, body: { a: 1 }, after: true }",
        "{ at: send, html: 502, latency: 1500ms, chance: 10% }",
        "{ at: send, usage: { call_count: 95, estimated_time_to_regain_access: 90m } }",
    ] {
        let shown = without_ours(arm(&server, fault).await.json());
        let again = without_ours(arm(&server, &shown.to_string()).await.json());
        assert_eq!(again, shown, "{fault}");
    }
}

#[tokio::test]
async fn a_list_counts_how_often_each_was_met_while_it_waited_and_fired() {
    let server = TestServer::start(BAKERY).await;
    arm(&server, "{ at: page_read, html: 503, nth: 2 }").await;
    assert_eq!([me(&server).await, me(&server).await, me(&server).await], [200, 503, 200]);
    let shown = server.control("/faults").await["faults"][0].clone();
    assert_eq!((&shown["met"], &shown["fired"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn faults_are_taken_away_by_their_numbers_or_all_at_once() {
    let server = TestServer::start(BAKERY).await;
    for _ in 0..3 {
        arm(&server, "{ at: any, html: 503, times: always }").await;
    }
    assert_eq!(server.ask(delete(format!("{FAULTS}/2"))).await.status, 204);
    let numbers =
        |shown: Value| shown["faults"].as_array().into_iter().flatten().map(|one| one["fault"].clone()).collect();
    let left: Vec<Value> = numbers(server.control("/faults").await);
    assert_eq!((left, me(&server).await), (vec![json!(1), json!(3)], 503));
    assert_eq!(server.ask(delete(FAULTS)).await.status, 204);
    assert_eq!((server.control("/faults").await, me(&server).await), (json!({ "faults": [] }), 200));
    let gone = server.entries("fault_disarmed").await;
    assert_eq!(gone.iter().map(|entry| entry["fault"].clone()).collect::<Vec<_>>(), [2, 1, 3]);
}

#[tokio::test]
async fn a_reset_forgets_them() {
    let server = TestServer::start(BAKERY).await;
    arm(&server, "{ at: any, html: 503, times: always }").await;
    assert_eq!(server.ask(post("/_control/worlds/default/reset")).await.status, 204);
    assert_eq!((server.control("/faults").await, me(&server).await), (json!({ "faults": [] }), 200));
}

#[tokio::test]
async fn what_is_wrong_with_a_fault_is_said_and_nothing_is_armed() {
    let server = TestServer::start(BAKERY).await;
    arm(&server, "{ at: send, breaks: close }").await;
    let rows = vec![
        ("no fault", post(FAULTS).body("[1]")),
        ("nothing", post(FAULTS).body("{ at: send }")),
        ("an unknown app", post(FAULTS).body("{ at: send, app: suport, breaks: reset }")),
        ("two answers", post(FAULTS).body("{ at: send, reply: unavailable, status: 500 }")),
        ("an unknown number", delete(format!("{FAULTS}/7"))),
        ("no number", delete(format!("{FAULTS}/all"))),
        ("another method", post(format!("{FAULTS}/1"))),
    ];
    insta::assert_snapshot!(mistakes(&server, rows).await, @"
    no fault: 400 the fault:1:1: a fault needs one of: at, webhook
    nothing: 400 the fault:1:1: nothing goes wrong with this fault
    an unknown app: 400 the fault:1:18: unknown app `suport`, did you mean `support`?
    two answers: 400 the fault:1:1: a call has one answer, and this fault gives it `reply` and `status`
    an unknown number: 404 there is no fault `7` (known are: 1)
    no number: 404 there is no fault `all` (known are: 1)
    another method: 405 /_control/worlds/default/faults/1 takes DELETE, not POST
    ");
    assert_eq!(server.control("/faults").await["faults"].as_array().map(Vec::len), Some(1));
    let reply = arm(&server, "{ at: sent, breaks: reset }").await;
    assert!(message(&reply).contains("did you mean `send`?"), "{}", message(&reply));
    assert!(drawn(&reply).contains("{ at: sent, breaks: reset }"), "{}", drawn(&reply));
}
