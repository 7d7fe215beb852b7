//! `/_control/worlds/{world}/apps/{app}`: an app is described, gets a webhook while the world runs, and is asked whether it wants webhooks.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::command::{Command, WebhookChange};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, IdKind, IdStream};
use crate::domain::model::webhook_config::WebhookConfig;
use crate::engine::ledger_entry::Actor;
use crate::engine::webhook_url::WebhookUrl;
use crate::engine::{ActiveWorld, Handshake, HandshakeError};
use crate::language::Node;
use crate::language::world::app::LATER;
use crate::runner::bot_environment;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::names;
use super::request_keys::{check_keys, text_at};
use super::route::Handled;

const WEBHOOK_KEYS: &[&str] = &["url", "verify_token", "verify"];

/// How much of an app's answer an error shows.
const MAX_SHOWN: usize = 200;

/// Handles `GET …/apps/{app}`.
pub fn read(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let app = named_app(&world.config(), call)?;
    Ok(ControlAnswer::json(200, &app_json(&world.config(), app, &call.base_url)))
}

/// Handles `PUT …/apps/{app}/webhook`.
pub async fn attach(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let config = world.config();
    let app = named_app(&config, call)?;
    let request = call.document("the request")?;
    let change = read_change(&request, &config, app)?;
    let url = change.webhook.as_ref().and_then(|webhook| webhook.url.as_deref());
    match (url, request.get("verify").and_then(Node::bool)) {
        (Some(url), Some(true)) => {
            verify(call, &world, url, &change.verify_token).await?;
            check_unchanged(call, &world, &config, app)?;
        }
        (None, Some(true)) => return Err(Problem::new(400, "`verify: true` needs a `url`: there is nobody to ask")),
        _ => {}
    }
    change_webhook(&world, app, change)?;
    Ok(ControlAnswer::json(200, &app_json(&world.config(), app, &call.base_url)))
}

/// The handshake takes time. Fails if the world has been removed meanwhile, or if a later call has already given the app a webhook.
fn check_unchanged(
    call: &ControlCall<'_>,
    world: &Arc<ActiveWorld>,
    before: &Config,
    app: AppKey,
) -> Result<(), Problem> {
    let (now, before) = (call.world()?, before.app(app));
    if !Arc::ptr_eq(&now, world) {
        let text = format!("the world `{}` was made anew during the handshake, and nothing has changed", world.name());
        return Err(Problem::new(409, text));
    }
    let config = now.config();
    let after = config.app(app);
    if after.webhook != before.webhook || after.verify_token != before.verify_token {
        let text = format!("`{}` got another webhook during the handshake, and that one stays", before.name);
        return Err(Problem::new(409, text));
    }
    Ok(())
}

/// Handles `DELETE …/apps/{app}/webhook`.
pub fn detach(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let config = world.config();
    let app = named_app(&config, call)?;
    let verify_token = config.app(app).verify_token.clone();
    change_webhook(&world, app, WebhookChange { webhook: None, verify_token })?;
    Ok(ControlAnswer::Empty(204))
}

/// Handles `POST …/apps/{app}/webhook/verify`.
pub async fn verify_again(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let config = world.config();
    let app = named_app(&config, call)?;
    let Some(url) = world.callback_url(app) else {
        let name = &config.app(app).name;
        let text = match config.app(app).webhook {
            Some(_) => format!("`{name}` has no webhook URL yet: PUT …/apps/{name}/webhook gives it one"),
            None => {
                format!("`{name}` is a puppet, so there is nobody to ask: PUT …/apps/{name}/webhook gives it a webhook")
            }
        };
        return Err(Problem::new(409, text));
    };
    verify(call, &world, &url, &config.app(app).verify_token).await?;
    check_unchanged(call, &world, &config, app)?;
    Ok(ControlAnswer::json(200, &json!({ "url": url, "verified": true })))
}

fn named_app(config: &Config, call: &ControlCall<'_>) -> Result<AppKey, Problem> {
    names::app(config, call.path_value("app"), 404)
}

/// Reads `{url, verify_token, verify}`.
fn read_change(request: &Node, config: &Config, app: AppKey) -> Result<WebhookChange, Problem> {
    check_keys(request, WEBHOOK_KEYS, "known are: url, verify_token, verify")?;
    if request.get("verify").is_some_and(|verify| verify.bool().is_none()) {
        return Err(Problem::new(400, "`verify` is true or false"));
    }
    let expected = "a URL such as http://127.0.0.1:5001/webhook, `later`, or null, which makes the app a puppet";
    let Some(node) = request.get("url") else {
        return Err(Problem::new(400, format!("the body has no `url`: {expected}")));
    };
    let webhook = match text_at(request, "url", expected)? {
        None => None,
        Some(LATER) => Some(WebhookConfig { url: None }),
        Some(url) => {
            let mistake = |error| Problem::of_mistakes(400, &[node.mistake(format!("{error}"))]);
            WebhookUrl::parse(url).map_err(mistake)?;
            Some(WebhookConfig { url: Some(url.into()) })
        }
    };
    let verify_token = text_at(request, "verify_token", "a text")?.map(Into::into);
    Ok(WebhookChange { webhook, verify_token: verify_token.unwrap_or_else(|| config.app(app).verify_token.clone()) })
}

/// Changes the webhook. What would be refused, and what would change nothing, is not tried, so that the ledger gets no entry about it.
fn change_webhook(world: &Arc<ActiveWorld>, app: AppKey, change: WebhookChange) -> Result<(), Problem> {
    let config = world.config();
    let now = config.app(app);
    let registered = world.callback_url(app);
    let is_same = now.webhook == change.webhook
        && now.verify_token == change.verify_token
        && registered == now.webhook.as_ref().and_then(|webhook| webhook.url.clone());
    if is_same {
        return Ok(());
    }
    let command = Command::Webhook(app, change);
    let refused = |reason: String| Problem::new(409, reason);
    world.read(|world, _, now| world.dry_run(now, &command)).map_err(|refusal| refused(refusal.reason.to_string()))?;
    let executed = world.execute(Actor::Script, command);
    executed.map(drop).map_err(|error| refused(error.refusal.reason.to_string()))
}

/// Makes the verification handshake. Fails with what was sent and what came back.
async fn verify(call: &ControlCall<'_>, world: &ActiveWorld, url: &str, verify_token: &str) -> Result<(), Problem> {
    let Some(outbox) = call.state.engine.outbox() else {
        return Err(Problem::new(409, "this server sends no webhooks, so nobody can be asked"));
    };
    let counter = world.read(|_, ledger, _| ledger.next_cursor());
    let challenge = IdStream::named(world.declared_config().seed, IdKind::Challenge, url, counter).digits(9);
    let handshake = Handshake { url: url.into(), verify_token: verify_token.into(), challenge };
    let sent = format!("GET {}", handshake.challenge_url());
    outbox.handshake(handshake).await.map_err(|error| {
        let came = match &error {
            HandshakeError::Status(status, reason, body) => format!("{status} {reason} {}", shown(body)),
            HandshakeError::WrongChallenge(body) => format!("200 {}", shown(body)),
            HandshakeError::NoAnswer(_, _, text) => format!("nothing ({text})"),
        };
        let expected = format!("200 with the body `{challenge}`");
        let text = format!(
            "the handshake failed, and nothing has changed: `{sent}` was sent, and {came} came back; {expected} was expected"
        );
        let handshake = json!({ "sent": sent, "expected": expected, "came": came });
        Problem::new(422, text).with_members(json!({ "handshake": handshake }))
    })
}

fn shown(body: &str) -> String {
    match body.chars().count() {
        0 => "with an empty body".to_owned(),
        length if length > MAX_SHOWN => {
            let beginning: String = body.chars().take(MAX_SHOWN).collect();
            format!("with the body `{beginning}…`")
        }
        _ => format!("with the body `{body}`"),
    }
}

/// An app with its id and secrets, and what its bot gets as environment.
pub fn app_json(config: &Config, key: AppKey, base_url: &str) -> Value {
    let app = config.app(key);
    let webhook = |webhook: &WebhookConfig| json!({ "url": webhook.url, "verify_token": app.verify_token });
    let environment = bot_environment(config, key, base_url).into_iter();
    let is_metas = config.is_metas(key);
    json!({
        "id": app.id.to_string(),
        "secret": app.secret,
        "app_token": format!("{}|{}", app.id, app.secret),
        "verify_token": (!is_metas).then_some(&app.verify_token),
        "webhook": app.webhook.as_ref().map(webhook),
        "env": environment.filter(|_| !is_metas).map(|(name, value)| (name, json!(value))).collect::<Map<_, _>>(),
    })
}
