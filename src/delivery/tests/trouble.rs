//! Delivery tests: bots that do not answer as they should, and a courier that is in trouble itself.

use std::io::Write;

use super::*;
use crate::domain::event::WebhookEvent;
use crate::engine::{Job, Outbox, Webhook, WebhookRequest};
use crate::wire::PostOptions;

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let world = world(&format!("http://127.0.0.1:{port}/"));
    says(&world, 0, "hello");
    assert_eq!(
        outcome(&world).await,
        failed(&format!("connection refused: nobody listens on port {port} of 127.0.0.1"))
    );
}

#[tokio::test]
async fn urls_that_cannot_be_used_are_failures() {
    let world = world("https://127.0.0.1:1/");
    says(&world, 0, "hello");
    assert_eq!(outcome(&world).await, failed("TLS is not supported yet: give the webhook an `http` URL"));
}

#[tokio::test]
async fn a_bot_that_hangs_up_is_not_asked_twice() {
    let mut bot = Bot::new(|_, _| false);
    let world = world(&bot.url);
    says(&world, 0, "hello");
    assert_eq!(outcome(&world).await, failed("connection closed before an answer"));
    assert_eq!(bot.all_seen().len(), 1);
}

#[tokio::test]
async fn a_bot_that_hangs_up_on_a_used_connection_is_not_asked_twice_either() {
    let mut bot = Bot::new(|seen, stream| seen.says("one") && stream.write_all(OK.as_bytes()).is_ok());
    let world = world(&bot.url);
    says(&world, 0, "one");
    says(&world, 0, "two");
    quiet(&world).await;
    let hung_up = failed("connection closed before an answer");
    assert_eq!(results(&world), [DeliveryResult::Answered(200), hung_up]);
    assert_eq!(bot.all_seen().iter().map(|seen| seen.connection).collect::<Vec<_>>(), [1, 1]);
}

/// The race of every keep-alive connection: the bot closes it while the next webhook is on its way.
#[tokio::test]
async fn a_used_connection_that_was_closed_unread_is_no_failure() {
    let mut bot = Bot::new(|seen, stream| {
        stream.write_all(OK.as_bytes()).expect("the courier reads");
        // Closing with something unread is what the system does, too, where it arrives after the closing.
        seen.connection > 1 || stream.peek(&mut [0]).is_err()
    });
    let world = world(&bot.url);
    says(&world, 0, "one");
    says(&world, 0, "two");
    quiet(&world).await;
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 2]);
    assert_eq!(bot.all_seen().iter().map(|seen| seen.connection).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn a_bot_that_closes_after_each_answer_without_a_word_loses_nothing() {
    let mut bot = Bot::new(|_, stream| {
        stream.write_all(OK.as_bytes()).expect("the courier reads");
        false
    });
    let world = world(&bot.url);
    (0..100).for_each(|number| says(&world, number % 2, "hello"));
    quiet(&world).await;
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 100]);
    assert_eq!(bot.all_seen().len(), 100);
}

#[tokio::test]
async fn redirects_are_answers() {
    let mut bot = Bot::saying("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    let world = world(&bot.url);
    says(&world, 0, "hello");
    assert_eq!(outcome(&world).await, DeliveryResult::Answered(302));
    assert_eq!(bot.all_seen().len(), 1);
}

#[tokio::test]
async fn a_huge_body_costs_the_connection_and_not_the_answer() {
    let bot = Bot::new(|_, stream| {
        let sent = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
        sent.and_then(|()| stream.write_all(&[b'x'; 10_000_000])).is_ok()
    });
    let world = world(&bot.url);
    says(&world, 0, "one");
    says(&world, 0, "two");
    quiet(&world).await;
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 2]);
    assert_eq!(bot.connections(), 2);
}

#[tokio::test]
async fn half_an_answer_and_no_http_at_all_are_failures() {
    let cases = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", "connection closed in the middle of the answer's body"),
        ("HTTP/1.1 200", "connection closed before an answer"),
        ("what?\r\n\r\n", "the answer is not HTTP: invalid HTTP version parsed"),
    ];
    for (answer, text) in cases {
        let bot = Bot::new(|_, stream| stream.write_all(answer.as_bytes()).is_err());
        let world = world(&bot.url);
        says(&world, 0, "hello");
        assert_eq!(outcome(&world).await, failed(text));
    }
}

#[tokio::test]
async fn the_time_limit_spans_the_whole_answer() {
    let silent = Bot::new(|_, _| true);
    let endless = Bot::saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok");
    let cases = [
        (silent, "timed out after 0.25 s: no answer came"),
        (endless, "timed out after 0.25 s: the answer's body did not end"),
    ];
    for (bot, text) in cases {
        let (world, _) = world_with(&bot.url, 1, patient_for(Duration::from_millis(250)));
        says(&world, 0, "hello");
        assert_eq!(outcome(&world).await, failed(text));
    }
}

#[tokio::test]
async fn a_slow_answer_is_warned_of_before_it_is_reported() {
    let bot = Bot::saying(OK);
    let slow = DeliverySettings { slow_after: Duration::ZERO, ..DeliverySettings::default() };
    let (world, _) = world_with(&bot.url, 1, slow);
    says(&world, 0, "hello");
    quiet(&world).await;
    world.read(|_, ledger, _| {
        let mut newest = ledger.all().rev();
        let delivered = newest.next().expect("a report");
        let warning = newest.next().expect("a warning");
        assert!(
            matches!(delivered.record, Record::DeliveryAttempt(ref delivered) if delivered.webhook() == warning.cause)
        );
        assert!(
            matches!(&warning.record, Record::Warning { app: Some(AppKey(0)), text } if text.contains("`support`"))
        );
    });
}

fn any_notice(world: &Arc<ActiveWorld>) -> Arc<WebhookEvent> {
    world
        .read(|_, ledger, _| {
            ledger.all().find_map(|entry| entry.record.webhook().map(|(webhook_event, _)| webhook_event.clone()))
        })
        .expect("a webhook")
}

#[tokio::test]
async fn a_panic_is_reported_and_the_lane_goes_on() {
    use crate::domain::event::{Channel, Visibility};
    let bot = Bot::saying(OK);
    let (world, courier) = world_with(&bot.url, 1, DeliverySettings::default());
    says(&world, 0, "hello");
    quiet(&world).await;
    let webhook_event = any_notice(&world);
    let (channel, view) = (Channel::Messaging, Visibility { payload: true, details: true, referral: true });
    for app in [AppKey(99), AppKey(0)] {
        let (world, url, webhook_event) = (world.clone(), bot.url.as_str().into(), webhook_event.clone());
        let first = Webhook { entry: 1, event: webhook_event, channel, view };
        let request = WebhookRequest { app, first, more: Vec::new() };
        courier.send(Job {
            world,
            generation: 0,
            url,
            attempt: 1,
            request,
            options: PostOptions::default(),
            fault: None,
            on_demand: false,
        });
    }
    let both = |_: &_, ledger: &crate::engine::ledger::Ledger, _| {
        let delivered = |entry: &&crate::engine::ledger::Entry| matches!(entry.record, Record::DeliveryAttempt(_));
        (ledger.all().filter(delivered).count() == 3).then_some(())
    };
    world.wait_for(BUDGET, both).await.expect("two more reports");
    let ours = failed("graphdouble itself failed while it sent the webhook: please report this");
    assert!(results(&world).contains(&ours));
}

/// An answer that never comes because the process stops still ends the wait of a run.
#[test]
fn a_runtime_that_goes_down_leaves_no_delivery_open() {
    let bot = Bot::new(|_, _| true);
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let first = runtime();
    let world = first.block_on(async { world(&bot.url) });
    says(&world, 0, "under way");
    says(&world, 0, "queued");
    while bot.seen.is_empty() {
        std::thread::yield_now();
    }
    first.shutdown_timeout(BUDGET);
    says(&world, 1, "too late");
    let second = runtime();
    second.block_on(quiet(&world));
    let given_up = failed("given up: the process stopped sending before an answer came");
    assert_eq!(results(&world), vec![given_up; 3]);
}
