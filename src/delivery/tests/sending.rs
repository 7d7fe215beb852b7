//! Tests of the delivery: the bytes of a webhook, the order within a thread, the reuse of connections.

use std::io::Write;
use std::sync::{Mutex, mpsc};

use super::*;
use crate::domain::model::access::Principal;
use crate::engine::ledger_entry::LedgerEntry;
use crate::engine::subjects::subjects_of;
use crate::engine::{InFlightCall, QuietScope, Topic};
use crate::wire::signature::sign;

#[tokio::test]
async fn webhooks_are_signed_over_their_exact_bytes() {
    let mut bot = TestBot::answering(OK);
    let world = world(&format!("{}?page=bakery", bot.url));
    send_text(&world, 0, "ä/<5%@");
    assert_eq!(only_result(&world).await, DeliveryResult::Answered(200));
    let request = bot.requests.recv().await.expect("a webhook");
    assert!(request.has_text(r"\u00e4\/\u003C5\u0025\u0040"), "{}", String::from_utf8_lossy(&request.body));
    let signatures = sign(SECRET, &request.body);
    let host = bot.url.trim_start_matches("http://").trim_end_matches("/webhook");
    let mut lines: Vec<&str> = request.head.trim_end().lines().collect();
    lines[1..].sort_unstable();
    let expected = [
        "POST /webhook?page=bakery HTTP/1.1".to_owned(),
        "Accept-Encoding: deflate, gzip".to_owned(),
        "Accept: */*".to_owned(),
        format!("Content-Length: {}", request.body.len()),
        "Content-Type: application/json".to_owned(),
        format!("Host: {host}"),
        "User-Agent: facebookexternalua".to_owned(),
        format!("X-Hub-Signature-256: {}", signatures.sha256),
        format!("X-Hub-Signature: {}", signatures.sha1),
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_thread_keeps_its_order_and_delays_no_other() {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let mut bot = TestBot::new(move |request, stream| {
        if request.has_text("first") {
            gate.lock().expect("one at a time").recv().expect("the test opens");
        }
        stream.write_all(OK.as_bytes()).is_ok()
    });
    let world = world(&bot.url);
    send_text(&world, 0, "first");
    send_text(&world, 0, "second");
    send_text(&world, 1, "overtakes");
    let has_attempt = |_: &_, ledger: &crate::engine::ledger::Ledger, _| {
        ledger.all().find(|entry| matches!(entry.record, Record::DeliveryAttempt { .. })).map(|_| ())
    };
    world.wait_for(BUDGET, has_attempt).await.expect("the other thread is not delayed");
    let requests = bot.all_requests();
    assert!(
        requests.iter().any(|request| request.has_text("overtakes"))
            && !requests.iter().any(|request| request.has_text("second"))
    );
    open.send(()).expect("the bot waits");
    wait_until_quiet(&world).await;
    assert!(bot.all_requests().iter().any(|request| request.has_text("second")));
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 3]);
}

/// A bot that answers a webhook with `slow` in it when the test opens.
fn gated_bot() -> (mpsc::Sender<()>, TestBot) {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let bot = TestBot::new(move |request, stream| {
        if request.has_text("slow") {
            gate.lock().expect("one at a time").recv().expect("the test opens");
        }
        stream.write_all(OK.as_bytes()).is_ok()
    });
    (open, bot)
}

#[tokio::test]
async fn a_step_is_quiet_although_others_are_not() {
    let (open, bot) = gated_bot();
    let world = world(&bot.url);
    let slow = send_text(&world, 0, "slow");
    let fast = send_text(&world, 1, "fast");
    let step = |cause, thread| QuietScope { causes: vec![cause], thread };
    assert_eq!(world.settle_step(step(fast, Some(thread(1))), Duration::ZERO, BUDGET).await, Quiescence::Reached);
    assert_eq!(world.settle_step(step(fast, None), Duration::ZERO, BUDGET).await, Quiescence::Reached);
    for busy in [step(slow, None), step(fast, Some(thread(0)))] {
        let Quiescence::Exhausted { deliveries, calls } = world.settle_step(busy, Duration::ZERO, Duration::ZERO).await
        else {
            panic!("it is not quiet")
        };
        assert_eq!((deliveries.len(), &*deliveries[0].app, calls), (1, "support", 0));
    }
    let call = InFlightCall::begin(world.clone(), Principal::Asset(AssetKey(0), AppKey(0)));
    let calls = |quiescence| match quiescence {
        Quiescence::Exhausted { calls, .. } => calls,
        Quiescence::Reached => 0,
    };
    let now = |person| world.settle_step(step(fast, Some(thread(person))), Duration::ZERO, Duration::ZERO);
    assert_eq!(calls(now(1).await), 1, "it may be about any thread");
    call.is_about(thread(0));
    assert_eq!((calls(now(1).await), calls(now(0).await)), (0, 1));
    drop(call);
    open.send(()).expect("the bot waits");
    wait_until_quiet(&world).await;
}

#[tokio::test]
async fn who_waits_for_quiet_of_a_step_is_woken_by_its_end() {
    let (open, bot) = gated_bot();
    let world = world(&bot.url);
    let cause = send_text(&world, 0, "slow");
    let step = QuietScope { causes: vec![cause], thread: Some(thread(0)) };
    let waits = tokio::spawn({
        let world = world.clone();
        async move { world.settle_step(step, Duration::from_millis(1), BUDGET).await }
    });
    open.send(()).expect("the bot waits");
    assert_eq!(waits.await.expect("no panic"), Quiescence::Reached);
}

#[tokio::test]
async fn a_waiter_looks_again_only_after_an_entry_about_its_topic() {
    let bot = TestBot::answering(OK);
    let world = world(&bot.url);
    let looks = Arc::new(AtomicUsize::new(0));
    let (ready, is_ready) = tokio::sync::oneshot::channel::<()>();
    let waits = tokio::spawn({
        let (world, looks) = (world.clone(), looks.clone());
        let mut ready = Some(ready);
        async move {
            let has_text = |_: &_, ledger: &crate::engine::ledger::Ledger, _| {
                if looks.fetch_add(1, Ordering::SeqCst) == 1 {
                    ready.take().map(|ready| ready.send(()));
                }
                let topic = |entry: &&LedgerEntry| subjects_of(&entry.record).thread == Some(thread(1));
                ledger.all().find(topic).map(|entry| entry.cursor)
            };
            world.wait_on(&[Topic::Thread(thread(1))], BUDGET, has_text).await
        }
    });
    is_ready.await.expect("it waits");
    for _ in 0..10 {
        send_text(&world, 0, "of another thread");
        wait_until_quiet(&world).await;
    }
    assert_eq!(looks.load(Ordering::SeqCst), 2);
    send_text(&world, 1, "hello");
    assert!(waits.await.expect("no panic").is_some());
}

#[tokio::test]
async fn concurrent_deliveries_to_an_app_are_limited() {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let mut bot = TestBot::new(move |_, stream| {
        gate.lock().expect("one at a time").recv().expect("the test opens");
        stream.write_all(OK.as_bytes()).is_ok()
    });
    let people = DeliveryConfig::default().at_once as u32 + 5;
    let (world, sender) = world_with(&bot.url, people, DeliverySettings::default());
    for person in 0..people {
        send_text(&world, person, "hello");
    }
    for _ in 0..DeliveryConfig::default().at_once {
        bot.requests.recv().await.expect("a webhook");
    }
    assert!(bot.requests.try_recv().is_err());
    (0..people).for_each(|_| open.send(()).expect("the bot waits"));
    wait_until_quiet(&world).await;
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); people as usize]);
    while !sender.is_idle() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn connections_are_reused() {
    let bot = TestBot::answering(OK);
    let world = reusing_world(&bot.url);
    for number in 0..20 {
        send_text(&world, number % 2, "hello");
        wait_until_quiet(&world).await;
    }
    assert_eq!(bot.connections(), 1);
}

#[tokio::test]
async fn connection_close_ends_a_connection_and_chunks_do_not() {
    let chunked = TestBot::answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
    let closing = TestBot::answering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    for (bot, connections) in [(chunked, 1), (closing, 2)] {
        let world = reusing_world(&bot.url);
        send_text(&world, 0, "one");
        wait_until_quiet(&world).await;
        send_text(&world, 0, "two");
        wait_until_quiet(&world).await;
        assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 2]);
        assert_eq!(bot.connections(), connections);
    }
}

/// A bot that shuts down cleanly waits for its connections to end.
#[tokio::test]
async fn idle_connections_are_closed() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        read_request(&mut stream).expect("a webhook");
        stream.write_all(OK.as_bytes()).expect("the sender reads");
        ended.send(read_request(&mut stream)).expect("the test waits");
    });
    let world = world(&format!("http://{address}/"));
    send_text(&world, 0, "hello");
    assert_eq!(only_result(&world).await, DeliveryResult::Answered(200));
    let after = tokio::time::timeout(BUDGET, end).await.expect("the connection ends");
    assert_eq!(after, Ok(None));
}
