//! What apps did, as the steps that do it once more. What only reads is left out.

use serde_json::{Map, Value, json};

use super::recorded_actions::{in_thread, on_page};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppId, AppKey, AssetKey, ThreadKey};
use crate::domain::model::time::Span;
use crate::engine::ledger_entry::{Actor, GraphCall};
use crate::graph;
use crate::graph::edge_spellings;
use crate::journal::call_path::method_and_path;
use crate::runner::recorded_call::scalar_text;
use crate::text::units::format_duration;

/// Parameters that a step does not repeat: it has the app's own token, and is what most sends are.
const OWN: &[&str] = &["access_token", "appsecret_proof", "recipient"];

/// A step with its thread, if it has one.
type StepInThread = (Option<ThreadKey>, Value);

/// The step of a call. `None` if the call changed nothing that a step could do again; an error names what no step can say.
pub(super) fn call_step(config: &Config, call: &GraphCall) -> Result<Option<StepInThread>, String> {
    let Actor::Graph { app, .. } = &call.by else { return Ok(None) };
    let (method, path) = method_and_path(call);
    if method == "GET" || call.fault.is_some() {
        return Ok(None);
    }
    if let Some(bytes) = call.request.cut {
        return Err(format!("a call of {bytes} bytes, of which the ledger has only a part, {method} {path}"));
    }
    let params = graph::parameters(&call.request);
    let is_multipart = call.request.content_type.as_deref().is_some_and(|kind| kind.starts_with(b"multipart/"));
    if is_multipart {
        return Err(format!("an upload by POST {}", path));
    }
    if is_of_app(config, path) {
        return Err(format!("a call with the token of an app, {method} {}", path));
    }
    let edge = edge_spellings::plain(path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default());
    let thread = params.pointer("/recipient/id").and_then(|id| config.people.thread_of(&scalar_text(id)));
    let verb = thread.and_then(|thread| Some((thread, verb(config, thread.asset, edge, &params)?)));
    Ok(Some(match verb {
        Some((thread, verb)) => (Some(thread), app_step(config, *app, thread, verb, call)),
        None => (thread, raw_step(config, *app, method, path, params, call)),
    }))
}

/// The words of an `app` step that makes this call, if there are some.
fn verb(config: &Config, asset: AssetKey, edge: &str, params: &Value) -> Option<Map<String, Value>> {
    let metadata = params.get("metadata").map(scalar_text);
    let known: &[&str] = match edge {
        "messages" => &["message", "messaging_type", "tag", "thread_control", "sender_action"],
        "pass_thread_control" => &["target_app_id", "metadata"],
        "take_thread_control" | "request_thread_control" => &["metadata"],
        "release_thread_control" => &[],
        "extend_thread_control" => &["duration"],
        _ => return None,
    };
    let has_others =
        params.as_object()?.keys().any(|key| !OWN.contains(&key.as_str()) && !known.contains(&key.as_str()));
    if has_others || params.get("recipient").and_then(Value::as_object).is_none_or(|recipient| recipient.len() > 1) {
        return None;
    }
    let mut step = match edge {
        "messages" => return sent(params),
        "pass_thread_control" => {
            let target = params.get("target_app_id").map(scalar_text);
            let name = match target {
                Some(id) => {
                    config.app_by_id_on(asset, AppId(id.parse().ok()?)).map(|app| config.app(app).name.to_string())?
                }
                None => "default".to_owned(),
            };
            words("passes", json!(name))
        }
        "take_thread_control" => words("takes", json!(true)),
        "request_thread_control" => words("requests", json!(true)),
        "release_thread_control" => words("releases", json!(true)),
        _ => {
            let seconds: u64 = params.get("duration").map(scalar_text)?.parse().ok()?;
            words("extends", json!(format_duration(Span(seconds.checked_mul(1000)?))))
        }
    };
    metadata.into_iter().for_each(|metadata| drop(step.insert("metadata".to_owned(), json!(metadata))));
    Some(step)
}

/// `sends` with the message as the app wrote it, or a sender action.
fn sent(params: &Value) -> Option<Map<String, Value>> {
    let tag = params.get("tag").map(scalar_text);
    let is_plain = params.get("messaging_type").map(scalar_text).is_none_or(|kind| kind == "RESPONSE" || tag.is_some());
    match (params.get("message"), params.get("sender_action").map(scalar_text).as_deref()) {
        (Some(message), None) if is_plain => {
            let text = message.as_object().filter(|message| message.len() == 1).and_then(|message| message.get("text"));
            let mut step = words("sends", text.filter(|text| text.is_string()).unwrap_or(message).clone());
            tag.into_iter().for_each(|tag| drop(step.insert("tag".to_owned(), json!(tag))));
            if let Some(control) = params.get("thread_control") {
                step.insert("thread_control".to_owned(), control.clone());
            }
            Some(step)
        }
        (None, Some("typing_on")) => Some(words("types", json!(true))),
        (None, Some("typing_off")) => Some(words("types", json!(false))),
        (None, Some("mark_seen")) => Some(words("marks_seen", json!(true))),
        _ => None,
    }
}

fn words(verb: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(verb.to_owned(), value)])
}

fn app_step(config: &Config, app: AppKey, thread: ThreadKey, verb: Map<String, Value>, call: &GraphCall) -> Value {
    let mut step = words("app", json!(config.app(app).name));
    step.extend(verb);
    if let Some(error) = &call.error {
        let mut refused = words("code", json!(error.code));
        error.subcode.iter().for_each(|subcode| drop(refused.insert("subcode".to_owned(), json!(subcode))));
        step.insert("refused".to_owned(), Value::Object(refused));
    }
    in_thread(config, thread, Value::Object(step), "to")
}

/// A `call` step with the same parameters.
fn raw_step(config: &Config, app: AppKey, method: &str, path: &str, mut params: Value, call: &GraphCall) -> Value {
    if let Value::Object(params) = &mut params {
        params.remove("access_token");
        params.remove("appsecret_proof");
    }
    let mut made = words("as", json!(config.app(app).name));
    made.insert(method.to_ascii_lowercase(), json!(path));
    if params.as_object().is_some_and(|params| !params.is_empty()) {
        made.insert("body".to_owned(), params);
    }
    let page = page_of(config, path);
    let step = json!({ "call": made, "returns": { "status": call.status } });
    page.map_or(step.clone(), |page| on_page(config, page, step))
}

/// True if a path begins with the id of an app. Such a call has a token that no app step has.
fn is_of_app(config: &Config, path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    first.parse().is_ok_and(|id| config.app_by_id(AppId(id)).is_some())
}

/// The page whose id begins a path.
fn page_of(config: &Config, path: &str) -> Option<AssetKey> {
    let id = path.trim_start_matches('/').split('/').next()?;
    config.assets.iter().position(|page| &*page.id == id).map(|index| AssetKey(index as u16))
}
