//! Edges room: `GET /{user}`, one of those who administrate pages, with `accounts` and `permissions`.

use serde_json::{Value, json};

use crate::domain::World;
use crate::domain::access::{Permission, Task};
use crate::domain::ids::{AppKey, PageKey, UserKey};
use crate::domain::rules;
use crate::domain::time::Moment;
use crate::engine::Holder;

use super::super::access;
use super::super::answer::{Result, data, json as answer};
use super::super::call::Call;
use super::super::catalogue;
use super::super::failure::Failure;
use super::super::fields::{NodeFields, select};
use super::debug_token::ALWAYS_GRANTED;

static FIELDS: NodeFields =
    NodeFields { node: "User", known: &["id", "name", "first_name", "last_name"], default: &["name", "id"] };

static ACCOUNT_FIELDS: NodeFields = NodeFields {
    node: "Page",
    known: &["id", "name", "access_token", "category", "category_list", "tasks"],
    default: &["access_token", "category", "category_list", "name", "id", "tasks"],
};

/// Edges of a user.
pub const EDGES: &[&str] = &["accounts", "permissions"];

/// Reads the user.
pub fn read(call: &Call, user: UserKey) -> Result {
    let asked = FIELDS.asked(&call.params)?;
    let user = call.world().config().user(user);
    answer(&select(&asked, |field| match field {
        "id" => Some(json!(user.id)),
        "name" => Some(json!(format!("{} {}", user.first_name, user.last_name).trim())),
        "first_name" => Some(json!(user.first_name)),
        "last_name" => Some(json!(user.last_name)),
        _ => None,
    }))
}

/// Reads an edge. Only the user's own token may.
pub fn edge(call: &Call, user: UserKey, edge: &str) -> Result {
    if !matches!(call.holder, Holder::User(own, _) if own == user) {
        return Err(catalogue::USER_TOKEN_NEEDED.error().into());
    }
    if call.method != hyper::http::Method::GET {
        let what = format!("{} of {edge}", call.method);
        return Err(catalogue::NOT_BUILT.with(&[("what", &what)]).into());
    }
    match edge {
        "accounts" => accounts(call, user),
        _ => permissions(call),
    }
}

/// The pages on which the user has tasks. Without the permission Meta shows none, and says nothing.
fn accounts(call: &Call, user: UserKey) -> Result {
    call.warn_of_unknown_params(&["limit", "after", "before", "summary"]);
    let asked = ACCOUNT_FIELDS.asked(&call.params)?;
    call.note_read(rules::ACCOUNTS_READ);
    if !access::is_allowed(call, Permission::PagesShowList) {
        call.warn("`accounts` is empty: the app lacks the permission pages_show_list");
        return data(Vec::new());
    }
    let app = call.app();
    let accounts: Vec<Value> = call.world().read(|world, _, now| {
        let pages = world.config().user(user).pages.iter().map(|(page, _)| *page);
        let pages = pages.filter(|page| world.is_connected(*page, app));
        pages.filter_map(|page| account(world, (page, app), user, now, &asked)).collect()
    });
    listed(accounts)
}

fn account(
    world: &World,
    (page, app): (PageKey, AppKey),
    user: UserKey,
    now: Moment,
    asked: &[String],
) -> Option<Value> {
    let (config, tokens) = (world.config(), &world.settings().tokens);
    let tasks = tokens.tasks(config, user, page)?;
    let token = tokens.page_token_for(config, (page, app), user, now);
    let page = config.page(page);
    Some(select(asked, |field| match field {
        "id" => Some(json!(page.id)),
        "name" => Some(json!(page.name)),
        "access_token" => token.map(|token| json!(token.text)),
        "category" => Some(json!("Business")),
        "category_list" => Some(json!([{ "id": "2200", "name": "Business" }])),
        "tasks" => Some(json!(tasks.iter().map(Task::name).collect::<Vec<_>>())),
        _ => None,
    }))
}

/// One page of a list, with its cursors.
fn listed(items: Vec<Value>) -> Result {
    let Some(last) = items.len().checked_sub(1) else { return data(items) };
    answer(&json!({ "data": items, "paging": { "cursors": { "before": cursor(0), "after": cursor(last) } } }))
}

/// Meta's short cursors are base64 of a place, with `ZD` where padding would be.
fn cursor(place: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut cursor = String::new();
    for chunk in place.to_string().as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for part in 0..4 {
            match part <= chunk.len() {
                true => cursor.push(char::from(ALPHABET[(bits >> (18 - 6 * part)) as usize & 63])),
                false => cursor.push_str("ZD"),
            }
        }
    }
    cursor
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
