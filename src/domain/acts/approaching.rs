//! Acts room: how a person comes near without writing: a checkbox on a website, a comment, a post; and what of it lets an app write to
//! them. `acts::person` and `acts::app` enter.

use super::super::addresses::{Address, AddressKind};
use super::super::applied::Answer;
use super::super::event::{Body, Event};
use super::super::ids::AppKey;
use super::super::refusal::{Reason, Refusal};
use super::super::rules;
use super::super::time::Span;
use super::super::turn::Turn;

/// How long after a comment or a post it can be answered in private.
const PRIVATE_REPLY: Span = Span::days(7);

/// The person ticks the checkbox of a website, which the website knows by a name of its own.
pub fn ticks(turn: &mut Turn<'_>, user_ref: &str, reference: Option<&str>) -> Result<Answer, Refusal> {
    if turn.address(user_ref).is_some() {
        return Err(Refusal::script(format!("the user_ref `{user_ref}` was used before: each checkbox has its own")));
    }
    keep(turn, AddressKind::Checkbox, user_ref.into());
    turn.open_window();
    turn.tell_concerned(None, Body::OptedIn { user_ref: user_ref.into(), reference: reference.map(Into::into) });
    Ok(Answer::Address(AddressKind::Checkbox, user_ref.into()))
}

/// The person writes where everybody can read it.
pub fn publishes(turn: &mut Turn<'_>, kind: AddressKind) -> Result<Answer, Refusal> {
    let post = match kind {
        // A comment hangs on a post of the page; a post of a visitor on the page itself.
        AddressKind::Comment => turn.mint_number(),
        _ => turn.config.page(turn.key.page).id.clone(),
    };
    let id: Box<str> = format!("{post}_{}", turn.mint_number()).into();
    keep(turn, kind, id.clone());
    Ok(Answer::Address(kind, id))
}

fn keep(turn: &mut Turn<'_>, kind: AddressKind, id: Box<str>) {
    let address = Address { kind, thread: turn.key, by: None, since: turn.now, used: false };
    turn.keep_address(id, address);
}

/// Whether a message may go to this address; where it needs no open window, by which rule.
pub fn may_reach(turn: &Turn<'_>, address: &Address) -> Result<(), Refusal> {
    match address.kind {
        AddressKind::Comment | AddressKind::Post if address.used => {
            Err(Refusal::new(Reason::AlreadyReplied, rules::PRIVATE_REPLY_ONCE))
        }
        AddressKind::Comment | AddressKind::Post if turn.now >= address.since + PRIVATE_REPLY => {
            Err(Refusal::new(Reason::CommentInvalid, rules::PRIVATE_REPLY_LATE))
        }
        AddressKind::Login | AddressKind::Checkbox | AddressKind::Comment | AddressKind::Post => Ok(()),
    }
}

/// A message goes to this address.
pub fn reach(turn: &mut Turn<'_>, app: AppKey, id: &str, address: Address) {
    let rule = match address.kind {
        AddressKind::Comment | AddressKind::Post => rules::PRIVATE_REPLY,
        AddressKind::Login | AddressKind::Checkbox => rules::USER_REF,
    };
    turn.event(Event::Allowed { thread: turn.key, app, rule });
    turn.keep_address(id.into(), Address { used: true, ..address });
}

/// Whether what goes there needs an open window.
pub fn needs_window(address: &Address) -> bool {
    !matches!(address.kind, AddressKind::Comment | AddressKind::Post)
}
