//! Apps that do not answer as they should.

use super::*;

/// The entries of deliveries, without the time that they really took.
async fn deliveries(server: &TestServer) -> Vec<Value> {
    let mut entries = server.entries("delivery_attempt").await;
    for entry in &mut entries {
        assert!(entry["took_ms"].is_u64());
        entry
            .as_object_mut()
            .expect("an entry")
            .retain(|key, _| ["app", "url", "attempt", "status", "failure"].contains(&key.as_str()));
    }
    entries
}

async fn step_fails(server: &mut TestServer, step: &str) -> String {
    server.emulator.step(step).await.expect_err("a bot in trouble fails the step").to_string()
}

#[tokio::test]
async fn each_delivery_stands_in_the_ledger_with_the_webhook_that_it_was() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, says: Hi }").await;
    let delivered = server.entries("delivery_attempt").await;
    assert_eq!(delivered.len(), 2);
    for entry in delivered {
        assert_eq!((&entry["attempt"], &entry["status"], &entry["cause"]), (&json!(1), &json!(200), &entry["webhook"]));
        let webhooks = server.entries("webhook").await;
        let webhook = webhooks.iter().find(|webhook| webhook["cursor"] == entry["webhook"]).expect("the webhook");
        assert_eq!((&webhook["app"], &webhook["decision"]), (&entry["app"], &json!("deliver")));
        let path = format!("/{}", entry["app"].as_str().unwrap_or_default());
        assert_eq!(webhook["body"], bot.seen_at(&path)[0].json());
    }
}

#[tokio::test]
async fn a_status_that_is_no_success_is_recorded_and_fails_the_step() {
    for (status, code) in
        [("500 Internal Server Error", 500), ("401 Unauthorized", 401), ("404 Not Found", 404), ("302 Found", 302)]
    {
        let bot = Bot::answering(move |seen| match seen.line() {
            "POST /support" => Answer::status(status, "oh no"),
            _ => Answer::status("200 OK", ""),
        });
        let bot = bot.await;
        let mut server = server(&bot).await;
        let drawn = step_fails(&mut server, "{ user: alice, says: Hi }").await;
        assert!(drawn.contains(&format!("app `support` answered {code} to a webhook")), "{drawn}");
        assert!(drawn.contains(&format!("at {}, attempt 1", bot.url("/support"))), "{drawn}");
        assert!(drawn.contains("its answer: oh no"), "{drawn}");
        assert_eq!(drawn.contains("does it use the secret of this app"), code == 401, "{drawn}");
        let shown = deliveries(&server).await;
        assert!(
            shown.contains(&json!({ "app": "support", "url": bot.url("/support"), "attempt": 1, "status": code })),
            "{shown:?}"
        );
        assert!(
            shown.contains(&json!({ "app": "sales", "url": bot.url("/sales"), "attempt": 1, "status": 200 })),
            "{shown:?}"
        );
    }
}

#[tokio::test]
async fn any_success_status_counts() {
    let bot = Bot::answering(|_| Answer::Bytes("HTTP/1.1 204 No Content\r\n\r\n".to_owned())).await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, says: Hi }").await;
    assert_eq!(deliveries(&server).await[0]["status"], 204);
}

#[tokio::test]
async fn an_app_that_is_not_there_is_recorded_with_where_it_should_be() {
    let bot = Bot::accepting().await;
    let (url, port) = (bot.url("/support"), bot.address().rsplit(':').next().unwrap_or_default().to_owned());
    let world =
        world(&bot).replace(&format!(", webhook: {{ url: \"{}\", verify_token: open-sesame }}", bot.url("/sales")), "");
    let mut server = TestServer::start(&world).await;
    drop(bot);
    tokio::task::yield_now().await;
    let drawn = step_fails(&mut server, "{ user: alice, says: Hi }").await;
    let why = format!("connection refused: nobody listens on port {port} of 127.0.0.1");
    assert!(drawn.contains(&format!("app `support` did not accept a webhook: {why}")), "{drawn}");
    assert_eq!(deliveries(&server).await, [json!({ "app": "support", "url": url, "attempt": 1, "failure": why })]);
}

#[tokio::test]
async fn an_app_that_hangs_up_or_talks_nonsense_is_recorded() {
    for (answer, why) in [
        (Answer::HangUp, "connection closed before an answer"),
        (Answer::Bytes("hello there\r\n\r\n".to_owned()), "the answer is not HTTP"),
    ] {
        let bot = Bot::answering(move |_| answer.clone()).await;
        let mut server = server(&bot).await;
        step_fails(&mut server, "{ user: alice, says: Hi }").await;
        let shown = deliveries(&server).await;
        assert_eq!(shown.len(), 2);
        assert!(
            shown.iter().all(|entry| entry["failure"].as_str().is_some_and(|failure| failure.starts_with(why))),
            "{shown:?}"
        );
    }
}

#[tokio::test]
async fn one_app_in_trouble_keeps_nobody_else_from_hearing() {
    let bot = Bot::answering(|seen| match seen.line() {
        "POST /support" => Answer::HangUp,
        _ => Answer::status("200 OK", ""),
    });
    let bot = bot.await;
    let mut server = server(&bot).await;
    for number in 1..=3 {
        step_fails(&mut server, &format!("{{ user: alice, says: number {number} }}")).await;
    }
    assert_eq!(texts(&bot.seen_at("/sales")), ["number 1", "number 2", "number 3"]);
    assert_eq!(texts(&bot.seen_at("/support")), ["number 1", "number 2", "number 3"]);
}

/// A stage on a world of its own, whose patience the test chooses.
async fn stage(bot: &Bot, timeout: Duration, budget: Duration) -> Session {
    let node = Node::parse(&SourceText::inline("the world", &world(bot))).expect("YAML");
    let config = read_world::read(&node, &WorldOverrides::default()).expect("a world");
    let courier = WebhookSender::new(DeliverySettings { timeout, ..DeliverySettings::default() });
    let engine = Arc::new(Engine::new(Some(courier)));
    let hosted = engine.add("test", config, Mode::Frozen).expect("a new name");
    Session::new(engine, hosted, Timeouts { budget, ..Timeouts::default() })
}

async fn performed(stage: &mut Session, step: &str) -> Result<(), Diagnostic> {
    let node = Node::parse(&SourceText::inline("the step", step)).expect("YAML");
    let step = stage.read_step(&node).expect("a step");
    stage.perform(&step).await.map(|_| ())
}

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn an_app_that_hangs_exhausts_the_budget_of_the_run_which_says_who_it_was() {
    let bot = Bot::answering(|seen| match seen.line() {
        "POST /support" => Answer::Silence,
        _ => Answer::status("200 OK", ""),
    });
    let bot = bot.await;
    let mut stage = stage(&bot, LONG, SHORT).await;
    let mistake = performed(&mut stage, "{ user: alice, says: Hi }").await.expect_err("a budget that is spent");
    assert_eq!(mistake.message, "webhooks or calls are still in flight after 50ms");
    assert_eq!(mistake.notes, [format!("app `support` at {} has not answered attempt 1", bot.url("/support"))]);
    let mistake = performed(&mut stage, "{ user: alice, says: Hi }").await.expect_err("a budget that is spent");
    let waiting = format!("app `support` at {} still has webhooks in its queue", bot.url("/support"));
    assert_eq!(mistake.notes.last(), Some(&waiting), "{:?}", mistake.notes);
}

#[tokio::test]
async fn an_app_that_hangs_longer_than_meta_waits_is_recorded_as_a_failed_delivery() {
    let slow_body = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12";
    for (answer, why) in [
        (Answer::Silence, "timed out after 0.05 s: no answer came"),
        (Answer::Bytes(slow_body.to_owned()), "timed out after 0.05 s: the answer's body did not end"),
    ] {
        let bot = Bot::answering(move |seen| match seen.line() {
            "POST /support" => answer.clone(),
            _ => Answer::status("200 OK", ""),
        });
        let bot = bot.await;
        let mut stage = stage(&bot, SHORT, LONG).await;
        let mistake = performed(&mut stage, "{ user: alice, says: Hi }").await.expect_err("a delivery that failed");
        assert_eq!(mistake.message, format!("app `support` did not accept a webhook: {why}"));
        let recorded = stage.world.read(|_, ledger, _| {
            let found = ledger.all().find_map(|entry| match &entry.record {
                Record::DeliveryAttempt(delivered) if delivered.url.as_deref() == Some(&bot.url("/support")) => {
                    Some((delivered.attempt, delivered.result.clone()))
                }
                _ => None,
            });
            found.expect("the delivery")
        });
        assert_eq!(recorded, (1, DeliveryResult::Failed(why.into())));
    }
}
