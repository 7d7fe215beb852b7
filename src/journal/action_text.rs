//! Run room: what people do, in words.

use crate::domain::command::Gesture;
use crate::domain::model::config::Config;
use crate::domain::model::message::Content;

use super::event_text::content_text;

/// A gesture in words.
pub(crate) fn gesture_text(config: &Config, gesture: &Gesture) -> String {
    let then = |gesture: &Option<Box<Gesture>>| {
        gesture.as_ref().map(|gesture| format!(" and {}", gesture_text(config, gesture))).unwrap_or_default()
    };
    match gesture {
        Gesture::TapsAd(ad, next) => format!("taps the ad {}{}", config.ad(*ad).name, then(next)),
        Gesture::OpensLink(place, next) => format!("opens link {}{}", place + 1, then(next)),
        Gesture::GetsStarted => "taps Get Started".to_owned(),
        Gesture::Says(saying) => {
            let content = Content {
                text: saying.text.clone(),
                attachments: saying.attachments.clone(),
                quick_replies: Vec::new(),
            };
            format!("says {}", content_text(&content))
        }
        Gesture::TapsButton(label) => format!("taps the button {label:?}"),
        Gesture::TapsQuickReply(label) => format!("taps the quick reply {label:?}"),
        Gesture::TapsIceBreaker(label) => format!("taps the ice breaker {label:?}"),
        Gesture::TapsMenu(label) => format!("taps {label:?} in the menu"),
        Gesture::Reacts { reaction: Some(reaction), .. } => format!("reacts {}", reaction.name),
        Gesture::Reacts { reaction: None, .. } => "takes the reaction back".to_owned(),
        Gesture::OptsIn { user_ref, .. } => format!("ticks the checkbox {user_ref:?}"),
        Gesture::OptsInTo(title) => format!("opts in to {title:?}"),
        Gesture::StopsMessages(topic) => format!("stops the messages about {topic:?}"),
        Gesture::ResumesMessages(topic) => format!("resumes the messages about {topic:?}"),
        Gesture::AnswersSurvey(reply) => {
            let parts: Vec<&str> = reply.score.iter().chain(&reply.text).map(|part| &**part).collect();
            format!("answers the survey: {}", parts.join(", "))
        }
        Gesture::OpensCoupon(title) => format!("opens the coupon {title:?}"),
        Gesture::Comments(text) => format!("comments {text:?}"),
        Gesture::Posts(text) => format!("posts {text:?}"),
        Gesture::OpensLogin => "opens the login".to_owned(),
        Gesture::LinksAccount(code) => format!("logs in with the code {code:?}"),
        Gesture::UnlinksAccount => "logs out".to_owned(),
        Gesture::Reads => "reads".to_owned(),
        Gesture::Blocks => "blocks the page".to_owned(),
        Gesture::Unblocks => "unblocks the page".to_owned(),
    }
}
