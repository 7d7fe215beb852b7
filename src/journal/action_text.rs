//! What a person does in Messenger, in words.

use crate::domain::command::UserAction;
use crate::domain::model::config::Config;
use crate::domain::model::message::Content;

use super::content_text::content_text;

/// What a person does.
pub(super) fn user_action_text(config: &Config, action: &UserAction) -> String {
    let then = |action: &Option<Box<UserAction>>| {
        action.as_ref().map(|action| format!(" and {}", user_action_text(config, action))).unwrap_or_default()
    };
    match action {
        UserAction::TapsAd(ad, next) => format!("taps the ad {}{}", config.ad(*ad).name, then(next)),
        UserAction::OpensLink(place, next) => format!("opens link {}{}", place + 1, then(next)),
        UserAction::GetsStarted => "taps Get Started".to_owned(),
        UserAction::Says(message) => {
            let content = Content {
                text: message.text.clone(),
                attachments: message.attachments.clone(),
                quick_replies: Vec::new(),
            };
            format!("says {}", content_text(&content))
        }
        UserAction::TapsButton(label) => format!("taps the button {label:?}"),
        UserAction::TapsQuickReply(label) => format!("taps the quick reply {label:?}"),
        UserAction::TapsIceBreaker(label) => format!("taps the ice breaker {label:?}"),
        UserAction::TapsMenu(label) => format!("taps {label:?} in the menu"),
        UserAction::Reacts { reaction: Some(reaction), .. } => format!("reacts {}", reaction.name),
        UserAction::Reacts { reaction: None, .. } => "takes the reaction back".to_owned(),
        UserAction::OptsIn { user_ref, .. } => format!("ticks the checkbox {user_ref:?}"),
        UserAction::OptsInTo(title) => format!("opts in to {title:?}"),
        UserAction::StopsMessages(topic) => format!("stops the messages about {topic:?}"),
        UserAction::ResumesMessages(topic) => format!("resumes the messages about {topic:?}"),
        UserAction::AnswersSurvey(reply) => {
            let parts: Vec<&str> = reply.score.iter().chain(&reply.text).map(|part| &**part).collect();
            format!("answers the survey: {}", parts.join(", "))
        }
        UserAction::OpensCoupon(title) => format!("opens the coupon {title:?}"),
        UserAction::Comments(text) => format!("comments {text:?}"),
        UserAction::Posts(text) => format!("posts {text:?}"),
        UserAction::OpensLogin => "opens the login".to_owned(),
        UserAction::LinksAccount(code) => format!("logs in with the code {code:?}"),
        UserAction::UnlinksAccount => "logs out".to_owned(),
        UserAction::Reads => "reads".to_owned(),
        UserAction::Blocks => "blocks the page".to_owned(),
        UserAction::Unblocks => "unblocks the page".to_owned(),
    }
}
