//! What only messages of Instagram have: a story that they reply to or that mentions the account, and content that cannot be shown.

use serde_json::{Value, json};

use crate::domain::model::message::{Attachment, Message};
use crate::domain::model::shared_item::{SharedItem, SharedKind};

/// The field `story`. A story that was shared has none: it exists only in the webhook.
pub fn of_message(message: &Message) -> Option<Value> {
    if let Some(story) = &message.story {
        return Some(json!({ "reply_to": { "link": story.url, "id": story.id } }));
    }
    let mention = shared(message).find(|item| item.kind == SharedKind::StoryMention)?;
    let mut described = json!({ "mention": { "link": mention.url } });
    if let Some(id) = mention.id {
        described["mention"]["id"] = json!(id.to_string());
    }
    Some(described)
}

/// True if apps only learn that there is something.
pub fn is_unsupported(message: &Message) -> bool {
    shared(message).any(|item| !item.kind.is_showable())
}

fn shared(message: &Message) -> impl Iterator<Item = &SharedItem> {
    message.content.attachments.iter().filter_map(|attachment| match attachment {
        Attachment::Shared(shared) => Some(shared),
        _ => None,
    })
}
