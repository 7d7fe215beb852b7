//! A person changes what they wrote: edits a message, or unsends it.

use std::sync::Arc;

use super::offered_buttons::find_message;
use crate::domain::event::{Event, WebhookPayload};
use crate::domain::model::message::{Author, Content, Message};
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// How often a message can be edited.
const MAX_EDITS: u8 = 5;

/// The person gives one of their messages another text. `wanted` is the message; without it, their newest one.
pub fn edit(tx: &mut ThreadTx<'_>, wanted: Option<&str>, text: &str) -> Result<Reply, Refusal> {
    let message = own_message(tx, wanted)?;
    if message.content.text.is_none() {
        return Err(Refusal::script("only the text of a message can be edited, and this message has none"));
    }
    if message.edits >= MAX_EDITS {
        return Err(Refusal::script(format!("a message can be edited {MAX_EDITS} times")));
    }
    let edits = message.edits + 1;
    let content = Content { text: Some(text.into()), ..Content::clone(&message.content) };
    tx.rewrite_message(Message { content: content.into(), edits, ..Message::clone(&message) });
    tx.push_event(Event::Applied { thread: tx.key, rule: rules::MESSAGE_EDITED });
    tx.emit(WebhookPayload::Edited { mid: message.mid.clone(), text: Some(text.into()), edits });
    Ok(Reply::Sent { mid: message.mid.clone(), attachment_id: None })
}

/// The person takes one of their messages back.
pub fn unsend(tx: &mut ThreadTx<'_>, wanted: Option<&str>) -> Result<Reply, Refusal> {
    let message = own_message(tx, wanted)?;
    tx.rewrite_message(Message { content: Arc::default(), is_unsent: true, ..Message::clone(&message) });
    let is_on_instagram = tx.is_on_instagram();
    let rule = if is_on_instagram { rules::INSTAGRAM_UNSENT } else { rules::MESSAGE_UNSENT };
    tx.push_event(Event::Applied { thread: tx.key, rule });
    if is_on_instagram || tx.asset().knobs.unsend_webhook {
        tx.emit(WebhookPayload::Unsent { mid: message.mid.clone() });
    }
    Ok(Reply::Done)
}

fn own_message(tx: &ThreadTx<'_>, wanted: Option<&str>) -> Result<Arc<Message>, Refusal> {
    let is_own = |message: &&Arc<Message>| message.author == Author::Person && !message.is_unsent;
    match wanted {
        Some(wanted) => match find_message(tx, wanted)? {
            message if is_own(&message) => Ok(message.clone()),
            _ => Err(Refusal::script(format!("the message `{wanted}` is not one that the person can change"))),
        },
        None => {
            tx.messages().find(is_own).cloned().ok_or_else(|| Refusal::script("the person has written nothing yet"))
        }
    }
}
