//! The schema of a Graph call with what it said and was answered.

use serde_json::{Value, json};

use super::parts::{count, list, map, moment, named, nullable, object, text};

/// Members that every call has.
const ALWAYS: &[&str] = &["cursor", "cause", "at", "app", "method", "path"];

pub fn page() -> Value {
    let after = count("The cursor to go on from: the next call's `after`.");
    object(json!({ "calls": list(named("GraphCall")), "after": after }), &[])
}

/// What a call said: members of a call, and of an entry of the ledger.
pub fn contents() -> Value {
    json!({
        "query": map(json!({})),
        "body_bytes": count("The length of a body that is too long to be shown."),
        "cut": count("The length of a body of which the ledger has only a part."),
        "answer": { "description": "What a Graph call was answered. What is not JSON is text." },
        "answer_cut": count("The length of an answer of which the ledger has only a part."),
        "answer_bytes": count("The length of an answer that is too long to be shown."),
    })
}

/// How a call ended: members of a call, and of an entry of the ledger.
pub fn result() -> Value {
    json!({
        "status": count("The HTTP status of a Graph answer, or of an app's answer to a webhook."),
        "code": { "type": "integer", "description": "Meta's error code, if the call failed." },
        "subcode": nullable(count("Meta's error subcode, if the call failed.")),
        "message": text("Meta's error message, if the call failed."),
        "lost": text("What kept a Graph answer from its caller, in the word of the fault."),
        "fault": count("The number of the fault that was met, armed or disarmed."),
    })
}

pub fn call() -> Value {
    let mut members = json!({
        "cursor": count("The place of its entry in the ledger."),
        "cause": count("The cursor of the command that it became, or its own."),
        "at": moment("The world's time."),
        "app": text("The app whose token it had."),
        "method": text("The HTTP method."),
        "path": text("The path, without the version of the Graph API."),
        "page": text("The page of the thread that it is about, if it is about one."),
        "person": text("The person of that thread."),
        "rule": text("The rule behind a refusal."),
        "body": { "description": "The parameters of its body. A body that cannot be read is text." },
    });
    if let Value::Object(members) = &mut members {
        members.extend([result(), contents()].into_iter().filter_map(|more| more.as_object().cloned()).flatten());
    }
    let names = members.as_object().into_iter().flat_map(|members| members.keys());
    let optional: Vec<&str> = names.map(String::as_str).filter(|name| !ALWAYS.contains(name)).collect();
    object(members.clone(), &optional)
}

pub fn unmatched_page() -> Value {
    let after = count("The number to go on from: the next call's `after`.");
    object(json!({ "calls": list(named("UnmatchedCall")), "after": after }), &[])
}

/// A call that belongs to no world.
pub fn unmatched() -> Value {
    let members = json!({
        "number": count("Its number, counted from 1."),
        "at": moment("When it came, in real time."),
        "method": text("The HTTP method."),
        "path": text("The path."),
        "status": count("The HTTP status of the answer."),
        "code": { "type": "integer", "description": "Meta's error code." },
        "message": text("Meta's error message."),
        "token": text("The first letters of the token that the call had."),
    });
    object(members, &["status", "code", "token"])
}
