//! Webhooks that are not taken: sent again in virtual time, until the app takes them or has lost its subscription.

use std::sync::Mutex;

use super::*;

/// A bot whose `support` app answers what the test sets, and whose other app accepts everything.
struct Moody {
    bot: Bot,
    server: TestServer,
    answers: Arc<Mutex<&'static str>>,
}

const WELL: &str = "200 OK";
const ILL: &str = "500 Internal Server Error";

impl Moody {
    async fn open(mood: &'static str) -> Self {
        let answers = Arc::new(Mutex::new(mood));
        let shown = answers.clone();
        let bot = Bot::answering(move |seen| match seen.line() {
            "POST /support" => Answer::status(*shown.lock().expect("a mood"), "as I please"),
            _ => Answer::status(WELL, ""),
        });
        let bot = bot.await;
        let server = server(&bot).await;
        Self { bot, server, answers }
    }

    fn answers(&self, mood: &'static str) {
        *self.answers.lock().expect("a mood") = mood;
    }

    /// A step after which `support` answers badly.
    async fn fails(&mut self, step: &str) {
        self.server.emulator.step(step).await.expect_err("a webhook that is not taken fails the step");
    }

    fn texts(&self) -> Vec<String> {
        texts(&self.bot.seen_at("/support"))
    }

    /// The attempts of webhooks to `support`, in order.
    async fn news(&self) -> Vec<String> {
        let entries = self.server.entries("delivery_state").await;
        let of_support = entries.iter().filter(|entry| entry["app"] == "support");
        of_support.map(|entry| format!("{} by {}", text(&entry["what"]), text(&entry["rule"]))).collect()
    }

    async fn is_subscribed(&self) -> bool {
        let token = self.server.emulator.token("bakery", "support").expect("a token").to_owned();
        let reply = self.server.ask(get(format!("/me/subscribed_apps?access_token={token}"))).await;
        reply.json()["data"].as_array().expect("a list").iter().any(|app| app["name"] == "support")
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[tokio::test]
async fn what_was_not_taken_comes_again_late_and_with_the_same_bytes() {
    let mut moody = Moody::open(ILL).await;
    moody.fails("{ user: alice, says: one }").await;
    moody.server.step("{ clock: +1s }").await;
    assert_eq!(moody.texts(), ["one", "one"]);
    moody.answers(WELL);
    moody.server.step("{ user: alice, says: two }").await;
    assert_eq!(moody.texts(), ["one", "one", "two"], "nobody waits for what was not taken");
    moody.server.step("{ clock: +4s }").await;
    assert_eq!(moody.texts(), ["one", "one", "two", "one"]);
    let seen = moody.bot.seen_at("/support");
    assert_eq!(seen[0].body, seen[3].body);
    assert!(verifies(&seen[3], "support-secret"));
    moody.server.step("{ clock: +40h }").await;
    assert_eq!(moody.texts().len(), 4, "what was taken does not come again");
    let waits = "waits by delivery.retry";
    let sent = "sent by delivery.retry";
    assert_eq!(moody.news().await, [waits, sent, waits, "recovered by delivery.recovered", sent]);
}

#[tokio::test]
async fn an_app_that_fails_for_an_hour_is_unsubscribed_and_may_subscribe_again() {
    let mut moody = Moody::open(ILL).await;
    moody.fails("{ user: alice, says: one }").await;
    moody.server.step("{ clock: +14m }").await;
    assert!(!moody.news().await.contains(&"alerted by delivery.alert".to_owned()));
    moody.server.step("{ clock: +1m }").await;
    assert_eq!(moody.news().await.last().map(String::as_str), Some("alerted by delivery.alert"));
    moody.server.step("{ clock: +44m }").await;
    assert!(moody.is_subscribed().await);
    // At once, at 1, 5, 15 and 60 seconds, and every five minutes until 56.
    assert_eq!(moody.texts().len(), 16);
    moody.server.step("{ clock: +1m }").await;
    let news = moody.news().await;
    assert_eq!(news[news.len() - 2..], ["disabled by delivery.disabled", "given_up by delivery.disabled"]);
    assert!(!moody.is_subscribed().await);
    moody.answers(WELL);
    moody.server.step("{ user: alice, says: two }").await;
    assert_eq!(moody.texts().len(), 16, "it hears no more");
    moody
        .server
        .step("{ call: { as: support, post: /me/subscribed_apps, body: { subscribed_fields: messages } } }")
        .await;
    moody.server.step("{ user: alice, says: three }").await;
    assert_eq!(moody.texts()[16..], ["three"]);
}

#[tokio::test]
async fn a_webhook_is_sent_once_more_on_demand() {
    let mut moody = Moody::open(WELL).await;
    moody.server.step("{ user: alice, says: one }").await;
    let delivered = moody.server.entries("delivery_attempt").await;
    let to_support = delivered.iter().find(|entry| entry["app"] == "support").expect("a delivery");
    let webhook = to_support["webhook"].as_u64().expect("a cursor");
    assert_eq!(to_support["said"], "as I please");
    let seen = moody.bot.seen_at("/support").remove(0);
    assert_eq!(text(&to_support["sent"]["body"]).as_bytes(), seen.body, "the ledger shows the bytes that were sent");
    let headers = to_support["sent"]["headers"].as_object().expect("headers");
    for (name, value) in headers {
        assert_eq!(seen.header(name), text(value));
    }
    let path = format!("/_control/worlds/default/ledger/{webhook}/redeliver");
    let reply = moody.server.ask(post(path)).await;
    assert_eq!((reply.status, reply.json()), (202, json!({ "webhook": webhook, "attempt": 2 })));
    let last = delivered.last().and_then(|entry| entry["cursor"].as_u64()).expect("a cursor");
    moody.server.control(&format!("/ledger?kind=delivery_attempt&after={last}&wait=10s")).await;
    let all = moody.bot.seen_at("/support");
    assert_eq!((all.len(), &all[1].body), (2, &seen.body));
    for (cursor, status) in [("1", 409), ("999999", 404), ("first", 400)] {
        let reply = moody.server.ask(post(format!("/_control/worlds/default/ledger/{cursor}/redeliver"))).await;
        assert_eq!(reply.status, status, "{}", reply.json());
    }
}

#[tokio::test]
async fn webhooks_of_one_command_leave_together_where_the_world_wants_it() {
    let bot = Bot::accepting().await;
    let world = format!("delivery: {{ batch: 10 }}\n{}", world(&bot));
    let mut server = TestServer::start(&world).await;
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    let seen = bot.seen_at("/sales");
    let together: Vec<usize> = seen.iter().map(|seen| seen.json()["entry"].as_array().map_or(0, Vec::len)).collect();
    assert!(together.iter().any(|entries| *entries > 1), "{together:?}");
    assert!(seen.iter().all(|seen| verifies(seen, "sales-secret")));
    let shown = server.entries("webhook").await;
    let shown = shown.iter().filter(|entry| entry["app"] == "sales" && entry["decision"] == "deliver").count();
    assert_eq!(together.iter().sum::<usize>(), shown);
}

/// A webhook that is sent on demand replaces nothing: the others of its POST still come.
#[tokio::test]
async fn a_webhook_on_demand_takes_none_of_its_batch_along() {
    let mut moody = Moody::open(ILL).await;
    moody.server.step("{ fault: { webhook: messages, app: support, batch: 2 } }").await;
    moody.server.step("{ user: alice, says: one }").await;
    // Whether the step minds a batch that is not taken is not what this is about.
    drop(moody.server.emulator.step("{ user: alice, says: two }").await);
    moody.answers(WELL);
    let webhooks = moody.server.entries("webhook").await;
    let of_one =
        webhooks.iter().find(|entry| entry["app"] == "support" && entry["decision"] == "deliver").expect("a webhook");
    let cursor = of_one["cursor"].as_u64().expect("a cursor");
    let delivered = moody.server.entries("delivery_attempt").await;
    let last = delivered.last().and_then(|entry| entry["cursor"].as_u64()).expect("a cursor");
    let reply = moody.server.ask(post(format!("/_control/worlds/default/ledger/{cursor}/redeliver"))).await;
    assert_eq!(reply.json()["attempt"], 2, "it was sent once, with another");
    moody.server.control(&format!("/ledger?kind=delivery_attempt&after={last}&wait=10s")).await;
    moody.server.step("{ clock: +1s }").await;
    let together: Vec<usize> =
        moody.bot.seen_at("/support").iter().map(|seen| seen.json()["entry"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(together, [2, 1, 2]);
}
