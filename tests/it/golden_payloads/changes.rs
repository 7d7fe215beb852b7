//! The payloads of changes on the page: the feed, mentions, reviews of templates, and the examples of the Test button.

use serde_json::Value;

use super::{Golden, golden};
use crate::support::BAKERY;

pub const CHANGES: &[Golden] = &[
    feed("feed.comment-add", &[COMMENT]),
    feed("feed.comment-add-reply", &[COMMENT, "{ user: alice, comments: So do I, replies_to: Is it warm? }"]),
    feed("feed.post-add", &["{ user: alice, posts: Your bread is the best }"]),
    feed(
        "feed.comment-edited",
        &[COMMENT, LATER, "{ user: alice, edits_comment: { comment: Is it warm?, text: Is it hot? } }"],
    ),
    feed("feed.comment-remove", &[COMMENT, LATER, "{ user: alice, removes_comment: Is it warm? }"]),
    feed(
        "feed.post-edited",
        &[PRAISE, LATER, "{ user: alice, edits_post: { post: Your bread is the best, text: Your bread is good } }"],
    ),
    feed("feed.post-remove", &[PRAISE, LATER, "{ user: alice, removes_post: Your bread is the best }"]),
    feed("feed.status-add", &[STATUS]),
    feed(
        "feed.status-edited",
        &[STATUS, LATER, "{ admin: bakery, edits_post: { post: New cakes, text: Newer cakes } }"],
    ),
    feed("feed.status-remove", &[STATUS, LATER, "{ admin: bakery, removes_post: New cakes }"]),
    feed("feed.reaction-add", &[STATUS, LATER, LOVE]),
    feed("feed.reaction-edit", &[STATUS, LATER, LOVE, "{ user: alice, reacts: wow, on_post: New cakes }"]),
    feed("feed.reaction-remove", &[STATUS, LATER, LOVE, "{ user: alice, unreacts: true, on_post: New cakes }"]),
    feed("feed.reaction-add-comment", &[COMMENT, "{ user: bob, reacts: like, on_comment: Is it warm? }"]),
    feed("mention.post", &["{ user: alice, mentions_in_post: The bread of @Bakery }"]),
    feed("mention.comment", &["{ user: alice, mentions_in_comment: Ask @Bakery }"]),
    feed("message_template_status_update.approved", &[TEMPLATE]),
    feed("message_template_status_update.rejected", &[WRONG_TEMPLATE]),
    feed("messages.test-button", &["{ admin: bakery, presses_test: messages }"]),
    feed("feed.test-button", &["{ admin: bakery, presses_test: feed }"]),
    feed("mention.test-button", &["{ admin: bakery, presses_test: mention }"]),
    feed("messaging_postbacks.test-button", &["{ admin: bakery, presses_test: messaging_postbacks }"]),
];

const COMMENT: &str = "{ user: alice, comments: Is it warm? }";
const PRAISE: &str = "{ user: alice, posts: Your bread is the best }";
const STATUS: &str = "{ admin: bakery, posts: New cakes }";
const LOVE: &str = "{ user: alice, reacts: love, on_post: New cakes }";
const LATER: &str = "{ clock: +90s }";
const TEMPLATE: &str = "{ call: { as: support, post: /me/message_templates, body: { name: order_ready, language: en_US, category: UTILITY, components: [{ type: BODY, text: Your order is ready }] } }, returns: { status: 200 } }";
const WRONG_TEMPLATE: &str = "{ call: { as: support, post: /me/message_templates, body: { name: order_ready, language: en_US, category: UTILITY, components: [{ type: BODY, text: 'Your order {{1}} is ready' }] } }, returns: { status: 200 } }";

const fn feed(file: &'static str, steps: &'static [&'static str]) -> Golden {
    golden(BAKERY, file, "support", "value", steps)
}

/// An entry of changes has its times in seconds, and nothing of Messenger in it.
pub fn check(golden: &Golden, text: &str) {
    let body: Value = serde_json::from_str(text).expect("JSON");
    let entry = &body["entry"][0];
    let object = golden.object();
    assert!(text.starts_with(&format!(r#"{{"object":"{object}","entry":[{{"id":""#)), "{text}");
    assert_eq!(entry["time"].to_string().len(), "1772442000".len(), "{}", golden.file);
    let change = &entry["changes"][0];
    assert_eq!(golden.file.split('.').next(), change["field"].as_str(), "{}", golden.file);
    let keys: Vec<&String> = entry.as_object().expect("an entry").keys().collect();
    assert_eq!(keys.len(), 3, "{keys:?}");
}
