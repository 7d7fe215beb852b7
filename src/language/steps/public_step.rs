//! The parts of `user` and `admin` steps about what happens on the page in public.

use super::read_node::{own_text, text};
use crate::domain::model::fields::Field;
use crate::domain::model::public_action::{PageAction, PublicAction, PublicPlace, REACTIONS, StoryInsights};
use crate::language::node::Node;
use crate::text::diagnostic::Diagnostic;

/// The verbs of a `user` step that this file reads.
pub(super) const PUBLIC_VERBS: &[&str] = &[
    "comments",
    "comments_gif",
    "posts",
    "edits_comment",
    "edits_post",
    "removes_comment",
    "removes_post",
    "mentions_in_post",
    "mentions_in_comment",
];

/// Reads what a person does in public. `value` is that of its verb.
pub(super) fn read_public_action(node: &Node, verb: &str, value: &Node) -> Result<PublicAction, Diagnostic> {
    let word = own_text(value).into_boxed_str();
    let text = || written(value, &word);
    Ok(match verb {
        "comments" => PublicAction::Comments { text: text()?, on: read_place(node)? },
        "comments_gif" => PublicAction::Comments { text: "".into(), on: read_place(node)? },
        "posts" => PublicAction::Posts(text()?),
        "mentions_in_post" => PublicAction::Mentions { text: text()?, in_comment: false },
        "mentions_in_comment" => PublicAction::Mentions { text: text()?, in_comment: true },
        "removes_comment" => PublicAction::Removes(PublicPlace::Comment(word)),
        "removes_post" => PublicAction::Removes(PublicPlace::Post(word)),
        _ => {
            let (publication, text) = read_edit(value)?;
            PublicAction::Edits { publication, text }
        }
    })
}

/// What an admin does as the page. `None` if the verb is about settings.
pub(super) fn read_page_action(verb: &str, value: &Node) -> Option<PageAction> {
    let word = own_text(value).into_boxed_str();
    Some(match verb {
        "posts" => PageAction::Posts(written(value, &word).ok()?),
        "removes_comment" => PageAction::Removes(PublicPlace::Comment(word)),
        "removes_post" => PageAction::Removes(PublicPlace::Post(word)),
        "edits_post" => {
            let (post, text) = read_edit(value).ok()?;
            PageAction::Edits { post, text }
        }
        "comments" => PageAction::Comments {
            text: text(value, "text").map_or(word, String::into_boxed_str),
            on: read_place(value).ok()?,
        },
        "story_ends" => PageAction::StoryEnds(read_insights(value)),
        "presses_test" => PageAction::PressesTest(Field::parse(&word)?),
        _ => return None,
    })
}

/// Reads a reaction to a post or a comment. `None` if the step names neither, because then it is about a message.
pub(super) fn read_public_reaction(node: &Node, reaction: Option<&Node>) -> Result<Option<PublicAction>, Diagnostic> {
    let to = match (text(node, "on_post"), text(node, "on_comment")) {
        (None, None) => return Ok(None),
        (Some(post), None) => PublicPlace::Post(post.into()),
        (None, Some(comment)) => PublicPlace::Comment(comment.into()),
        (Some(_), Some(_)) => return Err(node.mistake("a reaction is on a post or on a comment")),
    };
    if let Some(message) = node.get("message") {
        return Err(message.mistake("a reaction is to a message, to a post or to a comment").note("write two steps"));
    }
    let word = |value: &Node| match REACTIONS.contains(&own_text(value).as_str()) {
        true => Ok(own_text(value).into()),
        false => Err(value
            .mistake("Facebook has no such reaction to posts and comments")
            .note(format!("known are: {}", REACTIONS.join(", ")))),
    };
    Ok(Some(PublicAction::Reacts { to, reaction: reaction.map(word).transpose()? }))
}

fn read_place(node: &Node) -> Result<PublicPlace, Diagnostic> {
    let places = [
        text(node, "on_post").map(|post| PublicPlace::Post(post.into())),
        text(node, "on_media").map(|media| PublicPlace::Media(media.into())),
        text(node, "on_ad").map(|ad| PublicPlace::Ad(ad.into())),
        text(node, "replies_to").map(|comment| PublicPlace::Comment(comment.into())),
    ];
    let mut named = places.into_iter().flatten();
    match (named.next(), named.next()) {
        (place, None) => Ok(place.unwrap_or(PublicPlace::FirstPost)),
        (_, Some(_)) => Err(node
            .mistake("a comment is on a post, or replies to a comment")
            .note("name one place: the comment that it replies to has its post")),
    }
}

fn read_insights(node: &Node) -> StoryInsights {
    let count = |key| text(node, key).and_then(|text| text.parse().ok()).unwrap_or_default();
    StoryInsights {
        impressions: count("impressions"),
        reach: count("reach"),
        taps_forward: count("taps_forward"),
        taps_back: count("taps_back"),
        exits: count("exits"),
        replies: count("replies"),
    }
}

/// An edit has the publication and its new text.
fn read_edit(node: &Node) -> Result<(PublicPlace, Box<str>), Diagnostic> {
    let new = text(node, "text").unwrap_or_default().into_boxed_str();
    let comment = text(node, "comment").map(|comment| PublicPlace::Comment(comment.into()));
    let post = text(node, "post").map(|post| PublicPlace::Post(post.into()));
    let place = comment.or(post).ok_or_else(|| node.mistake("an edit names what is edited"))?;
    Ok((place, written(node, &new)?))
}

fn written(node: &Node, text: &str) -> Result<Box<str>, Diagnostic> {
    match text.is_empty() {
        true => Err(node.mistake("an empty text cannot be published")),
        false => Ok(text.into()),
    }
}
