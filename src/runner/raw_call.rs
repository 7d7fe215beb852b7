//! `call` steps: a Graph call that the script writes out in full.

use bytes::Bytes;
use hyper::http::Request;
use serde_json::Value;

use crate::graph;
use crate::graph::http::auth::TokenIsParameter;
use crate::language::steps::call_step::CallStep;
use crate::language::steps::step::{Step, StepKind};
use crate::text::diagnostic::Diagnostic;

use super::act::{ActResult, unknown};
use super::matcher::differences;
use super::response_view::{is_success, response_view};
use super::session::Session;

impl Session {
    /// A warning about a step that makes a call which may be meant to be awaited from a real app.
    pub(super) fn made_in_place_of_app(&self, step: &Step) -> Option<String> {
        let StepKind::Call(CallStep { app: Some(app), method: "POST", .. }) = &step.kind else { return None };
        self.is_real(self.app_key(app)).then(|| {
            format!(
                "{}: `call` makes this call itself, although `{app}` is a real app; `{{ app: {app}, calls: {{ post: … }} }}` waits until the app makes it",
                step.place
            )
        })
    }

    pub(super) async fn make_call(&mut self, step: &Step, call: &CallStep) -> ActResult {
        let page = self.find_page(step.page.as_deref());
        let token = match (&call.token, call.app.as_ref().and_then(|app| self.app_key(app)), page) {
            (Some(token), _, _) => Some(self.fill_text(token, page, &step.place)?),
            (None, Some(app), Some(page)) => Some(self.page_token(page, app, &step.place)?),
            (None, Some(_), None) => return Err(unknown("page", &step.place)),
            (None, None, _) => None,
        };
        let path = self.fill_text(&call.path, page, &step.place)?;
        let body = match &call.body {
            Some(Value::String(text)) => Some(self.fill_text(text, page, &step.place)?),
            Some(body) => Some(self.fill_value(body, page, &step.place)?.to_string()),
            None => None,
        };
        let request = request(call.method, &path, token.as_deref(), &call.headers, body)
            .map_err(|error| Diagnostic::new(step.place.clone(), error))?;
        let before = self.newest_cursor();
        let answer = response_view(&graph::answer(&self.engine, request).await);
        self.has_acted |= is_success(&answer);
        let app = call.app.as_ref().and_then(|app| self.app_key(app));
        self.mark_raw_call(app, before, &step.place);
        if let Some(returns) = &call.returns {
            let returns = self.fill_value(returns, page, &step.place)?;
            let different = differences(&returns, Some(&answer), "");
            if !different.is_empty() {
                let mut mistake = Diagnostic::new(step.place.clone(), "the answer does not match `returns`");
                for mismatch in different {
                    mistake = mistake.note(mismatch.to_string());
                }
                let mistake = mistake.note(format!("the answer was {answer}"));
                return Err(self.why_refused().into_iter().chain(self.warnings()).fold(mistake, Diagnostic::note));
            }
        }
        Ok(Some(answer))
    }
}

pub(super) fn request(
    method: &str,
    path: &str,
    token: Option<&str>,
    headers: &[(String, String)],
    body: Option<String>,
) -> Result<Request<Bytes>, String> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}")).extension(TokenIsParameter);
    }
    if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request
        .body(Bytes::from(body.unwrap_or_default()))
        .map_err(|error| format!("this is not a valid HTTP request: {error}"))
}
