//! Handles `POST /{page}/moderate_conversations`, and `GET`, `POST` and `DELETE /{page}/blocked`.

use serde_json::{Value, json};

use crate::domain::command::{Command, Moderation};
use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::domain::model::platform::Platform;
use crate::domain::rules;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::{Failure, Fallible};
use crate::graph::http::call::Call;
use crate::graph::http::param_value::ParamValue;
use crate::graph::http::params;
use crate::graph::http::params::check_count;
use crate::graph::http::params::scalar;
use crate::graph::http::relaxed_json::{nested, structured};
use crate::graph::http::response::{Result, json as answer, success};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::NodeKind;
use crate::graph::read::participants;

static PROFILE: NodeKind =
    NodeKind { fields: &["id", "name"], default_fields: &["name", "id"], ..NodeKind::new("Profile") };
const ACTIONS: &[&str] = &["BLOCK_USER", "UNBLOCK_USER", "BAN_USER", "UNBAN_USER", "MOVE_TO_SPAM"];
const ACTIONS_ON_INSTAGRAM: &[&str] = &["BLOCK_USER", "UNBLOCK_USER", "MOVE_TO_SPAM"];
/// The parameters of `/{page}/blocked`.
pub const BLOCKED_PARAMS: &[&str] = &["psid", "user", "asid", "uid"];
/// The most people in one answer.
const MAX_LISTED: usize = 100;
/// The most people in one call.
const MAX_PEOPLE: usize = 50;
const MAX_PEOPLE_ON_INSTAGRAM: usize = 10;
const MAX_ACTIONS_ON_INSTAGRAM: usize = 2;
/// Ids of people that are not built.
const OTHER_IDS: &[&str] = &["asid", "uid"];

/// Handles `POST /{page}/moderate_conversations`: applies all actions to all people. Nothing happens if one of them is unknown.
pub fn moderate(call: &Call, _: AssetKey) -> Result {
    let names = call.params.list("actions")?;
    let names = names.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "actions")]))?;
    check_count(names.len(), 1, ACTIONS.len(), "actions")?;
    let actions = names.iter().map(|name| action(name)).collect::<Fallible<Vec<_>>>()?;
    let threads = threads(call, user_ids(call)?)?;
    check_limits_of_instagram(call, &threads, &names)?;
    for (thread, _) in threads {
        for action in &actions {
            call.execute(Command::Moderate(thread, call.app(), *action))?;
        }
    }
    success()
}

/// On Instagram a call has fewer people and actions, and nobody is banned.
fn check_limits_of_instagram(call: &Call, threads: &[(ThreadKey, String)], names: &[String]) -> Fallible<()> {
    let is_instagram = |(thread, _): &(ThreadKey, String)| call.config().platform(thread.asset) == Platform::Instagram;
    if !threads.iter().any(is_instagram) {
        return Ok(());
    }
    let checked = check_count(threads.len(), 1, MAX_PEOPLE_ON_INSTAGRAM, "user_ids")
        .and_then(|()| check_count(names.len(), 1, MAX_ACTIONS_ON_INSTAGRAM, "actions"))
        .and_then(|()| names.iter().try_for_each(|name| params::word("actions", name, ACTIONS_ON_INSTAGRAM).map(drop)));
    checked.map_err(|error| Failure::by_rule(error, rules::INSTAGRAM_MODERATION))
}

fn action(name: &str) -> Fallible<Moderation> {
    Ok(match params::word("actions", name, ACTIONS)? {
        "BLOCK_USER" => Moderation::Blocks(true),
        "UNBLOCK_USER" => Moderation::Blocks(false),
        "BAN_USER" => Moderation::Bans(true),
        "UNBAN_USER" => Moderation::Bans(false),
        _ => Moderation::MovesToSpam,
    })
}

/// The ids of `user_ids`, which is like `[{"id": "3001"}]`, or a list of plain ids.
fn user_ids(call: &Call) -> Fallible<Vec<String>> {
    let wrong = || catalogue::PARAM_MUST_BE.with(&[("param", "user_ids"), ("kind", "an array")]);
    let value = call.params.get("user_ids");
    let value = value.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "user_ids")]))?;
    let Some(ParamValue::List(items)) = structured(value).map(std::borrow::Cow::into_owned) else {
        return Err(wrong().into());
    };
    let id = |item: &ParamValue<'_>| match structured(item).as_deref() {
        Some(ParamValue::Object(map)) => nested(map, "id").and_then(|id| scalar(&id).map(Into::into)),
        _ => scalar(item).map(Into::into),
    };
    items.iter().map(|item| id(item).ok_or_else(|| wrong().into())).collect()
}

fn threads(call: &Call, psids: Vec<String>) -> Fallible<Vec<(ThreadKey, String)>> {
    if psids.is_empty() {
        return Err(catalogue::TOO_FEW_ELEMENTS.with(&[("param", "user_ids")]).into());
    }
    if psids.len() > MAX_PEOPLE {
        return Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", "user_ids")]).into());
    }
    psids.into_iter().map(|psid| Ok((call.thread(&psid)?, psid))).collect()
}

/// The people whom a call to `blocked` names, if it names any.
fn named_people(call: &Call) -> Fallible<Option<Vec<(ThreadKey, String)>>> {
    if let Some(param) = OTHER_IDS.iter().find(|name| call.params.get(name).is_some()) {
        return Err(catalogue::NOT_BUILT.with(&[("what", param)]).into());
    }
    let psids = match call.params.list("psid")? {
        Some(psids) => Some(psids),
        None => call.params.list("user")?,
    };
    psids.map(|psids| threads(call, psids)).transpose()
}

fn required_people(call: &Call) -> Fallible<Vec<(ThreadKey, String)>> {
    named_people(call)?.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "psid")]).into())
}

/// Handles `POST /{page}/blocked`. The answer has an entry for each person.
pub fn block(call: &Call, _: AssetKey) -> Result {
    let mut blocked = serde_json::Map::new();
    for (thread, psid) in required_people(call)? {
        call.execute(Command::Moderate(thread, call.app(), Moderation::Blocks(true)))?;
        blocked.insert(psid, Value::Bool(true));
    }
    answer(&blocked)
}

/// Handles `DELETE /{page}/blocked`.
pub fn unblock(call: &Call, _: AssetKey) -> Result {
    for (thread, _) in required_people(call)? {
        call.execute(Command::Moderate(thread, call.app(), Moderation::Blocks(false)))?;
    }
    success()
}

/// Handles `GET /{page}/blocked`: the people whom the page has shut out, or those of them whom the call names.
pub fn list_blocked(call: &Call, page: AssetKey) -> Result {
    let selection = Selection::of(&call.params)?;
    PROFILE.selected_fields(selection.as_ref())?;
    let named = named_people(call)?;
    let mut found = call.world().read(|world, _, _| world.shut_out(page));
    if let Some(named) = named {
        found.retain(|thread| named.iter().any(|(known, _)| known == thread));
    }
    call.record_read(rules::MODERATED);
    let config = call.config();
    let path = format!("{}/blocked", config.asset(page).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_LISTED)? };
    answer(&listing.page(call, &found, |thread| {
        PROFILE.describe(selection.as_ref(), |field| {
            Ok(Some(match field.name.as_str() {
                "id" => json!(config.psid(*thread)),
                _ => json!(participants::person_name(config, *thread)),
            }))
        })
    })?)
}
