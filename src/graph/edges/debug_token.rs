//! Handles `GET /debug_token`: what a token grants, and whether it is valid.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::World;
use crate::domain::model::access::{Permission, Principal, TokenKey};
use crate::domain::model::ids::{AssetKey, IdKind, IdStream};
use crate::domain::model::time::{Moment, Span};
use crate::domain::model::tokens::Token;
use crate::domain::refusal::Refusal;
use crate::engine::{Engine, Grant};

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::auth;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, json as answer};
use crate::graph::http::surface::Surface;

/// How long an app may use the data of a user who does not return.
const DATA_ACCESS: Span = Span::days(90);
/// The permission that every user grants by logging in.
pub const ALWAYS_GRANTED: &str = "public_profile";

/// Describes the token in `input_token`. The call succeeds even if that token is invalid.
pub fn read(engine: &Engine, call: &Call) -> Result {
    if matches!(call.holder, Principal::Asset(..)) {
        return Err(catalogue::DEBUG_BY_APP_ONLY.error().into());
    }
    let text = call.params.required_text("input_token")?;
    let grant = engine.grants(&text).into_iter().find(|grant| Arc::ptr_eq(&grant.world, call.world()));
    let is_of_instagram = |grant: &Grant| Surface::of_token(call.config(), grant.holder) == Surface::Instagram;
    let Some(grant) = grant.filter(|grant| !is_of_instagram(grant)) else { return describe_unknown(&text) };
    if grant.holder.app() != call.app() {
        return Err(catalogue::TOKEN_OF_ANOTHER_APP.error().into());
    }
    let described = call.world().read(|world, _, now| {
        let token = world.token(grant.token);
        let token = token.filter(|token| matches!(grant.token, TokenKey::App(_)) || token.text == text)?;
        Some(describe(world, token, now))
    });
    let Some((mut described, standing)) = described else { return describe_unknown(&text) };
    if let Err(refusal) = standing {
        described.insert("error".to_owned(), error_json(&auth::refusal_failure(&grant, &refusal).error));
    }
    answer(&json!({ "data": described }))
}

fn describe_unknown(text: &str) -> Result {
    let error = error_json(&auth::unknown_token(text));
    answer(&json!({ "data": { "error": error, "is_valid": false, "scopes": [] } }))
}

fn error_json(error: &GraphError) -> Value {
    let mut described = json!({ "code": error.code, "message": error.message });
    if let Some(subcode) = error.subcode {
        described["subcode"] = json!(subcode);
    }
    described
}

fn describe(world: &World, token: Token<'_>, now: Moment) -> (Map<String, Value>, std::result::Result<(), Refusal>) {
    let config = world.config();
    let app = config.app(token.principal.app());
    let token_type = match token.principal {
        Principal::Asset(..) => "PAGE",
        Principal::User(..) => "USER",
        Principal::App(_) => "APP",
    };
    let standing = token.check(now);
    let mut described = Map::new();
    let mut put = |key: &str, value: Value| described.insert(key.to_owned(), value);
    put("app_id", json!(app.id.to_string()));
    put("type", json!(token_type));
    put("application", json!(app.name));
    if !matches!(token.principal, Principal::App(_)) {
        put("data_access_expires_at", json!(seconds(token.issued + DATA_ACCESS)));
        put("expires_at", json!(token.expires.map_or(0, seconds)));
    }
    put("is_valid", json!(standing.is_ok()));
    if !matches!(token.principal, Principal::App(_)) {
        put("issued_at", json!(seconds(token.issued)));
    }
    if let Principal::Asset(page, _) = token.principal {
        put("profile_id", json!(config.asset(page).id));
    }
    put("scopes", json!(scopes(world, token)));
    if !matches!(token.principal, Principal::App(_)) {
        put("granular_scopes", json!(granular_scopes(world, token)));
    }
    if let Some(user) = user_id(world, token) {
        put("user_id", json!(user));
    }
    (described, standing)
}

/// The id of the user who made the token. With Meta every page token has one, so a world that names no user gets an invented id.
fn user_id(world: &World, token: Token<'_>) -> Option<Box<str>> {
    match (token.by, token.principal) {
        (Some(user), _) => Some(world.config().user(user).id.clone()),
        (None, Principal::Asset(page, _)) => {
            let owner = &world.config().asset(page).id;
            Some(IdStream::named(world.config().seed, IdKind::User, owner, 0).digits(17).to_string().into())
        }
        (None, _) => None,
    }
}

fn seconds(moment: Moment) -> u64 {
    moment.millis() / 1000
}

fn granted_permissions(world: &World, token: Token<'_>) -> impl Iterator<Item = Permission> {
    let granted = world.settings().app(token.principal.app()).permissions.iter();
    granted.filter(|permission| !permission.is_of_instagram_login())
}

fn scopes(world: &World, token: Token<'_>) -> Vec<&'static str> {
    match token.principal {
        Principal::App(_) => Vec::new(),
        _ => granted_permissions(world, token).map(Permission::name).chain([ALWAYS_GRANTED]).collect(),
    }
}

/// The pages for which each permission was granted: the page of the token, or every page of the user. Those of Instagram were granted for
/// the accounts that are linked to these pages.
fn granular_scopes(world: &World, token: Token<'_>) -> Vec<Value> {
    let config = world.config();
    let pages: Vec<AssetKey> = match (token.principal, token.by) {
        (Principal::Asset(page, _), _) => vec![page],
        (_, Some(user)) => config.user(user).pages.iter().map(|(page, _)| *page).collect(),
        _ => Vec::new(),
    };
    let accounts: Vec<AssetKey> = pages.iter().filter_map(|page| config.account_of(*page)).collect();
    let ids = |assets: &[AssetKey]| assets.iter().map(|asset| json!(config.asset(*asset).id)).collect::<Vec<_>>();
    let described = granted_permissions(world, token).filter_map(|permission| {
        let targets = match permission.is_of_instagram() {
            true if accounts.is_empty() => return None,
            true => ids(&accounts),
            false if permission.name().starts_with("pages_") => ids(&pages),
            false => return None,
        };
        Some(json!({ "scope": permission.name(), "target_ids": targets }))
    });
    described.collect()
}
