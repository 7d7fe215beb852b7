//! Changes on a page outside of Messenger: what happens in its feed. Apps get them in `changes` of a webhook entry.

use super::fields::Field;
use super::publication::PublicAuthor;
use super::time::Moment;

/// A change on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageChange {
    Feed(FeedChange),
}

/// A change in the feed of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedChange {
    pub by: PublicAuthor,
    pub item: FeedItem,
    pub verb: FeedVerb,
    pub post_id: Box<str>,
    /// The comment that it is about.
    pub comment_id: Option<Box<str>>,
    /// What the comment answers.
    pub parent_id: Option<Box<str>>,
    /// The text of the post or comment.
    pub message: Option<Box<str>>,
    /// When the post or comment was written.
    pub created: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedItem {
    Comment,
    /// A post of a visitor.
    Post,
}

impl FeedItem {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Post => "post",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedVerb {
    Add,
}

impl FeedVerb {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
        }
    }
}

impl PageChange {
    /// The field that an app must subscribe to get the change.
    pub fn field(&self) -> Field {
        match self {
            Self::Feed(_) => Field::Feed,
        }
    }
}
