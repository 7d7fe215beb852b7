//! Handles `/oauth/access_token` and `/oauth/client_code`, where an app gets tokens and codes for its id and secret.

use std::sync::Arc;

use serde_json::json;

use crate::domain::Reply;
use crate::domain::command::Command;
use crate::domain::model::access::TokenKey;
use crate::domain::model::ids::UserKey;
use crate::engine::{Engine, Principal};

use super::instagram_login;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::auth;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, json as answer};
use crate::graph::http::surface::Surface;

/// The parameters of `/oauth/client_code`.
pub const CLIENT_CODE_PARAMS: &[&str] = &["client_id", "client_secret", "redirect_uri"];
/// The parameters of `/oauth/access_token`.
pub const EXCHANGE_PARAMS: &[&str] =
    &["client_id", "client_secret", "grant_type", "fb_exchange_token", "code", "redirect_uri", "code_verifier"];

/// Handles `GET` and `POST /oauth/access_token`.
pub fn exchange(engine: &Engine, call: &Call) -> Result {
    if call.surface == Surface::InstagramLogin {
        return instagram_login::redeem(engine, call);
    }
    match call.params.text("grant_type")?.as_deref() {
        Some("client_credentials") => {
            let token = &call.config().app(call.app()).opaque_token;
            answer(&json!({ "access_token": token, "token_type": "bearer" }))
        }
        Some("fb_exchange_token") => {
            let (token, _) = user_token(engine, call, "fb_exchange_token")?;
            issue_token(engine, call, Command::ExchangeToken(call.app(), token))
        }
        None | Some("authorization_code") => {
            call.params.text("redirect_uri")?.ok_or_else(|| catalogue::REDIRECT_URI_MISSING.error())?;
            let code = call.params.text("code")?.ok_or_else(|| catalogue::CODE_MISSING.error())?;
            issue_token(engine, call, Command::RedeemLoginCode(call.app(), code.into()))
        }
        Some(other) => Err(catalogue::GRANT_TYPE.with(&[("got", other)]).into()),
    }
}

/// Handles `GET` and `POST /oauth/client_code`: a login code for the user of a token, for a device without one.
pub fn client_code(engine: &Engine, call: &Call) -> Result {
    call.params.text("redirect_uri")?.ok_or_else(|| catalogue::REDIRECT_URI_MISSING.error())?;
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
