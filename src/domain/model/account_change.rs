//! Changes on an Instagram account outside of its messages: comments, mentions and the numbers of a story. Apps get them in `changes` of a
//! webhook entry.

use super::commented_media::CommentedMedia;
use super::fields::Field;
use super::public_action::StoryInsights;
use super::publication::PublicAuthor;

/// A change on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountChange {
    Comment(AccountComment),
    /// Somebody mentioned the account elsewhere. Meta does not say who, or in which words.
    Mention {
        media_id: Box<str>,
        /// The comment, if it was not the caption.
        comment_id: Option<Box<str>>,
    },
    /// The same for an app with Instagram Login, which gets it as a comment.
    MentionInComment(AccountComment),
    /// A story has ended.
    StoryInsights {
        media_id: Box<str>,
        insights: StoryInsights,
    },
}

/// A comment on media of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountComment {
    pub id: Box<str>,
    pub by: PublicAuthor,
    /// Empty for a GIF.
    pub text: Box<str>,
    /// The comment that it answers.
    pub parent_id: Option<Box<str>>,
    pub media: CommentedMedia,
}

impl AccountChange {
    /// The field that an app must subscribe to get the change.
    pub fn field(&self) -> Field {
        match self {
            Self::Comment(comment) if comment.media.is_live() => Field::LiveComments,
            Self::Comment(_) | Self::MentionInComment(_) => Field::Comments,
            Self::Mention { .. } => Field::Mentions,
            Self::StoryInsights { .. } => Field::StoryInsights,
        }
    }
}
