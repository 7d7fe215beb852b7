//! Handles `POST`, `GET` and `DELETE /{instagram-account}/subscribed_apps`: an app's webhook fields on an account.

use serde_json::json;

use crate::domain::command::Command;
use crate::domain::model::access::Permission;
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::AssetKey;
use crate::domain::model::platform::{Login, Platform};
use crate::domain::rules;

use super::subscribed_apps::{FIELD_NAMES, parse_fields, warn_of_silence};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::instagram_access;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::List;
use crate::graph::http::param_table::{ParamRule, ParamTable, needed};
use crate::graph::http::response::{Result, data, success};
use crate::graph::http::surface::Surface;

/// A list without any field is refused as if it were left out: it would switch the account on and bring nothing.
static SUBSCRIPTION: ParamTable =
    ParamTable::of_call(&[needed("subscribed_fields", List(&FIELD_NAMES), &catalogue::SUBSCRIBED_FIELDS_REQUIRED)])
        .rules(&[ParamRule::AnyOf(&["subscribed_fields"], &catalogue::SUBSCRIBED_FIELDS_REQUIRED)]);

/// The fields of comments, which have a permission of their own.
const FIELDS_OF_COMMENTS: &[Field] = &[Field::Comments, Field::LiveComments, Field::Mentions];

/// Handles `POST`: replaces the fields of the calling app.
pub fn subscribe(call: &Call, account: AssetKey) -> Result {
    check_login(call, account)?;
    let params = ParamObject::of_call(&call.params, &SUBSCRIPTION)?;
    let has = (Platform::Instagram, call.config().asset(account).fields_of(call.app()));
    let fields = parse_fields(call, has, "subscribed_fields", &params.texts("subscribed_fields"))?;
    check_permissions(call, fields)?;
    warn_of_silence(call, fields);
    call.execute(Command::Subscribe(account, call.app(), Some(fields)))?;
    call.record_read(rules::INSTAGRAM_SUBSCRIPTION_SET);
    success()
}

/// Handles `DELETE`: removes the calling app from the account.
pub fn unsubscribe(call: &Call, account: AssetKey) -> Result {
    check_login(call, account)?;
    call.execute(Command::Subscribe(account, call.app(), None))?;
    success()
}

/// Handles `GET`: the calling app, if it has subscribed.
pub fn list(call: &Call, account: AssetKey) -> Result {
    check_login(call, account)?;
    let fields = call.world().read(|world, _, _| {
        let own = world.asset(account).connection(call.app()).filter(|connection| connection.subscribed);
        own.map(|connection| connection.fields)
    });
    call.record_read(rules::SUBSCRIPTION_READ);
    let app_id = call.config().app(call.app()).id.to_string();
    let described = |fields: FieldSet| {
        let names: Vec<&str> = fields.iter().map(Field::name).collect();
        json!({ "app_id": app_id, "subscribed_fields": names })
    };
    data(fields.map(described).into_iter().collect())
}

/// With Facebook Login the page's subscription switches the account on. Two users of a page token subscribed the account itself, which is not
/// built.
fn check_login(call: &Call, account: AssetKey) -> Fallible<()> {
    match call.config().asset(account).login_of(call.app()) {
        Login::Facebook => {
            let what = "subscribed_apps of an Instagram account with a page token";
            Err(catalogue::NOT_BUILT.with(&[("what", what)]).into())
        }
        Login::Instagram | Login::Unified => Ok(()),
    }
}

/// Checks the permission of each field.
fn check_permissions(call: &Call, fields: FieldSet) -> Fallible<()> {
    let needed = |field: &Field| match (FIELDS_OF_COMMENTS.contains(field), call.surface) {
        (true, Surface::Facebook) => Permission::InstagramManageComments,
        (false, Surface::Facebook) => Permission::InstagramManageMessages,
        (true, _) => Permission::InstagramBusinessManageComments,
        (false, _) => Permission::InstagramBusinessManageMessages,
    };
    fields.iter().try_for_each(|field| instagram_access::check(call, needed(&field)))
}
