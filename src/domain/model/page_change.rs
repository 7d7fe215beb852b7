//! Changes on a page outside of Messenger: what happens in its feed, mentions, reviews of its templates, and the examples of the Test button.
//! Apps get them in `changes` of a webhook entry.

use super::account_change::AccountChange;
use super::fields::Field;
use super::message_template::MessageTemplate;
use super::publication::{PublicAuthor, Publication, PublicationKind};
use super::time::Moment;

/// A change on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageChange {
    Feed(FeedChange),
    Mention(Mention),
    TemplateReviewed(ReviewedTemplate),
    OnAccount(AccountChange),
    /// The example that the Test button of a field sends.
    Test(Field),
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
    /// What the comment answers. A reaction to a post has the post.
    pub parent_id: Option<Box<str>>,
    /// The text of the post or comment.
    pub message: Option<Box<str>>,
    /// The reaction, in Meta's word.
    pub reaction: Option<Box<str>>,
    /// When the post or comment was written; for removals and reactions, when that happened.
    pub created: Moment,
}

/// A post or a comment elsewhere that mentions the page. Meta does not say who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub text: Box<str>,
    pub post_id: Box<str>,
    pub comment_id: Option<Box<str>>,
}

/// A message template after Meta's review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedTemplate {
    pub id: Box<str>,
    pub name: Box<str>,
    pub language: Box<str>,
    /// Why Meta rejected it; `None` if it was approved.
    pub rejected: Option<&'static str>,
}

impl ReviewedTemplate {
    pub fn of(template: &MessageTemplate) -> Self {
        let wording = &template.wording;
        let (name, language) = (wording.name.clone(), wording.language.clone());
        Self { id: template.id.clone(), name, language, rejected: template.rejected }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedItem {
    Comment,
    /// A post of a visitor.
    Post,
    /// A post of the page.
    Status,
    Reaction,
}

impl FeedItem {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Post => "post",
            Self::Status => "status",
            Self::Reaction => "reaction",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedVerb {
    Add,
    /// A post or a comment has another text.
    Edited,
    /// A reaction was replaced by another.
    Edit,
    Remove,
}

impl FeedVerb {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Edited => "edited",
            Self::Edit => "edit",
            Self::Remove => "remove",
        }
    }
}

impl FeedChange {
    /// A post or comment with this id was written or edited.
    pub fn written(id: &str, publication: &Publication, verb: FeedVerb) -> Self {
        let is_comment = publication.kind == PublicationKind::Comment;
        Self {
            by: publication.by,
            item: match (publication.kind, publication.by) {
                (PublicationKind::Comment, _) => FeedItem::Comment,
                (PublicationKind::Post, PublicAuthor::Person(_)) => FeedItem::Post,
                (PublicationKind::Post, PublicAuthor::Page) => FeedItem::Status,
            },
            verb,
            post_id: publication.post.clone(),
            comment_id: is_comment.then(|| id.into()),
            parent_id: publication.parent.clone(),
            message: Some(publication.text.clone()),
            reaction: None,
            created: publication.at,
        }
    }

    /// A post or comment with this id was removed.
    pub fn removed(id: &str, publication: &Publication, now: Moment) -> Self {
        Self { message: None, created: now, ..Self::written(id, publication, FeedVerb::Remove) }
    }

    /// Somebody reacted to a post or comment with this id.
    pub fn reaction(
        id: &str,
        publication: &Publication,
        by: PublicAuthor,
        (verb, reaction): (FeedVerb, &str),
        now: Moment,
    ) -> Self {
        let written = Self::written(id, publication, verb);
        Self {
            by,
            item: FeedItem::Reaction,
            parent_id: written.parent_id.or_else(|| Some(publication.post.clone())),
            message: None,
            reaction: Some(reaction.into()),
            created: now,
            ..written
        }
    }
}

impl PageChange {
    /// The field that an app must subscribe to get the change.
    pub fn field(&self) -> Field {
        match self {
            Self::Feed(_) => Field::Feed,
            Self::Mention(_) => Field::Mention,
            Self::TemplateReviewed(_) => Field::MessageTemplateStatusUpdate,
            Self::OnAccount(change) => change.field(),
            Self::Test(field) => *field,
        }
    }
}
