//! Faults on the wire: what a client of the Graph API sees of an answer that is broken, late, or none of the Graph API's own, and what is
//! left of the call.

use std::io::ErrorKind;

use serde_json::{Value, json};

use crate::graph_api::{HELLO, SPOKEN};
use crate::support::{BAKERY, Reply, Request, TestServer, get, post};

fn hello() -> Request {
    post("/me/messages").bearer("EAAsupport").json(HELLO)
}

async fn server_with(fault: &str) -> TestServer {
    let mut server = TestServer::after(BAKERY, SPOKEN).await;
    server.step(&format!("{{ fault: {fault} }}")).await;
    server
}

/// What comes over the wire until the connection ends, and how it ends.
async fn wire(server: &TestServer) -> (String, Option<ErrorKind>) {
    let mut connection = server.connect().await;
    connection.send(&hello().bytes(server.address())).await;
    let (shown, end) = connection.rest().await;
    (String::from_utf8(shown).expect("text"), end)
}

/// How often Alice got `Hello!`.
async fn sent_to_alice(server: &TestServer) -> usize {
    let thread = server.control("/threads/bakery/alice").await;
    let messages = thread["transcript"].as_array().cloned().unwrap_or_default();
    messages.iter().filter(|message| message["content"]["text"] == "Hello!").count()
}

/// The last call of the ledger, in the words that matter here.
async fn last_call(server: &TestServer) -> Value {
    let called = server.entries("graph_call").await;
    let last = called.last().cloned().unwrap_or_default();
    json!({ "fault": last["fault"], "lost": last["lost"], "status": last["status"] })
}

#[tokio::test]
async fn a_connection_ends_as_the_fault_says_and_the_call_counts_as_it_says() {
    for (how, end) in [("reset", Some(ErrorKind::ConnectionReset)), ("close", None)] {
        for (after, messages) in [(false, 0), (true, 1)] {
            let server = server_with(&format!("{{ at: send, breaks: {how}, after: {after} }}")).await;
            assert_eq!(wire(&server).await, (String::new(), end), "{how} {after}");
            assert_eq!(sent_to_alice(&server).await, messages, "{how} {after}");
            assert_eq!(last_call(&server).await, json!({ "fault": 1, "lost": how, "status": null }));
            assert_eq!(server.ask(hello()).await.status, 200, "a fault that is spent meets nobody");
        }
    }
}

#[tokio::test]
async fn a_client_that_hangs_holds_up_nobody_else() {
    for (after, messages) in [(false, 0), (true, 1)] {
        let mut server = server_with(&format!("{{ at: send, breaks: hang, after: {after} }}")).await;
        let mut hangs = server.connect().await;
        hangs.send(&hello().bytes(server.address())).await;
        server.step("{ expect: [{ nothing: webhooks }] }").await;
        let before = server.wait_for("graph_call").await;
        assert_eq!((before["lost"].as_str(), sent_to_alice(&server).await), (Some("hang"), messages));
        server.step("{ clock: +1h }").await;
        assert_eq!(server.ask(hello()).await.status, 200);
        server.emulator.stop().await;
        assert_eq!(hangs.rest().await, (Vec::new(), None), "a stop ends it");
    }
}

#[tokio::test]
async fn half_a_body_comes_with_the_length_of_the_whole() {
    let server = server_with("{ at: send, breaks: half_body }").await;
    let (shown, end) = wire(&server).await;
    let (head, body) = shown.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200 OK") && head.contains("content-length: 127"), "{head}");
    assert_eq!((body.len(), end), (63, None));
    assert_eq!(last_call(&server).await, json!({ "fault": 1, "lost": "half_body", "status": 200 }));
    assert_eq!(sent_to_alice(&server).await, 1);
}

#[tokio::test]
async fn a_body_may_be_half_a_json_text_or_empty_and_whole_for_http() {
    let server = server_with("{ at: send, breaks: malformed_json }").await;
    let reply = server.ask(hello()).await;
    assert_eq!((reply.status, reply.body.len()), (200, 63));
    assert!(serde_json::from_slice::<Value>(&reply.body).is_err(), "{}", reply.text());
    let server = server_with("{ at: send, breaks: empty_body }").await;
    assert_eq!(server.ask(hello()).await.line(), "200 ");
    assert_eq!(sent_to_alice(&server).await, 1);
}

#[tokio::test]
async fn metas_edge_answers_in_html_without_the_headers_of_the_graph_api() {
    let server = server_with("{ at: send, html: 503 }").await;
    let reply = server.ask(hello()).await;
    assert_eq!((reply.status, reply.header("content-type")), (503, Some("text/html; charset=utf-8")));
    assert!(reply.text().starts_with("<!DOCTYPE html>") && reply.text().contains("Error 503"), "{}", reply.text());
    for header in ["x-fb-request-id", "x-app-usage", "facebook-api-version"] {
        assert_eq!(reply.header(header), None);
    }
    assert_eq!(sent_to_alice(&server).await, 0);
}

#[tokio::test]
async fn an_answer_of_ones_own_says_what_it_is_written_in() {
    for (body, content_type, sent) in [
        ("{ a: [1] }", "application/json; charset=UTF-8", r#"{"a":[1]}"#),
        ("'{\"a\":1}'", "application/json; charset=UTF-8", r#"{"a":1}"#),
        ("<p>Log in</p>", "text/html; charset=utf-8", "<p>Log in</p>"),
        ("Too Many Requests", "text/plain; charset=utf-8", "Too Many Requests"),
    ] {
        let server = server_with(&format!("{{ at: send, status: 429, body: {body} }}")).await;
        let reply = server.ask(hello()).await;
        assert_eq!((reply.line(), reply.header("content-type")), (format!("429 {sent}"), Some(content_type)));
    }
}

fn usage(reply: &Reply, header: &str) -> Value {
    reply.header(header).map(|shown| serde_json::from_str(shown).expect("JSON")).unwrap_or_default()
}

#[tokio::test]
async fn headers_show_a_limit_beside_a_success_and_beside_an_error() {
    let figures = "usage: { call_count: 95, total_time: 12, estimated_time_to_regain_access: 25m }";
    for (reply, status) in [("", 200), ("reply: rate_limited,", 400), ("html: 503,", 503)] {
        let server = server_with(&format!("{{ at: any, {reply} {figures}, times: 2 }}")).await;
        let answer = server.ask(hello()).await;
        let shown = json!({ "call_count": 95, "total_cputime": 0, "total_time": 12 });
        assert_eq!((answer.status, usage(&answer, "x-app-usage")), (status, shown.clone()));
        let page = &usage(&answer, "x-business-use-case-usage")["2001"][0];
        assert_eq!((&page["call_count"], &page["estimated_time_to_regain_access"]), (&json!(95), &json!(25)));
        let answer = server.ask(get("/1001").bearer("1001|support-secret")).await;
        assert_eq!(usage(&answer, "x-app-usage"), shown);
        assert_eq!(answer.header("x-business-use-case-usage"), None, "a call that is about no page");
    }
}

#[tokio::test]
async fn a_late_answer_is_whole_and_its_call_is_obeyed_at_once() {
    let server = server_with("{ at: send, latency: 60s }").await;
    let mut late = server.connect().await;
    late.send(&hello().bytes(server.address())).await;
    let called = server.wait_for("graph_call").await;
    assert_eq!((called["fault"].as_u64(), called["lost"].as_str(), sent_to_alice(&server).await), (Some(1), None, 1));
    // It is held back far longer than this takes; a stop lets it go.
    server.emulator.stop().await;
    assert_eq!(late.reply().await.status, 200);
    let server = server_with("{ at: send, latency: 1ms, reply: rate_limited }").await;
    assert_eq!(server.ask(hello()).await.code(), (613, None));
}

#[tokio::test]
async fn a_batch_has_null_for_an_item_that_gets_no_answer() {
    for how in ["hang", "reset", "close", "half_body"] {
        let server = server_with(&format!("{{ at: page_read, breaks: {how} }}")).await;
        let batch = r#"{"batch":[{"method":"GET","relative_url":"me"},{"method":"GET","relative_url":"me"}]}"#;
        let reply = server.ask(post("/").bearer("EAAsupport").json(batch)).await;
        assert_eq!((reply.json()[0].clone(), reply.json()[1]["code"].clone()), (Value::Null, json!(200)), "{how}");
    }
}
