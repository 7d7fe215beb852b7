//! JSON Schemas of everything that the control API takes and answers, by the names that the table of routes uses.

mod call;
mod clock;
mod entry;
mod exchange;
mod explanation;
mod offers;
mod parts;
mod people;
mod thread;
mod world;

use serde_json::{Map, Value, json};

use crate::language::schema::json_schema::{new_people, schema};

use parts::{count, flag, list, map, named, object, text, word};

/// All schemas, in the order in which the document lists them.
pub fn components() -> Map<String, Value> {
    let all = [
        ("Error", error()),
        ("Health", health()),
        ("Rules", object(json!({ "rules": list(named("Rule")) }), &[])),
        ("Rule", rule()),
        ("Lints", object(json!({ "lints": list(named("Lint")) }), &[])),
        ("Lint", lint()),
        ("OpenApi", openapi()),
        #[cfg(feature = "tls")]
        ("Certificate", text("A certificate as PEM.")),
        ("World", schema("world").unwrap_or_default()),
        ("NewWorld", world::new_world()),
        ("Worlds", world::worlds()),
        ("WorldDescription", world::description()),
        ("App", world::app()),
        ("NewWebhook", world::new_webhook()),
        ("Reset", world::reset()),
        ("Verified", world::verified()),
        ("FailedHandshake", world::failed_handshake(error_member())),
        ("Step", schema("step").unwrap_or_default()),
        ("StepResult", step_result()),
        ("FailedStep", failed_step()),
        ("FailedClock", failed_clock()),
        ("Exchange", exchange::request()),
        ("ExchangeReport", exchange::report()),
        ("FailedExchange", failed_exchange()),
        ("Answers", exchange::answers()),
        ("LedgerPage", entry::page()),
        ("LedgerLines", entry::lines()),
        ("LedgerEvents", entry::events()),
        ("LedgerEntry", entry::entry()),
        ("CallPage", call::page()),
        ("GraphCall", call::call()),
        ("UnmatchedCalls", call::unmatched_page()),
        ("UnmatchedCall", call::unmatched()),
        ("Redelivery", redelivery()),
        ("Snapshot", snapshot()),
        ("ScenarioFile", text("A scenario file in YAML.")),
        ("Threads", thread::threads()),
        ("ThreadSummary", thread::summary()),
        ("Thread", thread::thread()),
        ("Offers", offers::offers()),
        ("NewPeople", new_people()),
        ("People", people::listed()),
        ("Person", people::person()),
        ("Crowd", people::crowd()),
        ("PersonOrCrowd", json!({ "oneOf": [named("Person"), named("Crowd")] })),
        ("Claim", people::claim()),
        ("Explanation", explanation::explanation()),
        ("Fault", schema("fault").unwrap_or_default()),
        ("Faults", object(json!({ "faults": list(named("ArmedFault")) }), &[])),
        ("FaultWords", world::fault_words()),
        ("ArmedFault", world::armed_fault()),
        ("Findings", findings()),
        ("Clock", object(clock::members(), &[])),
        ("ClockAndDue", clock::with_due()),
        ("Due", clock::due()),
        ("ClockChange", clock::change()),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn error() -> Value {
    object(json!({ "error": error_member() }), &[])
}

fn error_member() -> Value {
    let members = json!({
        "message": text("What is wrong and what was expected; a mistake a line."),
        "drawn": text("The mistakes drawn at their places in the request, for people."),
        "inspector": text("Of a step that failed: the address of the inspector page that shows its thread."),
    });
    object(members, &["drawn", "inspector"])
}

fn health() -> Value {
    object(json!({ "status": { "const": "ok" }, "version": text("The version of graphdouble.") }), &[])
}

fn rule() -> Value {
    let members = json!({
        "id": text("The id that entries and errors name."),
        "statement": text("What the rule says."),
        "under": list(text("A generation of Meta's rules.")),
        "basis": basis(),
        "source": text("The document or the observation behind it."),
    });
    object(members, &[])
}

fn lint() -> Value {
    let members = json!({
        "name": text("The name that flags and reports use."),
        "says": text("What the lint looks for."),
        "advice": text("What to do about a finding."),
        "severity": severity(),
        "basis": basis(),
        "source": text("The document or the rule behind it."),
    });
    object(members, &[])
}

fn basis() -> Value {
    word(&["documented", "observed", "inferred"], "Where it is known from.")
}

fn severity() -> Value {
    word(&["warning", "advice"], "How bad a finding is.")
}

fn openapi() -> Value {
    let any = || map(json!({}));
    let members = json!({ "openapi": { "const": "3.1.0" }, "info": any(), "paths": any(), "components": any() });
    object(members, &[])
}

fn step_result() -> Value {
    let members = json!({
        "how": word(
            &["acted", "observed", "held", "shown"],
            "A puppet or person acted, a real app was seen to act, an expectation held, or webhooks are shown.",
        ),
        "answer": { "description": "What `save` can save: the answer to a puppet's Graph call, the `mid` of a person's message, or null." },
        "entries": list(named("LedgerEntry")),
    });
    object(members, &[])
}

fn failed_step() -> Value {
    let performed = flag(
        "Whether the step did something that stays. If so, what came of it has failed the step; to repeat the step does it twice.",
    );
    object(json!({ "error": error_member(), "performed": performed, "entries": list(named("LedgerEntry")) }), &[])
}

fn failed_exchange() -> Value {
    let performed = flag("Whether the person did it. If so, something that followed has failed the call.");
    object(json!({ "error": error_member(), "performed": performed }), &[])
}

fn failed_clock() -> Value {
    let performed = flag(
        "Whether the clock was turned, maybe not as far as it should. If so, something that followed has failed the call.",
    );
    object(json!({ "error": error_member(), "performed": performed, "clock": named("ClockAndDue") }), &[])
}

fn redelivery() -> Value {
    let members = json!({ "webhook": count("The cursor of the webhook's entry."), "attempt": count("The number of the attempt.") });
    object(members, &[])
}

fn snapshot() -> Value {
    let members = json!({
        "graphdouble": { "const": "snapshot" },
        "version": text("The version that made the snapshot. Only the same version takes it."),
        "format": count("The number of the file format."),
        "sha256": text("The checksum of the content."),
        "content": map(json!({})),
    });
    object(members, &[])
}

fn findings() -> Value {
    let finding = json!({
        "lint": text("The name of the lint."),
        "severity": severity(),
        "app": text("The app that did it."),
        "thread": parts::nullable(text("The thread, where it is about one.")),
        "what": text("What the app did."),
        "times": count("How often."),
        "advice": text("What to do about it."),
        "rule": parts::nullable(text("The rule that the app met, where it met one.")),
        "at": parts::moment("When it happened first."),
        "entries": list(count("The cursor of an entry that shows it.")),
    });
    let members = json!({
        "findings": list(object(finding, &[])),
        "left_out": count("How many more findings there are."),
        "from": count("The oldest entry that was there to look at."),
    });
    object(members, &[])
}
