//! `messenger_profile` of an Instagram account: only ice breakers and the persistent menu.

use serde_json::{Value, json};

use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::profile::{Profile, ProfileChange, Property, Setting};
use crate::domain::rules;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::{Failure, Fallible};
use crate::graph::http::call::Call;
use crate::graph::http::params::{self, check_count};
use crate::graph::http::response::{Result, data, result_success};
use crate::graph::read::fields::Selection;
use crate::graph::read::profile_json;
use crate::graph::send::{instagram_menu, profile_params};

/// The properties that an account has.
const PROPERTIES: [Property; 2] = [Property::IceBreakers, Property::PersistentMenu];
const NAMES: &[&str] = &["ice_breakers", "persistent_menu"];

pub fn set(call: &Call, account: AssetKey) -> Result {
    call.warn_about_unknown_params(&["ice_breakers", "persistent_menu", "platform"]);
    if let Some(other) = Property::ALL.into_iter().find(|one| !PROPERTIES.contains(one) && is_given(call, *one)) {
        let values = NAMES.join(", ");
        let words = [("param", "fields"), ("values", &*values), ("got", other.name())];
        return Err(Failure::by_rule(catalogue::PARAM_ONE_OF.with(&words), rules::INSTAGRAM_PROFILE_PROPERTIES));
    }
    let settings = profile_params::read(&call.params)?;
    if settings.is_empty() {
        return Err(catalogue::ONE_PARAM_NEEDED.with(&[("params", &NAMES.join(","))]).into());
    }
    settings.iter().try_for_each(instagram_menu::check_menu)?;
    call.execute(Command::Profile(account, call.app(), ProfileChange::Sets(settings)))?;
    result_success()
}

fn is_given(call: &Call, property: Property) -> bool {
    call.params.get(property.name()).is_some()
}

/// The ice breakers stand in `data` themselves, one object for each locale. The menu stands in an object of its own.
pub fn read(call: &Call, account: AssetKey) -> Result {
    call.warn_about_unknown_params(&["platform"]);
    let selected = match Selection::of(&call.params)?.filter(|selection| !selection.0.is_empty()) {
        Some(Selection(fields)) => {
            fields.iter().map(|field| property_of_field(&field.name)).collect::<Fallible<_>>()?
        }
        None => PROPERTIES.to_vec(),
    };
    let items = call.world().read(|world, _, _| {
        let profile = &world.asset(account).profile;
        selected.iter().flat_map(|property| describe(profile, *property)).collect()
    });
    data(items)
}

fn property_of_field(name: &str) -> Fallible<Property> {
    let property = Property::parse(name).filter(|property| PROPERTIES.contains(property));
    let unknown = || catalogue::UNKNOWN_FIELD.with(&[("field", name), ("node", "MessengerProfile")]);
    property.ok_or_else(|| unknown().into())
}

fn describe(profile: &Profile, property: Property) -> Vec<Value> {
    match profile.get(property) {
        Some(Setting::IceBreakers(breakers)) => profile_json::ice_breakers_by_locale(breakers),
        Some(Setting::PersistentMenu(menus)) => {
            let mut shown = profile_json::menus(menus);
            let each = shown.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut);
            each.for_each(|menu| drop(menu.remove("composer_input_disabled")));
            vec![json!({ "persistent_menu": shown })]
        }
        _ => Vec::new(),
    }
}

pub fn delete(call: &Call, account: AssetKey) -> Result {
    call.warn_about_unknown_params(&["fields", "platform"]);
    let names = call.params.list("fields")?.filter(|names| !names.is_empty());
    let names = names.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "fields")]))?;
    check_count(names.len(), 1, PROPERTIES.len(), "fields")?;
    let property = |name: &String| {
        let known = params::word("fields", name, NAMES)?;
        Property::parse(known).ok_or_else(|| catalogue::INTERNAL.error())
    };
    let properties = names.iter().map(property).collect::<std::result::Result<_, _>>()?;
    call.execute(Command::Profile(account, call.app(), ProfileChange::Deletes(properties)))?;
    result_success()
}
