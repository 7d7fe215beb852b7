//! An `inbox` step: what a person of the business does in the page's inbox.

use super::read_node::{no_verb, one_verb, own_text, text};
use crate::language::node::Node;
use crate::text::diagnostic::Diagnostic;

#[derive(Debug, Clone)]
pub struct InboxStep {
    /// The person whose thread it is.
    pub to: Option<String>,
    pub verb: InboxVerb,
}

#[derive(Debug, Clone)]
pub enum InboxVerb {
    Replies(String),
    /// A reply that is typed in the Instagram app.
    RepliesInApp(String),
    MovesToMain,
    MovesToDone,
}

pub(super) fn read_inbox_step(node: &Node) -> Result<InboxStep, Diagnostic> {
    const VERBS: &[&str] = &["replies", "moves_to_main", "moves_to_done"];
    let is_in_app = text(node, "from").as_deref() == Some("instagram_app");
    let verb = match one_verb(node, "inbox", VERBS)? {
        Some(("replies", value)) if is_in_app => InboxVerb::RepliesInApp(own_text(value)),
        Some((_, _)) if is_in_app => {
            return Err(node
                .mistake("only a reply comes from the Instagram app")
                .note("write `replies:`, or leave out `from`"));
        }
        Some(("replies", value)) => InboxVerb::Replies(own_text(value)),
        Some(("moves_to_main", _)) => InboxVerb::MovesToMain,
        Some(_) => InboxVerb::MovesToDone,
        None => return Err(no_verb(node, "inbox", VERBS)),
    };
    Ok(InboxStep { to: text(node, "to"), verb })
}
