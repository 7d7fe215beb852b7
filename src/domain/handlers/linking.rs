//! Account linking: a person logs in to the business by a Log In button, and out again.

use super::connected::require_connected;
use super::offered_buttons::{buttons_of, connected_sender, no_such_button, page_messages};
use crate::domain::event::{Event, WebhookPayload};
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::Author;
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::model::template::Button;
use crate::domain::outcome::Reply;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// The person taps Log In. Messenger opens the login page of the business with a token, and sends no webhook.
pub fn open_login(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    let by = find_sender(tx, |button| matches!(button, Button::AccountLink { .. }), "Log In")?;
    let token = tx.new_token("ARQ");
    let recipient = RecipientId {
        kind: RecipientIdKind::Login,
        thread: tx.key,
        by,
        since: tx.now,
        used: false,
        subscription: None,
    };
    tx.put_recipient_id(token.clone(), recipient);
    Ok(Reply::RecipientId(RecipientIdKind::Login, token))
}

/// The login succeeds, and the business returns a code of its own.
pub fn link_account(tx: &mut ThreadTx<'_>, code: &str) -> Result<Reply, Refusal> {
    let by = find_sender(tx, |button| matches!(button, Button::AccountLink { .. }), "Log In")?;
    tx.thread.linked = true;
    tx.push_event(Event::Routed { thread: tx.key, app: by, rule: rules::ACCOUNT_LINKED });
    tx.emit_to_concerned(by, WebhookPayload::AccountLinked { code: Some(code.into()) });
    Ok(Reply::Done)
}

/// The person taps Log Out.
pub fn unlink_account(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    if !tx.thread.linked {
        return Err(Refusal::script("no account of the person is linked"));
    }
    let by = find_sender(tx, |button| matches!(button, Button::AccountUnlink), "Log Out")?;
    tx.thread.linked = false;
    tx.push_event(Event::Routed { thread: tx.key, app: by, rule: rules::ACCOUNT_UNLINKED });
    tx.emit_to_concerned(by, WebhookPayload::AccountLinked { code: None });
    Ok(Reply::Done)
}

/// An app ends the linking. No app gets a webhook, because the person has tapped nothing.
pub fn unlink_by_app(tx: &mut ThreadTx<'_>, app: AppKey) -> Result<Reply, Refusal> {
    require_connected(tx.asset(), app)?;
    if !std::mem::take(&mut tx.thread.linked) {
        return Err(Refusal::new(Reason::NotLinked, rules::ACCOUNT_NOT_LINKED));
    }
    tx.push_event(Event::Allowed { thread: tx.key, app, rule: rules::ACCOUNT_UNLINKED });
    Ok(Reply::Done)
}

/// The app that sent the newest such button, while it is connected.
fn find_sender(tx: &ThreadTx<'_>, is_wanted: impl Fn(&Button) -> bool, label: &str) -> Result<Option<AppKey>, Refusal> {
    let found = page_messages(tx).find(|message| buttons_of(message).into_iter().any(&is_wanted));
    let Some(author) = found.map(|message| message.author) else {
        return Err(no_such_button(tx, label));
    };
    debug_assert!(author != Author::Person, "people send no buttons");
    Ok(connected_sender(tx, author))
}
