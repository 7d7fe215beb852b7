//! Acts room: how a person comes near without writing: a checkbox on a website, a comment, a post. `acts::person` enters.

use crate::domain::event::Body;
use crate::domain::model::recipient_ids::{Address, AddressKind};
use crate::domain::outcome::Answer;
use crate::domain::refusal::Refusal;
use crate::domain::thread_tx::ThreadTx;

/// The person ticks the checkbox of a website, which the website knows by a name of its own.
pub fn ticks(tx: &mut ThreadTx<'_>, user_ref: &str, reference: Option<&str>) -> Result<Answer, Refusal> {
    if tx.address(user_ref).is_some() {
        return Err(Refusal::script(format!("the user_ref `{user_ref}` was used before: each checkbox has its own")));
    }
    keep(tx, AddressKind::Checkbox, user_ref.into());
    tx.open_window();
    tx.tell_concerned(None, Body::OptedIn { user_ref: user_ref.into(), reference: reference.map(Into::into) });
    Ok(Answer::Address(AddressKind::Checkbox, user_ref.into()))
}

/// The person writes where everybody can read it.
pub fn publishes(tx: &mut ThreadTx<'_>, kind: AddressKind) -> Result<Answer, Refusal> {
    let post = match kind {
        // A comment hangs on a post of the page; a post of a visitor on the page itself.
        AddressKind::Comment => tx.mint_number(),
        _ => tx.config.page(tx.key.page).id.clone(),
    };
    let id: Box<str> = format!("{post}_{}", tx.mint_number()).into();
    keep(tx, kind, id.clone());
    Ok(Answer::Address(kind, id))
}

fn keep(tx: &mut ThreadTx<'_>, kind: AddressKind, id: Box<str>) {
    let address = Address { kind, thread: tx.key, by: None, since: tx.now, used: false, subscription: None };
    tx.keep_address(id, address);
}
