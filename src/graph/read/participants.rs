//! The people and pages of a conversation as the Conversations API writes them.

use serde_json::{Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, ThreadKey};

use super::node_kind::NodeKind;

/// A participant of a conversation.
pub static PARTICIPANT: NodeKind = NodeKind { fields: &["id", "name", "email"], ..NodeKind::new("User") };

/// The person of a thread.
pub fn person(config: &Config, thread: ThreadKey) -> Value {
    participant(&person_name(config, thread), &config.psid(thread).to_string())
}

/// The first and last name of a thread's person.
pub fn person_name(config: &Config, thread: ThreadKey) -> String {
    config.person(thread.person).full_name()
}

pub fn page(config: &Config, page: AssetKey) -> Value {
    let page = config.asset(page);
    participant(&page.name, &page.id)
}

fn participant(name: &str, id: &str) -> Value {
    json!({ "name": name, "email": format!("{id}@facebook.com"), "id": id })
}
