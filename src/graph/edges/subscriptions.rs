//! Handles `POST`, `GET` and `DELETE /{app}/subscriptions`: an app's own subscription, with its callback URL.

use hyper::http::Uri;
use serde_json::json;

use crate::domain::command::{AppSubscription, Command};
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::{AppKey, IdKind, IdStream};
use crate::engine::{Engine, Handshake, HandshakeError};

use super::subscribed_apps::parse_fields;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, ResultFuture, data, success};

const OBJECTS: &[&str] = &["user", "page", "permissions", "payments"];

/// Handles `POST`. This handler waits for the app's answer to the verification request.
pub fn subscribe<'c>(engine: &'c Engine, call: &'c Call, app: AppKey) -> ResultFuture<'c> {
    Box::pin(verify_and_subscribe(engine, call, app))
}

async fn verify_and_subscribe(engine: &Engine, call: &Call<'_>, app: AppKey) -> Result {
    check_object(call, &call.params.required_text("object")?)?;
    let callback_url = call.params.required_text("callback_url")?;
    let verify_token = call.params.required_text("verify_token")?;
    let fields = named_fields(call)?.unwrap_or(FieldSet::EMPTY);
    check_declared(call, app, &callback_url)?;
    verify(engine, call, &callback_url, &verify_token).await?;
    let change = AppSubscription::Adds { fields, callback_url: callback_url.into() };
    call.execute(Command::SubscribeApp(app, change))?;
    success()
}

/// Checks that the object is `page`.
fn check_object(call: &Call, object: &str) -> Fallible<()> {
    match object.to_ascii_lowercase().as_str() {
        "page" => Ok(()),
        other @ ("instagram" | "user" | "permissions" | "payments") => {
            Err(catalogue::NOT_BUILT.with(&[("what", &format!("object {other}"))]).into())
        }
        _ => {
            call.warn(format!("`{object}` is no object of subscriptions"));
            let values = OBJECTS.join(", ");
            Err(catalogue::PARAM_ONE_OF.with(&[("param", "object"), ("values", &values), ("got", object)]).into())
        }
    }
}

fn named_fields(call: &Call) -> Fallible<Option<FieldSet>> {
    match call.params.list("fields")? {
        Some(names) => parse_fields(call, "fields", &names).map(Some),
        None => Ok(None),
    }
}

/// Checks that the callback URL is on the server of the app's webhook, as the world declares it. No other server is ever called.
fn check_declared(call: &Call, app: AppKey, callback_url: &str) -> Fallible<()> {
    let declared = call.config().app(app).webhook.as_ref().and_then(|webhook| origin(&webhook.url));
    if declared.is_some() && declared == origin(callback_url) {
        return Ok(());
    }
    call.warn(format!(
        "`{callback_url}` was not called: an app may only register a URL on the server that the world declares as its webhook"
    ));
    let errors = "curl_errno = 7; curl_error = the world declares no webhook on this host; HTTP Status Code = 0";
    Err(catalogue::VERIFICATION_FAILED.with(&[("errors", errors)]).into())
}

fn origin(url: &str) -> Option<(String, String, u16)> {
    let uri: Uri = url.parse().ok()?;
    let host = uri.host()?.to_ascii_lowercase();
    Some((uri.scheme_str()?.to_ascii_lowercase(), host, uri.port_u16().unwrap_or(80)))
}

async fn verify(engine: &Engine, call: &Call<'_>, url: &str, verify_token: &str) -> Fallible<()> {
    let Some(outbox) = engine.outbox() else {
        return Err(catalogue::NOT_BUILT.with(&[("what", "a subscription in a run without real apps")]).into());
    };
    let counter = call.world().read(|_, ledger, _| ledger.next_cursor());
    let challenge = IdStream::named(call.config().seed, IdKind::Challenge, url, counter).digits(9);
    let handshake = Handshake { url: url.into(), verify_token: verify_token.into(), challenge };
    outbox.handshake(handshake).await.map_err(|error| {
        let errors = match error {
            HandshakeError::Status(status, reason) => format!("HTTP Status Code = {status}; HTTP Message = {reason}"),
            HandshakeError::WrongChallenge(got) => {
                format!("Response does not match challenge, expected value=\"{challenge}\", received=\"{got}\"")
            }
            HandshakeError::NoAnswer(number, text) => {
                format!("curl_errno = {number}; curl_error = {text}; HTTP Status Code = 0")
            }
        };
        catalogue::VERIFICATION_FAILED.with(&[("errors", &errors)]).into()
    })
}

/// Handles `GET`.
pub fn read(call: &Call, app: AppKey) -> Result {
    let Some(callback_url) = call.world().callback_url(app) else { return data(Vec::new()) };
    let fields = call.world().read(|world, _, _| world.settings().app(app).fields).unwrap_or_else(FieldSet::all);
    if fields == FieldSet::EMPTY {
        return data(Vec::new());
    }
    let fields: Vec<_> = fields.iter().map(|field| json!({ "name": Field::name(field), "version": "v25.0" })).collect();
    data(vec![json!({ "object": "page", "callback_url": callback_url, "active": true, "fields": fields })])
}

/// Handles `DELETE`.
pub fn unsubscribe(call: &Call, app: AppKey) -> Result {
    if let Some(object) = call.params.text("object")? {
        check_object(call, &object)?;
    }
    let fields = named_fields(call)?;
    call.execute(Command::SubscribeApp(app, AppSubscription::Removes(fields)))?;
    success()
}
