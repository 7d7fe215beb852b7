//! Handles `POST /{page}/moderate_conversations`, and `GET`, `POST` and `DELETE /{page}/blocked`.

use serde_json::{Value, json};

use crate::domain::command::{Command, Moderation};
use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::domain::rules;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Id, List, ObjectOrId, Refused, Word};
use crate::graph::http::param_table::{Least, ListOf, ParamTable, optional, required};
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
/// The most people in one answer.
const MAX_LISTED: usize = 100;
/// The most people in one call.
const MAX_PEOPLE: usize = 50;

/// An id, or an object like `{"id": "3001"}`.
static PERSON: ParamTable = ParamTable::of(&[required("id", Id)]);
static PEOPLE: ListOf = ListOf::of(ObjectOrId(&PERSON), Least::One, MAX_PEOPLE);
static PSIDS: ListOf = ListOf::of(Id, Least::One, MAX_PEOPLE);
static MODERATION: ParamTable = ParamTable::of_call(&[
    required("actions", List(&ListOf::of(Word(ACTIONS), Least::One, ACTIONS.len()))),
    required("user_ids", List(&PEOPLE)),
]);
/// Two of these kinds of ids are not built.
static BLOCKED: ParamTable = ParamTable::of_call(&[
    optional("asid", Refused(&catalogue::NOT_BUILT)),
    optional("uid", Refused(&catalogue::NOT_BUILT)),
    optional("psid", List(&PSIDS)),
    optional("user", List(&PSIDS)),
]);

/// Handles `POST /{page}/moderate_conversations`: applies all actions to all people. Nothing happens if one of them is unknown.
pub fn moderate(call: &Call, _: AssetKey) -> Result {
    let params = ParamObject::of_call(&call.params, &MODERATION)?;
    let actions: Vec<Moderation> = params.texts("actions").iter().map(|name| action(name)).collect();
    for (thread, _) in threads(call, params.ids("user_ids"))? {
        for action in &actions {
            call.execute(Command::Moderate(thread, call.app(), *action))?;
        }
    }
    success()
}

fn action(name: &str) -> Moderation {
    match &*name.to_ascii_uppercase() {
        "BLOCK_USER" => Moderation::Blocks(true),
        "UNBLOCK_USER" => Moderation::Blocks(false),
        "BAN_USER" => Moderation::Bans(true),
        "UNBAN_USER" => Moderation::Bans(false),
        _ => Moderation::MovesToSpam,
    }
}

/// A thread and the PSID by which the call names it.
type NamedThread = (ThreadKey, Box<str>);

fn threads(call: &Call, psids: Vec<Box<str>>) -> Fallible<Vec<NamedThread>> {
    psids.into_iter().map(|psid| Ok((call.thread(&psid)?, psid))).collect()
}

/// The people whom a call to `blocked` names, if it names any.
fn named_people(call: &Call) -> Fallible<Option<Vec<NamedThread>>> {
    let params = ParamObject::of_call(&call.params, &BLOCKED)?;
    let named = ["psid", "user"].into_iter().find(|name| params.has(name));
    named.map(|name| threads(call, params.texts(name))).transpose()
}

fn required_people(call: &Call) -> Fallible<Vec<NamedThread>> {
    named_people(call)?.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "psid")]).into())
}

/// Handles `POST /{page}/blocked`. The answer has an entry for each person.
pub fn block(call: &Call, _: AssetKey) -> Result {
    let mut blocked = serde_json::Map::new();
    for (thread, psid) in required_people(call)? {
        call.execute(Command::Moderate(thread, call.app(), Moderation::Blocks(true)))?;
        blocked.insert(psid.into(), Value::Bool(true));
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
