//! What people and admins do on a page in public: posts, comments, reactions and mentions. An admin acts as the page.

use serde::{Deserialize, Serialize};

use super::fields::Field;

/// An action of a person on a page, outside of Messenger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicAction {
    Comments {
        /// Empty for a GIF, which only Instagram has.
        text: Box<str>,
        on: PublicPlace,
    },
    /// Writes a post on the page.
    Posts(Box<str>),
    /// Gives their own post or comment another text.
    Edits { publication: PublicPlace, text: Box<str> },
    /// Removes their own post or comment.
    Removes(PublicPlace),
    Reacts {
        to: PublicPlace,
        /// `None` takes the reaction back.
        reaction: Option<Box<str>>,
    },
    /// Mentions the page in a post of their own, or in a comment, somewhere else.
    Mentions { text: Box<str>, in_comment: bool },
}

/// An action of an admin as the page, or in the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageAction {
    Posts(Box<str>),
    /// Gives a post of the page another text.
    Edits {
        post: PublicPlace,
        text: Box<str>,
    },
    /// Removes any post or comment.
    Removes(PublicPlace),
    /// Comments as the account, on Instagram.
    Comments {
        text: Box<str>,
        on: PublicPlace,
    },
    /// The account's story ends, on Instagram, and Meta counts what people did with it.
    StoryEnds(StoryInsights),
    /// Presses the Test button of a webhook field.
    PressesTest(Field),
}

/// How often people did something with a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StoryInsights {
    pub impressions: u32,
    pub reach: u32,
    pub taps_forward: u32,
    pub taps_back: u32,
    pub exits: u32,
    pub replies: u32,
}

/// Where on a page somebody acts. Posts and comments are named by their id or their text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicPlace {
    /// The post that each page has from the beginning.
    FirstPost,
    /// What an Instagram account has published, by its name.
    Media(Box<str>),
    /// The ad of this name, on Instagram.
    Ad(Box<str>),
    Post(Box<str>),
    Comment(Box<str>),
}

/// The reactions to posts and comments, in Meta's words.
pub const REACTIONS: &[&str] = &["like", "love", "care", "haha", "wow", "sad", "angry"];

impl PublicAction {
    /// The same action with each text replaced.
    pub fn try_map<E>(&self, map: impl Fn(&str) -> Result<Box<str>, E>) -> Result<Self, E> {
        Ok(match self {
            Self::Comments { text, on } => Self::Comments { text: map(text)?, on: on.try_map(map)? },
            Self::Posts(text) => Self::Posts(map(text)?),
            Self::Edits { publication, text } => {
                Self::Edits { text: map(text)?, publication: publication.try_map(map)? }
            }
            Self::Removes(publication) => Self::Removes(publication.try_map(map)?),
            Self::Reacts { to, reaction } => Self::Reacts { to: to.try_map(map)?, reaction: reaction.clone() },
            Self::Mentions { text, in_comment } => Self::Mentions { text: map(text)?, in_comment: *in_comment },
        })
    }
}

impl PageAction {
    /// The same action with each text replaced.
    pub fn try_map<E>(&self, map: impl Fn(&str) -> Result<Box<str>, E>) -> Result<Self, E> {
        Ok(match self {
            Self::Posts(text) => Self::Posts(map(text)?),
            Self::Edits { post, text } => Self::Edits { text: map(text)?, post: post.try_map(map)? },
            Self::Removes(publication) => Self::Removes(publication.try_map(map)?),
            Self::Comments { text, on } => Self::Comments { text: map(text)?, on: on.try_map(map)? },
            Self::StoryEnds(insights) => Self::StoryEnds(*insights),
            Self::PressesTest(field) => Self::PressesTest(*field),
        })
    }
}

impl PublicPlace {
    fn try_map<E>(&self, map: impl Fn(&str) -> Result<Box<str>, E>) -> Result<Self, E> {
        Ok(match self {
            Self::FirstPost => Self::FirstPost,
            Self::Media(name) => Self::Media(map(name)?),
            Self::Ad(name) => Self::Ad(map(name)?),
            Self::Post(wanted) => Self::Post(map(wanted)?),
            Self::Comment(wanted) => Self::Comment(map(wanted)?),
        })
    }
}
