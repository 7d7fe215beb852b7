//! Edges room: `GET /{user}`, one of those who administrate pages, with `accounts` and `permissions`.

use hyper::http::Method;
use serde_json::{Value, json};

use crate::domain::World;
use crate::domain::access::{Permission, Task};
use crate::domain::ids::{PageKey, UserKey};
use crate::domain::rules;
use crate::domain::time::Moment;
use crate::engine::Holder;

use super::super::access;
use super::super::answer::{Result, data, json as answer};
use super::super::call::Call;
use super::super::catalogue;
use super::super::failure::Failure;
use super::super::fields::Selection;
use super::super::listing::{Listing, Window};
use super::super::node_kind::{Deep, NodeKind};
use super::debug_token::ALWAYS_GRANTED;
use super::later;

static USER: NodeKind = NodeKind {
    fields: &["id", "name", "first_name", "last_name"],
    default: &["name", "id"],
    later: later::USER,
    ..NodeKind::new("User")
};

/// Of what kind a page is.
static CATEGORY: NodeKind = NodeKind { fields: &["id", "name"], ..NodeKind::new("PageCategory") };

static ACCOUNT: NodeKind = NodeKind {
    fields: &["id", "name", "access_token", "category", "category_list", "tasks"],
    default: &["access_token", "category", "category_list", "name", "id", "tasks"],
    deep: &[("category_list", Deep::Object(&CATEGORY))],
    later: later::PAGE,
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
            _ => None,
        })
    })
}

/// Only the user's own token reads what hangs on the user.
fn own(call: &Call, user: UserKey) -> std::result::Result<(), Failure> {
    match call.holder {
        Holder::User(own, _) if own == user => Ok(()),
        _ => Err(catalogue::USER_TOKEN_NEEDED.error().into()),
    }
}

/// Reads an edge.
pub fn edge(call: &Call, user: UserKey, edge: &str) -> Result {
    own(call, user)?;
    if call.method != Method::GET {
        let what = format!("{} of {edge}", call.method);
        return Err(catalogue::NOT_BUILT.with(&[("what", &what)]).into());
    }
    match edge {
        "accounts" => {
            call.warn_of_unknown_params(&["limit", "after", "before", "summary"]);
            let window = Window::of_call(call, MAX_ACCOUNTS)?;
            let selection = Selection::of(&call.params)?;
            answer(&accounts(call, user, selection.as_ref(), window)?)
        }
        _ => permissions(call),
    }
}

/// The pages on which the user has tasks. Without the permission Meta shows none, and says nothing.
fn accounts(
    call: &Call,
    user: UserKey,
    selection: Option<&Selection>,
    window: Window,
) -> std::result::Result<Value, Failure> {
    call.note_read(rules::ACCOUNTS_READ);
    ACCOUNT.asked(selection)?;
    let pages = match access::is_allowed(call, Permission::PagesShowList) {
        true => pages(call, user),
        false => {
            call.warn("`accounts` is empty: the app lacks the permission pages_show_list");
            Vec::new()
        }
    };
    let path = format!("{}/accounts", call.world().config().user(user).id);
    let listing = Listing { path: &path, window };
    let mut listed = listing.page(call, &pages, |page| {
        call.world().read(|world, _, now| account(call, world, *page, user, now, selection))
    })?;
    if call.params.get("summary").is_some() {
        listed["summary"] = json!({ "total_count": pages.len() });
    }
    Ok(listed)
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
    world: &World,
    page: PageKey,
    user: UserKey,
    now: Moment,
    selection: Option<&Selection>,
) -> std::result::Result<Value, Failure> {
    let (config, tokens) = (world.config(), &world.settings().tokens);
    let tasks = tokens.tasks(config, user, page).unwrap_or_default();
    let token = tokens.page_token_for(config, (page, call.app()), user, now);
    let page = config.page(page);
    ACCOUNT.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(page.id)),
            "name" => Some(json!(page.name)),
            "access_token" => token.map(|token| json!(token.text)),
            "category" => Some(json!("Business")),
            "category_list" => Some(json!([{ "id": "2200", "name": "Business" }])),
            "tasks" => Some(json!(tasks.iter().map(Task::name).collect::<Vec<_>>())),
            _ => None,
        })
    })
}

/// What the app was granted, and what was withdrawn from it since.
fn permissions(call: &Call) -> Result {
    call.warn_of_unknown_params(&[]);
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
        Holder::User(own, _) => own == user,
        Holder::App(_) => true,
        Holder::Page(..) => false,
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
