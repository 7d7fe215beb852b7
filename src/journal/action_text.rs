//! What a person does in Messenger or on Instagram, in words.

use std::fmt::{self, Display};

use crate::domain::command::{UserAction, UserMessage};
use crate::domain::model::config::Config;
use crate::domain::model::message::Content;

use super::change_text::public_action_text;
use super::content_text::content_text;

/// Writes what a person does.
pub(super) fn write_user_action(
    formatter: &mut fmt::Formatter<'_>,
    config: &Config,
    action: &UserAction,
) -> fmt::Result {
    match action {
        UserAction::TapsAd(ad, next) => {
            write!(formatter, "taps the ad {}", config.ad(*ad).name)?;
            write_next(formatter, config, next.as_deref())
        }
        UserAction::OpensLink(place, next) => {
            write!(formatter, "opens link {}", place + 1)?;
            write_next(formatter, config, next.as_deref())
        }
        UserAction::GetsStarted => formatter.write_str("taps Get Started"),
        UserAction::Says(message) => {
            formatter.write_str(if message.story.is_some() { "replies to a story: " } else { "says " })?;
            write_message(formatter, message)?;
            match &message.about_product {
                Some(product) => write!(formatter, " about the product {product}"),
                None => Ok(()),
            }
        }
        UserAction::TapsButton(label) => write!(formatter, "taps the button {label:?}"),
        UserAction::TapsQuickReply(label) => write!(formatter, "taps the quick reply {label:?}"),
        UserAction::TapsIceBreaker(label) => write!(formatter, "taps the ice breaker {label:?}"),
        UserAction::TapsMenu(label) => write!(formatter, "taps {label:?} in the menu"),
        UserAction::Reacts { reaction: Some(reaction), .. } => write!(formatter, "reacts {}", reaction.name),
        UserAction::Reacts { reaction: None, .. } => formatter.write_str("takes the reaction back"),
        UserAction::Edits { text, .. } => write!(formatter, "edits a message: {text:?}"),
        UserAction::Unsends { .. } => formatter.write_str("takes a message back"),
        UserAction::OptsIn { user_ref, .. } => write!(formatter, "ticks the checkbox {user_ref:?}"),
        UserAction::OptsInTo(title) => write!(formatter, "opts in to {title:?}"),
        UserAction::StopsMessages(topic) => write!(formatter, "stops the messages about {topic:?}"),
        UserAction::ResumesMessages(topic) => write!(formatter, "resumes the messages about {topic:?}"),
        UserAction::AnswersSurvey(reply) => {
            let parts: Vec<&str> = reply.score.iter().chain(&reply.text).map(|part| &**part).collect();
            write!(formatter, "answers the survey: {}", parts.join(", "))
        }
        UserAction::OpensCoupon(title) => write!(formatter, "opens the coupon {title:?}"),
        UserAction::InPublic(action) => formatter.write_str(&public_action_text(action)),
        UserAction::OpensLogin => formatter.write_str("opens the login"),
        UserAction::LinksAccount(code) => write!(formatter, "logs in with the code {code:?}"),
        UserAction::UnlinksAccount => formatter.write_str("logs out"),
        UserAction::Reads => formatter.write_str("reads"),
        UserAction::Blocks => formatter.write_str("blocks the business"),
        UserAction::Unblocks => formatter.write_str("unblocks the business"),
    }
}

fn write_next(formatter: &mut fmt::Formatter<'_>, config: &Config, next: Option<&UserAction>) -> fmt::Result {
    let Some(next) = next else { return Ok(()) };
    formatter.write_str(" and ")?;
    write_user_action(formatter, config, next)
}

fn write_message(formatter: &mut fmt::Formatter<'_>, message: &UserMessage) -> fmt::Result {
    match &message.text {
        Some(text) if message.attachments.is_empty() => write!(formatter, "{text:?}"),
        text => {
            let attachments = message.attachments.clone();
            let content = Content { text: text.clone(), attachments, quick_replies: Vec::new() };
            content_text(&content).fmt(formatter)
        }
    }
}
