//! A fault in a sentence.

use std::time::Duration;

use crate::domain::model::config::Config;
use crate::domain::model::time::Span;
use crate::engine::fault::{
    AnswerOverride, CallFault, FakedFailure, Fault, FaultEffect, Schedule, Times, WebhookFault,
};
use crate::text::units::format_duration;

/// A fault in a sentence.
pub fn fault_text(config: &Config, fault: &Fault) -> String {
    let app = fault.app.map(|app| format!(" of {}", config.app(app).name)).unwrap_or_default();
    let person = fault.person.map(|person| format!(" to {}", config.person_name(person))).unwrap_or_default();
    let page = fault.page.map(|page| format!(" on {}", config.asset(page).name)).unwrap_or_default();
    let (what, trouble, noun) = match &fault.effect {
        FaultEffect::Call(trouble) => (fault.at.word().to_owned(), trouble_text(trouble), "call"),
        FaultEffect::Webhook(trouble) => {
            (format!("webhook {}", fault.at.word()), webhook_trouble_text(*trouble), "attempt")
        }
    };
    format!("{what}{app}{person}{page} {trouble}{}", schedule_text(fault.schedule, noun))
}

fn trouble_text(trouble: &CallFault) -> String {
    let mut text = match &trouble.answer {
        AnswerOverride::Unchanged => "is answered".to_owned(),
        AnswerOverride::Error(name) => format!("answers {name}"),
        AnswerOverride::Custom { status, .. } => format!("answers {status} of its own"),
        AnswerOverride::HtmlPage(status) => format!("answers {status} in HTML"),
        AnswerOverride::Broken(breakage) => format!("breaks: {}", breakage.word()),
    };
    if !trouble.latency.is_zero() {
        text.push_str(&format!(" late by {}", latency_text(trouble.latency)));
    }
    if let Some(usage) = trouble.usage {
        text.push_str(&format!(
            " with a usage of {}%",
            usage.call_count.max(usage.total_cputime).max(usage.total_time)
        ));
    }
    if trouble.after && trouble.answer != AnswerOverride::Unchanged {
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

/// A latency in the words of the language.
pub(super) fn latency_text(latency: Duration) -> String {
    format_duration(Span(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)))
}
