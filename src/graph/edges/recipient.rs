//! Edges room: `recipient`, as the Send API and the thread control calls take it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::ids::ThreadKey;

use super::super::call::Call;
use super::super::catalogue;
use super::super::failure::Failure;
use super::super::params::scalar;

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
