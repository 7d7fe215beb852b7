//! What a person does outside of the thread: ticks a checkbox on a website, comments, posts. Each gives apps an id to write to.

use crate::domain::event::WebhookPayload;
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::thread_tx::ThreadTx;

/// The person ticks the checkbox of a website, which has chosen `user_ref` for it.
pub fn tick_checkbox(tx: &mut ThreadTx<'_>, user_ref: &str, reference: Option<&str>) -> Result<Reply, Refusal> {
    if tx.recipient_id(user_ref).is_some() {
        return Err(Refusal::script(format!("the user_ref `{user_ref}` was used before: each checkbox has its own")));
    }
    keep_recipient_id(tx, RecipientIdKind::Checkbox, user_ref.into());
    tx.open_window();
    tx.emit_to_concerned(
        None,
        WebhookPayload::OptedIn { user_ref: user_ref.into(), reference: reference.map(Into::into) },
    );
    Ok(Reply::RecipientId(RecipientIdKind::Checkbox, user_ref.into()))
}

/// The person writes a public comment or post.
pub fn publish(tx: &mut ThreadTx<'_>, kind: RecipientIdKind) -> Result<Reply, Refusal> {
    let post = match kind {
        // A comment belongs to a post of the page; a visitor's post belongs to the page itself.
        RecipientIdKind::Comment => tx.new_number(),
        _ => tx.config.page(tx.key.page).id.clone(),
    };
    let id: Box<str> = format!("{post}_{}", tx.new_number()).into();
    keep_recipient_id(tx, kind, id.clone());
    Ok(Reply::RecipientId(kind, id))
}

fn keep_recipient_id(tx: &mut ThreadTx<'_>, kind: RecipientIdKind, id: Box<str>) {
    let recipient = RecipientId { kind, thread: tx.key, by: None, since: tx.now, used: false, subscription: None };
    tx.put_recipient_id(id, recipient);
}
