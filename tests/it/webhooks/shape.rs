//! What a body holds, and for whom.

use super::*;

#[tokio::test]
async fn one_entry_per_post_and_one_event_per_entry() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    server.step("{ user: alice, taps_button: Tell me more }").await;
    server.step("{ user: alice, reacts: love }").await;
    server.step("{ user: alice, reads: true }").await;
    let seen = bot.seen();
    assert!(seen.len() >= 10, "{}", seen.len());
    for webhook in &seen {
        let body = webhook.json();
        assert_eq!(body["object"], "page");
        assert_eq!(body["entry"].as_array().map(Vec::len), Some(1), "{body}");
        let entry = &body["entry"][0];
        assert_eq!(entry["id"], "2001");
        let (messaging, standby) = (entry["messaging"].as_array(), entry["standby"].as_array());
        assert!(messaging.is_some() != standby.is_some(), "{body}");
        assert_eq!(messaging.or(standby).map(Vec::len), Some(1), "{body}");
        assert!(entry["time"].as_u64() >= webhook.item()["timestamp"].as_u64(), "{body}");
    }
}

#[tokio::test]
async fn standby_stands_in_the_place_of_messaging() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, says: Hi }").await;
    let (owner, other) = (bot.seen_at("/support").remove(0), bot.seen_at("/sales").remove(0));
    assert!(owner.text().contains(r#""messaging":["#) && !owner.text().contains("standby"), "{}", owner.text());
    assert!(other.text().contains(r#""standby":["#) && !other.text().contains("messaging"), "{}", other.text());
    assert_eq!(owner.item(), other.item());
}

#[tokio::test]
async fn two_apps_get_copies_that_each_can_verify_and_the_other_cannot() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, says: Hi }").await;
    for (path, own, other) in
        [("/support", "support-secret", "sales-secret"), ("/sales", "sales-secret", "support-secret")]
    {
        let seen = bot.seen_at(path);
        assert_eq!(seen.len(), 1, "{path}");
        assert!(verifies(&seen[0], own) && !verifies(&seen[0], other), "{path}");
    }
}

#[tokio::test]
async fn the_payload_of_a_button_goes_to_the_app_that_sent_it_alone() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, taps_ad: tulips }").await;
    bot.forget();
    server.step("{ user: alice, taps_button: Tell me more }").await;
    let (sender, other) = (bot.seen_at("/sales").remove(0).item(), bot.seen_at("/support").remove(0).item());
    assert_eq!(sender["postback"]["payload"], "TELL_ME_MORE");
    assert_eq!(other["postback"].get("payload"), None);
    assert_eq!(other["postback"]["title"], "Tell me more");
}

#[tokio::test]
async fn an_app_without_a_url_is_never_called() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, says: Hi }").await;
    let delivered = server.entries("delivery_attempt").await;
    assert_eq!(delivered.iter().filter(|entry| entry["app"] == "loyalty").count(), 0);
    assert_eq!(bot.seen().len(), 2, "support and sales, and nobody for loyalty or the inbox");
}
