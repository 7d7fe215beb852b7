//! The schema of a ledger entry, and of the answers that have entries.

use serde_json::{Value, json};

use crate::journal::entry_json::KINDS;

use super::call;
use super::parts::{count, list, map, moment, named, nullable, object, text, word};

/// Members that every entry has.
const ALWAYS: &[&str] = &["cursor", "cause", "at", "kind"];

pub fn page() -> Value {
    let after = count("The cursor to go on from: the next call's `after`.");
    object(json!({ "entries": list(named("LedgerEntry")), "after": after }), &[])
}

pub fn lines() -> Value {
    json!({ "type": "string", "contentSchema": named("LedgerEntry"), "description": "JSON Lines: a `LedgerEntry` a line." })
}

pub fn events() -> Value {
    let meaning = "Server-sent events. The id of an event is the cursor of its entry, its data a `LedgerEntry`. An event `gone` says \
                   that entries are gone that this reader has not seen; an event `put_back` that the world was put back to a snapshot, \
                   an event `reset` that it was reset.";
    json!({ "type": "string", "contentSchema": named("LedgerEntry"), "description": meaning })
}

pub fn entry() -> Value {
    let members = members();
    let names = members.as_object().into_iter().flat_map(|members| members.keys());
    let optional: Vec<&str> = names.map(String::as_str).filter(|name| !ALWAYS.contains(name)).collect();
    object(members.clone(), &optional)
}

fn members() -> Value {
    let mut members = json!({
        "cursor": count("Its place in the ledger, counted from 1."),
        "cause": count("The cursor of the entry that brought it about, or its own."),
        "at": moment("The world's time."),
        "kind": word(KINDS, "What the entry says."),
        "rule": text("The rule behind it."),
        "app": text("The app that it is about."),
        "page": text("The page that it is about."),
        "person": text("The person that it is about."),
        "text": text("What happened, for people."),
    });
    let of_kinds =
        [of_webhooks(), of_warnings(), of_calls(), call::result(), call::contents(), of_deliveries(), of_the_rest()];
    if let Value::Object(members) = &mut members {
        members.extend(of_kinds.into_iter().filter_map(|more| more.as_object().cloned()).flatten());
    }
    members
}

fn of_webhooks() -> Value {
    json!({
        "field": text("Kind `webhook`: the webhook field."),
        "decision": word(&["deliver", "withhold"], "Kind `webhook`: whether the app gets it."),
        "channel": word(&["messaging", "standby", "changes"], "Kind `webhook`: where in Meta's payload it stands."),
        "body": { "description": "Kind `webhook`: what it says. Of a Graph call: the parameters of its body." },
    })
}

fn of_warnings() -> Value {
    let never_sent =
        "Kind `warning`: there if an app subscribes to something of which graphdouble never sends anything.";
    json!({ "warning": word(&["never_sent"], never_sent) })
}

fn of_calls() -> Value {
    json!({ "call": text("Kinds `graph_call` and `call_failed`: method and path.") })
}

fn of_deliveries() -> Value {
    let sent = json!({ "headers": map(text("A header.")), "body": text("The bytes of the POST.") });
    json!({
        "webhook": count("Kinds `delivery_attempt` and `delivery_state`: the cursor of the webhook."),
        "webhooks": list(count("A cursor of the webhooks that were given up.")),
        "with": list(count("A cursor of the other webhooks in the same POST.")),
        "url": nullable(text("Kind `delivery_attempt`: where it went; null if it was not really sent.")),
        "attempt": count("Kind `delivery_attempt`: its number, counted from 1."),
        "took_ms": count("Kind `delivery_attempt`: real time. `stable=true` leaves it out."),
        "failure": text("Kind `delivery_attempt`: why the app did not answer."),
        "said": text("Kind `delivery_attempt`: the beginning of the app's answer."),
        "sent": object(sent, &[]),
        "what": word(
            &["waits", "sent", "given_up", "recovered", "alerted", "disabled"],
            "Kind `delivery_state`: what changed.",
        ),
        "until": moment("Kind `delivery_state`: when the webhook is sent next."),
        "since": moment("Kind `delivery_state`: since when webhooks failed."),
    })
}

fn of_the_rest() -> Value {
    json!({
        "from": nullable(text("Kind `owner_changed`: the owner before.")),
        "to": nullable(text("Kind `owner_changed`: the owner after.")),
        "armed": named("FaultWords"),
    })
}
