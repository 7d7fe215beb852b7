//! Instagram Login: codes become tokens, and tokens become tokens that live longer.

use super::setting_changed::setting_changed;
use crate::domain::command::AccountTokenCall;
use crate::domain::model::access::{Principal, TokenKey};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::platform::Login;
use crate::domain::model::settings::Settings;
use crate::domain::model::time::{Moment, Span};
use crate::domain::model::tokens::LONG_LIFE;
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

/// The lifetime of a token that a login code gives.
const SHORT_LIFE: Span = Span::hours(1);
/// How old a token must be before it can be refreshed.
const REFRESHABLE_AFTER: Span = Span::hours(24);

/// Checks that the owner of the account can log in to the app.
pub fn check_login(config: &Config, account: AssetKey, app: AppKey) -> Result<(), Refusal> {
    let asset = config.asset(account);
    match asset.account.is_some() && asset.login_of(app) == Login::Instagram {
        true => Ok(()),
        false => {
            let (app, account) = (&config.app(app).name, &asset.name);
            Err(Refusal::script(format!("`{app}` does not reach `{account}` with Instagram Login")))
        }
    }
}

/// Handles a call that issues a token.
pub fn issue_token(
    config: &Config,
    settings: &mut Settings,
    app: AppKey,
    call: &AccountTokenCall,
    now: Moment,
) -> Result<Outcome, Refusal> {
    // Works on a copy, because a code must stay valid if no token can be issued for it.
    let mut tokens = settings.tokens.clone();
    let (account, life, rule) = match call {
        AccountTokenCall::Redeems(code) => {
            (tokens.use_account_code(app, code, now)?, SHORT_LIFE, rules::INSTAGRAM_TOKEN_ISSUED)
        }
        AccountTokenCall::Exchanges(token) => {
            let (account, known) = account_token(config, settings, app, *token, now)?;
            if !known.is_short {
                return Err(Refusal::new(Reason::TokenOfWrongKind, rules::INSTAGRAM_TOKEN_ISSUED));
            }
            (account, LONG_LIFE, rules::INSTAGRAM_TOKEN_ISSUED)
        }
        AccountTokenCall::Refreshes(token) => {
            let (account, known) = account_token(config, settings, app, *token, now)?;
            if known.is_short || known.issued + REFRESHABLE_AFTER > now {
                return Err(Refusal::new(Reason::TokenOfWrongKind, rules::INSTAGRAM_TOKEN_REFRESHED));
            }
            (account, LONG_LIFE, rules::INSTAGRAM_TOKEN_REFRESHED)
        }
    };
    let key = tokens.issue_account_token(config, (account, app), now, life)?;
    settings.tokens = tokens;
    let text = settings.tokens.token(config, key).map(|token| token.text.into()).unwrap_or_default();
    let what = format!("token for {}", config.asset(account).name);
    Ok(setting_changed(Reply::Token { text, life }, Some(account), app, what, rule))
}

/// What is looked at of a token before it is exchanged.
struct KnownToken {
    issued: Moment,
    /// True if a login code gave it. The dashboard makes tokens that live long.
    is_short: bool,
}

fn account_token(
    config: &Config,
    settings: &Settings,
    app: AppKey,
    key: TokenKey,
    now: Moment,
) -> Result<(AssetKey, KnownToken), Refusal> {
    let wrong_kind = || Refusal::new(Reason::TokenOfWrongKind, rules::INSTAGRAM_TOKEN_ISSUED);
    let token = settings.tokens.token(config, key).ok_or_else(wrong_kind)?;
    token.check(now)?;
    match token.principal {
        Principal::Asset(account, of_app) if of_app == app && config.asset(account).account.is_some() => {
            let is_short = matches!(key, TokenKey::Issued(_))
                && token.expires.is_some_and(|expires| expires <= token.issued + SHORT_LIFE);
            Ok((account, KnownToken { issued: token.issued, is_short }))
        }
        _ => Err(wrong_kind()),
    }
}
