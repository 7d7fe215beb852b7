//! Handles `POST`, `GET` and `DELETE /{page}/subscribed_apps`: an app's webhook fields on a page.

use serde_json::{Value, json};

use crate::domain::command::Command;
use crate::domain::model::access::{Permission, Task};
use crate::domain::model::fields::{Field, FieldSet, plural_of, singular_of};
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::platform::Platform;
use crate::domain::rules;

use super::app;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::{Failure, Fallible};
use crate::graph::http::access::{self, PageAccess};
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{List, Text};
use crate::graph::http::param_table::{Least, ListOf, ParamTable, needed};
use crate::graph::http::response::{Result, json as answer, success};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::NodeKind;
use crate::text::suggest;

static SUBSCRIBED: NodeKind = NodeKind {
    fields: &["id", "name", "link", "category", "subscribed_fields"],
    default_fields: &["category", "link", "name", "id", "subscribed_fields"],
    ..NodeKind::new("Application")
};
/// The most apps in one answer; there is never more than one.
const MAX_APPS: usize = 100;

const MAX_FIELD_NAME: usize = 100;
/// Names in one call: more than Meta has.
const MAX_FIELDS: usize = 200;
pub static FIELD_NAMES: ListOf = ListOf::of(Text(MAX_FIELD_NAME), Least::Zero, MAX_FIELDS);
static SUBSCRIPTION: ParamTable =
    ParamTable::of_call(&[needed("subscribed_fields", List(&FIELD_NAMES), &catalogue::SUBSCRIBED_FIELDS_REQUIRED)]);

/// What it needs to set the fields. The fields have permissions of their own, which are checked first.
pub const ACCESS: PageAccess = PageAccess::new(Permission::PagesManageMetadata, Task::Moderate);

/// The fields that have nothing to do with messages.
const FIELDS_WITHOUT_MESSAGES: &[Field] = &[
    Field::GroupFeed,
    Field::Feed,
    Field::Mention,
    Field::Conversations,
    Field::Follow,
    Field::BusinessIntegrity,
    Field::UserAction,
    Field::StoryShare,
];

/// Parses names of fields that the object `has`. An unknown name is an error, and the ledger suggests a known one.
pub fn parse_fields(
    call: &Call,
    (platform, has): (Platform, FieldSet),
    param: &str,
    names: &[Box<str>],
) -> Fallible<FieldSet> {
    let known: Vec<&str> = has.iter().map(Field::name).collect();
    let object = match platform {
        Platform::Messenger => "a page",
        Platform::Instagram => "Instagram",
    };
    let other_name = |name: &str| match platform {
        Platform::Messenger => singular_of(name),
        Platform::Instagram => plural_of(name),
    };
    let parse = |(index, name): (usize, &str)| {
        let in_lower_case = name.to_ascii_lowercase();
        let meant = call.knobs().lenient_field_names.then(|| other_name(name)).flatten();
        let named = || Field::parse(&in_lower_case).filter(|field| has.contains(*field));
        meant.or_else(named).ok_or_else(|| {
            let nearest = suggest::did_you_mean(name, known.iter().copied());
            call.warn(format!("`{name}` is no webhook field of {object}{nearest}"));
            let (param, values) = (format!("{param}[{index}]"), known.join(", "));
            catalogue::PARAM_ONE_OF.with(&[("param", &param), ("values", &values), ("got", name)]).into()
        })
    };
    names.iter().map(|name| &**name).enumerate().map(parse).collect()
}

/// The ledger says which fields nothing is ever sent of.
pub fn warn_of_silence(call: &Call, fields: FieldSet) {
    let silent: Vec<&str> = fields.iter().filter(|field| !field.is_sent()).map(Field::name).collect();
    if !silent.is_empty() {
        call.warn_never_sent(&silent.join(", "));
    }
}

/// Handles `POST`: replaces the fields of the calling app.
pub fn subscribe(call: &Call, page: AssetKey) -> Result {
    let params = ParamObject::of_call(&call.params, &SUBSCRIPTION)?;
    let has = (Platform::Messenger, FieldSet::all_of(Platform::Messenger));
    let fields = parse_fields(call, has, "subscribed_fields", &params.texts("subscribed_fields"))?;
    check_permissions(call, fields)?;
    access::check_page_edge(call, "subscribed_apps", ACCESS)?;
    warn_of_silence(call, fields);
    call.execute(Command::Subscribe(page, call.app(), Some(fields)))?;
    success()
}

/// Handles `DELETE`: removes the calling app from the page. An app may do that with its own token, too.
pub fn unsubscribe(call: &Call, page: AssetKey) -> Result {
    call.execute(Command::Subscribe(page, call.app(), None))?;
    success()
}

/// Handles `GET`: the calling app, if it has subscribed. It sees no other app.
pub fn list(call: &Call, page: AssetKey) -> Result {
    let selection = Selection::of(&call.params)?;
    SUBSCRIBED.selected_fields(selection.as_ref())?;
    let config = call.config();
    let apps: Vec<(AppKey, FieldSet)> = call.world().read(|world, _, _| {
        let own = world.asset(page).connection(call.app()).filter(|connection| connection.subscribed);
        own.map(|connection| (call.app(), connection.fields)).into_iter().collect()
    });
    call.record_read(rules::SUBSCRIPTION_READ);
    let path = format!("{}/subscribed_apps", config.asset(page).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_APPS)? };
    answer(&listing.page(call, &apps, |(app, fields)| describe(call, *app, *fields, selection.as_ref()))?)
}

fn describe(call: &Call, app: AppKey, fields: FieldSet, selection: Option<&Selection>) -> Fallible<Value> {
    SUBSCRIBED.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "subscribed_fields" => Some(json!(fields.iter().map(Field::name).collect::<Vec<_>>())),
            name => app::field_value(call, app, name),
        })
    })
}

/// The permission that a field needs.
fn needed_permission(field: Field) -> Permission {
    match field {
        Field::Leadgen => Permission::LeadsRetrieval,
        _ if FIELDS_WITHOUT_MESSAGES.contains(&field) => Permission::PagesManageMetadata,
        _ => Permission::PagesMessaging,
    }
}

/// Checks the permission of each field. The error has a sentence for each field without it.
fn check_permissions(call: &Call, fields: FieldSet) -> Fallible<()> {
    let refused = fields.iter().filter(|field| !call.has_permission(needed_permission(*field)));
    let errors = refused.map(|field| {
        let permission = needed_permission(field).name();
        catalogue::FIELD_PERMISSION_NEEDED.with(&[("field", field.name()), ("permission", permission)])
    });
    let all = errors.reduce(|mut all, next| {
        all.message.push(' ');
        all.message.push_str(next.message.trim_start_matches("(#200) "));
        all
    });
    let to_change = Permission::PagesManageMetadata;
    let error = all.or_else(|| {
        let needed = || catalogue::PERMISSION_NEEDED.with(&[("permission", to_change.name())]);
        (!call.has_permission(to_change)).then(needed)
    });
    error.map_or(Ok(()), |error| Err(Failure::by_rule(error, rules::PERMISSION_MISSING)))
}
