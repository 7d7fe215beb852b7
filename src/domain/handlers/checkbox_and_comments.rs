//! Acts room: how a person comes near without writing: a checkbox on a website, a comment, a post. `acts::person` enters.

use crate::domain::event::WebhookPayload;
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::thread_tx::ThreadTx;

/// The person ticks the checkbox of a website, which the website knows by a name of its own.
pub fn ticks(turn: &mut ThreadTx<'_>, user_ref: &str, reference: Option<&str>) -> Result<Reply, Refusal> {
    if turn.recipient_id(user_ref).is_some() {
        return Err(Refusal::script(format!("the user_ref `{user_ref}` was used before: each checkbox has its own")));
    }
    keep(turn, RecipientIdKind::Checkbox, user_ref.into());
    turn.open_window();
    turn.emit_to_concerned(
        None,
        WebhookPayload::OptedIn { user_ref: user_ref.into(), reference: reference.map(Into::into) },
    );
    Ok(Reply::RecipientId(RecipientIdKind::Checkbox, user_ref.into()))
}

/// The person writes where everybody can read it.
pub fn publishes(turn: &mut ThreadTx<'_>, kind: RecipientIdKind) -> Result<Reply, Refusal> {
    let post = match kind {
        // A comment hangs on a post of the page; a post of a visitor on the page itself.
        RecipientIdKind::Comment => turn.new_number(),
        _ => turn.config.page(turn.key.page).id.clone(),
    };
    let id: Box<str> = format!("{post}_{}", turn.new_number()).into();
    keep(turn, kind, id.clone());
    Ok(Reply::RecipientId(kind, id))
}

fn keep(turn: &mut ThreadTx<'_>, kind: RecipientIdKind, id: Box<str>) {
    let address = RecipientId { kind, thread: turn.key, by: None, since: turn.now, used: false, subscription: None };
    turn.keep_recipient_id(id, address);
}
