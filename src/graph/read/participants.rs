//! The people and pages of a conversation as the Conversations API writes them.

use serde_json::{Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::domain::model::platform::Platform;

use super::node_kind::NodeKind;

/// A participant of a conversation.
pub static PARTICIPANT: NodeKind = NodeKind { fields: &["id", "name", "email"], ..NodeKind::new("User") };

/// A participant of a conversation on Instagram.
pub static INSTAGRAM_PARTICIPANT: NodeKind = NodeKind { fields: &["id", "username"], ..NodeKind::new("IGUser") };

/// The person of a thread.
pub fn person(config: &Config, thread: ThreadKey) -> Value {
    if config.platform(thread.asset) == Platform::Instagram {
        return json!({ "username": username(config, thread), "id": config.psid(thread).to_string() });
    }
    participant(&person_name(config, thread), &config.psid(thread).to_string())
}

/// The first and last name of a thread's person.
pub fn person_name(config: &Config, thread: ThreadKey) -> String {
    config.person(thread.person).full_name()
}

/// The name by which Instagram knows the person of a thread.
pub fn username(config: &Config, thread: ThreadKey) -> String {
    config.person_name(thread.person).to_string()
}

/// The page or the account of a thread.
pub fn page(config: &Config, page: AssetKey) -> Value {
    let page = config.asset(page);
    if page.platform() == Platform::Instagram {
        return json!({ "username": page.details.username.as_deref().unwrap_or(&page.name), "id": page.id });
    }
    participant(&page.name, &page.id)
}

fn participant(name: &str, id: &str) -> Value {
    json!({ "name": name, "email": format!("{id}@facebook.com"), "id": id })
}
