//! Apps that fail a webhook which met a fault: what really came to them, and as Meta makes it, they have to take.

use super::*;

/// A bot whose `support` app answers this to every POST of which it is true, and takes the others.
async fn refusing(is_refused: fn(&Seen) -> bool) -> Bot {
    Bot::answering(move |seen| match seen.line() == "POST /support" && is_refused(seen) {
        true => Answer::status("500 Internal Server Error", "oh no"),
        false => Answer::status("200 OK", ""),
    })
    .await
}

fn always(_: &Seen) -> bool {
    true
}

/// What the failure of the last step says, after others that went well.
async fn failure(bot: &Bot, steps: &[&str], last: &str) -> String {
    let mut server = TestServer::after(&world(bot), steps).await;
    server.emulator.step(last).await.expect_err("a webhook that is not taken fails the step").to_string()
}

const HI: &str = "{ user: alice, says: Hi }";

#[tokio::test]
async fn a_webhook_that_is_late_batched_or_overtaken_is_one_to_take() {
    let bot = refusing(always).await;
    for (fault, steps, last) in [
        ("late: 5m", &[HI][..], "{ clock: +5m }"),
        ("goes: behind", &[HI], "{ clock: +1s }"),
        ("batch: 2", &[HI], "{ user: bob, says: Hi }"),
    ] {
        let fault = format!("{{ fault: {{ webhook: messages, app: support, {fault} }} }}");
        let steps = [&[&*fault], steps].concat();
        let said = failure(&bot, &steps, last).await;
        assert!(said.contains("app `support` answered 500 to a webhook"), "{fault}: {said}");
        assert!(said.contains("attempt 1") && said.contains("fault 1 affected it"), "{fault}: {said}");
    }
}

/// True if the bot got the same before.
fn has_come_before(seen: &Seen) -> bool {
    static BEFORE: std::sync::Mutex<Vec<Vec<u8>>> = std::sync::Mutex::new(Vec::new());
    let mut before = BEFORE.lock().expect("a list");
    let has_come = before.contains(&seen.body);
    before.push(seen.body.clone());
    has_come
}

#[tokio::test]
async fn a_webhook_that_comes_twice_is_to_be_taken_twice() {
    let bot = refusing(has_come_before).await;
    let said = failure(&bot, &["{ fault: { webhook: messages, app: support, goes: twice } }"], HI).await;
    assert!(said.contains("app `support` answered 500 to a webhook") && said.contains("attempt 2"), "{said}");
}

#[tokio::test]
async fn who_rejects_a_bad_signature_does_well_and_has_to_take_what_comes_next() {
    let bot = refusing(always).await;
    for trouble in ["signed: wrong_secret", "signed: not", "re_encoded: true"] {
        let fault = format!("{{ fault: {{ webhook: messages, app: support, {trouble} }} }}");
        let said = failure(&bot, &[&fault, HI], "{ clock: +1s }").await;
        assert!(said.contains("app `support` answered 500 to a webhook") && said.contains("attempt 2"), "{said}");
    }
}

#[tokio::test]
async fn what_a_fault_answers_in_the_place_of_an_app_is_no_fault_of_the_app() {
    let bot = refusing(always).await;
    let mut server = server(&bot).await;
    server.step("{ fault: { webhook: messages, app: support, fails: 500 } }").await;
    server.step(HI).await;
    server.emulator.step("{ clock: +1s }").await.expect_err("the first that the app itself does not take");
    server.step("{ clock: +4s }").await;
    let attempts = bot.seen_at("/support").len();
    assert_eq!(attempts, 2, "that it fails again is no news");
}

#[tokio::test]
async fn a_small_ledger_forgets_attempts_and_fails_no_step() {
    let bot = Bot::accepting().await;
    let world = format!("limits: {{ ledger: 3 }}\n{}", world(&bot));
    let config = read_world::read(
        &Node::parse(&SourceText::inline("the world", &world)).expect("YAML"),
        &WorldOverrides::default(),
    );
    let engine = Arc::new(Engine::new(Some(WebhookSender::new(DeliverySettings::default()))));
    let hosted = engine.add("small", config.expect("a world"), Mode::Frozen).expect("a new name");
    let mut stage = Session::new(engine, hosted, Timeouts::default());
    for number in 1..=5 {
        let step = Node::parse(&SourceText::inline("the step", &format!("{{ user: alice, says: number {number} }}")));
        let step = stage.read_step(&step.expect("YAML")).expect("a step");
        stage.perform(&step).await.unwrap_or_else(|mistake| panic!("{}", mistake.render(false)));
    }
    assert_eq!(bot.seen_at("/support").len(), 5);
    assert!(stage.world.read(|_, ledger, _| ledger.lost().is_some()), "the ledger is too small for all of it");
}

#[tokio::test]
async fn what_is_rewritten_says_the_same_in_other_bytes_than_were_signed() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ fault: { webhook: messages, app: support, re_encoded: true } }").await;
    server.step(HI).await;
    let seen = bot.seen_at("/support").remove(0);
    let shown = server.entries("webhook").await;
    let shown =
        shown.iter().find(|entry| entry["app"] == "support" && entry["decision"] == "deliver").expect("a webhook");
    assert_eq!(seen.json(), shown["body"]);
    assert!(!verifies(&seen, "support-secret"), "plain ASCII is written otherwise, too: {}", seen.text());
    assert!(seen.text().starts_with(r#"{"object": "page", "entry": [{"time": "#), "{}", seen.text());
}

#[tokio::test]
async fn why_no_delivery_is_the_expected_one_is_true() {
    let lost = "{ fault: { webhook: messages, app: support, goes: lost } }";
    let mut server = TestServer::after(BAKERY, &[lost, HI]).await;
    for (expectations, why) in [
        ("{ app: sales, delivery: { attempt: 1 } }", "no attempt was made since the last acting step"),
        (
            "{ app: support, delivery: { attempt: 1 }, of: bob }",
            "attempts since the last acting step: 1, none of them for bob",
        ),
        ("{ app: support, delivery: { attempt: 2 }, of: alice }", "attempt: expected 2, found 1"),
        (
            "{ app: support, delivery: { attempt: 1 } }, { app: support, delivery: { attempt: 1 }, of: alice }",
            "attempts for alice since the last acting step: 1, all matched by earlier expectations",
        ),
    ] {
        let said = server.emulator.step(&format!("{{ expect: [{expectations}] }}")).await.expect_err(why).to_string();
        assert!(said.contains(why), "{expectations}: {said}");
    }
}
