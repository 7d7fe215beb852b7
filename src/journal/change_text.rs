//! What happens on a page in public, in words.

use std::borrow::Cow;

use crate::domain::model::account_change::AccountChange;
use crate::domain::model::config::Config;
use crate::domain::model::page_change::{FeedChange, PageChange};
use crate::domain::model::platform::Platform;
use crate::domain::model::public_action::{PageAction, PublicAction, PublicPlace};
use crate::domain::model::publication::PublicAuthor;

/// What changed, as far as the name of the field does not say it.
pub fn change_text(config: &Config, change: &PageChange) -> String {
    match change {
        PageChange::Feed(feed) => feed_text(config, feed),
        PageChange::Mention(mention) => format!("{:?}", mention.text),
        PageChange::TemplateReviewed(template) => {
            let result = template.rejected.map_or("approved".to_owned(), |reason| format!("rejected: {reason}"));
            format!("the template {} in {} is {result}", template.name, template.language)
        }
        PageChange::OnAccount(change) => account_change_text(config, change),
        PageChange::Test(_) => "an example, by the Test button".to_owned(),
    }
}

fn account_change_text(config: &Config, change: &AccountChange) -> String {
    match change {
        AccountChange::Comment(comment) | AccountChange::MentionInComment(comment) => {
            let what = if comment.text.is_empty() { "a GIF".to_owned() } else { format!("{:?}", comment.text) };
            format!("{what} by {}", author_text(config, comment.by, Platform::Instagram))
        }
        AccountChange::Mention { comment_id: Some(_), .. } => "in a comment".to_owned(),
        AccountChange::Mention { comment_id: None, .. } => "in a caption".to_owned(),
        AccountChange::StoryInsights { insights, .. } => format!("{} impressions", insights.impressions),
    }
}

fn author_text(config: &Config, by: PublicAuthor, platform: Platform) -> Cow<'_, str> {
    match by {
        PublicAuthor::Page => format!("the {}", platform.asset_word()).into(),
        PublicAuthor::Person(person) => config.person_name(person),
    }
}

fn feed_text(config: &Config, feed: &FeedChange) -> String {
    let by = author_text(config, feed.by, Platform::Messenger);
    let text = feed.message.as_ref().map(|text| format!(" {text:?}")).unwrap_or_default();
    let reaction = feed.reaction.as_ref().map(|reaction| format!(" {reaction}")).unwrap_or_default();
    format!("{} {} by {by}{text}{reaction}", feed.item.name(), feed.verb.name())
}

/// What a person does in public.
pub(super) fn public_action_text(action: &PublicAction) -> String {
    match action {
        PublicAction::Comments { text, on } if text.is_empty() => format!("comments with a GIF on {}", place_text(on)),
        PublicAction::Comments { text, on: PublicPlace::FirstPost } => format!("comments {text:?}"),
        PublicAction::Comments { text, on } => format!("comments {text:?} on {}", place_text(on)),
        PublicAction::Posts(text) => format!("posts {text:?}"),
        PublicAction::Edits { publication, text } => format!("edits {} to {text:?}", place_text(publication)),
        PublicAction::Removes(publication) => format!("removes {}", place_text(publication)),
        PublicAction::Reacts { to, reaction: Some(reaction) } => format!("reacts {reaction} to {}", place_text(to)),
        PublicAction::Reacts { to, reaction: None } => format!("takes the reaction to {} back", place_text(to)),
        PublicAction::Mentions { text, in_comment: true } => format!("mentions the page in the comment {text:?}"),
        PublicAction::Mentions { text, in_comment: false } => format!("mentions the page in the post {text:?}"),
    }
}

/// What an admin does as the page.
pub(super) fn page_action_text(action: &PageAction) -> String {
    match action {
        PageAction::Posts(text) => format!("posts {text:?}"),
        PageAction::Edits { post, text } => format!("edits {} to {text:?}", place_text(post)),
        PageAction::Removes(publication) => format!("removes {}", place_text(publication)),
        PageAction::Comments { text, on } => format!("comments {text:?} on {}", place_text(on)),
        PageAction::StoryEnds(insights) => format!("the story ends with {} impressions", insights.impressions),
        PageAction::PressesTest(field) => format!("presses the Test button of {}", field.name()),
    }
}

fn place_text(place: &PublicPlace) -> String {
    match place {
        PublicPlace::FirstPost => "the first post".to_owned(),
        PublicPlace::Media(name) => format!("the {name}"),
        PublicPlace::Ad(name) => format!("the ad {name}"),
        PublicPlace::Post(wanted) => format!("the post {wanted:?}"),
        PublicPlace::Comment(wanted) => format!("the comment {wanted:?}"),
    }
}
