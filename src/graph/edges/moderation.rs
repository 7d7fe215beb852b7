//! Edges room: `POST /{page}/moderate_conversations`, and `/{page}/blocked`.

use serde_json::{Value, json};

use crate::domain::command::{Command, Moderation};
use crate::domain::model::ids::{PageKey, ThreadKey};
use crate::domain::rules;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::check_count;
use crate::graph::http::params;
use crate::graph::http::params::{nested, scalar, structured};
use crate::graph::http::response::{Result, json as answer, success};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::NodeKind;
use crate::graph::read::participants;

static PROFILE: NodeKind =
    NodeKind { fields: &["id", "name"], default_fields: &["name", "id"], ..NodeKind::new("Profile") };
const ACTIONS: &[&str] = &["BLOCK_USER", "UNBLOCK_USER", "BAN_USER", "UNBAN_USER", "MOVE_TO_SPAM"];
/// The parameters of `/{page}/blocked`.
pub const BLOCKED_PARAMS: &[&str] = &["psid", "user", "asid", "uid"];
/// People in one answer.
const MOST: usize = 100;
/// People in one call.
const MAX_PEOPLE: usize = 50;
/// Ways to name people that Meta has beside the PSID.
const LATER: &[&str] = &["asid", "uid"];

type Parsed<T> = std::result::Result<T, Failure>;

/// Does what is asked to everybody who is named. Nobody is touched if one of them is unknown.
pub fn moderate(call: &Call, _: PageKey) -> Result {
    let names = call.params.list("actions")?;
    let names = names.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "actions")]))?;
    check_count(names.len(), 1, ACTIONS.len(), "actions")?;
    let acts = names.iter().map(|name| action(name)).collect::<Parsed<Vec<_>>>()?;
    let threads = threads(call, user_ids(call)?)?;
    for (thread, _) in threads {
        for act in &acts {
            call.execute(Command::Moderate(thread, call.app(), *act))?;
        }
    }
    success()
}

fn action(name: &str) -> Parsed<Moderation> {
    Ok(match params::word("actions", name, ACTIONS)? {
        "BLOCK_USER" => Moderation::Blocks(true),
        "UNBLOCK_USER" => Moderation::Blocks(false),
        "BAN_USER" => Moderation::Bans(true),
        "UNBAN_USER" => Moderation::Bans(false),
        _ => Moderation::MovesToSpam,
    })
}

/// `[{"id": "3001"}]`, or plain ids.
fn user_ids(call: &Call) -> Parsed<Vec<String>> {
    let wrong = || catalogue::PARAM_MUST_BE.with(&[("param", "user_ids"), ("kind", "an array")]);
    let value = call.params.get("user_ids");
    let value = value.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "user_ids")]))?;
    let Some(Value::Array(items)) = structured(value).map(std::borrow::Cow::into_owned) else {
        return Err(wrong().into());
    };
    let id = |item: &Value| match structured(item).as_deref() {
        Some(Value::Object(map)) => nested(map, "id").and_then(|id| scalar(&id).map(Into::into)),
        _ => scalar(item).map(Into::into),
    };
    items.iter().map(|item| id(item).ok_or_else(|| wrong().into())).collect()
}

fn threads(call: &Call, psids: Vec<String>) -> Parsed<Vec<(ThreadKey, String)>> {
    if psids.is_empty() {
        return Err(catalogue::TOO_FEW_ELEMENTS.with(&[("param", "user_ids")]).into());
    }
    if psids.len() > MAX_PEOPLE {
        return Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", "user_ids")]).into());
    }
    psids.into_iter().map(|psid| Ok((call.thread(&psid)?, psid))).collect()
}

/// The people whom a call to `blocked` names.
fn named(call: &Call) -> Parsed<Option<Vec<(ThreadKey, String)>>> {
    if let Some(later) = LATER.iter().find(|name| call.params.get(name).is_some()) {
        return Err(catalogue::NOT_BUILT.with(&[("what", later)]).into());
    }
    let psids = match call.params.list("psid")? {
        Some(psids) => Some(psids),
        None => call.params.list("user")?,
    };
    psids.map(|psids| threads(call, psids)).transpose()
}

fn needed(call: &Call) -> Parsed<Vec<(ThreadKey, String)>> {
    named(call)?.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "psid")]).into())
}

/// Blocks people: each of them is in the answer.
pub fn block(call: &Call, _: PageKey) -> Result {
    let mut told = serde_json::Map::new();
    for (thread, psid) in needed(call)? {
        call.execute(Command::Moderate(thread, call.app(), Moderation::Blocks(true)))?;
        told.insert(psid, Value::Bool(true));
    }
    answer(&told)
}

/// Lets people in again.
pub fn unblock(call: &Call, _: PageKey) -> Result {
    for (thread, _) in needed(call)? {
        call.execute(Command::Moderate(thread, call.app(), Moderation::Blocks(false)))?;
    }
    success()
}

/// Lists the people whom the page has shut out, or those of them who are named.
pub fn blocked(call: &Call, page: PageKey) -> Result {
    let selection = Selection::of(&call.params)?;
    PROFILE.selected_fields(selection.as_ref())?;
    let named = named(call)?;
    let mut found = call.world().read(|world, _, _| world.shut_out(page));
    if let Some(named) = named {
        found.retain(|thread| named.iter().any(|(known, _)| known == thread));
    }
    call.record_read(rules::MODERATED);
    let config = call.world().config();
    let path = format!("{}/blocked", config.page(page).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MOST)? };
    answer(&listing.page(call, &found, |thread| {
        PROFILE.describe(selection.as_ref(), |field| {
            Ok(Some(match field.name.as_str() {
                "id" => json!(config.psid(*thread)),
                _ => json!(participants::person_name(config, *thread)),
            }))
        })
    })?)
}
