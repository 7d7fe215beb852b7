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
    MovesToMain,
    MovesToDone,
}

pub(super) fn read_inbox_step(node: &Node) -> Result<InboxStep, Diagnostic> {
    const VERBS: &[&str] = &["replies", "moves_to_main", "moves_to_done"];
    let verb = match one_verb(node, "inbox", VERBS)? {
        Some(("replies", value)) => InboxVerb::Replies(own_text(value)),
        Some(("moves_to_main", _)) => InboxVerb::MovesToMain,
        Some(_) => InboxVerb::MovesToDone,
        None => return Err(no_verb(node, "inbox", VERBS)),
    };
    Ok(InboxStep { to: text(node, "to"), verb })
}
