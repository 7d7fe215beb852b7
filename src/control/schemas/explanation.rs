//! The schema of the story of a thread.

use serde_json::{Value, json};

use super::parts::{count, flag, list, moment, nullable, object, text, word};

pub fn explanation() -> Value {
    let mut members = standing();
    let more = json!({
        "forgotten": nullable(text("What of the story the ledger has lost.")),
        "story": list(chapter()),
        "may": list(app()),
        "rules": list(statement()),
        "text": text("All of this in words, as `graphdouble explain` prints it."),
    });
    if let (Value::Object(members), Value::Object(more)) = (&mut members, more) {
        members.extend(more);
    }
    object(members, &["primary"])
}

fn standing() -> Value {
    let window = json!({
        "open": flag("Whether the messaging window is open."),
        "until": nullable(moment("When it closes or closed; null if it never was open.")),
        "human_agent_until": nullable(moment("Until when a human agent may answer.")),
        "because": rule(),
    });
    json!({
        "page": text("The name of the page or of the Instagram account."),
        "person": text("The person's name."),
        "psid": text("The person's page-scoped or Instagram-scoped id."),
        "now": moment("What the clock shows."),
        "owner": nullable(text("The app that has control of the thread.")),
        "since": nullable(moment("Since when.")),
        "until": nullable(moment("When its control lapses, where it does.")),
        "because": rule(),
        "window": object(window, &[]),
        "blocked": flag("Whether the person has blocked the page or account."),
        "ruleset": text("The generation of Meta's rules that holds there."),
        "default_app": nullable(text("The default app of the page or account.")),
        "primary": text("The page's primary receiver, under the Handover Protocol."),
    })
}

fn rule() -> Value {
    text("The id of the rule that says so.")
}

fn chapter() -> Value {
    let refused = json!({
        "reason": text("Why it was not done."),
        "rule": nullable(rule()),
        "answer": nullable(text("What the Graph call was answered with.")),
    });
    let members = json!({
        "at": moment("When."),
        "entry": nullable(count("The cursor of its ledger entry.")),
        "what": text("Who did what."),
        "refused": object(refused, &[]),
        "outcome": list(json!({ "oneOf": [owner_changed(), event(), webhook()] })),
    });
    object(members, &["refused"])
}

fn owner_changed() -> Value {
    let members = json!({
        "kind": { "const": "owner_changed" },
        "from": nullable(text("The owner before.")),
        "to": nullable(text("The owner after.")),
        "at": moment("When."),
        "rule": rule(),
    });
    object(members, &[])
}

fn event() -> Value {
    let members = json!({ "kind": { "const": "event" }, "text": text("What happened."), "rule": nullable(rule()) });
    object(members, &[])
}

fn webhook() -> Value {
    let delivery = json!({ "taken": flag("Whether the app took it."), "text": text("How the last attempt went.") });
    let decision = json!({
        "entry": count("The cursor of its ledger entry."),
        "app": text("The app."),
        "decision": word(&["deliver", "withhold"], "Whether the app gets the webhook."),
        "channel": word(&["messaging", "standby", "changes"], "Where in Meta's payload it stands, or would stand."),
        "without": list(text("A part that the app does not see.")),
        "rule": rule(),
        "delivery": object(delivery, &[]),
    });
    let members = json!({
        "kind": { "const": "webhook" },
        "field": text("The webhook field."),
        "about": text("What the webhook is about."),
        "decisions": list(object(decision, &["delivery"])),
    });
    object(members, &[])
}

fn app() -> Value {
    let attempt = json!({
        "what": text("What the app would do."),
        "allowed": flag("Whether it may."),
        "owner": nullable(text("The owner afterwards.")),
        "moves": flag("Whether that is another owner than before."),
        "until": moment("When control would lapse."),
        "reason": text("Why it may not."),
        "rule": nullable(rule()),
    });
    let members = json!({
        "app": text("The app."),
        "is_owner": flag("Whether it has control of the thread."),
        "attempts": list(object(attempt, &["until", "reason"])),
    });
    object(members, &[])
}

fn statement() -> Value {
    let members = json!({
        "id": rule(),
        "statement": text("What the rule says."),
        "basis": word(&["documented", "observed", "inferred"], "Where it is known from."),
    });
    object(members, &[])
}
