//! Handles `GET /{user}`, `GET /{user}/accounts`, and `GET` and `DELETE /{user}/permissions`. A user administrates pages.

use serde_json::{Value, json};

use crate::domain::command::Command;
use crate::domain::model::access::{Permission, Task};
use crate::domain::model::ids::{AssetKey, UserKey};
use crate::domain::rules;

use super::debug_token::ALWAYS_GRANTED;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::access;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data, json as answer, success};
use crate::graph::read::fields::{SelectedField, Selection};
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::{Nested, NodeKind};
use crate::graph::read::{not_built, page_json};

static USER: NodeKind = NodeKind {
    fields: &["id", "name", "first_name", "last_name", "accounts"],
    default_fields: &["name", "id"],
    nested: &[("accounts", Nested::Edge(&ACCOUNT))],
    not_built: not_built::USER_FIELDS,
    ..NodeKind::new("User")
};

static CATEGORY: NodeKind = NodeKind { fields: &["id", "name"], ..NodeKind::new("PageCategory") };

static ACCOUNT: NodeKind = NodeKind {
    fields: &["id", "name", "access_token", "category", "category_list", "tasks", "about", "link", "username"],
    default_fields: &["access_token", "category", "category_list", "name", "id", "tasks"],
    nested: &[("category_list", Nested::Object(&CATEGORY))],
    not_built: not_built::PAGE_FIELDS,
    ..NodeKind::new("Page")
};

/// The most pages in one answer.
const MAX_ACCOUNTS: usize = 100;

/// Handles `GET /{user}`.
pub fn read(call: &Call, user: UserKey, selection: Option<&Selection>) -> Fallible<Value> {
    let declared = call.config().user(user);
    USER.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(declared.id)),
            "name" => Some(json!(format!("{} {}", declared.first_name, declared.last_name).trim())),
            "first_name" => Some(json!(declared.first_name)),
            "last_name" => Some(json!(declared.last_name)),
            "accounts" => {
                access::check_user_token(call, user)?;
                Some(accounts_field(call, user, field)?)
            }
            _ => None,
        })
    })
}

/// Handles `GET /{user}/accounts`.
pub fn accounts(call: &Call, user: UserKey) -> Result {
    answer(&accounts_page(call, user)?)
}

/// Handles `DELETE /{user}/permissions` and `DELETE /{user}/permissions/{permission}`: the user takes back one permission, or all of
/// them, which removes the app.
pub fn revoke(call: &Call, user: UserKey) -> Result {
    let asked = call.params.text("permission")?;
    let name = call.segments.get(2).map(|segment| &**segment).or(asked.as_deref());
    let permission = match name {
        Some(name) => Some(Permission::parse(name).ok_or_else(|| {
            let values = Permission::WORDS.join(", ");
            catalogue::PARAM_ONE_OF.with(&[("param", "permission"), ("values", &values), ("got", name)])
        })?),
        None => None,
    };
    call.execute(Command::RevokePermission(user, call.app(), permission))?;
    success()
}

/// The pages on which the user has tasks.
fn accounts_page(call: &Call, user: UserKey) -> Fallible<Value> {
    let selection = Selection::of(&call.params)?;
    ACCOUNT.selected_fields(selection.as_ref())?;
    let (pages, path) = accounts_listed(call, user);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_ACCOUNTS)? };
    let mut listed = listing.page(call, &pages, |page| account(call, *page, user, selection.as_ref()))?;
    if call.params.get("summary").is_some() {
        listed["summary"] = json!({ "total_count": pages.len() });
    }
    Ok(listed)
}

/// The value of the field `accounts`.
fn accounts_field(call: &Call, user: UserKey, field: &SelectedField) -> Fallible<Value> {
    let (pages, path) = accounts_listed(call, user);
    let listing = Listing { path: &path, paging: Paging::of_field(field, MAX_ACCOUNTS)? };
    listing.page_of_field(call, field, &pages, |page| account(call, *page, user, field.nested.as_ref()))
}

/// The pages to list, and the path of the list. Without the permission Meta answers an empty list and no error.
fn accounts_listed(call: &Call, user: UserKey) -> (Vec<AssetKey>, String) {
    call.record_read(rules::ACCOUNTS_READ);
    let pages = match call.has_permission(Permission::PagesShowList) {
        true => pages(call, user),
        false => {
            call.warn("`accounts` is empty: the app lacks the permission pages_show_list");
            Vec::new()
        }
    };
    (pages, format!("{}/accounts", call.config().user(user).id))
}

fn pages(call: &Call, user: UserKey) -> Vec<AssetKey> {
    call.world().read(|world, _, _| {
        let (config, tokens) = (world.config(), &world.settings().tokens);
        let pages = config.user(user).pages.iter().map(|(page, _)| *page);
        let seen =
            |page: &AssetKey| world.is_connected(*page, call.app()) && tokens.tasks(config, user, *page).is_some();
        pages.filter(seen).collect()
    })
}

fn account(call: &Call, page: AssetKey, user: UserKey, selection: Option<&Selection>) -> Fallible<Value> {
    let tasks = call.world().read(|world, _, _| world.settings().tokens.tasks(world.config(), user, page));
    let (tasks, key) = (tasks.unwrap_or_default(), page);
    let page = call.config().asset(page);
    ACCOUNT.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "access_token" => access::page_token_for(call, user, key).map(|token| json!(token)),
            "category_list" => Some(json!([{ "id": "2200", "name": page_json::category(page) }])),
            "tasks" => Some(json!(tasks.iter().map(Task::name).collect::<Vec<_>>())),
            name => page_json::field(page, name),
        })
    })
}

/// Handles `GET /{user}/permissions`: what the app was granted, and what was taken back from it since.
pub fn permissions(call: &Call, _: UserKey) -> Result {
    let declared = call.config().app(call.app()).permissions;
    let granted = call.world().read(|world, _, _| world.settings().app(call.app()).permissions);
    // What Instagram Login grants is no matter of this login.
    let of_login = Permission::ALL.iter().filter(|one| !one.is_of_instagram_login());
    let asked_for = of_login.filter(|one| declared.contains(**one) || granted.contains(**one));
    let described = asked_for.map(|one| {
        let status = if granted.contains(*one) { "granted" } else { "declined" };
        json!({ "permission": one.name(), "status": status })
    });
    let always = json!({ "permission": ALWAYS_GRANTED, "status": "granted" });
    data(described.chain([always]).collect())
}
