//! Handles `/oauth/access_token` of api.instagram.com, and `/access_token` and `/refresh_access_token` of graph.instagram.com.

use serde_json::json;

use crate::domain::Reply;
use crate::domain::command::{AccountTokenCall, Command};
use crate::domain::model::access::Permission;
use crate::domain::model::instagram_ids::app_scoped_id;
use crate::domain::model::time::Span;
use crate::domain::rules;
use crate::engine::{Engine, Principal};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::{Failure, Fallible};
use crate::graph::http::call::Call;
use crate::graph::http::instagram_access;
use crate::graph::http::response::{Result, json as answer};

/// The parameters of `/access_token` and `/refresh_access_token`.
pub const PARAMS: &[&str] = &["grant_type", "client_secret"];

/// An issued token and its lifetime.
struct IssuedToken {
    text: Box<str>,
    life: Span,
}

/// A login code becomes a token. The answer is flat, as clients read it.
pub fn redeem(engine: &Engine, call: &Call) -> Result {
    call.params.word("grant_type", &["authorization_code"])?;
    call.params.text("redirect_uri")?.ok_or_else(|| catalogue::REDIRECT_URI_MISSING.error())?;
    let code = call.params.text("code")?.ok_or_else(|| catalogue::CODE_MISSING.error())?;
    // A browser brings the code with `#_` behind it.
    let code = code.strip_suffix("#_").unwrap_or(&code);
    let issued = issue(engine, call, AccountTokenCall::Redeems(code.into())).map_err(refused_code)?;
    let config = call.config();
    let account = engine.grant(&issued.text).and_then(|grant| match grant.holder {
        Principal::Asset(account, _) => Some(account),
        Principal::App(_) | Principal::User(..) => None,
    });
    let account = account.ok_or_else(|| catalogue::INTERNAL.error())?;
    let user_id = app_scoped_id(config.seed, &config.asset(account).id, config.app(call.app()).id);
    answer(&json!({ "access_token": issued.text, "user_id": user_id, "permissions": granted(call) }))
}

/// Instagram does not say what is wrong with a code.
fn refused_code(failure: Failure) -> Failure {
    match failure.rule {
        Some(rules::INSTAGRAM_CODE_ONCE) => Failure { error: catalogue::INSTAGRAM_CODE_REFUSED.error(), ..failure },
        _ => failure,
    }
}

/// Handles `GET /access_token`: a token that lives shortly becomes one that lives long.
pub fn exchange(engine: &Engine, call: &Call) -> Result {
    required_word(call, "ig_exchange_token")?;
    let secret = call.params.text("client_secret")?.ok_or_else(|| catalogue::CLIENT_SECRET_MISSING.error())?;
    if *call.config().app(call.app()).instagram.secret != *secret {
        return Err(catalogue::CLIENT_SECRET_WRONG.error().into());
    }
    let issued = issue(engine, call, AccountTokenCall::Exchanges(call.token))?;
    answer(&json!({ "access_token": issued.text, "token_type": "bearer", "expires_in": issued.life.0 / 1000 }))
}

/// Handles `GET /refresh_access_token`: a token that lives long becomes a newer one.
pub fn refresh(engine: &Engine, call: &Call) -> Result {
    required_word(call, "ig_refresh_token")?;
    instagram_access::check(call, Permission::InstagramBusinessBasic)?;
    let issued = issue(engine, call, AccountTokenCall::Refreshes(call.token))?;
    answer(&json!({
        "access_token": issued.text,
        "token_type": "bearer",
        "expires_in": issued.life.0 / 1000,
        "permissions": granted(call),
    }))
}

/// Checks `grant_type`, which must be this word.
fn required_word(call: &Call, word: &'static str) -> Fallible<()> {
    let missing = || catalogue::PARAM_REQUIRED.with(&[("param", "grant_type")]);
    call.params.word("grant_type", &[word])?.map(drop).ok_or_else(|| missing().into())
}

/// The permissions of Instagram Login that the app has, with commas between them.
fn granted(call: &Call) -> String {
    let granted = call.world().read(|world, _, _| world.settings().app(call.app()).permissions);
    let of_login = granted.iter().filter(|permission| permission.is_of_instagram_login());
    of_login.map(Permission::name).collect::<Vec<_>>().join(",")
}

fn issue(engine: &Engine, call: &Call, token_call: AccountTokenCall) -> Fallible<IssuedToken> {
    let before = call.world().read(|world, _, _| world.settings().tokens.count_issued());
    let executed = call.execute(Command::AccountToken(call.app(), token_call))?;
    engine.learn_tokens(call.world(), before);
    match executed.answer {
        Reply::Token { text, life } => Ok(IssuedToken { text, life }),
        _ => Err(catalogue::INTERNAL.error().into()),
    }
}
