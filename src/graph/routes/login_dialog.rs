//! Handles `GET /oauth/authorize` of www.instagram.com: the dialog of Instagram Login. The owner of the account always consents, so that the
//! browser is sent back to the app with a code at once.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::http::{HeaderValue, Method, Response, StatusCode, Uri, header};

use crate::domain::Reply;
use crate::domain::command::{AccessChange, Command, SettingChange};
use crate::domain::model::access::Permission;
use crate::domain::model::ids::{AppId, AssetKey};
use crate::domain::model::platform::{Login, Platform};
use crate::engine::ledger_entry::Actor;
use crate::engine::{Engine, Grant};

use crate::graph::http::params::Params;
use crate::graph::http::surface::Surface;

const PATH: &str = "/oauth/authorize";
/// The longest text of a parameter that goes back to the browser.
const MAX_TEXT: usize = 4000;

/// True if a browser opens the dialog. The hosts of the Graph API do not have it, and a call with a token is meant for them.
pub fn is_opened(head: &Parts) -> bool {
    let is_browser = Surface::of_host(head).is_none() && !head.headers.contains_key(header::AUTHORIZATION);
    is_browser && head.method == Method::GET && head.uri.path() == PATH
}

/// Sends the browser back to the app with a code, or says why that cannot be.
pub fn answer(engine: &Arc<Engine>, head: &Parts) -> Response<Bytes> {
    match back_to_app(engine, head) {
        Ok(location) => redirect(location),
        Err(why) => page(StatusCode::BAD_REQUEST, why),
    }
}

/// The URL of the app, with the code and the state.
fn back_to_app(engine: &Arc<Engine>, head: &Parts) -> Result<HeaderValue, String> {
    let params = Params::of_query(head.uri.query());
    let text = |name: &str| match params.text(name) {
        Ok(Some(text)) if text.len() <= MAX_TEXT => Ok(Some(text.into_owned())),
        Ok(Some(_)) => Err(format!("`{name}` has more than {MAX_TEXT} bytes")),
        Ok(None) => Ok(None),
        Err(error) => Err(error.message),
    };
    let needed = |name: &str| text(name)?.ok_or_else(|| format!("`{name}` is missing"));
    if needed("response_type")? != "code" {
        return Err("`response_type` must be `code`".to_owned());
    }
    let redirect_uri = needed("redirect_uri")?;
    check_url(&redirect_uri)?;
    check_scope(&needed("scope")?)?;
    let (grant, account) = owner_of(engine, &needed("client_id")?)?;
    let state = text("state")?;
    let app = grant.holder.app();
    let logs_in = SettingChange::Access(AccessChange::IssuesAccountCode(app));
    let by = Actor::Graph { app, call: format!("GET {PATH}").into() };
    let executed = grant.world.execute(by, Command::Admin(account, vec![logs_in]));
    let Ok(Reply::Code(code)) = executed.map(|executed| executed.answer) else {
        return Err("the world gave no code".to_owned());
    };
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.append_pair("code", &code);
    if let Some(state) = &state {
        back.append_pair("state", state);
    }
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    let location = format!("{redirect_uri}{separator}{}#_", back.finish());
    HeaderValue::from_str(&location).map_err(|_| "`redirect_uri` has characters that no URL has".to_owned())
}

fn check_url(text: &str) -> Result<(), String> {
    let url: Option<Uri> = text.parse().ok();
    match url.is_some_and(|url| matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some()) {
        true => Ok(()),
        false => Err("`redirect_uri` is no URL that begins with http:// or https://".to_owned()),
    }
}

/// The permissions are those that the app has anyway. Each must be one of Instagram Login.
fn check_scope(scope: &str) -> Result<(), String> {
    let is_known = |name: &str| Permission::parse(name).is_some_and(Permission::is_of_instagram_login);
    match scope.split([',', ' ']).filter(|name| !name.is_empty()).find(|name| !is_known(name)) {
        Some(unknown) => Err(format!("`{unknown}` in `scope` is no permission of Instagram Login")),
        None => Ok(()),
    }
}

/// The account whose owner logs in: the only one that the app reaches with Instagram Login.
fn owner_of(engine: &Engine, client_id: &str) -> Result<(Grant, AssetKey), String> {
    let id = client_id.parse().map_err(|_| "`client_id` is no number".to_owned())?;
    let grants = engine.grants_of_instagram_app(AppId(id));
    let [grant] = grants.as_slice() else {
        return Err(match grants.is_empty() {
            true => format!("no app of a world has the Instagram app id {id}"),
            false => format!("several worlds have the app {id}: let the step `logs_in` make the code"),
        });
    };
    let config = grant.world.declared_config();
    let app = grant.holder.app();
    let accounts: Vec<AssetKey> = config
        .assets_on(Platform::Instagram)
        .filter(|account| {
            let connection = config.asset(*account).connection(app);
            connection.is_some_and(|connection| connection.login == Login::Instagram && connection.connected)
        })
        .collect();
    match accounts.as_slice() {
        [account] => Ok((grant.clone(), *account)),
        [] => Err("the app reaches no account with Instagram Login".to_owned()),
        _ => Err("the app reaches several accounts: let the step `logs_in` say which one".to_owned()),
    }
}

fn redirect(location: HeaderValue) -> Response<Bytes> {
    let mut response = page(StatusCode::FOUND, String::new());
    response.headers_mut().insert(header::LOCATION, location);
    response
}

fn page(status: StatusCode, text: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, const { HeaderValue::from_static("text/plain; charset=UTF-8") });
    headers.insert(header::CACHE_CONTROL, const { HeaderValue::from_static("no-store") });
    response
}
