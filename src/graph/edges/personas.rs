//! Handles `POST` and `GET /{page}/personas`, and `GET` and `DELETE /{persona}`: names and faces under which a page writes.

use serde_json::{Value, json};

use crate::domain::Reply;
use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::persona::{Persona, PersonaChange};

use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{NonEmpty, Url};
use crate::graph::http::param_table::{ParamTable, required};
use crate::graph::http::response::{Result, json as answer, success};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::NodeKind;

static PERSONA: NodeKind = NodeKind {
    fields: &["id", "name", "profile_picture_url"],
    default_fields: &["name", "profile_picture_url", "id"],
    ..NodeKind::new("Persona")
};
const MAX_NAME: usize = 50;
/// The most personas in one answer.
const MAX_PERSONAS: usize = 100;

static PERSONA_PARAMS: ParamTable =
    ParamTable::of_call(&[required("name", NonEmpty(MAX_NAME)), required("profile_picture_url", Url)]);

/// Handles `POST /{page}/personas`.
pub fn create(call: &Call, page: AssetKey) -> Result {
    let params = ParamObject::of_call(&call.params, &PERSONA_PARAMS)?;
    let makes = PersonaChange::Makes { name: params.string("name"), picture: params.string("profile_picture_url") };
    match call.execute(Command::Persona(page, call.app(), makes))?.answer {
        Reply::Made(id) => answer(&json!({ "id": id })),
        _ => success(),
    }
}

/// Handles `GET /{page}/personas`.
pub fn list(call: &Call, page: AssetKey) -> Result {
    let selection = Selection::of(&call.params)?;
    PERSONA.selected_fields(selection.as_ref())?;
    let personas = call.world().read(|world, _, _| world.asset(page).personas.list().to_vec());
    let path = format!("{}/personas", call.config().asset(page).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_PERSONAS)? };
    answer(&listing.page(call, &personas, |persona| describe(persona, selection.as_ref()))?)
}

/// True if the page has a persona of this id.
pub fn exists(call: &Call, page: AssetKey, id: &str) -> bool {
    call.world().read(|world, _, _| world.asset(page).personas.get(id).is_some())
}

/// Handles `GET /{persona}`.
pub fn read(call: &Call, id: &str, selection: Option<&Selection>) -> Fallible<Value> {
    let page = call.page()?;
    let persona = call.world().read(|world, _, _| world.asset(page).personas.get(id).cloned());
    describe(&persona.ok_or_else(|| call.unknown_object(id))?, selection)
}

/// Handles `DELETE /{persona}`.
pub fn delete(call: &Call, id: &str) -> Result {
    let page = call.page()?;
    call.execute(Command::Persona(page, call.app(), PersonaChange::Deletes(id.into())))?;
    success()
}

fn describe(persona: &Persona, selection: Option<&Selection>) -> Fallible<Value> {
    PERSONA.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(persona.id)),
            "name" => Some(json!(persona.name)),
            "profile_picture_url" => Some(json!(persona.picture)),
            _ => None,
        })
    })
}
