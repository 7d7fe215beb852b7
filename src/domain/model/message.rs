//! Messages, their content, quick replies and reactions: the vocabulary of Meta's Send API, without JSON.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ids::{AdKey, AppKey, ThreadKey};
use super::media::MediaKind;
use super::shared_item::{SharedItem, Sticker};
use super::template::Template;
use super::time::{Moment, Span};

#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Shared with the events about the message.
    pub mid: Arc<str>,
    pub thread: ThreadKey,
    pub author: Author,
    /// Strictly increasing within a thread.
    pub at: Moment,
    /// Shared with the command that it came from.
    pub content: Arc<Content>,
    /// The payload of the quick reply that the person tapped.
    pub quick_reply: Option<Box<str>>,
    pub reply_to: Option<ReplyTo>,
    /// The story that it replies to, on Instagram.
    pub story: Option<Box<StoryReply>>,
    /// `metadata` of the Send API. The echo returns it.
    pub metadata: Option<Box<str>>,
    /// How often the person has edited it.
    pub edits: u8,
    /// True if the person has taken it back. Then its content is empty.
    pub is_unsent: bool,
    /// `prior_message`: the checkbox through which an app wrote before this first message of the person.
    pub prior_user_ref: Option<Box<str>>,
    /// `message_request`: true if it begins the conversation, on a page that says so.
    pub accepts_request: bool,
}

impl Message {
    /// True if less than `span` has passed since. It counts whole seconds because timestamps grow even when the clock stands still.
    pub fn is_recent(&self, now: Moment, span: Span) -> bool {
        let seconds = |moment: Moment| moment.millis() / 1000;
        seconds(now) < seconds(self.at + span)
    }
}

/// The message that another message replies to.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyTo {
    pub mid: Arc<str>,
    /// True if both messages have the same author.
    pub is_self_reply: bool,
}

/// A story of an account that a message replies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryReply {
    pub id: Box<str>,
    /// Where its picture or video is.
    pub url: Box<str>,
    /// Where a sticker in the story leads, on which the person tapped.
    pub link_sticker_url: Option<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    Person,
    /// The page, through an app.
    App(AppKey),
    /// The page, through the message template of an ad. The app is the ad's marketing app.
    Ad(AdKey, Option<AppKey>),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Content {
    pub text: Option<Box<str>>,
    /// At most one from an app, any number from a person.
    pub attachments: Vec<Attachment>,
    pub quick_replies: Vec<QuickReply>,
}

impl Content {
    pub fn text(text: impl Into<Box<str>>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Attachment {
    /// A file behind a URL.
    Media {
        kind: MediaKind,
        url: Box<str>,
        /// True if the sender asks for an id by which the attachment can be sent again.
        reusable: bool,
    },
    /// A place, from a person.
    Location { latitude: f64, longitude: f64, title: Option<Box<str>>, url: Option<Box<str>> },
    /// From a person.
    Sticker(Sticker),
    /// A link, a reel or a post, from a person.
    Shared(SharedItem),
    /// A template, from an app.
    Template(Template),
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QuickReply {
    pub kind: QuickReplyKind,
    /// The label. Where Messenger writes the label itself, it is Meta's word for the kind.
    pub title: Box<str>,
    /// The payload that the person's message carries after the tap.
    pub payload: Box<str>,
    /// The picture beside the label.
    pub image_url: Option<Box<str>>,
}

/// The value that a tap on a quick reply sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum QuickReplyKind {
    /// Its label.
    #[default]
    Text,
    PhoneNumber,
    Email,
}

impl QuickReplyKind {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::PhoneNumber => "user_phone_number",
            Self::Email => "user_email",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Text, Self::PhoneNumber, Self::Email].into_iter().find(|kind| kind.name() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Meta's word: smile, angry, sad, wow, love, like, dislike, other; on Instagram laugh instead of smile, and no dislike.
    pub name: Box<str>,
    pub emoji: Box<str>,
}

/// The way by which a person entered the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referral {
    Ad {
        ad: AdKey,
    },
    Link {
        /// The `ref` parameter.
        reference: Box<str>,
    },
    /// The person asks about a product of an Instagram shop.
    Product {
        id: Box<str>,
    },
}
