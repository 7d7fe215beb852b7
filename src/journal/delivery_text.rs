//! Run room: what becomes of webhooks, in words. `record` and `runner` enter.

use crate::domain::command::DeliveryUpdate;
use crate::domain::event::DeliveryState;
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::engine::StillWaiting;
use crate::engine::ledger::{DeliveryAttempt, DeliveryResult};

use crate::text::units::format_moment;

/// How an attempt went.
pub(crate) fn attempt_text(config: &Config, delivered: &DeliveryAttempt) -> String {
    let (app, attempt) = (&config.app(delivered.request.app).name, delivered.attempt);
    // A fault speaks for the app.
    let never_left = delivered.url.is_none() && delivered.fault.is_some();
    let together = match delivered.request.more.len() {
        0 => String::new(),
        more => format!(" of {} webhooks in one POST", more + 1),
    };
    let fault = delivered.fault.map(|number| format!("  (fault {number})")).unwrap_or_default();
    let how = match &delivered.result {
        DeliveryResult::Answered(status) if never_left && *status >= 300 => {
            format!("attempt {attempt} to {app} never left, as if it had answered {status}")
        }
        DeliveryResult::Failed(why) if never_left => format!("attempt {attempt} to {app} never left: {why}"),
        DeliveryResult::Lost => format!("attempt {attempt} to {app} was lost"),
        DeliveryResult::Answered(status) => format!("{app} answered {status} to attempt {attempt}"),
        DeliveryResult::Failed(why) => format!("{app} did not take attempt {attempt}: {why}"),
    };
    format!("{how}{together}{fault}")
}

/// What happened to a webhook on its way.
pub(crate) fn act_text(config: &Config, app: AppKey, act: DeliveryUpdate) -> String {
    let app = &config.app(app).name;
    match act {
        DeliveryUpdate::Delayed { .. } => format!("a webhook to {app} is held back"),
        DeliveryUpdate::Failed(_) => format!("{app} did not take a webhook"),
        DeliveryUpdate::Accepted(_) => format!("{app} took a webhook"),
        DeliveryUpdate::AcceptedOnDemand => format!("{app} took a webhook that was sent on demand"),
        DeliveryUpdate::Lost(_) => format!("a webhook to {app} is lost"),
        DeliveryUpdate::Attempt(_) => format!("a webhook to {app} is due"),
        DeliveryUpdate::Alert => format!("{app} has failed for 15 minutes"),
        DeliveryUpdate::Disable => format!("{app} has failed for an hour"),
    }
}

/// What comes of it.
pub(crate) fn news_text(config: &Config, app: AppKey, news: &DeliveryState) -> String {
    let app = &config.app(app).name;
    match news {
        DeliveryState::Waits { until, .. } => format!("a webhook to {app} waits until {}", format_moment(*until)),
        DeliveryState::Sent { .. } => format!("a webhook to {app} is sent after all"),
        DeliveryState::GivenUp { webhooks } if webhooks.len() == 1 => format!("a webhook to {app} is given up"),
        DeliveryState::GivenUp { webhooks } => format!("{} webhooks to {app} are given up", webhooks.len()),
        DeliveryState::Recovered { since } => {
            format!("{app} takes webhooks again, after failing since {}", format_moment(*since))
        }
        DeliveryState::Alerted { since } => {
            format!("alert for the developers of {app}: its webhooks fail since {}", format_moment(*since))
        }
        DeliveryState::Disabled { since } => {
            format!("webhooks disabled for {app}, which fails since {}", format_moment(*since))
        }
    }
}

/// Webhooks that wait when a scenario is over.
pub(crate) fn waiting_text(config: &Config, waiting: &StillWaiting) -> String {
    let StillWaiting { app, webhooks, first, last } = waiting;
    let app = &config.app(*app).name;
    let (first, last) = (format_moment(*first), format_moment(*last));
    let until = if first == last { first } else { format!("{first}, the last until {last}") };
    match webhooks {
        1 => format!("a webhook to app `{app}` still waits when the scenario ends, until {until}: `clock` lets it go"),
        more => format!(
            "{more} webhooks to app `{app}` still wait when the scenario ends, until {until}: `clock` lets them go"
        ),
    }
}
