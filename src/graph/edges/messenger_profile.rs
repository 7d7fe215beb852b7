//! Handles `POST`, `GET` and `DELETE /{page}/messenger_profile`: what people see before they write, and the menu beside the conversation.

use serde_json::{Map, json};

use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::profile::{ProfileChange, Property};

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{List, Refused, WordOr};
use crate::graph::http::param_table::{Least, ListOf, OtherWord, ParamTable, optional, required};
use crate::graph::http::response::{Result, data, result_success};
use crate::graph::read::fields::{SelectedField, Selection};
use crate::graph::read::profile_json;
use crate::graph::send::extensions;
use crate::graph::send::profile_params;
use crate::text::suggest;

/// Properties that Meta no longer has, and those that graphdouble does not build.
const OTHERS: &[OtherWord] = &[
    ("home_url", &catalogue::PARAM_GONE),
    ("target_audience", &catalogue::PARAM_GONE),
    ("payment_settings", &catalogue::PARAM_GONE),
    ("description", &catalogue::NOT_BUILT),
    ("title", &catalogue::NOT_BUILT),
    ("subject_to_new_eu_privacy_rules", &catalogue::NOT_BUILT),
];
static NO_MORE: ParamTable = ParamTable::of_call(&[
    optional("home_url", Refused(&catalogue::PARAM_GONE)),
    optional("target_audience", Refused(&catalogue::PARAM_GONE)),
    optional("payment_settings", Refused(&catalogue::PARAM_GONE)),
    optional("description", Refused(&catalogue::NOT_BUILT)),
    optional("title", Refused(&catalogue::NOT_BUILT)),
    optional("subject_to_new_eu_privacy_rules", Refused(&catalogue::NOT_BUILT)),
]);
/// Meta's own libraries write the names in capitals.
static DELETION: ParamTable = ParamTable::of_call(&[required("fields", List(&PROPERTIES))]);
static PROPERTIES: ListOf = ListOf::of(WordOr(Property::NAMES, OTHERS), Least::One, Property::NAMES.len());

/// Handles `POST`: sets all properties that the call has, or none.
pub fn set(call: &Call, page: AssetKey) -> Result {
    let known: Vec<&str> = names().chain(["platform"]).collect();
    call.check_platform()?;
    ParamObject::of_call(&call.params, &NO_MORE)?;
    call.warn_about_unknown_params(&known);
    let settings = profile_params::read(&call.params)?;
    if settings.is_empty() {
        let params = names().collect::<Vec<_>>().join(",");
        return Err(catalogue::ONE_PARAM_NEEDED.with(&[("params", &params)]).into());
    }
    extensions::check_profile(call, page, &settings)?;
    call.execute(Command::Profile(page, call.app(), ProfileChange::Sets(settings)))?;
    result_success()
}

/// Handles `GET`: one object with the properties that are set, or an empty list.
pub fn read(call: &Call, page: AssetKey) -> Result {
    call.check_platform()?;
    call.warn_about_unknown_params(&[]);
    let selected = selected(Selection::of(&call.params)?)?;
    let settings: Map<_, _> = call.world().read(|world, _, _| {
        let profile = &world.asset(page).profile;
        let set = selected
            .into_iter()
            .filter_map(|(name, property)| Some((name, profile_json::setting(profile.get(property)?))));
        set.collect()
    });
    data(if settings.is_empty() { Vec::new() } else { vec![json!(settings)] })
}

/// Handles `DELETE`. It does not matter whether the properties are set.
pub fn delete(call: &Call, page: AssetKey) -> Result {
    call.check_platform()?;
    call.warn_about_unknown_params(&["fields"]);
    let params = ParamObject::of_call(&call.params, &DELETION).inspect_err(|_| suggest_property(call))?;
    let names = params.texts("fields");
    let properties = names.iter().filter_map(|name| Property::parse(&name.to_ascii_lowercase())).collect();
    call.execute(Command::Profile(page, call.app(), ProfileChange::Deletes(properties)))?;
    result_success()
}

fn names() -> impl Iterator<Item = &'static str> {
    Property::NAMES.iter().copied()
}

/// Says in the ledger which property a wrong name in `fields` may mean.
fn suggest_property(call: &Call) {
    let fields = call.params.list("fields").ok().flatten().unwrap_or_default();
    let is_unknown = |name: &&String| {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        !names().any(is) && !OTHERS.iter().any(|(other, _)| is(other))
    };
    if let Some(name) = fields.iter().find(is_unknown) {
        let nearest = suggest::did_you_mean(&name.to_ascii_lowercase(), names());
        call.warn(format!("`{name}` is no property of a Messenger profile{nearest}"));
    }
}

/// The properties to read, with the names to answer them under. Without a selection these are all.
fn selected(selection: Option<Selection>) -> std::result::Result<Vec<(String, Property)>, GraphError> {
    let selection = selection.filter(|selection| !selection.0.is_empty());
    let Selection(fields) = selection.unwrap_or_else(|| Selection::names(&names().collect::<Vec<_>>()));
    let property = |field: SelectedField| {
        if let Some((_, error)) = OTHERS.iter().find(|(other, _)| *other == field.name) {
            let what = format!("the property {}", field.name);
            return Err(error.with(&[("param", &field.name), ("what", &what)]));
        }
        let property = Property::parse(&field.name);
        let unknown = || catalogue::UNKNOWN_FIELD.with(&[("field", &field.name), ("node", "MessengerProfile")]);
        let property = property.ok_or_else(unknown)?;
        Ok((field.alias.unwrap_or(field.name), property))
    };
    fields.into_iter().map(property).collect()
}
