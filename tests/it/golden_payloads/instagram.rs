//! The payloads of Instagram: messages and what people do with them, comments and mentions, standby, hand-overs, and the Test button of each
//! login.

use super::{Golden, golden};
use crate::support::{Bot, INSTAGRAM, TestServer};

const HI: &str = "{ user: alice, on: instagram, says: Hi }";
const HELLO: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '1259842376154605' }, message: { text: Hello } } }, returns: { status: 200 } }";

pub const ON_INSTAGRAM: &[Golden] = &[
    support("messages.instagram-text", "message", &[HI]),
    support(
        "messages.instagram-images",
        "message",
        &["{ user: alice, on: instagram, sends: { attachments: [{ type: image }, { type: image }] } }"],
    ),
    support(
        "messages.instagram-reply_to",
        "message",
        &[HI, HELLO, "{ user: alice, on: instagram, says: Yes, replies_to: Hello }"],
    ),
    support(
        "messages.instagram-story-reply",
        "message",
        &["{ user: alice, on: instagram, replies_to_story: Love it }"],
    ),
    support(
        "messages.instagram-story-mention",
        "message",
        &["{ user: alice, on: instagram, mentions_in_story: true }"],
    ),
    support("messages.instagram-share", "message", &["{ user: alice, on: instagram, shares: permalink }"]),
    support(
        "messages.instagram-ig_post",
        "message",
        &["{ user: alice, on: instagram, shares: { type: post, title: Rye } }"],
    ),
    support(
        "messages.instagram-ig_reel",
        "message",
        &["{ user: alice, on: instagram, shares: { type: reel, title: Baking } }"],
    ),
    support("messages.instagram-ig_story", "message", &["{ user: alice, on: instagram, shares: story }"]),
    support("messages.instagram-shared-comment", "message", &["{ user: alice, on: instagram, shares: comment }"]),
    support(
        "messages.instagram-ephemeral",
        "message",
        &["{ user: alice, on: instagram, sends: { attachments: [{ type: ephemeral }] } }"],
    ),
    support(
        "messages.instagram-like_heart",
        "message",
        &["{ user: alice, on: instagram, sends: { attachments: [{ type: like_heart }] } }"],
    ),
    support(
        "messages.instagram-is_unsupported",
        "message",
        &["{ user: alice, on: instagram, sends: { attachments: [{ type: gif }] } }"],
    ),
    support("messages.instagram-is_deleted", "message", &[HI, "{ user: alice, on: instagram, unsends: true }"]),
    support(
        "messages.instagram-product",
        "message",
        &["{ user: alice, on: instagram, says: Is it fresh?, about_product: '4711' }"],
    ),
    support(
        "messages.instagram-link-referral",
        "message",
        &["{ user: alice, on: instagram, opens_link: spring, says: Hi }"],
    ),
    instagram("messages.instagram-ad-referral", "sales", "message", &["{ user: alice, taps_ad: tulips, says: Hi }"]),
    support("messages.instagram-echo", "message", &[HI, HELLO]),
    support("message_edit.shadow", "message_edit", &[HI]),
    support("message_edit.edit", "message_edit", &[HI, "{ user: alice, on: instagram, edits: Hello }"]),
    support(
        "message_reactions.instagram-react",
        "reaction",
        &[HI, HELLO, "{ user: alice, on: instagram, reacts: love }"],
    ),
    support("messaging_seen", "read", &[HI, HELLO, "{ user: alice, on: instagram, reads: true }"]),
    support(
        "messaging_postbacks.instagram-ice-breaker",
        "postback",
        &["{ user: alice, on: instagram, taps_ice_breaker: Do you deliver? }"],
    ),
    support(
        "messaging_postbacks.instagram-ice-breaker-by-link",
        "postback",
        &["{ user: alice, on: instagram, opens_link: spring, taps_ice_breaker: Do you deliver? }"],
    ),
    support("messaging_referral.link", "referral", &[HI, "{ user: alice, on: instagram, opens_link: spring }"]),
    instagram("messaging_handover.pass", "sales", "pass_thread_control", &[HI, PASSES]),
    instagram("standby.instagram-message", "dm", "message", &[HI]),
    instagram("standby.instagram-echo", "dm", "message", &[HI, HELLO]),
    instagram("standby.instagram-read", "dm", "read", &[HI, HELLO, "{ user: alice, on: instagram, reads: true }"]),
    instagram("standby.instagram-postback", "dm", "postback", &["{ user: alice, on: instagram, taps_menu: Order }"]),
    support("comments.feed", "value", &[COMMENT]),
    support(
        "comments.answer",
        "value",
        &[COMMENT, "{ user: bob, on: instagram, comments: It is, replies_to: Is it warm? }"],
    ),
    support(
        "comments.own",
        "value",
        &[COMMENT, "{ admin: bakery_ig, comments: { text: Always, replies_to: Is it warm? } }"],
    ),
    support("comments.ad", "value", &["{ user: alice, on: instagram, comments: How much?, on_ad: tulips }"]),
    support("comments.gif", "value", &["{ user: alice, on: instagram, comments_gif: true, on_media: reel }"]),
    support("live_comments", "value", &["{ user: alice, on: instagram, comments: Hello, on_media: live }"]),
    support("mentions.comment", "value", &["{ user: alice, on: instagram, mentions_in_comment: Ask @bakery.vienna }"]),
    support(
        "mentions.caption",
        "value",
        &["{ user: alice, on: instagram, mentions_in_post: Bread of @bakery.vienna }"],
    ),
    support(
        "story_insights",
        "value",
        &["{ admin: bakery_ig, story_ends: { impressions: 12, reach: 9, replies: 2 } }"],
    ),
    instagram("messages.instagram-test-button", "dm", "value", &["{ admin: bakery_ig, presses_test: messages }"]),
    instagram("comments.instagram-test-button", "dm", "value", &["{ admin: bakery_ig, presses_test: comments }"]),
];

const COMMENT: &str = "{ user: alice, on: instagram, comments: Is it warm? }";
const PASSES: &str = "{ call: { as: support, post: /me/pass_thread_control, body: { recipient: { id: '1259842376154605' }, target_app_id: '1002', metadata: vip } }, returns: { success: true } }";

const fn instagram(file: &'static str, app: &'static str, key: &'static str, steps: &'static [&'static str]) -> Golden {
    golden(INSTAGRAM, file, app, key, steps)
}

const fn support(file: &'static str, key: &'static str, steps: &'static [&'static str]) -> Golden {
    instagram(file, "support", key, steps)
}

/// What the app at this path receives after a step.
async fn received(world: &str, app: &str, step: &str) -> Vec<String> {
    let bot = Bot::accepting().await;
    let secret = format!("secret: {app}-secret");
    let webhook = format!("{secret}, webhook: {{ url: \"{}\" }}", bot.url("/"));
    let mut server = TestServer::start(&world.replace(&secret, &webhook)).await;
    server.step(step).await;
    bot.seen_at("/").iter().map(|seen| String::from_utf8_lossy(&seen.body).into_owned()).collect()
}

#[tokio::test]
async fn with_a_knob_a_comment_stands_in_the_entry_itself_for_an_app_with_instagram_login() {
    let world = INSTAGRAM.replace(
        "    default_app: support\n    apps:\n      support: {}",
        "    default_app: support\n    knobs: { igl_comments: direct }\n    apps:\n      support: {}",
    );
    let bodies = received(&world, "dm", COMMENT).await;
    let [body] = bodies.as_slice() else { panic!("one comment: {bodies:?}") };
    let beginning = r#"{"object":"instagram","entry":[{"id":"17841400000002001","time":1788339600,"field":"comments","value":{"id":""#;
    assert!(body.starts_with(beginning), "{body}");
    let by_page = received(&world, "support", COMMENT).await;
    assert!(by_page[0].contains(r#""changes":[{"field":"comments","value":"#), "{by_page:?}");
}

#[tokio::test]
async fn the_test_button_sends_an_item_of_messaging_to_an_app_with_facebook_login() {
    let bodies = received(INSTAGRAM, "support", "{ admin: bakery_ig, presses_test: messages }").await;
    let expected = r#"{"object":"instagram","entry":[{"time":1788339600000,"id":"0","messaging":[{"sender":{"id":"12334"},"recipient":{"id":"23245"},"timestamp":"1527459824","message":{"mid":"random_mid","text":"random_text"}}]}]}"#;
    assert_eq!(bodies, [expected]);
}
