//! `POST /_control/worlds/{world}/exchanges`: what a person does, and what comes of it; and how long apps take to answer.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Span;
use crate::engine::ledger_entry::DeliveryResult;
use crate::language::Node;
use crate::language::steps::step::StepKind;
use crate::runner::exchange::{ExchangeReport, NoExchange, Until};
use crate::runner::exchange_progress::{ExchangeAnswer, MAX_KEPT, RefusedCall, WebhookTaken};
use crate::runner::matcher::check_text;
use crate::text::diagnostic::Diagnostic;
use crate::text::suggest::did_you_mean;
use crate::text::units::{DURATION_HELP, parse_duration};
use crate::wire::content_json;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::route::Handled;

/// How long an exchange waits if the caller does not say.
const DEFAULT_WITHIN: Duration = Duration::from_secs(10);
const UNTIL_HELP: &str = "`until` is one of { answers: 1 }, { text: Hello }, { owner: bot } and { quiet: 300ms }";

/// Handles `POST …/exchanges`.
pub async fn exchange(call: &ControlCall<'_>) -> Handled {
    let (step, own) = call.document("the exchange")?.split_off(&["until", "within"]);
    let world = call.world()?;
    let (until, within) = read_end(&world.config(), &own).map_err(|mistake| Problem::of_mistakes(400, &[mistake]))?;
    let (mut performing, step) = call.begin_step().await?.read(&step)?;
    let session = &mut performing.session;
    if !matches!(step.kind, StepKind::User(_)) {
        let mistake = Diagnostic::new(step.place, "an exchange begins with a `user` step");
        return Err(Problem::of_mistakes(400, &[mistake]));
    }
    let exchanged = session.exchange(&step, &until, within).await;
    let has_acted = session.has_acted();
    performing.finish();
    match exchanged {
        Ok(report) => Ok(ControlAnswer::json(200, &report_json(&world.config(), &report))),
        Err(NoExchange::Failed(mistake)) => {
            Err(Problem::of_mistakes(422, &[mistake]).with_members(json!({ "performed": has_acted })))
        }
        Err(NoExchange::ThreadTaken(thread)) => {
            Err(Problem::new(409, format!("another exchange goes on in the thread of {thread}: wait until it is over")))
        }
    }
}

/// Reads `until` and `within`.
fn read_end(config: &Config, own: &[(Node, Node)]) -> Result<(Until, Duration), Diagnostic> {
    let value = |key: &str| own.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value);
    let within = value("within").map(duration).transpose()?.unwrap_or(DEFAULT_WITHIN);
    let until = value("until").map(|until| read_until(config, until)).transpose()?;
    Ok((until.unwrap_or(Until::Answers(1)), within))
}

fn read_until(config: &Config, until: &Node) -> Result<Until, Diagnostic> {
    let [(key, value)] = until.entries() else { return Err(until.mistake(UNTIL_HELP)) };
    match key.text().unwrap_or_default() {
        "answers" => {
            let count = value.text().and_then(|text| text.parse().ok()).filter(|count| (1..=MAX_KEPT).contains(count));
            let mistake = || value.mistake(format!("`answers` is a whole number from 1 to {MAX_KEPT}"));
            count.map(Until::Answers).ok_or_else(mistake)
        }
        "text" => {
            let like = value.json();
            check_text(&like).map_err(|error| value.mistake(error))?;
            Ok(Until::Text(like))
        }
        "owner" => {
            let name = value.text().unwrap_or_default();
            let known = config.apps.iter().map(|app| &*app.name);
            let mistake = || value.mistake(format!("unknown app `{name}`{}", did_you_mean(name, known)));
            config.app_by_name(name).map(Until::Owner).ok_or_else(mistake)
        }
        "quiet" => duration(value).map(Until::Quiet),
        _ => Err(key.mistake(UNTIL_HELP)),
    }
}

fn duration(value: &Node) -> Result<Duration, Diagnostic> {
    let span = value.text().and_then(parse_duration);
    span.map(|Span(millis)| Duration::from_millis(millis)).ok_or_else(|| value.mistake(DURATION_HELP))
}

fn report_json(config: &Config, report: &ExchangeReport) -> Value {
    let name = |app: &AppKey| config.app(*app).name.clone();
    let times = &report.times;
    json!({
        "outcome": report.outcome.word(),
        "rule": report.rule.map(|rule| rule.to_string()),
        "owner": report.owner.as_ref().map(name),
        "receivers": report.receivers.iter().map(name).collect::<Vec<_>>(),
        "cursor": report.cursor,
        "ms": {
            "queue": times.queue.map(millis),
            "webhook": times.webhook.map(millis),
            "first": times.first.map(millis),
            "last": times.last.map(millis),
        },
        "webhook": report.webhook.as_ref().map(webhook_json),
        "answers": report.answers.iter().map(|answer| answer_json(config, answer)).collect::<Vec<_>>(),
        "refused": report.refused.iter().map(|call| refused_json(config, call)).collect::<Vec<_>>(),
    })
}

/// Milliseconds with the digits of microseconds.
fn millis(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}

fn webhook_json(taken: &WebhookTaken) -> Value {
    let (status, failure) = match &taken.result {
        DeliveryResult::Answered(status) => (Some(*status), None),
        DeliveryResult::Failed(why) => (None, Some(&**why)),
        DeliveryResult::Lost => (None, Some("lost")),
    };
    json!({ "status": status, "failure": failure, "attempts": taken.attempts })
}

fn answer_json(config: &Config, answer: &ExchangeAnswer) -> Value {
    let content = content_json(&answer.message.content);
    let replies = content["quick_replies"].as_array().into_iter().flatten();
    let titles: Vec<&Value> = replies.map(|reply| &reply["title"]).filter(|title| !title.is_null()).collect();
    json!({
        "app": config.app(answer.app).name,
        "mid": answer.message.mid,
        "text": answer.message.content.text,
        "quick_replies": titles,
    })
}

fn refused_json(config: &Config, call: &RefusedCall) -> Value {
    json!({
        "app": call.app.map(|app| config.app(app).name.clone()),
        "code": call.error.code,
        "subcode": call.error.subcode,
        "message": call.error.message,
        "rule": call.rule.map(|rule| rule.to_string()),
    })
}

/// Handles `GET …/answers`.
pub fn answers(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let config = world.config();
    let apps = world.answer_times().percentiles().into_iter().map(|(app, times)| {
        let described = json!({
            "answered": times.answered,
            "waiting": times.waiting,
            "ms": { "p50": millis(times.p50), "p90": millis(times.p90), "p99": millis(times.p99), "max": millis(times.max) },
        });
        (config.app(app).name.to_string(), described)
    });
    Ok(ControlAnswer::json(200, &json!({ "apps": Value::Object(apps.collect::<Map<_, _>>()) })))
}

/// Handles `DELETE …/answers`.
pub fn forget_answers(call: &ControlCall<'_>) -> Handled {
    call.world()?.answer_times().clear();
    Ok(ControlAnswer::Empty(204))
}
