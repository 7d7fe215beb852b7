//! Schemas of exchanges, and of how long apps take to answer.

use serde_json::{Value, json};

use super::parts::{count, list, map, nullable, object, text, word};
use crate::runner::exchange::ExchangeOutcome;

/// A `user` step, until when, and within how long.
pub fn request() -> Value {
    let until = [
        object(
            json!({ "answers": { "type": "integer", "minimum": 1, "maximum": 100,
            "description": "Apps have sent this many messages." } }),
            &[],
        ),
        object(
            json!({ "text": { "description": "An app has sent a text like this, as an expectation describes it." } }),
            &[],
        ),
        object(json!({ "owner": text("The app of this name owns the thread.") }), &[]),
        object(json!({ "quiet": text("Nothing has happened in the thread for this long.") }), &[]),
    ];
    let members = json!({
        "until": { "oneOf": until, "description": "Until when the exchange goes on; until one answer if it is left out." },
        "within": text("The longest wait, in real time: `10s` if it is left out, 300s at most."),
    });
    json!({
        "description": "A `user` step, with `until` and `within` beside its own keys.",
        "type": "object",
        "required": ["user"],
        "properties": members,
    })
}

/// What came of an exchange.
pub fn report() -> Value {
    let time = |meaning: &str| json!({ "type": ["number", "null"], "minimum": 0, "description": meaning });
    let times = json!({
        "queue": time("From the step until the webhook left: it waited for those before it, and for one of the app's places."),
        "webhook": time("From when the webhook left until the app took it."),
        "first": time("From when the webhook left until an app sent its first message; for a puppet, from the step."),
        "last": time("The same for the last message."),
    });
    let webhook = json!({
        "status": json!({ "type": ["integer", "null"], "minimum": 0, "description": "The status of the app's answer." }),
        "failure": nullable(text("Why there was no answer.")),
        "attempts": count("How often it was sent."),
    });
    let mut webhook = object(webhook, &[]);
    webhook["type"] = json!(["object", "null"]);
    let answer = json!({
        "app": text("The app that sent the message."),
        "mid": text("The id of the message."),
        "text": nullable(text("Its text.")),
        "quick_replies": list(text("The title of a quick reply.")),
    });
    let refused = json!({
        "app": nullable(text("The app that called.")),
        "code": { "type": "integer", "description": "Meta's code." },
        "subcode": { "type": ["integer", "null"], "description": "Meta's subcode." },
        "message": text("The text of the error."),
        "rule": nullable(text("The rule behind it.")),
    });
    let members = json!({
        "outcome": word(
            &ExchangeOutcome::WORDS,
            "Answered: `until` holds. Otherwise: no app may answer that got the webhook (withheld), the app failed to take it \
             (not_taken), a call of an app was refused (refused), or nothing of this (silent).",
        ),
        "rule": nullable(text("The rule by which the webhook was withheld.")),
        "owner": nullable(text("The app that owns the thread at the end.")),
        "receivers": list(text("An app that got the webhook.")),
        "cursor": count("The newest entry of the ledger at the end."),
        "ms": object(times, &[]),
        "webhook": webhook,
        "answers": list(object(answer, &[])),
        "refused": list(object(refused, &[])),
    });
    object(members, &[])
}

/// How long each app takes to answer.
pub fn answers() -> Value {
    let time = || json!({ "type": "number", "minimum": 0 });
    let ms = object(json!({ "p50": time(), "p90": time(), "p99": time(), "max": time() }), &[]);
    let app = json!({
        "answered": count("Webhooks that were answered."),
        "waiting": count("Threads in which a webhook waits for its answer."),
        "ms": ms,
    });
    object(json!({ "apps": map(object(app, &[])) }), &[])
}
