//! A puppet's `calls`: the Graph call that the step writes out, with the app's own token.

use serde_json::Value;

use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::graph;
use crate::language::steps::app_step::AppStep;
use crate::language::steps::call_pattern::CallPattern;
use crate::language::steps::step::Step;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;
use crate::wire::signature::appsecret_proof;

use super::act::{ActResult, unknown};
use super::matcher::differences;
use super::raw_call::request;
use super::response_view::{is_success, response_view};
use super::session::Session;

impl Session {
    /// Makes the call that `calls` describes.
    pub(super) async fn call_as_puppet(
        &mut self,
        step: &Step,
        app: &AppStep,
        pattern: &CallPattern,
        thread: Option<ThreadKey>,
    ) -> ActResult {
        let key = self.app_key(&app.app).ok_or_else(|| unknown("app", &step.place))?;
        if let Some(thread) = thread {
            self.mark_active(thread);
        }
        let page = thread.map(|thread| thread.asset).or_else(|| self.find_page(step.page.as_deref()));
        let page = page.ok_or_else(|| unknown("page", &step.place))?;
        let token = self.page_token(page, key, &step.place)?;
        let path = self.path_of(pattern, (page, key), &token, &step.place)?;
        let body = match &pattern.body {
            Some(body) => Some(self.fill_value(body, Some(page), &step.place)?.to_string()),
            None => None,
        };
        let request = request(pattern.method, &path, Some(&token), &[], body)
            .map_err(|error| Diagnostic::new(step.place.clone(), error))?;
        let before = self.newest_cursor();
        let answer = response_view(&graph::answer(&self.engine, request).await);
        self.has_acted |= is_success(&answer);
        self.mark_puppet_call(key, thread, before);
        self.check_answer_loss(step, app)?;
        if app.response_lost {
            return Ok(None);
        }
        let fill = |value: &Value| self.fill_value(value, Some(page), &step.place);
        let refused = app.refused.as_ref().map(fill).transpose()?;
        let returns = pattern.returns.as_ref().map(fill).transpose()?;
        // What the answer must be like may be an error, too.
        if refused.is_some() || returns.is_none() {
            self.check_answer(step, app, refused.as_ref(), &answer)?;
        }
        let different = returns.map(|returns| differences(&returns, Some(&answer), "returns")).unwrap_or_default();
        if different.is_empty() {
            return Ok(Some(answer));
        }
        let mistake = Diagnostic::new(step.place.clone(), "the answer does not match `returns`");
        let mistake = different.iter().fold(mistake, |mistake, mismatch| mistake.note(mismatch.to_string()));
        Err(mistake.note(format!("the answer was {answer}")))
    }

    /// Path and query of the call. A matcher cannot be called.
    fn path_of(
        &self,
        pattern: &CallPattern,
        (page, app): (AssetKey, AppKey),
        token: &str,
        place: &SourcePlace,
    ) -> Result<String, Diagnostic> {
        let Value::String(path) = &pattern.path else {
            let mistake = Diagnostic::new(place.clone(), "a puppet cannot call a matcher");
            return Err(mistake.note("write the path as text, like /me/messenger_profile"));
        };
        let path = self.fill_text(path, Some(page), place)?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(Value::Object(wanted)) = &pattern.query {
            for (name, value) in wanted {
                let value = self.fill_value(value, Some(page), place)?;
                query.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        }
        let called = self.config.app(app);
        if called.require_proof {
            query.append_pair("appsecret_proof", &appsecret_proof(&called.secret, token, None));
        }
        let query = query.finish();
        let mark = if path.contains('?') { "&" } else { "?" };
        Ok(if query.is_empty() { path } else { format!("{path}{mark}{query}") })
    }
}
