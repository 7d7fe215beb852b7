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
pub fn opens(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    let by = sender(tx, |button| matches!(button, Button::AccountLink { .. }), "Log In")?;
    let token = tx.new_token("ARQ");
    let address = RecipientId {
        kind: RecipientIdKind::Login,
        thread: tx.key,
        by,
        since: tx.now,
        used: false,
        subscription: None,
    };
    tx.put_recipient_id(token.clone(), address);
    Ok(Reply::RecipientId(RecipientIdKind::Login, token))
}

/// The login ends well: the business gives back a code of its own.
pub fn links(tx: &mut ThreadTx<'_>, code: &str) -> Result<Reply, Refusal> {
    let by = sender(tx, |button| matches!(button, Button::AccountLink { .. }), "Log In")?;
    tx.thread.linked = true;
    tx.push_event(Event::Routed { thread: tx.key, app: by, rule: rules::ACCOUNT_LINKED });
    tx.emit_to_concerned(by, WebhookPayload::AccountLinked { code: Some(code.into()) });
    Ok(Reply::Done)
}

/// The person taps Log Out.
pub fn unlinks(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    if !tx.thread.linked {
        return Err(Refusal::script("no account of the person is linked"));
    }
    let by = sender(tx, |button| matches!(button, Button::AccountUnlink), "Log Out")?;
    tx.thread.linked = false;
    tx.push_event(Event::Routed { thread: tx.key, app: by, rule: rules::ACCOUNT_UNLINKED });
    tx.emit_to_concerned(by, WebhookPayload::AccountLinked { code: None });
    Ok(Reply::Done)
}

/// An app ends the linking. The person has tapped nothing, so no app is told.
pub fn ends(tx: &mut ThreadTx<'_>, app: AppKey) -> Result<Reply, Refusal> {
    if !tx.page().is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    if !std::mem::take(&mut tx.thread.linked) {
        return Err(Refusal::new(Reason::NotLinked, rules::ACCOUNT_NOT_LINKED));
    }
    tx.push_event(Event::Allowed { thread: tx.key, app, rule: rules::ACCOUNT_UNLINKED });
    Ok(Reply::Done)
}

/// The app whose button it was, while it is connected.
fn sender(tx: &ThreadTx<'_>, is_it: impl Fn(&Button) -> bool, label: &str) -> Result<Option<AppKey>, Refusal> {
    let found = from_page(tx).find(|message| buttons(message).into_iter().any(&is_it));
    let Some(author) = found.map(|message| message.author) else {
        let sent = from_page(tx).flat_map(|message| buttons(message)).map(Button::title);
        return Err(never_sent("button", label, sent));
    };
    debug_assert!(author != Author::Person, "people send no buttons");
    Ok(match button_of_author(tx, author) {
        ButtonOwner::App(app) | ButtonOwner::SetBy(app) => Some(app),
        ButtonOwner::Page => None,
    })
}
