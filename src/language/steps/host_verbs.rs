//! The calls of thread control that an app can make. An account itself has two of them, with names of their own.

use super::app_step::{AppStep, AppVerb};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::platform::Login;
use crate::graph::edge_spellings;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

/// The mistake of a step for which the app has no call: the host lacks it, or people act by the app and it makes no calls at all.
pub fn host_mistake(config: &Config, asset: AssetKey, app: &AppStep, place: &SourcePlace) -> Option<Diagnostic> {
    let key = config.app_by_name(&app.app)?;
    if Some(key) == config.native_app() {
        let account = &config.asset(asset).name;
        return Some(
            Diagnostic::new(place.clone(), "people of the business write in `instagram_app`: it makes no calls")
                .note(format!("write `{{ inbox: {account}, to: …, replies: …, from: instagram_app }}`")),
        );
    }
    let edge = edge_of_verb(&app.verb).filter(|_| calls_at_account(config, asset, key))?;
    if edge_spellings::on_instagram(edge).is_some() {
        return None;
    }
    let (name, account) = (&app.app, &config.asset(asset).name);
    let message = format!("`{name}` cannot do this: it calls at `{account}` itself, which has no {edge}");
    let mistake = Diagnostic::new(place.clone(), message)
        .note("only pass and release are there; an app with `login: facebook` has the others")
        .note(format!("to see the refusal, write `call: {{ as: {name}, on: {account}, post: /me/{edge}, … }}`"));
    Some(mistake)
}

/// The name that the edge has on the host of the app.
pub fn edge_on_host(config: &Config, edge: &'static str, asset: AssetKey, app: AppKey) -> &'static str {
    match calls_at_account(config, asset, app) {
        true => edge_spellings::on_instagram(edge).unwrap_or(edge),
        false => edge,
    }
}

/// The node at which the app calls. The token of a system user does not say which account it means.
pub fn node_of_token(config: &Config, asset: AssetKey, app: AppKey) -> &str {
    let asset = config.asset(asset);
    match asset.login_of(app) {
        Login::Unified => &asset.id,
        Login::Facebook | Login::Instagram => "me",
    }
}

/// True if the app calls at the account itself, and not at a page.
fn calls_at_account(config: &Config, asset: AssetKey, app: AppKey) -> bool {
    config.asset(asset).login_of(app) != Login::Facebook
}

/// The edge of a verb of thread control.
fn edge_of_verb(verb: &AppVerb) -> Option<&'static str> {
    Some(match verb {
        AppVerb::Passes { .. } => "pass_thread_control",
        AppVerb::Releases => "release_thread_control",
        AppVerb::Takes(_) => "take_thread_control",
        AppVerb::Requests(_) => "request_thread_control",
        AppVerb::Extends(_) => "extend_thread_control",
        _ => return None,
    })
}
