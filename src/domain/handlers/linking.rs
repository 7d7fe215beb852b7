//! Acts room: account linking. A person logs in to the business by a Log In button, and out again. Only `acts::person` and
//! `World::apply` enter.

use super::person::{button_of_author, buttons, from_page, never_sent};
use crate::domain::event::{Event, WebhookPayload};
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::Author;
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::model::template::Button;
use crate::domain::outcome::Reply;
use crate::domain::policy::fan_out::ButtonOwner;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// The person taps Log In: Messenger opens the login of the business and tells nobody. The page that opens gets a token.
pub fn opens(turn: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    let by = sender(turn, |button| matches!(button, Button::AccountLink { .. }), "Log In")?;
    let token = turn.new_token("ARQ");
    let address = RecipientId {
        kind: RecipientIdKind::Login,
        thread: turn.key,
        by,
        since: turn.now,
        used: false,
        subscription: None,
    };
    turn.keep_recipient_id(token.clone(), address);
    Ok(Reply::RecipientId(RecipientIdKind::Login, token))
}

/// The login ends well: the business gives back a code of its own.
pub fn links(turn: &mut ThreadTx<'_>, code: &str) -> Result<Reply, Refusal> {
    let by = sender(turn, |button| matches!(button, Button::AccountLink { .. }), "Log In")?;
    turn.thread.linked = true;
    turn.push_event(Event::Routed { thread: turn.key, app: by, rule: rules::ACCOUNT_LINKED });
    turn.emit_to_concerned(by, WebhookPayload::AccountLinked { code: Some(code.into()) });
    Ok(Reply::Done)
}

/// The person taps Log Out.
pub fn unlinks(turn: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    if !turn.thread.linked {
        return Err(Refusal::script("no account of the person is linked"));
    }
    let by = sender(turn, |button| matches!(button, Button::AccountUnlink), "Log Out")?;
    turn.thread.linked = false;
    turn.push_event(Event::Routed { thread: turn.key, app: by, rule: rules::ACCOUNT_UNLINKED });
    turn.emit_to_concerned(by, WebhookPayload::AccountLinked { code: None });
    Ok(Reply::Done)
}

/// An app ends the linking. The person has tapped nothing, so no app is told.
pub fn ends(turn: &mut ThreadTx<'_>, app: AppKey) -> Result<Reply, Refusal> {
    if !turn.page().is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    if !std::mem::take(&mut turn.thread.linked) {
        return Err(Refusal::new(Reason::NotLinked, rules::ACCOUNT_NOT_LINKED));
    }
    turn.push_event(Event::Allowed { thread: turn.key, app, rule: rules::ACCOUNT_UNLINKED });
    Ok(Reply::Done)
}

/// The app whose button it was, while it is connected.
fn sender(turn: &ThreadTx<'_>, is_it: impl Fn(&Button) -> bool, label: &str) -> Result<Option<AppKey>, Refusal> {
    let found = from_page(turn).find(|message| buttons(message).into_iter().any(&is_it));
    let Some(author) = found.map(|message| message.author) else {
        let sent = from_page(turn).flat_map(|message| buttons(message)).map(Button::title);
        return Err(never_sent("button", label, sent));
    };
    debug_assert!(author != Author::Person, "people send no buttons");
    Ok(match button_of_author(turn, author) {
        ButtonOwner::App(app) | ButtonOwner::SetBy(app) => Some(app),
        ButtonOwner::Page => None,
    })
}
