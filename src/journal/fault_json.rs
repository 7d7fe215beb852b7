//! A fault as JSON, in the words of a `fault` step.

use serde_json::{Map, Value, json};

use super::fault_text::latency_text;
use crate::domain::model::config::Config;
use crate::engine::fault::{AnswerOverride, CallFault, FakedFailure, Fault, FaultEffect, Times, Usage, WebhookFault};
use crate::text::units::format_duration;

/// A fault in the words of a `fault` step, so that it can be armed again.
pub fn fault_json(config: &Config, fault: &Fault) -> Map<String, Value> {
    let Fault { at, app, page, person, schedule, optional, effect } = fault;
    let mut words = Map::new();
    let mut put = |key: &str, value: Value| words.insert(key.to_owned(), value);
    let key = match effect {
        FaultEffect::Call(_) => "at",
        FaultEffect::Webhook(_) => "webhook",
    };
    put(key, json!(at.word()));
    app.map(|app| put("app", json!(config.app(app).name)));
    person.map(|person| put("to", json!(config.person_name(person))));
    page.map(|page| put("page", json!(config.asset(page).name)));
    match effect {
        FaultEffect::Call(trouble) => put_call_trouble(trouble, &mut put),
        FaultEffect::Webhook(trouble) => put_webhook_trouble(*trouble, &mut put),
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

fn put_call_trouble(trouble: &CallFault, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    match &trouble.answer {
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
        put("latency", json!(latency_text(trouble.latency)));
    }
    trouble.usage.map(|usage| put("usage", usage_json(usage)));
    put("after", json!(trouble.after));
}

fn put_webhook_trouble(trouble: WebhookFault, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
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

fn usage_json(usage: Usage) -> Value {
    json!({
        "call_count": usage.call_count,
        "total_cputime": usage.total_cputime,
        "total_time": usage.total_time,
        "estimated_time_to_regain_access": format!("{}m", usage.minutes_to_regain_access),
    })
}
