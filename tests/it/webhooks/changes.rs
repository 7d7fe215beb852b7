//! Changes on the page as a real app receives them: signed like messages, in order, and sent again until the app accepts them.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test]
async fn a_comment_is_signed_and_sent_again_unchanged_until_the_app_accepts_it() {
    let failures_left = Arc::new(AtomicUsize::new(1));
    let left = failures_left.clone();
    let bot = Bot::answering(move |seen| {
        let fails = seen.line() == "POST /support"
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        Answer::status(if fails { "503 Service Unavailable" } else { "200 OK" }, "")
    });
    let bot = bot.await;
    let mut server = server(&bot).await;
    let comments = "{ user: alice, comments: Is it warm?, save: { comment: /comment_id } }";
    server.emulator.step(comments).await.expect_err("a webhook that is not accepted fails the step");
    server.step("{ clock: +1s }").await;
    let seen = bot.seen_at("/support");
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].body, seen[1].body);
    assert!(seen.iter().all(|seen| verifies(seen, "support-secret")));
    assert_eq!(seen[0].item()["value"]["message"], "Is it warm?");
    let webhooks = server.entries("webhook").await;
    let of_support = webhooks.iter().find(|entry| entry["app"] == "support").expect("an entry");
    let shown = ["channel", "field", "decision", "rule", "person"].map(|key| of_support[key].as_str());
    assert_eq!(shown, ["changes", "feed", "deliver", "webhook.change", "alice"].map(Some));
    assert_eq!(of_support["body"], seen[0].json());
}

#[tokio::test]
async fn a_bot_answers_a_comment_in_private_over_http() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, comments: Is it warm? }").await;
    let comment = bot.seen_at("/support")[0].item()["value"]["comment_id"].as_str().expect("an id").to_owned();
    let reply = |id: &str| {
        let body = json!({ "recipient": { "comment_id": id }, "message": { "text": "Yes, until noon" } });
        post("/v25.0/me/messages?access_token=EAAsupport").json(body.to_string())
    };
    let read = server.ask(get(format!("/v25.0/{comment}?access_token=EAAsupport"))).await.json();
    assert_eq!((&read["message"], &read["from"]["id"]), (&json!("Is it warm?"), &json!("3001")));
    for (edge, what) in [("/comments", "the edge comments"), ("/private_replies", "the edge private_replies")] {
        let read = server.ask(get(format!("/v25.0/{comment}{edge}?access_token=EAAsupport"))).await;
        assert_eq!(read.message(), format!("(#100) {what} is not built yet in graphdouble"));
    }
    let answers =
        [server.ask(reply(&comment)).await, server.ask(reply(&comment)).await, server.ask(reply("1_2")).await];
    let shown = answers.map(|answer| {
        let body = answer.json();
        let error = &body["error"];
        (answer.status, body["recipient_id"].clone(), error["code"].clone(), error["error_subcode"].clone())
    });
    let no = Value::Null;
    let expected = [
        (200, json!("3001"), no.clone(), no.clone()),
        (400, no.clone(), json!(10900), no.clone()),
        (400, no.clone(), json!(100), json!(2_018_292)),
    ];
    assert_eq!(shown, expected);
    server.step("{ user: alice, says: Two loaves then }").await;
    assert_eq!(texts(&bot.seen_at("/support")).last().map(String::as_str), Some("Two loaves then"));
}

#[tokio::test]
async fn what_nobody_could_do_on_a_page_is_refused_and_sends_nothing() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    for step in ["{ user: alice, comments: Is it warm? }", "{ user: alice, posts: Praise }"] {
        server.step(step).await;
    }
    let known = bot.seen_at("/support").len();
    for (step, why) in [
        ("{ user: bob, edits_comment: { comment: Is it warm?, text: No } }", "belongs to somebody else"),
        ("{ user: bob, removes_post: Praise }", "belongs to somebody else"),
        ("{ user: bob, comments: Hi, on_post: Elsewhere }", "the post `Elsewhere` is not there"),
        ("{ user: bob, comments: Hi, replies_to: Praise }", "the comment `Praise` is not there"),
        ("{ user: bob, comments: Hi, replies_to: Is it warm?, on_post: Praise }", "a comment is on a post, or replies"),
        ("{ user: bob, reacts: dislike, on_post: Praise }", "Facebook has no such reaction"),
        ("{ user: bob, unreacts: true, on_post: Praise }", "has not reacted"),
        ("{ user: bob, comments: '' }", "an empty text cannot be published"),
        ("{ admin: bakery, edits_post: { post: Praise, text: Ours } }", "is not the page's own"),
        ("{ admin: bakery, removes_comment: Praise }", "is not there"),
        ("{ admin: bakery, presses_test: message }", "is not a webhook field"),
    ] {
        let refused = server.emulator.step(step).await.expect_err(step).to_string();
        assert!(refused.contains(why), "{step}: {refused}");
    }
    assert_eq!(bot.seen_at("/support").len(), known);
}

#[tokio::test]
async fn the_ledger_says_of_which_fields_nothing_is_ever_sent() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    let fields = "subscribed_fields: 'messages,calls,leadgen'";
    server.step(&format!("{{ app: loyalty, calls: {{ post: /me/subscribed_apps, body: {{ {fields} }} }} }}")).await;
    let warnings = server.entries("warning").await;
    let texts: Vec<&str> =
        warnings.iter().filter_map(|warning| warning["what"].as_str().or(warning["text"].as_str())).collect();
    assert!(texts.iter().any(|text| text.contains("never sends a webhook of calls, leadgen")), "{texts:?}");
}
