//! In which order webhooks come, and over which connections.

use super::*;

#[tokio::test]
async fn an_app_hears_a_thread_in_the_order_in_which_it_happened() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    let mut said = Vec::new();
    for number in 0..20 {
        said.push(format!("number {number}"));
        server.step(&format!("{{ user: alice, says: number {number} }}")).await;
    }
    for path in ["/support", "/sales"] {
        let seen = bot.seen_at(path);
        assert_eq!(texts(&seen), said, "{path}");
        let times: Vec<u64> = seen.iter().filter_map(|seen| seen.item()["timestamp"].as_u64()).collect();
        assert!(times.is_sorted_by(|earlier, later| earlier < later), "{times:?}");
    }
}

#[tokio::test]
async fn what_one_act_brings_about_comes_one_after_the_other() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, says: Hi }").await;
    bot.forget();
    server.step("{ user: alice, taps_ad: tulips, says: Hello }").await;
    let keys = |path| bot.seen_at(path).iter().map(item_key).collect::<Vec<_>>();
    assert_eq!(keys("/sales"), ["referral", "pass_thread_control", "message"]);
    assert_eq!(keys("/support"), ["referral", "message"]);
}

#[tokio::test]
async fn the_echo_comes_before_the_handover_that_it_carries() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, taps_ad: tulips, says: Hello }").await;
    bot.forget();
    let body =
        r#"{"recipient":{"id":"3001"},"message":{"text":"Bye"},"thread_control":{"payload":"pass_thread_control"}}"#;
    assert_eq!(server.ask(post("/me/messages").bearer("EAAsales").json(body)).await.status, 200);
    server.step("{ user: bob, says: Hi }").await;
    let of_alice =
        |path| -> Vec<Seen> { bot.seen_at(path).into_iter().filter(|seen| seen.text().contains("3001")).collect() };
    let shown: Vec<(String, bool)> =
        of_alice("/support").iter().map(|seen| (item_key(seen), seen.text().contains("standby"))).collect();
    let expected = [("message", true), ("delivery", true), ("pass_thread_control", false)];
    assert_eq!(shown, expected.map(|(key, standby)| (key.to_owned(), standby)));
    let own: Vec<String> = of_alice("/sales").iter().map(item_key).collect();
    assert_eq!(own, ["message", "delivery"]);
}

#[tokio::test]
async fn a_connection_that_stays_open_is_used_again() {
    let bot = Bot::accepting().await;
    let world = world(&bot).replace("sales: { token: EAAsales }", "sales: { token: EAAsales, fields: [] }");
    let mut server = TestServer::start(&world).await;
    let mut connections: Vec<usize> = Vec::new();
    // The first webhooks come before the bot has shown that it keeps connections open.
    while connections.iter().filter(|number| connections.last() == Some(number)).count() < 10 {
        server.step("{ user: alice, says: Hi }").await;
        connections = bot.seen().iter().map(|seen| seen.connection).collect();
    }
}

#[tokio::test]
async fn a_bot_that_wants_no_second_request_gets_a_new_connection() {
    let bot = Bot::answering(|_| {
        Answer::Bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned())
    });
    let bot = bot.await;
    let world = world(&bot).replace("sales: { token: EAAsales }", "sales: { token: EAAsales, fields: [] }");
    let mut server = TestServer::start(&world).await;
    for _ in 0..3 {
        server.step("{ user: alice, says: Hi }").await;
    }
    let connections: Vec<usize> = bot.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [1, 2, 3]);
}

/// What the item is about.
fn item_key(seen: &Seen) -> String {
    let item = seen.item();
    let known = ["sender", "recipient", "timestamp"];
    let keys = item.as_object().expect("an item").keys().filter(|key| !known.contains(&key.as_str()));
    let keys: Vec<&String> = keys.collect();
    assert_eq!(keys.len(), 1, "{item}");
    keys[0].clone()
}
