//! Edges room: `GET /{page}/thread_owner?recipient=PSID`.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::domain::rules;

use super::super::answer::{Result, data};
use super::super::call::Call;
use super::super::catalogue;
use super::super::params::{scalar, structured};

/// Who owns a thread, as far as the caller may know. The recipient is a bare PSID; an object with an `id` is taken too, as clients send it.
pub fn read(call: &Call) -> Result {
    call.page()?;
    call.warn_of_unknown_params(&["recipient"]);
    let recipient = call.params.get("recipient");
    let recipient = recipient.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "recipient")]))?;
    let psid = match structured(recipient).as_deref() {
        Some(Value::Object(map)) => map.get("id").and_then(scalar).map(Cow::into_owned),
        _ => scalar(recipient).map(Cow::into_owned),
    };
    let thread = call.thread(&psid.unwrap_or_default())?;
    let (ownership, default_app, owner_is_holder) = call.world().read(|world, _, now| {
        let page = world.page(thread.page);
        (world.ownership(thread, now), page.default_app, page.regime.owner_is_holder)
    });
    call.note_read(rules::THREAD_OWNER_READ);
    let may_know_whose = ownership.owner == Some(call.app()) || default_app == Some(call.app());
    if owner_is_holder && ownership.until.is_none() {
        return data(Vec::new());
    }
    let mut thread_owner = Map::new();
    if let Some(owner) = ownership.owner.filter(|_| may_know_whose) {
        thread_owner.insert("app_id".to_owned(), json!(call.world().config().app(owner).id.to_string()));
    }
    if let Some(until) = ownership.until {
        thread_owner.insert("expiration".to_owned(), json!(until.0 / 1000));
    }
    match thread_owner.is_empty() {
        true => data(Vec::new()),
        false => data(vec![json!({ "thread_owner": thread_owner })]),
    }
}
