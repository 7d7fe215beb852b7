//! Handles `POST`, `GET` and `DELETE /{app}/subscriptions`: an app's own subscription, with its callback URL.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::domain::command::{AppSubscription, Command, WebhookChange};
use crate::domain::model::fields::{Field, FieldSet, OtherObject};
use crate::domain::model::ids::{AppKey, IdKind, IdStream};
use crate::domain::model::platform::Platform;
use crate::domain::model::webhook_config::WebhookConfig;
use crate::engine::webhook_url::WebhookUrl;
use crate::engine::{Engine, Handshake, HandshakeError};

use super::subscribed_apps::{FIELD_NAMES, parse_fields, warn_of_silence};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Flag, List, Text, WordOr};
use crate::graph::http::param_table::{OtherWord, ParamTable, ParamVariants, optional, required};
use crate::graph::http::param_text::MAX_URL;
use crate::graph::http::response::{Result, ResultFuture, data, success};
use crate::text::suggest;

/// The version that Meta names beside each field.
const FIELD_VERSION: &str = "v25.0";
const MAX_VERIFY_TOKEN: usize = 1000;
const OBJECTS: &[&str] = &["user", "page", "permissions", "payments", "instagram"];
const NOT_BUILT: &[OtherWord] = &[("whatsapp_business_account", &catalogue::NOT_BUILT)];

static SUBSCRIPTION: ParamVariants = ParamVariants {
    key: "object",
    tables: &[
        ("user", &CALLBACK),
        ("page", &CALLBACK),
        ("permissions", &CALLBACK),
        ("payments", &CALLBACK),
        ("instagram", &CALLBACK),
    ],
    gone: NOT_BUILT,
    unknown: None,
};
static CALLBACK: ParamTable = ParamTable::of_call(&[
    required("callback_url", Text(MAX_URL)),
    required("verify_token", Text(MAX_VERIFY_TOKEN)),
    optional("fields", List(&FIELD_NAMES)),
    optional("include_values", Flag),
]);
static REMOVAL: ParamTable =
    ParamTable::of_call(&[optional("object", WordOr(OBJECTS, NOT_BUILT)), optional("fields", List(&FIELD_NAMES))]);

/// Handles `POST`. This handler waits for the app's answer to the verification request.
pub fn subscribe<'c>(engine: &'c Engine, call: &'c Call, app: AppKey) -> ResultFuture<'c> {
    Box::pin(verify_and_subscribe(engine, call, app))
}

async fn verify_and_subscribe(engine: &Engine, call: &Call<'_>, app: AppKey) -> Result {
    let params = ParamObject::from(Cow::Borrowed(call.params.map()));
    params.check_variant(&SUBSCRIPTION, "")?;
    let (callback_url, verify_token) = (params.string("callback_url"), params.string("verify_token"));
    let change = addition(call, &params, callback_url.clone())?;
    check_allowed(call, app, &callback_url)?;
    verify(engine, call, &callback_url, &verify_token).await?;
    match &change {
        AppSubscription::Adds { fields, .. } => {
            warn_of_silence(call, *fields);
            if call.config().app(app).webhook.as_ref().is_none_or(|webhook| webhook.url.is_none()) {
                let webhook = Some(WebhookConfig { url: Some(callback_url) });
                call.execute(Command::Webhook(app, WebhookChange { webhook, verify_token }))?;
            }
        }
        AppSubscription::AddsToObject { object, .. } => call.warn_never_sent(&format!("the object {}", object.name())),
        _ => {}
    }
    call.execute(Command::SubscribeApp(app, change))?;
    success()
}

/// The fields that the call adds, of its object.
fn addition(call: &Call, params: &ParamObject<'_>, callback_url: Box<str>) -> Fallible<AppSubscription> {
    let names = params.texts("fields");
    Ok(match OtherObject::parse(&params.string("object")) {
        Some(object) => {
            AppSubscription::AddsToObject { object, fields: object_fields(call, object, &names)?, callback_url }
        }
        None => {
            let platform = platform_of(&params.string("object"));
            let fields = parse_fields(call, fields_on(call, platform), "fields", &names)?;
            AppSubscription::Adds { platform, fields, callback_url }
        }
    })
}

/// Parses the field names of another object. Meta may have more of them than its documents name, so an unknown one is not built.
fn object_fields(call: &Call, object: OtherObject, names: &[Box<str>]) -> Fallible<Vec<Box<str>>> {
    let known = object.fields();
    let parse = |name: &str| {
        let found = known.iter().find(|field| field.eq_ignore_ascii_case(name));
        found.map(|field| Box::from(*field)).ok_or_else(|| {
            let nearest = suggest::did_you_mean(name, known.iter().copied());
            let what = format!("the field {name} of the object {}{nearest}", object.name());
            call.warn(format!("graphdouble does not know {what}"));
            catalogue::NOT_BUILT.with(&[("what", &format!("the field {name} of the object {}", object.name()))]).into()
        })
    };
    names.iter().map(|name| parse(name)).collect()
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

/// Handles `GET`: one entry for each object of which the app has subscribed fields.
pub fn read(call: &Call, app: AppKey) -> Result {
    let mut subscriptions = Vec::new();
    if let Some(callback_url) = call.world().callback_url(app) {
        for platform in Platform::ALL {
            let fields = fields_of(call, app, platform).unwrap_or(FieldSet::EMPTY);
            subscriptions.extend(subscription_json(platform.object(), &callback_url, fields.iter().map(Field::name)));
        }
    }
    call.world().read(|world, _, _| {
        for (object, subscription) in &world.settings().app(app).other_subscriptions {
            let fields = subscription.fields.iter().map(|field| &**field);
            subscriptions.extend(subscription_json(object.name(), &subscription.callback_url, fields));
        }
    });
    data(subscriptions)
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

/// The fields that the object of a platform has for any app of the world.
fn fields_on(call: &Call, platform: Platform) -> (Platform, FieldSet) {
    let config = call.config();
    let app = call.app();
    let of_assets = config.assets_on(platform).map(|asset| config.asset(asset).fields_of(app));
    (platform, of_assets.fold(FieldSet::all_of(platform), FieldSet::union))
}

/// The platform of an object, if it is that of one: pages without a word.
fn platform_of(object: &str) -> Platform {
    let is_it = |platform: &Platform| platform.object().eq_ignore_ascii_case(object);
    Platform::ALL.into_iter().find(is_it).unwrap_or(Platform::Messenger)
}

/// `None` without fields.
fn subscription_json<'f>(object: &str, callback_url: &str, fields: impl Iterator<Item = &'f str>) -> Option<Value> {
    let fields: Vec<_> = fields.map(|field| json!({ "name": field, "version": FIELD_VERSION })).collect();
    let has_fields = !fields.is_empty();
    has_fields.then(|| json!({ "object": object, "callback_url": callback_url, "active": true, "fields": fields }))
}

/// Handles `DELETE`: fields of an object, all fields of an object, or, if none is named, all fields of all objects.
pub fn unsubscribe(call: &Call, app: AppKey) -> Result {
    let params = ParamObject::of_call(&call.params, &REMOVAL)?;
    let names = params.has("fields").then(|| params.texts("fields"));
    let object = params.text("object");
    let change = match (object.as_deref().and_then(OtherObject::parse), names) {
        (Some(object), names) => {
            let fields = names.map(|names| object_fields(call, object, &names)).transpose()?;
            AppSubscription::RemovesFromObject(object, fields)
        }
        (None, None) if object.is_none() => AppSubscription::RemovesAll,
        (None, names) => {
            let platform = platform_of(object.as_deref().unwrap_or_default());
            let fields =
                names.map(|names| parse_fields(call, fields_on(call, platform), "fields", &names)).transpose()?;
            AppSubscription::Removes(platform, fields)
        }
    };
    call.execute(Command::SubscribeApp(app, change))?;
    success()
}
