//! Handles what people of the business type in the Instagram app itself. It then owns the thread, an owner that no call names.

use std::sync::Arc;

use super::send;
use crate::domain::event::Event;
use crate::domain::model::knobs::NativeOwner;
use crate::domain::model::message::Content;
use crate::domain::outcome::Reply;
use crate::domain::policy::entry_points::{self, Route};
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::domain::thread_tx::{Draft, ThreadTx};

/// Writes the reply. Apps get its echo as the owner of before: the reply comes first, and then the control.
pub fn reply(tx: &mut ThreadTx<'_>, content: &Content) -> Result<Reply, Refusal> {
    let Some(native) = tx.config.native_app().filter(|app| tx.asset().is_connected(*app)) else {
        return Err(Refusal::script("only an Instagram account is answered from the Instagram app"));
    };
    let mid = send::write_message(tx, native, Draft { content: Arc::new(content.clone()), ..Draft::default() });
    let rule = match tx.asset().knobs.native_owner {
        NativeOwner::Never => rules::NATIVE_REPLY_KEEPS,
        NativeOwner::UntilMessage | NativeOwner::UntilIdle => {
            tx.give_control(native, rules::NATIVE_REPLY_TAKES, None);
            rules::NATIVE_REPLY_TAKES
        }
    };
    tx.push_event(Event::Allowed { thread: tx.key, app: native, rule });
    Ok(Reply::Sent { mid, attachment_id: None })
}

/// The person writes or taps: the Instagram app loses the thread. Returns the route, found once more if the thread would have stayed.
pub fn yield_to_person(tx: &mut ThreadTx<'_>, route: Route) -> Route {
    let native = tx.config.native_app();
    let is_held = native.is_some() && tx.holder().map(|holder| holder.app) == native;
    if !is_held || tx.asset().knobs.native_owner == NativeOwner::UntilIdle {
        return route;
    }
    tx.release_control(rules::NATIVE_APP_YIELDS);
    match route {
        Route::Keep(_) => entry_points::organic(&tx.thread, tx.asset(), tx.now),
        route => route,
    }
}
