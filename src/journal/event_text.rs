//! Events of the domain in words.

use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::text::units::format_moment;

use super::content_text::message_text;
use super::delivery_text::delivery_news_text;
use super::names::app_name;

/// An event in words, without its rule.
pub fn event_text(config: &Config, event: &Event) -> String {
    match event {
        Event::WebhookEvent(webhook_event) => format!("webhook event {:?}", webhook_event.payload.field().name()),
        Event::Routed { thread, app, .. } => {
            format!("{} routed to {}", config.thread_name(*thread), app_name(config, *app))
        }
        Event::OwnerChanged { thread, from, to, at, .. } => format!(
            "owner of {}: {} → {} at {}",
            config.thread_name(*thread),
            app_name(config, *from),
            app_name(config, *to),
            format_moment(*at)
        ),
        Event::ControlKept { owner, until, .. } => {
            format!("{} keeps control until {}", config.app(*owner).name, format_moment(*until))
        }
        Event::Allowed { app, .. } => format!("{} may", config.app(*app).name),
        Event::Shown { message, .. } => format!("shown: {}", message_text(config, message)),
        Event::Delivery { app, news, .. } => delivery_news_text(config, *app, news),
        Event::WindowOpened { thread, .. } => format!("window of {} open", config.thread_name(*thread)),
        Event::SettingChanged { app, what, .. } => match app {
            Some(app) => format!("{}: {what}", config.app(*app).name),
            None => what.to_string(),
        },
        Event::Warning { app, text, .. } => format!("warning for {}: {text}", config.app(*app).name),
    }
}
