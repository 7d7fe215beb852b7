//! A fault as JSON, in the words of a `fault` step.

use serde_json::{Map, Value, json};

use super::fault_text::latency_text;
use crate::domain::model::config::Config;
use crate::engine::fault::{CallTrouble, Effect, Failing, Fault, Instead, Times, Usage, WebhookTrouble};
use crate::text::units::format_duration;

/// A fault in the words of a `fault` step, so that it can be armed again.
pub fn fault_json(config: &Config, fault: &Fault) -> Map<String, Value> {
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
        Effect::Call(trouble) => put_call_trouble(trouble, &mut put),
        Effect::Webhook(trouble) => put_webhook_trouble(*trouble, &mut put),
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

fn put_call_trouble(trouble: &CallTrouble, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
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
        put("latency", json!(latency_text(trouble.latency)));
    }
    trouble.usage.map(|usage| put("usage", usage_json(usage)));
    put("after", json!(trouble.after));
}

fn put_webhook_trouble(trouble: WebhookTrouble, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
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

fn usage_json(usage: Usage) -> Value {
    json!({
        "call_count": usage.call_count,
        "total_cputime": usage.total_cputime,
        "total_time": usage.total_time,
        "estimated_time_to_regain_access": format!("{}m", usage.minutes_to_regain_access),
    })
}
