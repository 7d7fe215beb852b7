//! A person ticks a checkbox on a website, which gives apps an id to write to.

use super::recipients::keep_recipient_id;
use crate::domain::event::WebhookPayload;
use crate::domain::model::recipient_ids::RecipientIdKind;
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
