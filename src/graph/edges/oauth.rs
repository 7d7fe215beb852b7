//! Handles `/oauth/access_token` and `/oauth/client_code`, where an app gets tokens and codes for its id and secret.

use std::sync::Arc;

use serde_json::json;

use crate::domain::Reply;
use crate::domain::command::Command;
use crate::domain::model::access::TokenKey;
use crate::domain::model::ids::UserKey;
use crate::engine::{Engine, Principal};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::auth;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Special, Text};
use crate::graph::http::param_table::{ParamTable, SpecialText, needed, optional, required};
use crate::graph::http::param_text::MAX_URL;
use crate::graph::http::response::{Result, json as answer};

/// The parameters of `/oauth/client_code`.
pub const CLIENT_CODE_PARAMS: &[&str] = &["client_id", "client_secret", "redirect_uri"];
/// The parameters of `/oauth/access_token`.
pub const EXCHANGE_PARAMS: &[&str] =
    &["client_id", "client_secret", "grant_type", "fb_exchange_token", "code", "redirect_uri", "code_verifier"];

const MAX_TOKEN: usize = 5000;
const MAX_WORD: usize = 100;
const GRANT_TYPES: &[&str] = &["authorization_code", "client_credentials", "fb_exchange_token"];

/// Without a grant type, the call redeems a code.
static GRANT: ParamTable = ParamTable::of_call(&[optional("grant_type", Special(&GRANT_TYPE))]);
static GRANT_TYPE: SpecialText = SpecialText {
    most: MAX_WORD,
    accepts: |text| GRANT_TYPES.contains(&text),
    error: &catalogue::GRANT_TYPE,
    kind: "a grant type",
};
static EXCHANGE: ParamTable = ParamTable::of_call(&[required("fb_exchange_token", Text(MAX_TOKEN))]);
static REDEMPTION: ParamTable = ParamTable::of_call(&[
    needed("redirect_uri", Text(MAX_URL), &catalogue::REDIRECT_URI_MISSING),
    needed("code", Text(MAX_TOKEN), &catalogue::CODE_MISSING),
]);
static CODE_REQUEST: ParamTable = ParamTable::of_call(&[
    needed("redirect_uri", Text(MAX_URL), &catalogue::REDIRECT_URI_MISSING),
    optional("access_token", Text(MAX_TOKEN)),
]);

/// Handles `GET` and `POST /oauth/access_token`.
pub fn exchange(engine: &Engine, call: &Call) -> Result {
    let params = ParamObject::of_call(&call.params, &GRANT)?;
    match params.text("grant_type").as_deref() {
        Some("client_credentials") => {
            let token = &call.config().app(call.app()).opaque_token;
            answer(&json!({ "access_token": token, "token_type": "bearer" }))
        }
        Some("fb_exchange_token") => {
            params.check_as(&EXCHANGE, "")?;
            let (token, _) = user_token(engine, call, "fb_exchange_token")?;
            issue_token(engine, call, Command::ExchangeToken(call.app(), token))
        }
        _ => {
            params.check_as(&REDEMPTION, "")?;
            issue_token(engine, call, Command::RedeemLoginCode(call.app(), params.string("code")))
        }
    }
}

/// Handles `GET` and `POST /oauth/client_code`: a login code for the user of a token, for a device without one.
pub fn client_code(engine: &Engine, call: &Call) -> Result {
    ParamObject::of_call(&call.params, &CODE_REQUEST)?;
    let (token, user) = user_token(engine, call, "access_token")?;
    let of_app = call.world().read(|world, _, _| world.token(token).map(|token| token.principal.app()));
    if of_app != Some(call.app()) {
        return Err(catalogue::TOKEN_OF_ANOTHER_APP.error().into());
    }
    match call.execute(Command::IssueLoginCode(call.app(), user))?.answer {
        Reply::Code(code) => answer(&json!({ "code": code })),
        _ => Err(catalogue::INTERNAL.error().into()),
    }
}

/// The user token in a parameter, and its user.
fn user_token(engine: &Engine, call: &Call, param: &str) -> Fallible<(TokenKey, UserKey)> {
    let text = call.params.required_text(param)?;
    let grant = engine.grants(&text).into_iter().find(|grant| Arc::ptr_eq(&grant.world, call.world()));
    let grant = grant.ok_or_else(|| auth::unknown_token(&text))?;
    match grant.holder {
        Principal::User(user, _) => auth::check_valid(&grant, &text).map(|_| (grant.token, user)),
        Principal::Asset(..) | Principal::App(_) => Err(catalogue::USER_TOKEN_NEEDED.error().into()),
    }
}

/// Executes a command that issues a token, and answers the token.
fn issue_token(engine: &Engine, call: &Call, command: Command) -> Result {
    let before = call.world().read(|world, _, _| world.settings().tokens.count_issued());
    let executed = call.execute(command)?;
    engine.learn_tokens(call.world(), before);
    match executed.answer {
        Reply::Token { text, life } => {
            answer(&json!({ "access_token": text, "token_type": "bearer", "expires_in": life.0 / 1000 }))
        }
        _ => Err(catalogue::INTERNAL.error().into()),
    }
}
