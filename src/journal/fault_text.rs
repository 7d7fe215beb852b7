//! Run room: a fault in words: in a sentence for people, and in the words of the language for programs. `record`, `faults` and
//! `control` enter.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::time::Span;
use crate::engine::fault::{
    AnswerOverride, CallFault, FakedFailure, Fault, FaultEffect, Schedule, Times, Usage, WebhookFault,
};
use crate::text::units::format_duration;

/// A fault in a sentence.
pub fn fault_text(config: &Config, fault: &Fault) -> String {
    let app = fault.app.map(|app| format!(" of {}", config.app(app).name)).unwrap_or_default();
    let person = fault.person.map(|person| format!(" to {}", config.person(person).name)).unwrap_or_default();
    let page = fault.page.map(|page| format!(" on {}", config.page(page).name)).unwrap_or_default();
    let (what, trouble, noun) = match &fault.effect {
        FaultEffect::Call(trouble) => (fault.at.word().to_owned(), trouble_text(trouble), "call"),
        FaultEffect::Webhook(trouble) => {
            (format!("webhook {}", fault.at.word()), webhook_trouble_text(*trouble), "attempt")
        }
    };
    format!("{what}{app}{person}{page} {trouble}{}", schedule_text(fault.schedule, noun))
}

fn trouble_text(trouble: &CallFault) -> String {
    let mut text = match &trouble.instead {
        AnswerOverride::Unchanged => "is answered".to_owned(),
        AnswerOverride::Error(name) => format!("answers {name}"),
        AnswerOverride::Custom { status, .. } => format!("answers {status} of its own"),
        AnswerOverride::HtmlPage(status) => format!("answers {status} in HTML"),
        AnswerOverride::Broken(breakage) => format!("breaks: {}", breakage.word()),
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
    if trouble.after && trouble.instead != AnswerOverride::Unchanged {
        text.push_str(" after it took effect");
    }
    text
}

fn webhook_trouble_text(trouble: WebhookFault) -> String {
    match trouble {
        WebhookFault::Detour(route) => format!("goes {}", route.word()),
        WebhookFault::Late(late) => format!("late by {}", format_duration(late)),
        WebhookFault::Fails(FakedFailure::Status(status)) => format!("fails with {status}"),
        WebhookFault::Fails(FakedFailure::Timeout) => "fails by timeout".to_owned(),
        WebhookFault::Batch(size) => format!("leaves in a batch of {size}"),
        WebhookFault::Altered(options) => {
            let signed = options.signed.word().map(|word| format!("signed: {word}"));
            let words: Vec<String> =
                signed.into_iter().chain(options.re_encoded.then(|| "re-encoded".into())).collect();
            words.join(", ")
        }
    }
}

fn schedule_text(schedule: Schedule, noun: &str) -> String {
    let mut text = match schedule.times {
        Times::Exactly(1) => String::new(),
        Times::Exactly(times) => format!(", {times} times"),
        Times::Always => ", always".to_owned(),
    };
    if schedule.first > 1 {
        match schedule.times {
            Times::Exactly(1) => text.push_str(&format!(", on {noun} {}", schedule.first)),
            _ => text.push_str(&format!(", from {noun} {} on", schedule.first)),
        }
    }
    if schedule.every > 1 {
        text.push_str(&format!(", every {} {noun}s", schedule.every));
    }
    if let Some(chance) = schedule.chance {
        text.push_str(&format!(", with a chance of {chance}%"));
    }
    text
}

fn in_words(latency: Duration) -> String {
    format_duration(Span(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)))
}

/// A fault in the words of the language, so that it can be armed again as it stands.
pub fn fault_words(config: &Config, fault: &Fault) -> Map<String, Value> {
    let Fault { at, app, page, person, schedule, optional, effect } = fault;
    let mut words = Map::new();
    let mut put = |key: &str, value: Value| words.insert(key.to_owned(), value);
    let key = match effect {
        FaultEffect::Call(_) => "at",
        FaultEffect::Webhook(_) => "webhook",
    };
    put(key, json!(at.word()));
    app.map(|app| put("app", json!(config.app(app).name)));
    person.map(|person| put("to", json!(config.person(person).name)));
    page.map(|page| put("page", json!(config.page(page).name)));
    match effect {
        FaultEffect::Call(trouble) => call_words(trouble, &mut put),
        FaultEffect::Webhook(trouble) => webhook_words(*trouble, &mut put),
    }
    put(
        "times",
        match schedule.times {
            Times::Exactly(times) => json!(times),
            Times::Always => json!("always"),
        },
    );
    put("nth", json!(schedule.first));
    put("every", json!(schedule.every));
    schedule.chance.map(|chance| put("chance", json!(format!("{chance}%"))));
    put("optional", json!(optional));
    words
}

fn call_words(trouble: &CallFault, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    match &trouble.instead {
        AnswerOverride::Unchanged => None,
        AnswerOverride::Error(name) => put("reply", json!(name)),
        AnswerOverride::Custom { status, body, .. } => {
            put("status", json!(status));
            put("body", json!(**body))
        }
        AnswerOverride::HtmlPage(status) => put("html", json!(status)),
        AnswerOverride::Broken(breakage) => put("breaks", json!(breakage.word())),
    };
    if !trouble.latency.is_zero() {
        put("latency", json!(in_words(trouble.latency)));
    }
    trouble.usage.map(|usage| put("usage", usage_words(usage)));
    put("after", json!(trouble.after));
}

fn webhook_words(trouble: WebhookFault, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    match trouble {
        WebhookFault::Detour(route) => put("goes", json!(route.word())),
        WebhookFault::Late(late) => put("late", json!(format_duration(late))),
        WebhookFault::Fails(FakedFailure::Status(status)) => put("fails", json!(status)),
        WebhookFault::Fails(FakedFailure::Timeout) => put("fails", json!("timeout")),
        WebhookFault::Batch(size) => put("batch", json!(size)),
        WebhookFault::Altered(options) => {
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
