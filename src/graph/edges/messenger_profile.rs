//! Handles `POST`, `GET` and `DELETE /{page}/messenger_profile`: what people see before they write, and the menu beside the conversation.

use serde_json::{Map, json};

use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::platform::Platform;
use crate::domain::model::profile::{ProfileChange, Property};

use super::instagram_profile;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::params::check_count;
use crate::graph::http::platform_param;
use crate::graph::http::response::{Result, data, result_success};
use crate::graph::read::fields::{SelectedField, Selection};
use crate::graph::read::profile_json;
use crate::graph::send::extensions;
use crate::graph::send::profile_params;
use crate::text::suggest;

/// Properties that Meta no longer has.
const GONE: &[&str] = &["home_url", "target_audience", "payment_settings"];
/// Properties that Meta has and graphdouble does not build.
const NOT_BUILT: &[&str] = &["description", "title", "subject_to_new_eu_privacy_rules"];

/// Handles `POST`: sets all properties that the call has, or none.
pub fn set(call: &Call, node: AssetKey) -> Result {
    let page = platform_param::asset_meant(call, node)?;
    if call.config().platform(page) == Platform::Instagram {
        return instagram_profile::set(call, page);
    }
    let known: Vec<&str> = names().chain(["platform"]).collect();
    for name in GONE.iter().chain(NOT_BUILT).filter(|name| call.params.get(name).is_some()) {
        check_is_built(name)?;
    }
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
pub fn read(call: &Call, node: AssetKey) -> Result {
    let page = platform_param::asset_meant(call, node)?;
    if call.config().platform(page) == Platform::Instagram {
        return instagram_profile::read(call, page);
    }
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
pub fn delete(call: &Call, node: AssetKey) -> Result {
    let page = platform_param::asset_meant(call, node)?;
    if call.config().platform(page) == Platform::Instagram {
        return instagram_profile::delete(call, page);
    }
    call.warn_about_unknown_params(&["fields"]);
    let fields = call.params.list("fields")?.filter(|fields| !fields.is_empty());
    let fields = fields.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "fields")]))?;
    check_count(fields.len(), 1, names().count(), "fields")?;
    let properties = fields.iter().enumerate().map(|(index, name)| deleted_property(call, index, name));
    let properties = properties.collect::<Fallible<_>>()?;
    call.execute(Command::Profile(page, call.app(), ProfileChange::Deletes(properties)))?;
    result_success()
}

fn names() -> impl Iterator<Item = &'static str> {
    Property::ALL.into_iter().map(Property::name)
}

fn check_is_built(name: &str) -> std::result::Result<(), GraphError> {
    if GONE.contains(&name) {
        return Err(catalogue::PARAM_GONE.with(&[("param", name)]));
    }
    if NOT_BUILT.contains(&name) {
        return Err(catalogue::NOT_BUILT.with(&[("what", &format!("the property {name}"))]));
    }
    Ok(())
}

/// The properties to read, with the names to answer them under. Without a selection these are all.
fn selected(selection: Option<Selection>) -> std::result::Result<Vec<(String, Property)>, GraphError> {
    let selection = selection.filter(|selection| !selection.0.is_empty());
    let Selection(fields) = selection.unwrap_or_else(|| Selection::names(&names().collect::<Vec<_>>()));
    let property = |field: SelectedField| {
        check_is_built(&field.name)?;
        let property = Property::parse(&field.name);
        let unknown = || catalogue::UNKNOWN_FIELD.with(&[("field", &field.name), ("node", "MessengerProfile")]);
        let property = property.ok_or_else(unknown)?;
        Ok((field.alias.unwrap_or(field.name), property))
    };
    fields.into_iter().map(property).collect()
}

/// The property of a name in `fields` of a `DELETE`. Meta's own libraries write it in capitals.
fn deleted_property(call: &Call, index: usize, name: &str) -> Fallible<Property> {
    let lower = name.to_ascii_lowercase();
    check_is_built(&lower)?;
    Property::parse(&lower).ok_or_else(|| {
        call.warn(format!("`{lower}` is no property of a Messenger profile{}", suggest::did_you_mean(&lower, names())));
        let (param, values) = (format!("fields[{index}]"), names().collect::<Vec<_>>().join(", "));
        catalogue::PARAM_ONE_OF.with(&[("param", &param), ("values", &values), ("got", name)]).into()
    })
}
