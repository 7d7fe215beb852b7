//! Delivery tests: what is sent, in which order, over which connections.

use std::io::Write;
use std::sync::{Mutex, mpsc};

use super::*;
use crate::delivery::thread_queues::MAX_CONCURRENT_PER_APP;
use crate::wire::signature::sign;

#[tokio::test]
async fn webhooks_are_signed_over_their_exact_bytes() {
    let mut bot = Bot::saying(OK);
    let world = world(&format!("{}?page=bakery", bot.url));
    says(&world, 0, "ä/<5%@");
    assert_eq!(outcome(&world).await, DeliveryResult::Answered(200));
    let seen = bot.seen.recv().await.expect("a webhook");
    assert!(seen.says(r"\u00e4\/\u003C5\u0025\u0040"), "{}", String::from_utf8_lossy(&seen.body));
    let signatures = sign(SECRET, &seen.body);
    let host = bot.url.trim_start_matches("http://").trim_end_matches("/webhook");
    let mut lines: Vec<&str> = seen.head.trim_end().lines().collect();
    lines[1..].sort_unstable();
    let expected = [
        "POST /webhook?page=bakery HTTP/1.1".to_owned(),
        "Accept-Encoding: deflate, gzip".to_owned(),
        "Accept: */*".to_owned(),
        format!("Content-Length: {}", seen.body.len()),
        "Content-Type: application/json".to_owned(),
        format!("Host: {host}"),
        "User-Agent: facebookexternalua".to_owned(),
        format!("X-Hub-Signature-256: {}", signatures.sha256),
        format!("X-Hub-Signature: {}", signatures.sha1),
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_thread_keeps_its_order_and_holds_up_no_other() {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let mut bot = Bot::new(move |seen, stream| {
        if seen.says("first") {
            gate.lock().expect("one at a time").recv().expect("the test opens");
        }
        stream.write_all(OK.as_bytes()).is_ok()
    });
    let world = world(&bot.url);
    says(&world, 0, "first");
    says(&world, 0, "second");
    says(&world, 1, "overtakes");
    let one_is_there = |_: &_, ledger: &crate::engine::ledger::Ledger, _| {
        ledger.all().find(|entry| matches!(entry.record, Record::DeliveryAttempt { .. })).map(|_| ())
    };
    world.wait_for(BUDGET, one_is_there).await.expect("the other thread is not held up");
    let seen = bot.all_seen();
    assert!(seen.iter().any(|seen| seen.says("overtakes")) && !seen.iter().any(|seen| seen.says("second")));
    open.send(()).expect("the bot waits");
    quiet(&world).await;
    assert!(bot.all_seen().iter().any(|seen| seen.says("second")));
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 3]);
}

#[tokio::test]
async fn an_app_is_never_sent_more_than_the_limit_at_once() {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let mut bot = Bot::new(move |_, stream| {
        gate.lock().expect("one at a time").recv().expect("the test opens");
        stream.write_all(OK.as_bytes()).is_ok()
    });
    let people = MAX_CONCURRENT_PER_APP as u32 + 5;
    let (world, courier) = world_with(&bot.url, people, DeliverySettings::default());
    (0..people).for_each(|person| says(&world, person, "hello"));
    for _ in 0..MAX_CONCURRENT_PER_APP {
        bot.seen.recv().await.expect("a webhook");
    }
    assert!(bot.seen.try_recv().is_err());
    (0..people).for_each(|_| open.send(()).expect("the bot waits"));
    quiet(&world).await;
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); people as usize]);
    while !courier.is_idle() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    let bot = Bot::saying(OK);
    let world = world(&bot.url);
    for number in 0..20 {
        says(&world, number % 2, "hello");
        quiet(&world).await;
    }
    assert_eq!(bot.connections(), 1);
}

#[tokio::test]
async fn chunked_answers_keep_the_connection_and_farewells_end_it() {
    let chunked = Bot::saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
    let farewell = Bot::saying("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    for (bot, connections) in [(chunked, 1), (farewell, 2)] {
        let world = world(&bot.url);
        says(&world, 0, "one");
        quiet(&world).await;
        says(&world, 0, "two");
        quiet(&world).await;
        assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 2]);
        assert_eq!(bot.connections(), connections);
    }
}

/// A bot that shuts down in order waits for its connections to end.
#[tokio::test]
async fn connections_do_not_rest_for_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        read_request(&mut stream).expect("a webhook");
        stream.write_all(OK.as_bytes()).expect("the courier reads");
        ended.send(read_request(&mut stream)).expect("the test waits");
    });
    let world = world(&format!("http://{address}/"));
    says(&world, 0, "hello");
    assert_eq!(outcome(&world).await, DeliveryResult::Answered(200));
    let after = tokio::time::timeout(BUDGET, end).await.expect("the connection ends");
    assert_eq!(after, Ok(None));
}
