//! The part of a `user` step about what a person does on the page in public.

use super::read_node::text;
use crate::domain::model::public_action::{PublicAction, PublicPlace};
use crate::language::node::Node;
use crate::text::diagnostic::Diagnostic;

/// Reads a public action. `word` is the text of its verb.
pub(super) fn read_public_action(node: &Node, verb: &str, word: &str) -> Result<PublicAction, Diagnostic> {
    if word.is_empty() {
        return Err(node.mistake(format!("an empty {} cannot be published", verb.trim_end_matches('s'))));
    }
    let on = read_place(node)?;
    Ok(match verb {
        "posts" => PublicAction::Posts(word.into()),
        _ => PublicAction::Comments { text: word.into(), on },
    })
}

fn read_place(node: &Node) -> Result<PublicPlace, Diagnostic> {
    match (text(node, "on_post"), text(node, "replies_to")) {
        (None, None) => Ok(PublicPlace::FirstPost),
        (Some(post), None) => Ok(PublicPlace::Post(post.into())),
        (None, Some(comment)) => Ok(PublicPlace::Comment(comment.into())),
        (Some(_), Some(_)) => Err(node
            .mistake("a comment is on a post, or replies to a comment")
            .note("leave `on_post` out: the comment that it replies to has its post")),
    }
}
