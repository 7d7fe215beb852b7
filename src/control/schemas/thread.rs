//! The schemas of threads.

use serde_json::{Value, json};

use super::parts::{list, map, moment, nullable, object, text, word};

pub fn summary() -> Value {
    let mut members = members();
    members["last_message"] = nullable(message());
    object(members, &[])
}

pub fn thread() -> Value {
    let mut members = members();
    members["transcript"] = list(message());
    object(members, &[])
}

fn message() -> Value {
    let members = json!({
        "mid": text("The message id."),
        "at": moment("When it was sent."),
        "from": text("The person, the app or the ad that wrote it."),
        "content": map(json!({})),
    });
    object(members, &[])
}

fn members() -> Value {
    json!({
        "page": text("The name of the page or of the Instagram account."),
        "person": text("The person's name."),
        "psid": text("The person's page-scoped or Instagram-scoped id."),
        "owner": nullable(text("The app that has control of the thread.")),
        "since": nullable(moment("Since when.")),
        "until": nullable(moment("When its control lapses, where it does.")),
        "because": text("The rule that says so."),
        "window": word(&["open", "closed"], "The messaging window."),
    })
}
