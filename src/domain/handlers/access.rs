//! Changes of access: tokens that end or are issued, permissions of apps, and whether an app is published.

use super::setting_changed::setting_changed;
use crate::domain::command::AccessChange;
use crate::domain::event::Event;
use crate::domain::model::access::{Permission, PermissionSet, Principal, TokenEnd, TokenKey};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, UserKey};
use crate::domain::model::settings::Settings;
use crate::domain::model::time::{Moment, Span};
use crate::domain::model::tokens::{CodeOwner, LONG_LIFE, SHORT_LIFE};
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;

/// Meta's own apps refuse every change.
pub fn check_change(config: &Config, change: &AccessChange) -> Result<(), Refusal> {
    let app = change.app();
    if !config.is_metas(app) {
        return Ok(());
    }
    let name = &config.app(app).name;
    Err(Refusal::script(format!("`{name}` is Meta's own app: its tokens and permissions do not change")))
}

/// Makes a change that `check_change` allows. Returns the login code, if the change issues one.
pub fn apply_change(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    change: &AccessChange,
    now: Moment,
) -> (Event, Option<Box<str>>) {
    let app = change.app();
    let mut code = None;
    let (what, rule): (String, RuleId) = match change {
        AccessChange::ExpiresToken(_) => {
            settings.tokens.expire(config, page, app, now);
            ("token expired".to_owned(), rules::TOKEN_EXPIRED)
        }
        AccessChange::RevokesToken(_, end) => {
            settings.tokens.end(config, page, app, *end, now);
            let rule = if *end == TokenEnd::RoleLost { rules::TOKEN_ROLE_LOST } else { rules::TOKEN_ENDED };
            (format!("token ended: {}", end.name()), rule)
        }
        AccessChange::Grants(_, permissions) => {
            let own = &mut settings.app_mut(app).permissions;
            *own = own.union(*permissions);
            (format!("granted {}", names(*permissions)), rules::PERMISSION_SET)
        }
        AccessChange::Withdraws(_, permissions) => {
            let own = &mut settings.app_mut(app).permissions;
            *own = own.without(*permissions);
            (format!("no longer granted {}", names(*permissions)), rules::PERMISSION_SET)
        }
        AccessChange::Publishes(_, published) => {
            settings.app_mut(app).published = *published;
            (if *published { "published" } else { "in development" }.to_owned(), rules::APP_MODE)
        }
        AccessChange::IssuesCode(_, user) => {
            code = Some(settings.tokens.issue_code(config, app, CodeOwner::User(*user), now));
            (format!("login code for {}", config.user(*user).name), rules::TOKEN_ISSUED)
        }
        AccessChange::IssuesAccountCode(_) => {
            code = Some(settings.tokens.issue_code(config, app, CodeOwner::Account(page), now));
            (format!("login code for {}", config.asset(page).name), rules::INSTAGRAM_TOKEN_ISSUED)
        }
    };
    let on_page = matches!(change, AccessChange::ExpiresToken(_) | AccessChange::RevokesToken(..)).then_some(page);
    (Event::SettingChanged { page: on_page, app: Some(app), what: what.into(), rule }, code)
}

fn names(permissions: PermissionSet) -> String {
    permissions.iter().map(|permission| permission.name()).collect::<Vec<_>>().join(", ")
}

/// An app exchanges a login code for a user token.
pub fn exchange_code(
    config: &Config,
    settings: &mut Settings,
    app: AppKey,
    code: &str,
    now: Moment,
) -> Result<Outcome, Refusal> {
    // Works on a copy, because a code must stay valid if no token can be issued for it.
    let mut tokens = settings.tokens.clone();
    let user = tokens.use_code(app, code, now)?;
    let token = tokens.issue_user_token(config, user, app, now, SHORT_LIFE)?;
    settings.tokens = tokens;
    Ok(token_issued(config, settings, token, SHORT_LIFE))
}

/// An app asks for a login code, to log a user in elsewhere.
pub fn issue_code(config: &Config, settings: &mut Settings, app: AppKey, user: UserKey, now: Moment) -> Outcome {
    let code = settings.tokens.issue_code(config, app, CodeOwner::User(user), now);
    let what = format!("login code for {}", config.user(user).name);
    setting_changed(Reply::Code(code), None, app, what, rules::TOKEN_ISSUED)
}

/// A user takes a permission back from an app. Without a permission, the user removes the app.
pub fn take_back_permission(
    config: &Config,
    settings: &mut Settings,
    user: UserKey,
    app: AppKey,
    permission: Option<Permission>,
) -> Outcome {
    let name = &config.user(user).name;
    let (what, rule) = match permission {
        Some(permission) => {
            let own = &mut settings.app_mut(app).permissions;
            *own = own.without([permission].into_iter().collect());
            (format!("{name} takes back {}", permission.name()), rules::PERMISSION_SET)
        }
        None => {
            settings.tokens.end_app(config, user, app);
            (format!("{name} removes the app"), rules::TOKEN_ENDED)
        }
    };
    setting_changed(Reply::Done, None, app, what, rule)
}

/// An app exchanges one of its user tokens for one that lives longer.
pub fn exchange_token(
    config: &Config,
    settings: &mut Settings,
    app: AppKey,
    token: TokenKey,
    now: Moment,
) -> Result<Outcome, Refusal> {
    let known = settings.tokens.token(config, token);
    let Some((principal, standing)) = known.map(|token| (token.principal, token.check(now))) else {
        return Err(Refusal::new(Reason::NoUserToken, rules::TOKEN_ISSUED));
    };
    standing?;
    match principal {
        Principal::User(user, owner) if owner == app => {
            let token = settings.tokens.issue_user_token(config, user, app, now, LONG_LIFE)?;
            Ok(token_issued(config, settings, token, LONG_LIFE))
        }
        Principal::User(..) => Err(Refusal::new(Reason::TokenOfAnotherApp, rules::TOKEN_ISSUED)),
        Principal::Asset(..) | Principal::App(_) => Err(Refusal::new(Reason::NoUserToken, rules::TOKEN_ISSUED)),
    }
}

fn token_issued(config: &Config, settings: &Settings, key: TokenKey, life: Span) -> Outcome {
    let token = settings.tokens.token(config, key);
    let what = match token.map(|token| token.principal) {
        Some(Principal::User(user, _)) => format!("token for {}", config.user(user).name),
        _ => "token".to_owned(),
    };
    let app = token.map(|token| token.principal.app());
    let text = token.map(|token| token.text.into()).unwrap_or_default();
    setting_changed(Reply::Token { text, life }, None, app, what, rules::TOKEN_ISSUED)
}
