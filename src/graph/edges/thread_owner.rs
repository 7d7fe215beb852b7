//! Handles `GET /{page}/thread_owner`.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::domain::model::settings::AssetSettings;
use crate::domain::policy::ownership::Ownership;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules::{self, RuleId};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_value::ParamValue;
use crate::graph::http::params::scalar;
use crate::graph::http::platform_param;
use crate::graph::http::relaxed_json::structured;
use crate::graph::http::response::{Result, data};

/// The owner of a thread, as far as the calling app may know it. `recipient` is a PSID; clients also send an object with an `id`.
pub fn read(call: &Call, _: AssetKey) -> Result {
    let recipient = call.params.get("recipient");
    let recipient = recipient.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "recipient")]))?;
    let psid = match structured(recipient).as_deref() {
        Some(ParamValue::Object(map)) => map.get("id").and_then(scalar).map(Cow::into_owned),
        _ => scalar(recipient).map(Cow::into_owned),
    };
    let thread = call.thread(&psid.unwrap_or_default())?;
    platform_param::check_messages_allowed(call, thread.asset)?;
    call.world()
        .read(|world, _, now| {
            let (page, ownership) = (world.asset(thread.asset), world.ownership(thread, now));
            match page.ruleset.has_roles() {
                true => by_role(call, thread, page, ownership),
                false => by_ownership(call, thread, page, ownership),
            }
        })
        .and_then(|(owner, rule)| {
            call.record_read(rule);
            data(owner.map(|owner| json!({ "thread_owner": owner })).into_iter().collect())
        })
}

/// The owner as the answer shows it, and the rule for that.
type VisibleOwner = std::result::Result<(Option<Map<String, Value>>, RuleId), Failure>;

/// The owner and the default app see the owner. Any other app sees only how long there is one.
fn by_ownership(call: &Call, thread: ThreadKey, page: &AssetSettings, ownership: Ownership) -> VisibleOwner {
    let names_default_app = page.knobs.idle_owner_is_default_app.unwrap_or(page.ruleset.default_app_owns);
    let is_default_owner = ownership.until.is_none() && names_default_app;
    if ownership.until.is_none() && !is_default_owner {
        return Ok((None, rules::THREAD_OWNER_READ));
    }
    let sees_owner = ownership.owner == Some(call.app()) || page.default_app == Some(call.app());
    let owner = owner_json(call, thread.asset, ownership.owner.filter(|_| sees_owner), ownership);
    Ok(((!owner.is_empty()).then_some(owner), rules::THREAD_OWNER_READ))
}

/// A secondary receiver sees itself and the primary receiver as owners. The primary receiver sees every owner; without one, every app does.
fn by_role(call: &Call, thread: ThreadKey, page: &AssetSettings, ownership: Ownership) -> VisibleOwner {
    let Some(owner) = ownership.owner else { return Ok((None, rules::ROLE_OWNER_READ)) };
    let sees_all = page.primary.is_none_or(|primary| primary == call.app() || primary == owner);
    let is_hidden = owner != call.app() && owner != call.config().lead_app();
    if !sees_all && is_hidden {
        return Err(call.failure(&Refusal::new(Reason::ReceiverHidden, rules::RECEIVER_HIDDEN)));
    }
    Ok((Some(owner_json(call, thread.asset, Some(owner), ownership)), rules::ROLE_OWNER_READ))
}

/// No call names the Instagram app, not even as the owner.
fn owner_json(call: &Call, asset: AssetKey, owner: Option<AppKey>, ownership: Ownership) -> Map<String, Value> {
    let mut thread_owner = Map::new();
    let config = call.config();
    if let Some(owner) = owner.filter(|owner| Some(*owner) != config.native_app()) {
        thread_owner.insert("app_id".to_owned(), json!(config.app_id_on(asset, owner).to_string()));
    }
    if let Some(until) = ownership.until {
        thread_owner.insert("expiration".to_owned(), json!(until.millis() / 1000));
    }
    thread_owner
}
