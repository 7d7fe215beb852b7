//! Edges room: `recipient`, as the Send API and the thread control calls take it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::model::ids::ThreadKey;
use crate::domain::model::recipient_ids::RecipientIdKind;
use crate::domain::rules;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::params::scalar;

/// Ways to address a person that Meta knows.
const KINDS: &[&str] =
    &["id", "user_ref", "phone_number", "comment_id", "post_id", "notification_messages_token", "one_time_notif_token"];

/// The thread that `recipient` names, and the PSID as text.
pub fn thread(call: &Call) -> Result<(ThreadKey, String), Failure> {
    let recipient = call.params.object("recipient")?;
    let recipient = recipient.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "recipient")]))?;
    let id = psid(&recipient)?;
    Ok((call.thread(&id)?, id))
}

/// Whom a message is for.
pub struct Recipient {
    /// The thread.
    pub thread: ThreadKey,
    /// The PSID as text, where the answer may tell it.
    pub told: Option<String>,
    /// The id by which the person is addressed, where it is no PSID.
    pub through: Option<Box<str>>,
}

/// Whom `recipient` names, in any of the Send API's ways.
pub fn of_message(call: &Call) -> Result<Recipient, Failure> {
    let recipient = call.params.object("recipient")?.unwrap_or_default();
    let keys: Vec<&str> = recipient.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.as_str()).collect();
    let kind = match keys.as_slice() {
        ["user_ref"] => RecipientIdKind::Checkbox,
        ["comment_id"] => RecipientIdKind::Comment,
        ["post_id"] => RecipientIdKind::Post,
        ["notification_messages_token"] => RecipientIdKind::Notification,
        ["one_time_notif_token"] => RecipientIdKind::OneTime,
        ["phone_number"] | ["phone_number", "name"] | ["name", "phone_number"] => return Err(by_phone(&recipient)),
        _ => {
            let (thread, psid) = thread(call)?;
            return Ok(Recipient { thread, told: Some(psid), through: None });
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
            Failure::by_rule(catalogue::COMMENT_INVALID.error(), rules::PRIVATE_REPLY_UNKNOWN)
        }
        RecipientIdKind::Notification => {
            Failure::by_rule(catalogue::TOKEN_OF_NOTIFICATION_INVALID.error(), rules::NOTIFICATION_UNKNOWN)
        }
        RecipientIdKind::Checkbox | RecipientIdKind::Login | RecipientIdKind::OneTime => {
            Failure::by_rule(catalogue::NO_MATCHING_USER.error(), rules::UNKNOWN_PERSON)
        }
    })?;
    let told = (kind != RecipientIdKind::Checkbox).then(|| call.world().config().psid(thread).to_owned());
    Ok(Recipient { thread, told, through: Some(id.into()) })
}

/// Whom `recipient` names in any of its forms, where that can be told; nothing is wrong with it otherwise.
pub fn named(call: &Call) -> Option<ThreadKey> {
    let people = &call.world().config().people;
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

/// A phone number, with or without the name of the person, in its right shape: and nobody may use it.
fn by_phone(recipient: &Map<String, Value>) -> Failure {
    let wrong = |param, kind| catalogue::PARAM_MUST_BE.with(&[("param", param), ("kind", kind)]).into();
    if recipient.get("phone_number").and_then(scalar).is_none() {
        return wrong("recipient[phone_number]", "a string");
    }
    match recipient.get("name").filter(|name| !name.is_null()).map(Value::as_object) {
        Some(None) => wrong("recipient[name]", "an object"),
        Some(Some(name)) => match name.keys().find(|key| !["first_name", "last_name"].contains(&key.as_str())) {
            Some(key) => catalogue::INVALID_KEYS.with(&[("keys", key), ("param", "recipient[name]")]).into(),
            None => Failure::by_rule(catalogue::PHONE_REVIEW_NEEDED.error(), rules::PHONE_NUMBER),
        },
        None => Failure::by_rule(catalogue::PHONE_REVIEW_NEEDED.error(), rules::PHONE_NUMBER),
    }
}

fn psid(recipient: &Map<String, Value>) -> Result<String, Failure> {
    let keys: Vec<&String> = recipient.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key).collect();
    match keys.as_slice() {
        [key] if *key == "id" => {
            recipient.get("id").and_then(scalar).map(Cow::into_owned).ok_or_else(|| {
                catalogue::PARAM_MUST_BE.with(&[("param", "recipient[id]"), ("kind", "a string")]).into()
            })
        }
        [key] if KINDS.contains(&key.as_str()) => {
            Err(catalogue::NOT_BUILT.with(&[("what", &format!("recipient[{key}]"))]).into())
        }
        [] => Err(catalogue::PARAM_REQUIRED.with(&[("param", "recipient[id]")]).into()),
        [key] => Err(catalogue::INVALID_KEYS.with(&[("keys", key), ("param", "recipient")]).into()),
        _ => Err(catalogue::PARAM_MUST_BE
            .with(&[("param", "recipient"), ("kind", "an object with exactly one key")])
            .into()),
    }
}
