//! Handles `POST`, `GET` and `DELETE /{page}/welcome_message_flows`, and the same of an Instagram account.

use serde_json::{Value, json};

use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::platform::Platform;
use crate::domain::model::welcome_flow::{WelcomeFlow, WelcomeFlowChange, WelcomeFlowContent};
use crate::domain::{Reply, rules};

use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Id, List, NonEmpty, Word};
use crate::graph::http::param_table::{Least, ListOf, ParamTable, optional, required};
use crate::graph::http::response::{Result, json as answer, success};
use crate::graph::http::surface::Surface;
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::NodeKind;
use crate::graph::read::timestamp::graph_time;

/// The parameters of the edge.
pub const PARAMS: &[&str] = &["flow_id", "name", "welcome_message_flow", "eligible_platforms"];

const FIELDS: &[&str] =
    &["id", "name", "eligible_platforms", "welcome_message_flow", "last_update_time", "is_used_in_ad"];
static FLOW: NodeKind =
    NodeKind { fields: FIELDS, default_fields: FIELDS, ..NodeKind::new("CTXPartnerAppWelcomeMessageFlow") };
const PLATFORMS: &[&str] = &["INSTAGRAM", "MESSENGER", "WHATSAPP"];
const MAX_NAME: usize = 1000;
const MAX_FLOW: usize = 20_000;
/// The most flows in one answer.
const MAX_FLOWS: usize = 100;

static ELIGIBLE: ListOf = ListOf::of(Word(PLATFORMS), Least::Zero, PLATFORMS.len());
static NEW_FLOW: ParamTable = ParamTable::of_call(&[
    required("name", NonEmpty(MAX_NAME)),
    required("welcome_message_flow", NonEmpty(MAX_FLOW)),
    optional("eligible_platforms", List(&ELIGIBLE)),
]);
static CHANGED_FLOW: ParamTable = ParamTable::of_call(&[
    required("flow_id", Id),
    optional("name", NonEmpty(MAX_NAME)),
    optional("welcome_message_flow", NonEmpty(MAX_FLOW)),
    optional("eligible_platforms", List(&ELIGIBLE)),
]);
static DELETED_FLOW: ParamTable = ParamTable::of_call(&[required("flow_id", Id)]);

/// Handles `POST`: makes a flow, or changes the one that it names.
pub fn set(call: &Call, asset: AssetKey) -> Result {
    check_host(call, asset)?;
    let is_new = call.params.get("flow_id").is_none();
    let params = ParamObject::of_call(&call.params, if is_new { &NEW_FLOW } else { &CHANGED_FLOW })?;
    let content = WelcomeFlowContent {
        name: params.text("name"),
        flow: params.text("welcome_message_flow"),
        platforms: params.has("eligible_platforms").then(|| platforms(&params)),
    };
    let change = match is_new {
        true => WelcomeFlowChange::Makes(content),
        false => WelcomeFlowChange::Changes(params.string("flow_id"), content),
    };
    match &call.execute(Command::WelcomeFlow(asset, call.app(), change))?.answer {
        Reply::Made(id) => answer(&json!({ "flow_id": id })),
        _ => success(),
    }
}

fn platforms(params: &ParamObject<'_>) -> Vec<Box<str>> {
    params.texts("eligible_platforms").iter().map(|name| name.to_ascii_uppercase().into()).collect()
}

/// Handles `DELETE`.
pub fn delete(call: &Call, asset: AssetKey) -> Result {
    check_host(call, asset)?;
    let params = ParamObject::of_call(&call.params, &DELETED_FLOW)?;
    let change = WelcomeFlowChange::Deletes(params.string("flow_id"));
    call.execute(Command::WelcomeFlow(asset, call.app(), change))?;
    success()
}

/// Handles `GET`: every flow, or the one that `flow_id` names.
pub fn list(call: &Call, asset: AssetKey) -> Result {
    let selection = Selection::of(&call.params)?;
    FLOW.selected_fields(selection.as_ref())?;
    let wanted = call.params.text("flow_id")?;
    let is_wanted = |flow: &&WelcomeFlow| wanted.as_deref().is_none_or(|id| *flow.id == *id);
    let flows: Vec<WelcomeFlow> = call
        .world()
        .read(|world, _, _| world.asset(asset).welcome_flows.list().iter().filter(is_wanted).cloned().collect());
    call.record_read(rules::WELCOME_FLOWS_READ);
    let path = format!("{}/welcome_message_flows", call.config().asset(asset).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_FLOWS)? };
    answer(&listing.page(call, &flows, |flow| describe(flow, selection.as_ref()))?)
}

fn describe(flow: &WelcomeFlow, selection: Option<&Selection>) -> Fallible<Value> {
    FLOW.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(flow.id)),
            "name" => flow.content.name.as_ref().map(|name| json!(name)),
            "eligible_platforms" => flow.content.platforms.as_ref().map(|platforms| json!(platforms)),
            "welcome_message_flow" => flow.content.flow.as_ref().map(|flow| json!(flow)),
            "last_update_time" => Some(json!(graph_time(flow.updated))),
            // The ads of a world have greetings of their own.
            "is_used_in_ad" => Some(json!(false)),
            _ => None,
        })
    })
}

/// On graph.facebook.com the flows of an account can only be read.
fn check_host(call: &Call, asset: AssetKey) -> Fallible<()> {
    let is_read_only = call.surface == Surface::Facebook && call.config().platform(asset) == Platform::Instagram;
    match is_read_only {
        true => Err(call.unknown_object(&call.config().asset(asset).id)),
        false => Ok(()),
    }
}
