//! Moderation: a page shuts a person out, lets them in again, or files their thread as spam.

use super::connected::{require_connected, require_messages};
use crate::domain::command::Moderation;
use crate::domain::event::Event;
use crate::domain::model::ids::AppKey;
use crate::domain::model::thread::Folder;
use crate::domain::outcome::Reply;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

pub fn moderate(tx: &mut ThreadTx<'_>, app: AppKey, action: Moderation) -> Result<Reply, Refusal> {
    require_connected(tx.asset(), app)?;
    require_messages(tx.asset())?;
    match action {
        Moderation::Blocks(on) => tx.thread.shut_out.blocked = on,
        Moderation::Bans(on) => tx.thread.shut_out.banned = on,
        Moderation::MovesToSpam => tx.thread.folder = Folder::Spam,
    }
    tx.push_event(Event::Allowed { thread: tx.key, app, rule: rules::MODERATED });
    Ok(Reply::Done)
}

/// The page cannot write to a person whom it has shut out.
pub fn check_not_shut_out(tx: &ThreadTx<'_>) -> Result<(), Refusal> {
    match tx.thread.shut_out.is_any() {
        true => Err(Refusal::new(Reason::ShutOut, rules::SHUT_OUT)),
        false => Ok(()),
    }
}

/// What a shut-out person does reaches no app. Returns true for such a person.
pub fn ignore_if_shut_out(tx: &mut ThreadTx<'_>) -> bool {
    let is_shut_out = tx.thread.shut_out.is_any();
    if is_shut_out {
        tx.push_event(Event::Routed { thread: tx.key, app: None, rule: rules::PERSON_IGNORED });
    }
    is_shut_out
}
