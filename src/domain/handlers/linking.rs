//! Acts room: account linking. A person logs in to the business by a Log In button, and out again. Only `acts::person` and
//! `World::apply` enter.

use super::person::{button_of_author, buttons, from_page, never_sent};
use crate::domain::event::{Body, Event};
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::{Author, Button};
use crate::domain::model::recipient_ids::{Address, AddressKind};
use crate::domain::outcome::Answer;
use crate::domain::policy::fan_out::ButtonOf;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// The person taps Log In: Messenger opens the login of the business and tells nobody. The page that opens gets a token.
pub fn opens(tx: &mut ThreadTx<'_>) -> Result<Answer, Refusal> {
    let by = sender(tx, |button| matches!(button, Button::AccountLink { .. }), "Log In")?;
    let token = tx.mint_token("ARQ");
    let address =
        Address { kind: AddressKind::Login, thread: tx.key, by, since: tx.now, used: false, subscription: None };
    tx.keep_address(token.clone(), address);
    Ok(Answer::Address(AddressKind::Login, token))
}

/// The login ends well: the business gives back a code of its own.
pub fn links(tx: &mut ThreadTx<'_>, code: &str) -> Result<Answer, Refusal> {
    let by = sender(tx, |button| matches!(button, Button::AccountLink { .. }), "Log In")?;
    tx.thread.linked = true;
    tx.event(Event::Routed { thread: tx.key, app: by, rule: rules::ACCOUNT_LINKED });
    tx.tell_concerned(by, Body::AccountLinked { code: Some(code.into()) });
    Ok(Answer::Done)
}

/// The person taps Log Out.
pub fn unlinks(tx: &mut ThreadTx<'_>) -> Result<Answer, Refusal> {
    if !tx.thread.linked {
        return Err(Refusal::script("no account of the person is linked"));
    }
    let by = sender(tx, |button| matches!(button, Button::AccountUnlink), "Log Out")?;
    tx.thread.linked = false;
    tx.event(Event::Routed { thread: tx.key, app: by, rule: rules::ACCOUNT_UNLINKED });
    tx.tell_concerned(by, Body::AccountLinked { code: None });
    Ok(Answer::Done)
}

/// An app ends the linking. The person has tapped nothing, so no app is told.
pub fn ends(tx: &mut ThreadTx<'_>, app: AppKey) -> Result<Answer, Refusal> {
    if !tx.page().is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    if !std::mem::take(&mut tx.thread.linked) {
        return Err(Refusal::new(Reason::NotLinked, rules::ACCOUNT_NOT_LINKED));
    }
    tx.event(Event::Allowed { thread: tx.key, app, rule: rules::ACCOUNT_UNLINKED });
    Ok(Answer::Done)
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
        ButtonOf::App(app) | ButtonOf::SetBy(app) => Some(app),
        ButtonOf::Page => None,
    })
}
