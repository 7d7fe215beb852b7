//! Acts room: how a person comes near without writing: a checkbox on a website, a comment, a post. `acts::person` enters.

use crate::domain::event::WebhookPayload;
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::thread_tx::ThreadTx;

/// The person ticks the checkbox of a website, which the website knows by a name of its own.
pub fn ticks(tx: &mut ThreadTx<'_>, user_ref: &str, reference: Option<&str>) -> Result<Reply, Refusal> {
    if tx.recipient_id(user_ref).is_some() {
        return Err(Refusal::script(format!("the user_ref `{user_ref}` was used before: each checkbox has its own")));
    }
    keep(tx, RecipientIdKind::Checkbox, user_ref.into());
    tx.open_window();
    tx.emit_to_concerned(
        None,
        WebhookPayload::OptedIn { user_ref: user_ref.into(), reference: reference.map(Into::into) },
    );
    Ok(Reply::RecipientId(RecipientIdKind::Checkbox, user_ref.into()))
}

/// The person writes where everybody can read it.
pub fn publishes(tx: &mut ThreadTx<'_>, kind: RecipientIdKind) -> Result<Reply, Refusal> {
    let post = match kind {
        // A comment hangs on a post of the page; a post of a visitor on the page itself.
        RecipientIdKind::Comment => tx.new_number(),
        _ => tx.config.page(tx.key.page).id.clone(),
    };
    let id: Box<str> = format!("{post}_{}", tx.new_number()).into();
    keep(tx, kind, id.clone());
    Ok(Reply::RecipientId(kind, id))
}

fn keep(tx: &mut ThreadTx<'_>, kind: RecipientIdKind, id: Box<str>) {
    let address = RecipientId { kind, thread: tx.key, by: None, since: tx.now, used: false, subscription: None };
    tx.put_recipient_id(id, address);
}
