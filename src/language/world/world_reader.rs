//! What all readers of a world file share: the file, the mistakes found so far, and helpers that read values.

use super::overrides::WorldOverrides;
use crate::domain::model::config::{AppConfig, ConnectionConfig};
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;
use crate::language::node::Node;
use crate::language::schema::shape::Mistakes;

/// The name of the inbox in every world.
pub(super) const INBOX: &str = "inbox";
/// The name of Messenger's app for lead-generation ads in every world.
pub(super) const LEAD_APP: &str = "lead_ads";
/// The name of the Instagram app in a world with accounts.
pub(super) const NATIVE_APP: &str = "instagram_app";

/// Reads one world file. Each part of a world has its file with an `impl` of this type.
pub(super) struct WorldReader<'w> {
    pub(super) world: &'w Node,
    pub(super) overrides: &'w WorldOverrides,
    pub(super) seed: u64,
    pub(super) clock: Moment,
    pub(super) mistakes: Mistakes,
}

pub(super) fn text(node: &Node, key: &str) -> Option<Box<str>> {
    node.get(key).and_then(Node::text).map(Into::into)
}

pub(super) fn number(node: &Node, key: &str) -> Option<u64> {
    node.get(key).and_then(Node::text).and_then(|text| text.parse().ok())
}

pub(super) fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::bool).unwrap_or(false)
}

pub(super) fn named(entry: &(Node, Node)) -> (&str, &Node) {
    (entry.0.text().unwrap_or_default(), &entry.1)
}

impl<'w> WorldReader<'w> {
    pub(super) fn part(&self, key: &str) -> &'w [(Node, Node)] {
        self.world.get(key).map(Node::entries).unwrap_or_default()
    }

    pub(super) fn wrong(&mut self, at: &Node, message: String, note: &str) {
        self.mistakes.push(at.mistake(message).note(note));
    }

    pub(super) fn app_key(apps: &[AppConfig], name: &str) -> Option<AppKey> {
        apps.iter().position(|app| &*app.name == name).map(|index| AppKey(index as u16))
    }
}

pub(super) fn is_connected(connections: &[ConnectionConfig], app: AppKey) -> bool {
    connections.iter().any(|connection| connection.app == app && connection.connected)
}
