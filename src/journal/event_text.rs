//! Events of the domain in words.

use std::fmt::{self, Display};

use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::text::units::format_moment;

use super::content_text::message_text;
use super::delivery_text::delivery_news_text;
use super::names::app_name;

/// An event in words, without its rule.
pub fn event_text<'e>(config: &'e Config, event: &'e Event) -> impl Display + 'e {
    fmt::from_fn(move |formatter| write_event(formatter, config, event))
}

fn write_event(formatter: &mut fmt::Formatter<'_>, config: &Config, event: &Event) -> fmt::Result {
    match event {
        Event::WebhookEvent(webhook_event) => {
            write!(formatter, "webhook event {:?}", webhook_event.field().name())
        }
        Event::Routed { thread, app, .. } => {
            formatter.write_str(&config.thread_name(*thread))?;
            formatter.write_str(" routed to ")?;
            formatter.write_str(app_name(config, *app))
        }
        Event::OwnerChanged { thread, from, to, at, .. } => write!(
            formatter,
            "owner of {}: {} → {} at {}",
            config.thread_name(*thread),
            app_name(config, *from),
            app_name(config, *to),
            format_moment(*at)
        ),
        Event::ControlKept { owner, until, .. } => {
            write!(formatter, "{} keeps control until {}", config.app(*owner).name, format_moment(*until))
        }
        Event::Allowed { app, .. } => write!(formatter, "{} may do this", config.app(*app).name),
        Event::Applied { thread, .. } => write!(formatter, "of {}", config.thread_name(*thread)),
        Event::Shown { message, .. } => write!(formatter, "shown: {}", message_text(config, message)),
        Event::Delivery { app, news, .. } => formatter.write_str(&delivery_news_text(config, *app, news)),
        Event::WindowOpened { thread, .. } => {
            formatter.write_str("window of ")?;
            formatter.write_str(&config.thread_name(*thread))?;
            formatter.write_str(" open")
        }
        Event::SettingChanged { app: Some(app), what, .. } => write!(formatter, "{}: {what}", config.app(*app).name),
        Event::SettingChanged { app: None, what, .. } => formatter.write_str(what),
        Event::Warning { app, text, .. } => write!(formatter, "warning for {}: {text}", config.app(*app).name),
    }
}
