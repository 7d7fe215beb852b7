//! Handles `POST`, `GET` and `DELETE /{app}/subscriptions`: an app's own subscription, with its callback URL.

use serde_json::json;

use crate::domain::command::{AppSubscription, Command, WebhookChange};
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::{AppKey, IdKind, IdStream};
use crate::domain::model::platform::Platform;
use crate::domain::model::webhook_config::WebhookConfig;
use crate::engine::webhook_url::WebhookUrl;
use crate::engine::{Engine, Handshake, HandshakeError};

use super::subscribed_apps::{parse_fields, warn_of_silence};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, ResultFuture, data, success};

const OBJECTS: &[&str] = &["user", "page", "permissions", "payments", "instagram"];

/// Handles `POST`. This handler waits for the app's answer to the verification request.
pub fn subscribe<'c>(engine: &'c Engine, call: &'c Call, app: AppKey) -> ResultFuture<'c> {
    Box::pin(verify_and_subscribe(engine, call, app))
}

async fn verify_and_subscribe(engine: &Engine, call: &Call<'_>, app: AppKey) -> Result {
    let platform = read_object(call, &call.params.required_text("object")?)?;
    let callback_url = call.params.required_text("callback_url")?;
    let verify_token = call.params.required_text("verify_token")?;
    let fields = named_fields(call, platform)?.unwrap_or(FieldSet::EMPTY);
    check_allowed(call, app, &callback_url)?;
    verify(engine, call, &callback_url, &verify_token).await?;
    warn_of_silence(call, fields);
    if call.config().app(app).webhook.as_ref().is_none_or(|webhook| webhook.url.is_none()) {
        let webhook = Some(WebhookConfig { url: Some(callback_url.as_ref().into()) });
        let change = WebhookChange { webhook, verify_token: verify_token.as_ref().into() };
        call.execute(Command::Webhook(app, change))?;
    }
    let change = AppSubscription::Adds { platform, fields, callback_url: callback_url.into() };
    call.execute(Command::SubscribeApp(app, change))?;
    success()
}

/// The platform of the object.
fn read_object(call: &Call, object: &str) -> Fallible<Platform> {
    match object.to_ascii_lowercase().as_str() {
        "page" => Ok(Platform::Messenger),
        "instagram" => Ok(Platform::Instagram),
        other @ ("user" | "permissions" | "payments") => {
            Err(catalogue::NOT_BUILT.with(&[("what", &format!("object {other}"))]).into())
        }
        _ => {
            call.warn(format!("`{object}` is no object of subscriptions"));
            let values = OBJECTS.join(", ");
            Err(catalogue::PARAM_ONE_OF.with(&[("param", "object"), ("values", &values), ("got", object)]).into())
        }
    }
}

fn named_fields(call: &Call, platform: Platform) -> Fallible<Option<FieldSet>> {
    match call.params.list("fields")? {
        Some(names) => parse_fields(call, platform, "fields", &names).map(Some),
        None => Ok(None),
    }
}

/// Checks that the callback URL is on the loopback, on the server of the app's webhook, or on a host that the world allows. No other server
/// is ever called.
fn check_allowed(call: &Call, app: AppKey, callback_url: &str) -> Fallible<()> {
    let refused = |why: String, errors: &str| {
        call.warn(format!("`{callback_url}` was not called: {why}"));
        Err(catalogue::VERIFICATION_FAILED.with(&[("errors", errors)]).into())
    };
    let server = match WebhookUrl::parse(callback_url) {
        Ok(server) => server,
        Err(error) => {
            return refused(error.to_string(), "curl_errno = 3; curl_error = URL rejected; HTTP Status Code = 0");
        }
    };
    let webhook = call.config().app(app).webhook.as_ref().and_then(|webhook| webhook.url.as_deref());
    let is_declared = webhook.and_then(|url| WebhookUrl::parse(url).ok()).as_ref() == Some(&server);
    if is_declared || server.is_loopback() || call.config().allow_webhooks.contains(&server.host) {
        return Ok(());
    }
    refused(
        format!(
            "an app may only register a URL on the loopback, on the server of its webhook, or on a host that the world allows \
             (`allow_webhooks: [{}]`)",
            server.host
        ),
        "curl_errno = 7; curl_error = the world allows no webhook on this host; HTTP Status Code = 0",
    )
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
            HandshakeError::Status(status, reason, _) => {
                format!("HTTP Status Code = {status}; HTTP Message = {reason}")
            }
            HandshakeError::WrongChallenge(got) => {
                format!("Response does not match challenge, expected value=\"{challenge}\", received=\"{got}\"")
            }
            HandshakeError::NoAnswer(number, text, _) => {
                format!("curl_errno = {number}; curl_error = {text}; HTTP Status Code = 0")
            }
        };
        catalogue::VERIFICATION_FAILED.with(&[("errors", &errors)]).into()
    })
}

/// Handles `GET`: the objects that the app subscribes.
pub fn read(call: &Call, app: AppKey) -> Result {
    let Some(callback_url) = call.world().callback_url(app) else { return data(Vec::new()) };
    let described = |platform: Platform| {
        let fields = fields_of(call, app, platform).filter(|fields| *fields != FieldSet::EMPTY)?;
        let fields: Vec<_> =
            fields.iter().map(|field| json!({ "name": Field::name(field), "version": "v25.0" })).collect();
        Some(json!({ "object": platform.object(), "callback_url": callback_url, "active": true, "fields": fields }))
    };
    data(Platform::ALL.into_iter().filter_map(described).collect())
}

/// The fields of an object. Where the app has said nothing, these are all fields of pages, and those of Instagram if it has an account.
fn fields_of(call: &Call, app: AppKey, platform: Platform) -> Option<FieldSet> {
    let config = call.config();
    call.world().read(|world, _, _| {
        let is_used = platform == Platform::Messenger
            || config.assets_on(platform).any(|account| world.asset(account).is_connected(app));
        world.settings().app(app).fields.of(platform).or_else(|| is_used.then(|| FieldSet::all_of(platform)))
    })
}

/// Handles `DELETE`. Without an object all are meant.
pub fn unsubscribe(call: &Call, app: AppKey) -> Result {
    let object = call.params.text("object")?.map(|object| read_object(call, &object)).transpose()?;
    let fields = named_fields(call, object.unwrap_or(Platform::Messenger))?;
    let is_meant = |platform: &Platform| match object {
        Some(object) => object == *platform,
        None => fields_of(call, app, *platform).is_some(),
    };
    for platform in Platform::ALL.into_iter().filter(is_meant) {
        call.execute(Command::SubscribeApp(app, AppSubscription::Removes(platform, fields)))?;
    }
    success()
}
