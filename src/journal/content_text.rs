//! Messages in words.

use std::fmt::{self, Display};

use crate::domain::model::config::Config;
use crate::domain::model::message::{Author, Content, Message};
use crate::wire::content_json;

/// The text of a message, or the JSON of its content if there is more than text.
pub(crate) fn content_text(content: &Content) -> impl Display {
    fmt::from_fn(|formatter| match &content.text {
        Some(text) if content.attachments.is_empty() && content.quick_replies.is_empty() => {
            write!(formatter, "{text:?}")
        }
        _ => content_json(content).fmt(formatter),
    })
}

/// A message with its author and its thread.
pub fn message_text(config: &Config, message: &Message) -> String {
    let thread = config.thread_name(message.thread);
    let content = content_text(&message.content);
    match message.author {
        Author::Person => format!("{thread}: {content}"),
        Author::App(app) => format!("{} to {thread}: {content}", config.app(app).name),
        Author::Ad(ad, _) => format!("the ad {} to {thread}: {content}", config.ad(ad).name),
    }
}
