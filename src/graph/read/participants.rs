//! Edges room: people, pages and times as the Conversations API writes them.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{PageKey, ThreadKey};
use crate::domain::model::time::Moment;

use super::node_kind::NodeKind;

/// Who takes part in a conversation.
pub static PARTY: NodeKind = NodeKind { fields: &["id", "name", "email"], ..NodeKind::new("User") };

/// A person of a thread.
pub fn person(config: &Config, thread: ThreadKey) -> Value {
    party(&person_name(config, thread), config.psid(thread))
}

/// First and last name of a person.
pub fn person_name(config: &Config, thread: ThreadKey) -> String {
    let person = config.person(thread.person);
    format!("{} {}", person.first_name, person.last_name).trim().to_owned()
}

/// A page.
pub fn page(config: &Config, page: PageKey) -> Value {
    let page = config.page(page);
    party(&page.name, &page.id)
}

fn party(name: &str, id: &str) -> Value {
    json!({ "name": name, "email": format!("{id}@facebook.com"), "id": id })
}

/// `2021-07-23T09:28:50+0000`.
pub fn time(moment: Moment) -> String {
    let timestamp = i64::try_from(moment.0).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    timestamp.unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_meta_writes_them() {
        assert_eq!(time(Moment(1_627_032_530_999)), "2021-07-23T09:28:50+0000");
    }
}
