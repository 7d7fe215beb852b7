//! Steps of people: what somebody does in Messenger or on Instagram becomes a command to the world.

use crate::domain::command::{Command, StoryAnswered, SurveyReply, UserAction, UserMessage};
use crate::domain::model::ids::ThreadKey;
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::Attachment;
use crate::domain::model::reactions::reaction_on;
use crate::domain::model::shared_item::{SharedItem, SharedKind, Sticker, THUMB};
use crate::language::steps::on_platform::user_mistake;
use crate::language::steps::step::Step;
use crate::language::steps::user_step::{EntryPoint, RepliedStory, UserStep, UserVerb};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;
use serde_json::Value;

use super::act::{ActResult, unknown};
use super::session::Session;

impl Session {
    pub(super) fn act_as_user(&mut self, step: &Step, user: &UserStep, thread: Option<ThreadKey>) -> ActResult {
        let thread = thread.ok_or_else(|| unknown("thread", &step.place))?;
        if let Some(mistake) = user_mistake(&self.config, thread.asset, user) {
            return Err(Diagnostic::new(step.place.clone(), mistake));
        }
        let command = self.user_command(step, user, thread)?;
        self.mark_active(thread);
        self.execute(command, &step.place)
    }

    /// What the step asks of the world.
    pub(super) fn user_command(&self, step: &Step, user: &UserStep, thread: ThreadKey) -> Result<Command, Diagnostic> {
        let then = match &user.then {
            Some(verb) => Some(self.user_action(verb, thread, &step.place)?),
            None => None,
        };
        let action = match (&user.entry, then) {
            (Some(EntryPoint::Ad(ad)), then) => {
                let ad = self.config.ad_by_name(ad).ok_or_else(|| unknown("ad", &step.place))?;
                UserAction::TapsAd(ad, then.map(Box::new))
            }
            (Some(EntryPoint::Link(link)), then) => {
                UserAction::OpensLink(self.find_link(thread.asset, link, &step.place)?, then.map(Box::new))
            }
            (None, Some(action)) => action,
            (None, None) => return Err(unknown("action", &step.place)),
        };
        Ok(Command::Person(thread, action))
    }

    fn user_action(&self, verb: &UserVerb, thread: ThreadKey, place: &SourcePlace) -> Result<UserAction, Diagnostic> {
        let fill = |text: &String| self.fill_text(text, Some(thread.asset), place).map(String::into_boxed_str);
        let fill_optional = |text: &Option<String>| text.as_ref().map(fill).transpose();
        Ok(match verb {
            UserVerb::Says { text, attachments, replies_to, story, about_product } => UserAction::Says(UserMessage {
                text: fill_optional(text)?,
                attachments: attachments
                    .iter()
                    .map(|attachment| Ok(attachment_of(&self.fill_value(attachment, Some(thread.asset), place)?)))
                    .collect::<Result<_, Diagnostic>>()?,
                replies_to: fill_optional(replies_to)?,
                story: match story {
                    Some(RepliedStory { id, link_sticker_url }) => Some(StoryAnswered {
                        id: fill_optional(id)?,
                        link_sticker_url: fill_optional(link_sticker_url)?,
                    }),
                    None => None,
                },
                about_product: fill_optional(about_product)?,
            }),
            UserVerb::GetsStarted => UserAction::GetsStarted,
            UserVerb::TapsButton(label) => UserAction::TapsButton(fill(label)?),
            UserVerb::TapsQuickReply(label) => UserAction::TapsQuickReply(fill(label)?),
            UserVerb::TapsIceBreaker(label) => UserAction::TapsIceBreaker(fill(label)?),
            UserVerb::TapsMenu(label) => UserAction::TapsMenu(fill(label)?),
            UserVerb::Reacts { reaction, message } => UserAction::Reacts {
                reaction: fill_optional(reaction)?.map(|word| reaction_on(self.config.platform(thread.asset), &word)),
                message: fill_optional(message)?,
            },
            UserVerb::Edits { text, message } => {
                UserAction::Edits { message: fill_optional(message)?, text: fill(text)? }
            }
            UserVerb::Unsends { message } => UserAction::Unsends { message: fill_optional(message)? },
            UserVerb::OptsIn { user_ref, reference } => {
                UserAction::OptsIn { user_ref: fill(user_ref)?, reference: fill_optional(reference)? }
            }
            UserVerb::OptsInTo(title) => UserAction::OptsInTo(fill(title)?),
            UserVerb::StopsMessages(topic) => UserAction::StopsMessages(fill(topic)?),
            UserVerb::ResumesMessages(topic) => UserAction::ResumesMessages(fill(topic)?),
            UserVerb::AnswersSurvey { score, text } => {
                UserAction::AnswersSurvey(SurveyReply { score: fill_optional(score)?, text: fill_optional(text)? })
            }
            UserVerb::OpensCoupon(title) => UserAction::OpensCoupon(fill(title)?),
            UserVerb::InPublic(action) => UserAction::InPublic(
                action.try_map(|text| self.fill_text(text, Some(thread.asset), place).map(Into::into))?,
            ),
            UserVerb::OpensLogin => UserAction::OpensLogin,
            UserVerb::LinksAccount(code) => UserAction::LinksAccount(fill(code)?),
            UserVerb::UnlinksAccount => UserAction::UnlinksAccount,
            UserVerb::Reads => UserAction::Reads,
            UserVerb::Blocks => UserAction::Blocks,
            UserVerb::Unblocks => UserAction::Unblocks,
        })
    }
}

fn attachment_of(value: &Value) -> Attachment {
    let text = |key: &str| value.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let optional = |key| text(key).map(String::into_boxed_str);
    let degrees = |key| text(key).and_then(|text| text.parse().ok()).unwrap_or_default();
    let id = text("id").and_then(|id| id.parse().ok());
    let kind = text("type").unwrap_or_default();
    if let Some(kind) = MediaKind::parse(&kind) {
        return Attachment::Media { kind, url: text("url").unwrap_or_default().into(), reusable: false };
    }
    if let Some(kind) = SharedKind::parse(&kind) {
        return Attachment::Shared(SharedItem { kind, title: optional("title"), url: optional("url"), id });
    }
    if kind == "sticker" {
        let sticker = Sticker::new(id.unwrap_or(THUMB));
        return Attachment::Sticker(Sticker { url: optional("url").unwrap_or(sticker.url), ..sticker });
    }
    Attachment::Location {
        latitude: degrees("lat"),
        longitude: degrees("long"),
        title: optional("title"),
        url: optional("url"),
    }
}
