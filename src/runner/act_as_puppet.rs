//! Steps of puppets: the runner makes the Graph call that the app would make, with the app's own token, so that a
//! puppet meets every check that a bot meets.

use serde_json::{Map, Value, json};

use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::domain::model::time::Span;
use crate::graph;
use crate::language::simplest::simplest;
use crate::language::steps::app_step::{AppStep, AppVerb};
use crate::language::steps::host_verbs::{edge_on_host, host_mistake, node_of_token};
use crate::language::steps::step::Step;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;
use crate::wire::signature::appsecret_proof;

use super::act::{ActResult, unknown};
use super::matcher::differences;
use super::raw_call::request;
use super::response_view::{error_view, is_success, response_view};
use super::session::Session;

impl Session {
    /// Makes the call that the app would make.
    pub(super) async fn act_as_puppet(&mut self, step: &Step, app: &AppStep, thread: Option<ThreadKey>) -> ActResult {
        let Some(key) = self.app_key(&app.app) else { return Err(unknown("app", &step.place)) };
        if matches!(app.verb, AppVerb::StaysSilent(_)) {
            return Ok(None);
        }
        let thread = thread.ok_or_else(|| unknown("thread", &step.place))?;
        self.mark_active(thread);
        if let Some(mistake) = host_mistake(&self.config, thread.asset, app, &step.place) {
            return Err(mistake);
        }
        let (edge, body) = self.puppet_call(&app.verb, thread, &step.place)?;
        let edge = edge_on_host(&self.config, edge, thread.asset, key);
        let token = self.page_token(thread.asset, key, &step.place)?;
        let called = self.config.app(key);
        let proof = called.require_proof.then(|| appsecret_proof(&called.secret, &token, None));
        let proof = proof.map_or_else(String::new, |proof| format!("?appsecret_proof={proof}"));
        let path = format!("/{}/{edge}{proof}", node_of_token(&self.config, thread.asset, key));
        let request = request("POST", &path, Some(&token), &[], Some(body.to_string()))
            .map_err(|error| Diagnostic::new(step.place.clone(), error))?;
        let before = self.newest_cursor();
        let answer = response_view(&graph::answer(&self.engine, request).await);
        self.has_acted |= is_success(&answer);
        self.mark_puppet_call(key, Some(thread), before);
        self.check_answer_loss(step, app)?;
        if app.response_lost {
            return Ok(None);
        }
        let refused = match &app.refused {
            Some(refused) => Some(self.fill_value(refused, Some(thread.asset), &step.place)?),
            None => None,
        };
        self.check_answer(step, app, refused.as_ref(), &answer)?;
        Ok(Some(answer))
    }

    pub(super) fn check_answer(
        &self,
        step: &Step,
        app: &AppStep,
        refused: Option<&Value>,
        answer: &Value,
    ) -> Result<(), Diagnostic> {
        let error = error_view(answer, self.rule_of_refusal());
        match (refused, error) {
            (None, None) => Ok(()),
            (Some(wanted), Some(error)) => {
                let different = differences(wanted, Some(&error), "refused");
                if different.is_empty() {
                    return Ok(());
                }
                let mut mistake =
                    Diagnostic::new(step.place.clone(), format!("app `{}` was refused with another error", app.app));
                for mismatch in different {
                    mistake = mistake.note(mismatch.to_string());
                }
                Err(mistake.note(format!("the answer was {answer}")))
            }
            (Some(wanted), None) => {
                let message =
                    format!("app `{}` should have been refused with {wanted}, but the call succeeded", app.app);
                Err(Diagnostic::new(step.place.clone(), message).note(format!("the answer was {answer}")))
            }
            (None, Some(error)) => {
                // An answer that is not an error of Meta has only a status.
                let status = || format!("HTTP status {}", error.get("status").cloned().unwrap_or_default());
                let text = error.get("message").and_then(Value::as_str).map_or_else(status, str::to_owned);
                let mut mistake = Diagnostic::new(step.place.clone(), format!("app `{}` was refused: {text}", app.app));
                for note in self.why_refused() {
                    mistake = mistake.note(note);
                }
                let key = if error.get("code").is_some() { "code" } else { "status" };
                Err(mistake.note(format!("if this is intended, write `refused: {{ {key}: … }}`")))
            }
        }
    }

    pub(crate) fn page_token(&self, page: AssetKey, app: AppKey, place: &SourcePlace) -> Result<String, Diagnostic> {
        let page = self.config.token_asset(page, app);
        let declared = self.config.asset(page).connections.iter().find(|connection| connection.app == app);
        // If the declared token has expired, the app uses the one that replaced it.
        let good = self.world.read(|world, _, now| {
            world.settings().tokens.page_token_of_app(&self.config, page, app, now).map(str::to_owned)
        });
        let token = good.or_else(|| declared.map(|connection| connection.token.to_string()));
        token.ok_or_else(|| {
            let (app, asset) = (&self.config.app(app).name, self.config.asset(page));
            let (page, kind) = (&asset.name, asset.platform().asset_word());
            Diagnostic::new(place.clone(), format!("app `{app}` has no token for the {kind} `{page}`"))
                .note(format!("list it under the `apps` of `{page}`"))
        })
    }

    fn puppet_call(
        &self,
        verb: &AppVerb,
        thread: ThreadKey,
        place: &SourcePlace,
    ) -> Result<(&'static str, Value), Diagnostic> {
        let page = Some(thread.asset);
        let mut body = Map::new();
        body.insert("recipient".into(), json!({ "id": self.config.psid(thread) }));
        let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
        let metadata =
            |metadata: &Option<String>| metadata.as_ref().map(|text| self.fill_text(text, page, place)).transpose();
        let edge = match verb {
            AppVerb::Sends { message, tag, thread_control, metadata: text } => {
                let message = self.fill_value(message, page, place)?;
                // A step may say only what the words of a bot are like. A puppet says the simplest words that are.
                let message = simplest(&message).map_err(|error| Diagnostic::new(place.clone(), error))?;
                put("messaging_type", json!(if tag.is_some() { "MESSAGE_TAG" } else { "RESPONSE" }));
                if let Some(tag) = tag {
                    put("tag", json!(self.fill_text(tag, page, place)?));
                }
                if let Some(control) = thread_control {
                    put("thread_control", self.fill_value(control, page, place)?);
                }
                put_message(&mut body, message, metadata(text)?);
                "messages"
            }
            AppVerb::Passes { app, metadata: text } => {
                if let Some(app) = app.as_ref().and_then(|app| self.app_key(app)) {
                    put("target_app_id", json!(self.config.app_id_on(thread.asset, app).0));
                }
                if let Some(text) = metadata(text)? {
                    put("metadata", json!(text));
                }
                "pass_thread_control"
            }
            AppVerb::Releases => "release_thread_control",
            AppVerb::Takes(text) | AppVerb::Requests(text) => {
                if let Some(text) = metadata(text)? {
                    put("metadata", json!(text));
                }
                if matches!(verb, AppVerb::Takes(_)) { "take_thread_control" } else { "request_thread_control" }
            }
            AppVerb::Extends(Span(millis)) => {
                put("duration", json!(millis / 1000));
                "extend_thread_control"
            }
            AppVerb::Types(on) => {
                put("sender_action", json!(if *on { "typing_on" } else { "typing_off" }));
                "messages"
            }
            AppVerb::MarksSeen | AppVerb::StaysSilent(_) | AppVerb::Calls(_) | AppVerb::Shows(_) => {
                put("sender_action", json!("mark_seen"));
                "messages"
            }
        };
        Ok((edge, Value::Object(body)))
    }

    /// Fails if the answer was lost and the step does not say so, or the other way round.
    pub(crate) fn check_answer_loss(&self, step: &Step, app: &AppStep) -> Result<(), Diagnostic> {
        let lost = self.last_fault().and_then(|(number, lost)| Some((number, lost?)));
        match lost {
            Some((number, lost)) if !app.response_lost => {
                let message = format!("app `{}` lost the answer: {lost}", app.app);
                Err(Diagnostic::new(step.place.clone(), message)
                    .note(format!("fault {number} caused it"))
                    .note("if this is intended, write `response_lost: true`"))
            }
            None if app.response_lost => {
                let message = format!("app `{}` got its answer, but the step says that it is lost", app.app);
                Err(Diagnostic::new(step.place.clone(), message)
                    .note("add a fault before this step: `fault: { at: send, breaks: reset }`"))
            }
            _ => Ok(()),
        }
    }
}

/// Puts the message into the body. A step gives a text, the content of a message, or a whole body with `message` in it.
fn put_message(body: &mut Map<String, Value>, message: Value, metadata: Option<String>) {
    let mut message = match message {
        Value::Object(map) if map.contains_key("message") => {
            body.extend(map);
            body.remove("message").unwrap_or_default()
        }
        Value::Object(map) => Value::Object(map),
        Value::String(text) => json!({ "text": text }),
        other => json!({ "text": other.to_string() }),
    };
    if let (Some(metadata), Value::Object(map)) = (metadata, &mut message) {
        map.insert("metadata".to_owned(), json!(metadata));
    }
    body.insert("message".to_owned(), message);
}
