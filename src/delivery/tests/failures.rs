//! Tests of failed deliveries: bots that do not answer properly, and a sender that panics or stops.

use std::io::Write;

use super::*;
use crate::domain::event::WebhookEvent;
use crate::engine::{AttemptOutcome, Job, JobWorld, Outbox, OutgoingAttempt, StartFlag, Webhook, WebhookRequest};
use crate::wire::PostOptions;

#[tokio::test]
async fn a_refused_connection_is_a_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let world = world(&format!("http://127.0.0.1:{port}/"));
    send_text(&world, 0, "hello");
    assert_eq!(
        only_result(&world).await,
        failed(&format!("connection refused: nobody listens on port {port} of 127.0.0.1"))
    );
}

#[tokio::test]
async fn an_unsupported_url_is_a_failure() {
    let world = world("ftp://127.0.0.1:1/");
    send_text(&world, 0, "hello");
    assert_eq!(only_result(&world).await, failed("`ftp` is not supported: give the webhook an `http` URL"));
}

#[tokio::test]
async fn a_webhook_is_not_sent_again_after_a_hang_up() {
    let mut bot = TestBot::new(|_, _| false);
    let world = world(&bot.url);
    send_text(&world, 0, "hello");
    assert_eq!(only_result(&world).await, failed("connection closed before an answer"));
    assert_eq!(bot.all_requests().len(), 1);
}

#[tokio::test]
async fn a_webhook_is_not_sent_again_after_a_hang_up_on_a_reused_connection() {
    let mut bot = TestBot::new(|request, stream| request.has_text("one") && stream.write_all(OK.as_bytes()).is_ok());
    let world = reusing_world(&bot.url);
    send_text(&world, 0, "one");
    send_text(&world, 0, "two");
    wait_until_quiet(&world).await;
    let hung_up = failed("connection closed before an answer");
    assert_eq!(results(&world), [DeliveryResult::Answered(200), hung_up]);
    assert_eq!(bot.all_requests().iter().map(|request| request.connection).collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let mut bot = TestBot::answering("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    let world = world(&bot.url);
    send_text(&world, 0, "hello");
    assert_eq!(only_result(&world).await, DeliveryResult::Answered(302));
    assert_eq!(bot.all_requests().len(), 1);
}

#[tokio::test]
async fn a_huge_response_body_costs_only_the_connection() {
    let bot = TestBot::new(|_, stream| {
        let sent = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
        sent.and_then(|()| stream.write_all(&[b'x'; 10_000_000])).is_ok()
    });
    let world = world(&bot.url);
    send_text(&world, 0, "one");
    send_text(&world, 0, "two");
    wait_until_quiet(&world).await;
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 2]);
    assert_eq!(bot.connections(), 2);
}

#[tokio::test]
async fn truncated_and_invalid_responses_are_failures() {
    let cases = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", "connection closed in the middle of the answer's body"),
        ("HTTP/1.1 200", "connection closed before an answer"),
        ("what?\r\n\r\n", "the answer is not HTTP: invalid HTTP version parsed"),
    ];
    for (answer, text) in cases {
        let bot = TestBot::new(|_, stream| stream.write_all(answer.as_bytes()).is_err());
        let world = world(&bot.url);
        send_text(&world, 0, "hello");
        assert_eq!(only_result(&world).await, failed(text));
    }
}

#[tokio::test]
async fn the_time_limit_covers_the_whole_response() {
    let silent = TestBot::new(|_, _| true);
    let endless = TestBot::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok");
    let cases = [
        (silent, "timed out after 0.25 s: no answer came"),
        (endless, "timed out after 0.25 s: the answer's body did not end"),
    ];
    for (bot, text) in cases {
        let (world, _) = world_with(&bot.url, 1, with_timeout(Duration::from_millis(250)));
        send_text(&world, 0, "hello");
        assert_eq!(only_result(&world).await, failed(text));
    }
}

#[tokio::test]
async fn a_slow_response_adds_a_warning_before_the_report() {
    let bot = TestBot::answering(OK);
    let slow = DeliverySettings { slow_after: Duration::ZERO, ..DeliverySettings::default() };
    let (world, _) = world_with(&bot.url, 1, slow);
    send_text(&world, 0, "hello");
    wait_until_quiet(&world).await;
    world.read(|_, ledger, _| {
        let mut newest = ledger.all().rev();
        let attempt = newest.next().expect("a report");
        let warning = newest.next().expect("a warning");
        assert!(matches!(attempt.record, Record::DeliveryAttempt(ref attempt) if attempt.webhook() == warning.cause));
        assert!(
            matches!(&warning.record, Record::Warning { app: Some(AppKey(0)), text, .. } if text.contains("`support`"))
        );
    });
}

/// A world that only keeps the results of its attempts.
#[derive(Debug)]
struct Results {
    config: Config,
    sender: UnboundedSender<DeliveryResult>,
}

impl JobWorld for Results {
    fn config(&self) -> &Config {
        &self.config
    }

    fn delivery_started(&self, _: &Job) -> bool {
        true
    }

    fn delivery_finished(self: Arc<Self>, _: Job, outcome: AttemptOutcome) {
        self.sender.send(outcome.result).expect("the test waits");
    }
}

fn any_webhook_event(world: &Arc<ActiveWorld>) -> Arc<WebhookEvent> {
    world
        .read(|_, ledger, _| {
            ledger.all().find_map(|entry| entry.record.webhook().map(|(webhook_event, _)| webhook_event.clone()))
        })
        .expect("a webhook")
}

#[tokio::test]
async fn a_panic_is_reported_and_its_worker_goes_on() {
    use crate::domain::event::{Channel, Visibility};
    let bot = TestBot::answering(OK);
    let (world, sender) = world_with(&bot.url, 1, DeliverySettings::default());
    send_text(&world, 0, "hello");
    wait_until_quiet(&world).await;
    let webhook_event = any_webhook_event(&world);
    let (channel, view) = (Channel::Messaging, Visibility { payload: true, details: true, referral: true });
    let (results, mut reported) = unbounded_channel();
    let world = Arc::new(Results { config: config(&bot.url, 1), sender: results });
    for app in [AppKey(99), AppKey(0)] {
        let (url, webhook_event) = (bot.url.as_str().into(), webhook_event.clone());
        let first = Webhook { entry: 1, cause: 1, event: webhook_event, channel, view };
        let request = WebhookRequest { app, first, more: Vec::new() };
        let outgoing =
            OutgoingAttempt { request, attempt: 1, options: PostOptions::default(), fault: None, on_demand: false };
        sender.send(Job { generation: 0, url, outgoing, started: StartFlag::default() }, world.clone());
    }
    let results = [reported.recv().await.expect("a report"), reported.recv().await.expect("another")];
    assert!(results.contains(&DeliveryResult::Answered(200)));
    assert!(results.contains(&failed("graphdouble itself failed while it sent the webhook: please report this")));
}

/// A run waits for each delivery, even if the response cannot come because the process stops.
#[test]
fn a_runtime_that_shuts_down_reports_every_delivery() {
    let bot = TestBot::new(|_, _| true);
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let first = runtime();
    let world = first.block_on(async { world(&bot.url) });
    send_text(&world, 0, "being sent");
    send_text(&world, 0, "queued");
    while bot.requests.is_empty() {
        std::thread::yield_now();
    }
    first.shutdown_timeout(BUDGET);
    send_text(&world, 1, "too late");
    let second = runtime();
    second.block_on(wait_until_quiet(&world));
    let given_up = failed("given up: the process stopped sending before an answer came");
    assert_eq!(results(&world), vec![given_up; 3]);
}
