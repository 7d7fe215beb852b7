//! Acts room: what a page does about a person: shuts them out, lets them in again, files their thread as spam. Only `World::apply`
//! enters.

use crate::domain::command::Moderation;
use crate::domain::event::Event;
use crate::domain::model::ids::AppKey;
use crate::domain::model::thread::Folder;
use crate::domain::outcome::Reply;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

pub fn act(tx: &mut ThreadTx<'_>, app: AppKey, act: Moderation) -> Result<Reply, Refusal> {
    if !tx.page().is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    match act {
        Moderation::Blocks(on) => tx.thread.shut_out.blocked = on,
        Moderation::Bans(on) => tx.thread.shut_out.banned = on,
        Moderation::MovesToSpam => tx.thread.folder = Folder::Spam,
    }
    tx.push_event(Event::Allowed { thread: tx.key, app, rule: rules::MODERATED });
    Ok(Reply::Done)
}

/// Nobody of the page reaches a person whom it has shut out.
pub fn may_reach(tx: &ThreadTx<'_>) -> Result<(), Refusal> {
    match tx.thread.shut_out.is_any() {
        true => Err(Refusal::new(Reason::ShutOut, rules::SHUT_OUT)),
        false => Ok(()),
    }
}

/// Nor do they reach anybody. Returns whether that is so.
pub fn goes_unheard(tx: &mut ThreadTx<'_>) -> bool {
    let is_shut_out = tx.thread.shut_out.is_any();
    if is_shut_out {
        tx.push_event(Event::Routed { thread: tx.key, app: None, rule: rules::PERSON_IGNORED });
    }
    is_shut_out
}
