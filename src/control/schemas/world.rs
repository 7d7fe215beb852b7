//! The schemas of worlds and of the faults that are armed in them.

use serde_json::{Value, json};

use crate::engine::Keep;

use super::parts::{count, flag, list, map, moment, named, nullable, object, text, word};

/// A map with a world in it, or a world file.
pub fn new_world() -> Value {
    let wrapped = json!({
        "type": "object",
        "required": ["world"],
        "additionalProperties": false,
        "properties": {
            "name": text("Up to 100 characters without `/`; made up if it is left out."),
            "clock": word(&["follow", "frozen"], "Whether the clock follows the wall clock, which it does if this is left out."),
            "expires": text("A length of time: the world is removed when nobody has called it for so long, in real time."),
            "world": named("World"),
        },
    });
    json!({ "oneOf": [wrapped, named("World")] })
}

pub fn worlds() -> Value {
    let last = json!({
        "cursor": count("The cursor of the entry."),
        "at": moment("When it happened."),
        "text": text("The entry in words."),
    });
    let counts = json!({
        "threads": count("The threads in which anything has happened."),
        "people": count("The people, with the members of crowds."),
        "entries": count("The entries that the ledger has."),
        "graph_calls": count("The Graph calls that were answered."),
        "faults": count("The faults that are armed."),
    });
    let memory = json!({
        "ledger": count("The bytes of the ledger, with the commands that are kept beyond it for snapshots."),
        "messages": count("The bytes of the messages that are remembered."),
        "threads": count("The bytes of the threads."),
        "saved": count("The bytes of what apps have saved for pages: attachments, personas, labels and templates."),
        "waiting": count("The bytes of the webhooks that wait to be sent again."),
        "declared": count("The bytes of the people with names and of the text of the world."),
        "total": count("All together. Each number is an estimate."),
    });
    let world = json!({
        "name": text("Its name."),
        "clock": named("Clock"),
        "expires": expires(),
        "last": nullable(object(last, &[])),
        "counts": object(counts, &[]),
        "memory": object(memory, &[]),
    });
    let memory = json!({
        "used": count("The bytes that all worlds keep."),
        "limit": count("The bytes that they may keep: the flag --memory."),
    });
    object(json!({ "worlds": list(object(world, &[])), "memory": object(memory, &[]) }), &[])
}

fn expires() -> Value {
    nullable(text("After how long without a call the world is removed, if it is."))
}

pub fn description() -> Value {
    let connection = object(
        json!({ "token": text("The access token that the app uses on it: an Instagram user token for an account with Instagram Login, and else a page access token.") }),
        &[],
    );
    let page = json!({
        "id": text("The id of the page or of the Instagram account."),
        "platform": word(&["messenger", "instagram"], "Whether it is a page or an Instagram account."),
        "rules": text("The generation of Meta's rules that holds on it."),
        "default_app": nullable(text("The app that owns the threads that nobody else owns.")),
        "apps": map(connection),
    });
    let person = json!({
        "first_name": text("The first name."),
        "psids": map(text("The page-scoped id of the person on the page of this name, or the Instagram-scoped id on the account.")),
    });
    let crowd = json!({
        "count": count("How many members it has, who are called NAME.1, NAME.2 and so on."),
        "claimed": count("How many of them are handed out."),
    });
    let user =
        json!({ "id": text("The user id."), "tokens": map(text("The user access token for the app of this name.")) });
    let members = json!({
        "name": text("The world's name."),
        "graph_url": text("Where the Graph API listens, under the name that the caller used."),
        "inspector": nullable(text("The address of the inspector page for the world. A build without the page has none.")),
        "clock": moment("What the clock shows."),
        "mode": word(&["frozen", "follow"], "Whether the clock stands still or follows the wall clock."),
        "expires": expires(),
        "seed": count("The seed of ids and tokens."),
        "apps": map(named("App")),
        "pages": map(object(page, &[])),
        "people": map(object(person, &[])),
        "more_people": count("How many people with names are left out here; `GET …/people` lists all, page by page."),
        "crowds": map(object(crowd, &[])),
        "users": map(object(user, &[])),
        "faults": list(named("ArmedFault")),
        "read_only": flag("True if the world is that of a run that is over, and is only looked at."),
        "failure": text("Why the scenario of that run failed, drawn at its place."),
    });
    object(members, &["failure"])
}

/// An app of a world.
pub fn app() -> Value {
    let webhook = json!({
        "url": nullable(text("The URL; null as long as it is not known.")),
        "verify_token": text("What the handshake sends."),
    });
    let members = json!({
        "id": text("The app id."),
        "secret": text("The app secret, which signs webhooks."),
        "app_token": text("The app access token."),
        "verify_token": nullable(text("What the handshake sends, also if the app is a puppet now. Meta's own app has none.")),
        "webhook": nullable(object(webhook, &[])),
        "env": map(text("The value of the environment variable of this name, for the bot of the app.")),
    });
    object(members, &[])
}

pub fn reset() -> Value {
    let kept: Vec<&str> = Keep::WORDS.iter().map(|(name, _)| *name).collect();
    let choice = |meaning: &str| json!({ "enum": ["new", "same"], "description": meaning });
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "keep": {
                "type": "array",
                "items": { "enum": kept },
                "description": "What apps have set and is to stay; nothing if it is left out.",
            },
            "ids": choice("Whether message ids are ones that were never seen; `new` if it is left out."),
            "people": choice(
                "Whether people whose scoped ids the world does not declare get new ones; if it is left out, `new` in front of real apps.",
            ),
        },
    })
}

pub fn new_webhook() -> Value {
    let url = json!({
        "type": ["string", "null"],
        "description": "Where the webhooks go: a URL, `later` if it is not known yet, or null, which makes the app a puppet.",
    });
    json!({
        "type": "object",
        "required": ["url"],
        "additionalProperties": false,
        "properties": {
            "url": url,
            "verify_token": text("What the handshake sends; as it was if it is left out."),
            "verify": flag("Whether the handshake must succeed first; false if it is left out."),
        },
    })
}

pub fn verified() -> Value {
    object(json!({ "url": text("The URL that was asked."), "verified": { "const": true } }), &[])
}

/// An error with what was said in a handshake.
pub fn failed_handshake(error: Value) -> Value {
    let handshake = json!({
        "sent": text("The request."),
        "expected": text("The answer that would have been right."),
        "came": text("What came back."),
    });
    object(json!({ "error": error, "handshake": object(handshake, &[]) }), &[])
}

/// A fault in the words of a `fault` step.
pub fn fault_words() -> Value {
    object(words(), OPTIONAL_WORDS)
}

pub fn armed_fault() -> Value {
    let mut members = words();
    let more = json!({
        "fault": count("Its number, counted from 1."),
        "text": text("The fault in a sentence."),
        "met": count("How many calls or webhooks it met."),
        "fired": count("How often it fired."),
    });
    if let (Value::Object(members), Value::Object(more)) = (&mut members, more) {
        members.extend(more);
    }
    object(members, OPTIONAL_WORDS)
}

const OPTIONAL_WORDS: &[&str] = &[
    "at",
    "webhook",
    "app",
    "to",
    "page",
    "reply",
    "status",
    "body",
    "html",
    "breaks",
    "latency",
    "usage",
    "after",
    "goes",
    "late",
    "fails",
    "batch",
    "signed",
    "re_encoded",
    "chance",
];

fn words() -> Value {
    let usage = json!({
        "call_count": count("Percent of the calls."),
        "total_cputime": count("Percent of the processor's time."),
        "total_time": count("Percent of the time."),
        "estimated_time_to_regain_access": text("A length of time."),
    });
    json!({
        "at": text("The calls that it meets."),
        "webhook": text("The webhooks that it meets."),
        "app": text("Only those of this app."),
        "to": text("Only those in the thread of this person."),
        "page": text("Only those on this page."),
        "reply": text("The name of the error that is answered."),
        "status": count("The HTTP status of an answer of its own."),
        "body": text("The body of an answer of its own."),
        "html": count("The HTTP status of an answer in HTML."),
        "breaks": text("How the answer is broken."),
        "latency": text("How much later the answer leaves."),
        "usage": object(usage, &[]),
        "after": flag("Whether the call takes effect first."),
        "goes": text("Another way that the webhook goes."),
        "late": text("How much later the webhook leaves."),
        "fails": { "type": ["integer", "string"], "description": "How the app seems not to take the webhook." },
        "batch": count("How many webhooks leave together."),
        "signed": text("How the webhook is signed wrongly."),
        "re_encoded": flag("Whether the webhook is encoded in another way than Meta does it."),
        "times": { "type": ["integer", "string"], "description": "How often it fires: a number, or `always`." },
        "nth": count("The first meeting at which it fires."),
        "every": count("At each so many meetings after it."),
        "chance": text("In how many of a hundred meetings it fires."),
        "optional": flag("Whether it may fire less often than it says."),
    })
}
