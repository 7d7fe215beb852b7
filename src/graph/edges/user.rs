//! Edges room: `GET /{user}`, one of those who administrate pages, with `accounts` and `permissions`.

use hyper::http::Method;
use serde_json::{Value, json};

use crate::domain::command::Command;
use crate::domain::model::access::{Permission, Task};
use crate::domain::model::ids::{PageKey, UserKey};
use crate::domain::rules;
use crate::engine::Principal;

use super::debug_token::ALWAYS_GRANTED;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data, json as answer, success};
use crate::graph::read::fields::{SelectedField, Selection};
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::{Nested, NodeKind};
use crate::graph::routes::not_built;

static USER: NodeKind = NodeKind {
    fields: &["id", "name", "first_name", "last_name", "accounts"],
    default_fields: &["name", "id"],
    nested: &[("accounts", Nested::Edge(&ACCOUNT))],
    not_built: not_built::USER,
    ..NodeKind::new("User")
};

/// Of what kind a page is.
static CATEGORY: NodeKind = NodeKind { fields: &["id", "name"], ..NodeKind::new("PageCategory") };

static ACCOUNT: NodeKind = NodeKind {
    fields: &["id", "name", "access_token", "category", "category_list", "tasks"],
    default_fields: &["access_token", "category", "category_list", "name", "id", "tasks"],
    nested: &[("category_list", Nested::Object(&CATEGORY))],
    not_built: not_built::PAGE,
    ..NodeKind::new("Page")
};

/// Edges of a user.
pub const EDGES: &[&str] = &["accounts", "permissions"];
/// Pages of one answer.
const MAX_ACCOUNTS: usize = 100;

/// Reads the user.
pub fn read(call: &Call, user: UserKey, selection: Option<&Selection>) -> std::result::Result<Value, Failure> {
    let declared = call.world().config().user(user);
    USER.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(declared.id)),
            "name" => Some(json!(format!("{} {}", declared.first_name, declared.last_name).trim())),
            "first_name" => Some(json!(declared.first_name)),
            "last_name" => Some(json!(declared.last_name)),
            "accounts" => {
                own(call, user)?;
                Some(accounts_of_field(call, user, field)?)
            }
            _ => None,
        })
    })
}

/// Only the user's own token reads what hangs on the user.
fn own(call: &Call, user: UserKey) -> std::result::Result<(), Failure> {
    match call.holder {
        Principal::User(own, _) if own == user => Ok(()),
        _ => Err(catalogue::USER_TOKEN_NEEDED.error().into()),
    }
}

/// Reads an edge, or takes back what the app was granted.
pub fn edge(call: &Call, user: UserKey, edge: &str) -> Result {
    own(call, user)?;
    match (&call.method, edge) {
        (&Method::GET, "accounts") => {
            call.warn_about_unknown_params(&["limit", "after", "before", "summary"]);
            answer(&accounts(call, user)?)
        }
        (&Method::GET, _) => permissions(call),
        (&Method::DELETE, "permissions") => take_back(call, user, None),
        _ => {
            let what = format!("{} of {edge}", call.method);
            Err(catalogue::NOT_BUILT.with(&[("what", &what)]).into())
        }
    }
}

/// The user takes back one permission, or all of them, which removes the app.
pub fn take_back(call: &Call, user: UserKey, name: Option<&str>) -> Result {
    own(call, user)?;
    call.warn_about_unknown_params(&["permission"]);
    let asked = call.params.text("permission")?;
    let name = name.or(asked.as_deref());
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
fn accounts(call: &Call, user: UserKey) -> std::result::Result<Value, Failure> {
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

/// The same as a field of the user.
fn accounts_of_field(call: &Call, user: UserKey, field: &SelectedField) -> std::result::Result<Value, Failure> {
    let (pages, path) = accounts_listed(call, user);
    let listing = Listing { path: &path, paging: Paging::of_field(field, MAX_ACCOUNTS)? };
    listing.page_of_field(call, field, &pages, |page| account(call, *page, user, field.nested.as_ref()))
}

/// What there is to list, and where. Without the permission Meta shows no page, and says nothing.
fn accounts_listed(call: &Call, user: UserKey) -> (Vec<PageKey>, String) {
    call.record_read(rules::ACCOUNTS_READ);
    let pages = match call.has_permission(Permission::PagesShowList) {
        true => pages(call, user),
        false => {
            call.warn("`accounts` is empty: the app lacks the permission pages_show_list");
            Vec::new()
        }
    };
    (pages, format!("{}/accounts", call.world().config().user(user).id))
}

fn pages(call: &Call, user: UserKey) -> Vec<PageKey> {
    call.world().read(|world, _, _| {
        let (config, tokens) = (world.config(), &world.settings().tokens);
        let pages = config.user(user).pages.iter().map(|(page, _)| *page);
        let seen =
            |page: &PageKey| world.is_connected(*page, call.app()) && tokens.tasks(config, user, *page).is_some();
        pages.filter(seen).collect()
    })
}

fn account(
    call: &Call,
    page: PageKey,
    user: UserKey,
    selection: Option<&Selection>,
) -> std::result::Result<Value, Failure> {
    let (tasks, token) = call.world().read(|world, _, now| {
        let (config, tokens) = (world.config(), &world.settings().tokens);
        let token = tokens.page_token_for(config, (page, call.app()), user, now);
        (tokens.tasks(config, user, page).unwrap_or_default(), token.map(|token| Box::<str>::from(token.text)))
    });
    let page = call.world().config().page(page);
    ACCOUNT.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(page.id)),
            "name" => Some(json!(page.name)),
            "access_token" => token.as_ref().map(|token| json!(token)),
            "category" => Some(json!("Business")),
            "category_list" => Some(json!([{ "id": "2200", "name": "Business" }])),
            "tasks" => Some(json!(tasks.iter().map(Task::name).collect::<Vec<_>>())),
            _ => None,
        })
    })
}

/// What the app was granted, and what was withdrawn from it since.
fn permissions(call: &Call) -> Result {
    call.warn_about_unknown_params(&[]);
    let declared = call.world().config().app(call.app()).permissions;
    let granted = call.world().read(|world, _, _| world.settings().app(call.app()).permissions);
    let asked_for = Permission::ALL.iter().filter(|one| declared.contains(**one) || granted.contains(**one));
    let described = asked_for.map(|one| {
        let status = if granted.contains(*one) { "granted" } else { "declined" };
        json!({ "permission": one.name(), "status": status })
    });
    let always = json!({ "permission": ALWAYS_GRANTED, "status": "granted" });
    data(described.chain([always]).collect())
}

/// The user whom a token may see: its own; an app sees every user.
pub fn visible(call: &Call, user: UserKey) -> bool {
    match call.holder {
        Principal::User(own, _) => own == user,
        Principal::App(_) => true,
        Principal::Page(..) => false,
    }
}

/// Whether the user has a role on the page.
pub fn administrates(call: &Call, user: UserKey, page: PageKey) -> bool {
    call.world().read(|world, _, _| world.settings().tokens.tasks(world.config(), user, page).is_some())
}

/// What a page is told that asks for an edge of a user.
pub fn not_a_user(edge: &str) -> Failure {
    catalogue::UNKNOWN_FIELD.with(&[("field", edge), ("node", "Page")]).into()
}
