//! Domain room: what people and apps say to each other. Shapes of Meta's Send API, without JSON. Everyone may enter.

use serde::{Deserialize, Serialize};

use super::ids::{AdKey, AppKey, ThreadKey};
use super::media::MediaKind;
use super::template::Template;
use super::time::Moment;

/// A message in a thread, by either side.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Message id.
    pub mid: Box<str>,
    /// Where it was said.
    pub thread: ThreadKey,
    /// Who said it.
    pub author: Author,
    /// When; strictly rising within a thread.
    pub at: Moment,
    /// What was said.
    pub content: Content,
    /// The payload of the quick reply that it answers, for a person's message.
    pub quick_reply: Option<Box<str>>,
    /// The message that it replies to.
    pub reply_to: Option<ReplyTo>,
    /// `metadata` of the Send API, given back in the echo.
    pub metadata: Option<Box<str>>,
}

/// The message that another replies to.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyTo {
    /// Its message id.
    pub mid: Box<str>,
    /// Whether both have the same author.
    pub is_self_reply: bool,
}

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The person.
    Person,
    /// The page, through an app.
    App(AppKey),
    /// The page, through the message template of an ad; the app is its marketing app.
    Ad(AdKey, Option<AppKey>),
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Content {
    /// Text.
    pub text: Option<Box<str>>,
    /// Attachments: one at most from an app, any number from a person.
    pub attachments: Vec<Attachment>,
    /// Quick replies offered with it.
    pub quick_replies: Vec<QuickReply>,
}

impl Content {
    /// Plain text.
    pub fn text(text: impl Into<Box<str>>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

/// Something attached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Attachment {
    /// A file behind a URL.
    Media {
        /// What it is.
        kind: MediaKind,
        /// Where it is.
        url: Box<str>,
        /// Whether the sender asks for an id by which to send it again.
        reusable: bool,
    },
    /// A place, from a person.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// A template, from an app.
    Template(Template),
}

/// A quick reply.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QuickReply {
    /// What a tap sends.
    pub kind: QuickReplyKind,
    /// Label; Meta's word for the kind where Messenger writes the label itself.
    pub title: Box<str>,
    /// What comes back with the person's message.
    pub payload: Box<str>,
    /// Picture beside the label.
    pub image_url: Option<Box<str>>,
}

/// What a tap on a quick reply sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum QuickReplyKind {
    /// Its label.
    #[default]
    Text,
    /// The person's phone number.
    PhoneNumber,
    /// The person's e-mail address.
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

    /// The kind of Meta's word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Text, Self::PhoneNumber, Self::Email].into_iter().find(|kind| kind.name() == text)
    }
}

/// A reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Meta's word: smile, angry, sad, wow, love, like, dislike, other.
    pub name: Box<str>,
    /// The emoji.
    pub emoji: Box<str>,
}

/// How a person came to the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referral {
    /// A Click-to-Message ad.
    Ad {
        /// The ad.
        ad: AdKey,
    },
    /// An m.me link.
    Link {
        /// The `ref` parameter.
        reference: Box<str>,
    },
}
