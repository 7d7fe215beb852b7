//! The schemas of the clock, and of what falls due.

use serde_json::{Value, json};

use crate::control::due::WHAT;

use super::parts::{count, list, moment, named, object, text, word};

pub fn members() -> Value {
    let mode = word(&["frozen", "follow"], "Whether the clock stands still or follows the wall clock.");
    json!({ "now": moment("What the clock shows."), "mode": mode })
}

pub fn with_due() -> Value {
    let mut members = members();
    members["due"] = list(named("Due"));
    members["more"] = count("How much more falls due after these.");
    object(members, &[])
}

/// Something that falls due.
pub fn due() -> Value {
    let members = json!({
        "at": moment("When."),
        "what": word(WHAT, "What it is. Control and windows are those of the 1000 threads with the newest events."),
        "page": text("The page that it is about."),
        "person": text("The person of the thread that it is about."),
        "app": text("The app that it is about."),
        "entry": count("The cursor of the webhook that waits."),
        "text": text("The same for people."),
    });
    object(members, &["page", "person", "app", "entry"])
}

pub fn change() -> Value {
    let advance = object(json!({ "advance": text("A length of time, like `+24h`.") }), &[]);
    let to = object(json!({ "to": text("A moment, like `2026-03-03T09:00:00Z`.") }), &[]);
    json!({ "oneOf": [advance, to] })
}
