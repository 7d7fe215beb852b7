//! The schemas of threads.

use serde_json::{Value, json};

use super::parts::{count, list, map, moment, named, nullable, object, text, word};

pub fn threads() -> Value {
    let after = nullable(text("The thread to go on from, as the next call's `after`; null if there are no more."));
    object(json!({ "threads": list(named("ThreadSummary")), "after": after }), &[])
}

pub fn summary() -> Value {
    let mut members = members();
    members["last_message"] = nullable(message());
    object(members, &[])
}

pub fn thread() -> Value {
    let mut members = members();
    members["owners"] = list(owner_change());
    members["transcript"] = list(message());
    object(members, &[])
}

fn message() -> Value {
    let members = json!({
        "mid": text("The message id."),
        "at": moment("When it was sent."),
        "from": text("The person, the app or the ad that wrote it."),
        "content": map(json!({})),
        "entry": count("The cursor of the command that wrote it, or of the entry that says that the person sees it, while the ledger has it."),
    });
    object(members, &["entry"])
}

fn owner_change() -> Value {
    let members = json!({
        "at": moment("When the owner changed. Control that lapsed is dated at that moment."),
        "from": nullable(text("The owner before.")),
        "to": nullable(text("The owner after.")),
        "rule": text("The rule that says so."),
        "entry": count("The cursor of the entry that says so. No entry says that control lapsed before something else happens in the thread."),
        "ends": moment("Of the owner now: when its control lapses, where it does."),
    });
    object(members, &["entry", "ends"])
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
