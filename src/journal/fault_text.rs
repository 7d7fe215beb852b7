//! Run room: a fault in words: in a sentence for people, and in the words of the language for programs. `record`, `faults` and
//! `control` enter.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::time::Span;
use crate::engine::fault::{CallTrouble, Effect, Failing, Fault, Instead, Schedule, Times, Usage, WebhookTrouble};
use crate::text::units::format_duration;

/// A fault in a sentence.
pub fn fault_text(config: &Config, fault: &Fault) -> String {
    let app = fault.app.map(|app| format!(" of {}", config.app(app).name)).unwrap_or_default();
    let person = fault.person.map(|person| format!(" to {}", config.person(person).name)).unwrap_or_default();
    let page = fault.page.map(|page| format!(" on {}", config.page(page).name)).unwrap_or_default();
    let (what, trouble, noun) = match &fault.effect {
        Effect::Call(trouble) => (fault.at.word().to_owned(), trouble_text(trouble), "call"),
        Effect::Webhook(trouble) => (format!("webhook {}", fault.at.word()), webhook_trouble_text(*trouble), "attempt"),
    };
    format!("{what}{app}{person}{page} {trouble}{}", turns_text(fault.turns, noun))
}

fn trouble_text(trouble: &CallTrouble) -> String {
    let mut text = match &trouble.instead {
        Instead::Nothing => "is answered".to_owned(),
        Instead::Reply(name) => format!("answers {name}"),
        Instead::Own { status, .. } => format!("answers {status} of its own"),
        Instead::Page(status) => format!("answers {status} in HTML"),
        Instead::Broken(breakage) => format!("breaks: {}", breakage.word()),
    };
    if !trouble.latency.is_zero() {
        text.push_str(&format!(" late by {}", in_words(trouble.latency)));
    }
    if let Some(usage) = trouble.usage {
        text.push_str(&format!(
            " with a usage of {}%",
            usage.call_count.max(usage.total_cputime).max(usage.total_time)
        ));
    }
    if trouble.after && trouble.instead != Instead::Nothing {
        text.push_str(" after it took effect");
    }
    text
}

fn webhook_trouble_text(trouble: WebhookTrouble) -> String {
    match trouble {
        WebhookTrouble::Goes(route) => format!("goes {}", route.word()),
        WebhookTrouble::Late(late) => format!("late by {}", format_duration(late)),
        WebhookTrouble::Fails(Failing::Status(status)) => format!("fails with {status}"),
        WebhookTrouble::Fails(Failing::Timeout) => "fails by timeout".to_owned(),
        WebhookTrouble::Batch(size) => format!("leaves in a batch of {size}"),
        WebhookTrouble::Made(options) => {
            let signed = options.signed.word().map(|word| format!("signed: {word}"));
            let words: Vec<String> =
                signed.into_iter().chain(options.re_encoded.then(|| "re-encoded".into())).collect();
            words.join(", ")
        }
    }
}

fn turns_text(turns: Schedule, noun: &str) -> String {
    let mut text = match turns.times {
        Times::Exactly(1) => String::new(),
        Times::Exactly(times) => format!(", {times} times"),
        Times::Always => ", always".to_owned(),
    };
    if turns.first > 1 {
        match turns.times {
            Times::Exactly(1) => text.push_str(&format!(", on {noun} {}", turns.first)),
            _ => text.push_str(&format!(", from {noun} {} on", turns.first)),
        }
    }
    if turns.every > 1 {
        text.push_str(&format!(", every {} {noun}s", turns.every));
    }
    if let Some(chance) = turns.chance {
        text.push_str(&format!(", with a chance of {chance}%"));
    }
    text
}

fn in_words(latency: Duration) -> String {
    format_duration(Span(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)))
}

/// A fault in the words of the language, so that it can be armed again as it stands.
pub fn fault_words(config: &Config, fault: &Fault) -> Map<String, Value> {
    let Fault { at, app, page, person, turns, optional, effect } = fault;
    let mut words = Map::new();
    let mut put = |key: &str, value: Value| words.insert(key.to_owned(), value);
    let key = match effect {
        Effect::Call(_) => "at",
        Effect::Webhook(_) => "webhook",
    };
    put(key, json!(at.word()));
    app.map(|app| put("app", json!(config.app(app).name)));
    person.map(|person| put("to", json!(config.person(person).name)));
    page.map(|page| put("page", json!(config.page(page).name)));
    match effect {
        Effect::Call(trouble) => call_words(trouble, &mut put),
        Effect::Webhook(trouble) => webhook_words(*trouble, &mut put),
    }
    put(
        "times",
        match turns.times {
            Times::Exactly(times) => json!(times),
            Times::Always => json!("always"),
        },
    );
    put("nth", json!(turns.first));
    put("every", json!(turns.every));
    turns.chance.map(|chance| put("chance", json!(format!("{chance}%"))));
    put("optional", json!(optional));
    words
}

fn call_words(trouble: &CallTrouble, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    match &trouble.instead {
        Instead::Nothing => None,
        Instead::Reply(name) => put("reply", json!(name)),
        Instead::Own { status, body, .. } => {
            put("status", json!(status));
            put("body", json!(**body))
        }
        Instead::Page(status) => put("html", json!(status)),
        Instead::Broken(breakage) => put("breaks", json!(breakage.word())),
    };
    if !trouble.latency.is_zero() {
        put("latency", json!(in_words(trouble.latency)));
    }
    trouble.usage.map(|usage| put("usage", usage_words(usage)));
    put("after", json!(trouble.after));
}

fn webhook_words(trouble: WebhookTrouble, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    match trouble {
        WebhookTrouble::Goes(route) => put("goes", json!(route.word())),
        WebhookTrouble::Late(late) => put("late", json!(format_duration(late))),
        WebhookTrouble::Fails(Failing::Status(status)) => put("fails", json!(status)),
        WebhookTrouble::Fails(Failing::Timeout) => put("fails", json!("timeout")),
        WebhookTrouble::Batch(size) => put("batch", json!(size)),
        WebhookTrouble::Made(options) => {
            options.signed.word().map(|word| put("signed", json!(word)));
            options.re_encoded.then(|| put("re_encoded", json!(true))).flatten()
        }
    };
}

fn usage_words(usage: Usage) -> Value {
    json!({
        "call_count": usage.call_count,
        "total_cputime": usage.total_cputime,
        "total_time": usage.total_time,
        "estimated_time_to_regain_access": format!("{}m", usage.minutes_to_regain_access),
    })
}
