//! The delivery of webhooks in words: attempts, and what follows from them.

use std::fmt::{self, Display};

use crate::domain::command::DeliveryUpdate;
use crate::domain::event::DeliveryState;
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::engine::StillWaiting;
use crate::engine::ledger_entry::{DeliveryAttempt, DeliveryResult};

use crate::text::units::format_moment;

/// How an attempt went.
pub(super) fn attempt_text<'e>(config: &'e Config, attempt: &'e DeliveryAttempt) -> impl Display + 'e {
    fmt::from_fn(move |formatter| {
        write_result(formatter, config, attempt)?;
        match attempt.request.more.len() {
            0 => {}
            more => write!(formatter, " of {} webhooks in one POST", more + 1)?,
        }
        attempt.fault.map_or(Ok(()), |fault| write!(formatter, "  (fault {fault})"))
    })
}

fn write_result(formatter: &mut fmt::Formatter<'_>, config: &Config, attempt: &DeliveryAttempt) -> fmt::Result {
    let (app, number) = (&config.app(attempt.request.app).name, attempt.attempt);
    // A fault answered instead of the app.
    let never_left = attempt.url.is_none() && attempt.fault.is_some();
    match &attempt.result {
        DeliveryResult::Answered(status) if never_left && *status >= 300 => {
            write!(formatter, "attempt {number} to {app} never left, as if it had answered {status}")
        }
        DeliveryResult::Failed(why) if never_left => {
            write!(formatter, "attempt {number} to {app} never left: {why}")
        }
        DeliveryResult::Lost => write!(formatter, "attempt {number} to {app} was lost"),
        DeliveryResult::Answered(status) => write!(formatter, "{app} answered {status} to attempt {number}"),
        DeliveryResult::Failed(why) => write!(formatter, "{app} did not take attempt {number}: {why}"),
    }
}

/// What happened to a webhook on its way.
pub(super) fn delivery_command_text(config: &Config, app: AppKey, act: DeliveryUpdate) -> String {
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

/// What follows from an attempt, or from several.
pub(super) fn delivery_news_text(config: &Config, app: AppKey, news: &DeliveryState) -> String {
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

/// Webhooks that still wait when a scenario ends.
pub(crate) fn still_waiting_text(config: &Config, waiting: &StillWaiting) -> String {
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
