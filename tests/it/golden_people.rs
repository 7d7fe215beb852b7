//! The golden payloads of what people send besides text and files: stickers, shared links, edits.

use crate::golden_payloads::{Golden, HI, bakery};

pub const OF_PEOPLE: &[Golden] = &[
    bakery(
        "messages.sticker",
        "support",
        "message",
        &["{ user: alice, sends: { attachments: [{ type: sticker, id: 5, url: 'https://cdn.example/s.png' }] } }"],
    ),
    bakery(
        "messages.sticker-since-june-2026",
        "support",
        "message",
        &[
            "{ clock: { to: 2026-06-02T09:00:00Z } }",
            "{ user: alice, sends: { attachments: [{ type: sticker, id: 5, url: 'https://cdn.example/s.png' }] } }",
        ],
    ),
    bakery(
        "messages.fallback",
        "support",
        "message",
        &[
            "{ user: alice, sends: { text: Look, attachments: [{ type: fallback, title: A, url: 'https://a.example/x' }] } }",
        ],
    ),
    bakery(
        "messages.reel",
        "support",
        "message",
        &["{ user: alice, sends: { attachments: [{ type: reel, title: A, url: 'https://a.example/x', id: 123 }] } }"],
    ),
    bakery(
        "messages.ig_post",
        "support",
        "message",
        &[
            "{ user: alice, sends: { attachments: [{ type: ig_post, title: A, url: 'https://a.example/x', id: 123 }] } }",
        ],
    ),
    bakery(
        "messages.location-with-title",
        "support",
        "message",
        &[
            "{ user: alice, sends: { attachments: [{ type: location, lat: 52.5, long: 13.4, title: Shop, url: 'https://a.example/x' }] } }",
        ],
    ),
    bakery(
        "messages.prior_message",
        "support",
        "message",
        &[
            "{ user: alice, opts_in: { user_ref: form-7 } }",
            "{ call: { as: support, post: /me/messages, body: { recipient: { user_ref: form-7 }, message: { text: Hello } } }, returns: { status: 200 } }",
            HI,
        ],
    ),
    bakery("message_edits", "support", "message_edit", &[HI, "{ user: alice, edits: Hello }"]),
];
