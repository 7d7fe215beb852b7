//! Reads `recipient` of the Send API and of the thread control calls.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::domain::model::ids::ThreadKey;
use crate::domain::model::recipient_ids::RecipientIdKind;
use crate::domain::rules;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_value::{ParamMap, ParamValue};
use crate::graph::http::params::scalar;

/// Meta's keys for addressing a person.
const KINDS: &[&str] =
    &["id", "user_ref", "phone_number", "comment_id", "post_id", "notification_messages_token", "one_time_notif_token"];

/// The thread that `recipient` names, and the PSID as text.
pub fn thread(call: &Call) -> Result<(ThreadKey, String), Failure> {
    let recipient = call.params.object("recipient")?;
    let recipient = recipient.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "recipient")]))?;
    let id = psid(&recipient)?;
    Ok((call.thread(&id)?, id))
}

/// The person to whom a message goes.
pub struct Recipient {
    pub thread: ThreadKey,
    /// The PSID for the answer. The answer to a `user_ref` has none.
    pub psid: Option<String>,
    /// The id in `recipient`, if it is not a PSID.
    pub other_id: Option<Box<str>>,
}

/// The recipient of a message, with any of the Send API's keys.
pub fn message_recipient(call: &Call) -> Result<Recipient, Failure> {
    let recipient = call.params.object("recipient")?.unwrap_or_default();
    let kind = match keys(&recipient).as_slice() {
        ["user_ref"] => RecipientIdKind::Checkbox,
        ["comment_id"] => RecipientIdKind::Comment,
        ["post_id"] => RecipientIdKind::Post,
        ["notification_messages_token"] => RecipientIdKind::Notification,
        ["one_time_notif_token"] => RecipientIdKind::OneTime,
        ["phone_number"] | ["phone_number", "name"] | ["name", "phone_number"] => return Err(by_phone(&recipient)),
        _ => {
            let (thread, psid) = thread(call)?;
            return Ok(Recipient { thread, psid: Some(psid), other_id: None });
        }
    };
    let param = format!("recipient[{}]", kind.name());
    let id = recipient.get(kind.name()).and_then(scalar).filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| catalogue::PARAM_MUST_BE.with(&[("param", &param), ("kind", "a string")]))?;
    let page = call.page()?;
    let known = call.world().read(|world, _, _| {
        let address = world.settings().recipient_ids.get(page, &id);
        address.filter(|address| address.kind == kind).map(|address| address.thread)
    });
    let thread = known.ok_or_else(|| match kind {
        RecipientIdKind::Comment | RecipientIdKind::Post => {
            Failure::by_rule(catalogue::COMMENT_UNKNOWN.with(&[("param", kind.name())]), rules::PRIVATE_REPLY_UNKNOWN)
        }
        RecipientIdKind::Notification => {
            Failure::by_rule(catalogue::TOKEN_OF_NOTIFICATION_INVALID.error(), rules::NOTIFICATION_UNKNOWN)
        }
        RecipientIdKind::Checkbox | RecipientIdKind::Login | RecipientIdKind::OneTime => {
            Failure::by_rule(catalogue::NO_MATCHING_USER.error(), rules::UNKNOWN_PERSON)
        }
    })?;
    let psid = (kind != RecipientIdKind::Checkbox).then(|| call.config().psid(thread).to_string());
    Ok(Recipient { thread, psid, other_id: Some(id.into()) })
}

/// The thread that `recipient` names in any of its forms. `None` if there is none; nothing is refused.
pub fn find_thread(call: &Call) -> Option<ThreadKey> {
    let people = &call.config().people;
    let value = call.params.get("recipient")?;
    let Some(recipient) = call.params.object("recipient").ok().flatten() else {
        return people.thread_of(&scalar(value)?);
    };
    let text = |name: &str| recipient.get(name).and_then(scalar);
    if let Some(id) = text("id") {
        return people.thread_of(&id);
    }
    let page = call.page().ok()?;
    RecipientIdKind::ALL.iter().find_map(|kind| {
        let id = text(kind.name())?;
        call.world().read(|world, _, _| Some(world.settings().recipient_ids.get(page, &id)?.thread))
    })
}

/// The keys with a value. There is one, unless the call is wrong.
fn keys<'m>(recipient: &'m ParamMap<'_>) -> SmallVec<[&'m str; 2]> {
    recipient.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key).collect()
}

/// The failure of a message to a phone number. Even if its parameters are valid, no app has the permission.
fn by_phone(recipient: &ParamMap<'_>) -> Failure {
    let wrong = |param, kind| catalogue::PARAM_MUST_BE.with(&[("param", param), ("kind", kind)]).into();
    if recipient.get("phone_number").and_then(scalar).is_none() {
        return wrong("recipient[phone_number]", "a string");
    }
    match recipient.get("name").filter(|name| !name.is_null()).map(ParamValue::as_object) {
        Some(None) => wrong("recipient[name]", "an object"),
        Some(Some(name)) => match name.keys().find(|key| !["first_name", "last_name"].contains(key)) {
            Some(key) => catalogue::INVALID_KEYS.with(&[("keys", key), ("param", "recipient[name]")]).into(),
            None => Failure::by_rule(catalogue::PHONE_REVIEW_NEEDED.error(), rules::PHONE_NUMBER),
        },
        None => Failure::by_rule(catalogue::PHONE_REVIEW_NEEDED.error(), rules::PHONE_NUMBER),
    }
}

fn psid(recipient: &ParamMap<'_>) -> Result<String, Failure> {
    match keys(recipient).as_slice() {
        [key] if *key == "id" => {
            recipient.get("id").and_then(scalar).map(Cow::into_owned).ok_or_else(|| {
                catalogue::PARAM_MUST_BE.with(&[("param", "recipient[id]"), ("kind", "a string")]).into()
            })
        }
        [key] if KINDS.contains(key) => {
            Err(catalogue::NOT_BUILT.with(&[("what", &format!("recipient[{key}]"))]).into())
        }
        [] => Err(catalogue::PARAM_REQUIRED.with(&[("param", "recipient[id]")]).into()),
        [key] => Err(catalogue::INVALID_KEYS.with(&[("keys", key), ("param", "recipient")]).into()),
        _ => Err(catalogue::PARAM_MUST_BE
            .with(&[("param", "recipient"), ("kind", "an object with exactly one key")])
            .into()),
    }
}
