//! Finds the Graph call of a real app that a step describes, or the calls that came closest.

use serde_json::{Map, Value, json};

use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Span;
use crate::engine::ledger::Ledger;
use crate::language::steps::app_step::{AppStep, AppVerb};

use super::call_match::WantedCall;
use super::matcher::{Mismatch, differences};
use super::observations::ClaimedCalls;
use super::recorded_call::{RecordedCall, scalar_text, unobserved_calls};
use super::session::Session;

/// The call that a step waits for.
pub(super) struct CallSearch<'s> {
    pub session: &'s Session,
    pub app: AppKey,
    pub verb: &'s AppVerb,
    pub thread: Option<ThreadKey>,
    pub default_app: Option<AppKey>,
    pub wanted: Option<Value>,
    /// What a `calls` describes beside the body.
    pub wanted_call: Option<WantedCall>,
    pub refused: Option<Value>,
    pub response_lost: bool,
}

/// The body that a step of a real app describes, before its names are filled in.
pub(super) fn wanted_body(app: &AppStep) -> Option<Value> {
    let metadata = |metadata: &Option<String>| metadata.as_ref().map(|text| json!({ "metadata": text }));
    match &app.verb {
        AppVerb::Sends { message, tag, thread_control, metadata } => {
            let mut wanted = match message {
                Value::Object(map) if map.contains_key("message") => map.clone(),
                Value::Object(map) => Map::from_iter([("message".to_owned(), Value::Object(map.clone()))]),
                text => Map::from_iter([("message".to_owned(), json!({ "text": text }))]),
            };
            if let Some(tag) = tag {
                wanted.insert("tag".to_owned(), json!(tag));
            }
            if let Some(control) = thread_control {
                wanted.insert("thread_control".to_owned(), control.clone());
            }
            if let (Some(metadata), Some(Value::Object(message))) = (metadata, wanted.get_mut("message")) {
                message.insert("metadata".to_owned(), json!(metadata));
            }
            Some(Value::Object(wanted))
        }
        AppVerb::Passes { metadata: text, .. } => metadata(text),
        AppVerb::Takes(text) | AppVerb::Requests(text) => metadata(text),
        AppVerb::Calls(pattern) => pattern.body.clone(),
        AppVerb::Releases
        | AppVerb::Extends(_)
        | AppVerb::Types(_)
        | AppVerb::MarksSeen
        | AppVerb::StaysSilent(_)
        | AppVerb::Shows(_) => None,
    }
}

impl CallSearch<'_> {
    pub(super) fn find(
        &self,
        ledger: &Ledger,
        begin: u64,
        observed: &ClaimedCalls,
    ) -> Result<Option<RecordedCall>, String> {
        let (config, of) = (&self.session.config, (self.app, self.thread));
        let mut calls = unobserved_calls(config, ledger, of, begin, observed)?;
        Ok(calls.find(|call| self.is_kind(call) && self.differences(call).is_empty()))
    }

    /// True if a call is of the kind that the step names, in its thread.
    fn is_kind(&self, call: &RecordedCall) -> bool {
        let is_there = match self.thread {
            Some(thread) => call.thread == Some(thread),
            None => self.session.looks_at(call.thread),
        };
        if !is_there {
            return false;
        }
        let param = |name: &str| call.params.get(name).map(scalar_text);
        let action = || param("sender_action").unwrap_or_default().to_ascii_lowercase();
        let edge = call.edge.as_str();
        match self.verb {
            AppVerb::Sends { .. } => edge == "messages" && call.params.get("message").is_some(),
            AppVerb::Types(on) => edge == "messages" && action() == if *on { "typing_on" } else { "typing_off" },
            AppVerb::MarksSeen => edge == "messages" && action() == "mark_seen",
            AppVerb::Passes { app, .. } => edge == "pass_thread_control" && self.passes_to(app.as_deref(), call),
            AppVerb::Releases => edge == "release_thread_control",
            AppVerb::Takes(_) => edge == "take_thread_control",
            AppVerb::Requests(_) => edge == "request_thread_control",
            AppVerb::Extends(Span(millis)) => {
                let seconds = param("duration").and_then(|seconds| seconds.parse().ok());
                edge == "extend_thread_control" && seconds == Some(millis / 1000)
            }
            AppVerb::Calls(_) => self.wanted_call.as_ref().is_some_and(|wanted| wanted.is_at(call)),
            // Silence is not a call.
            AppVerb::StaysSilent(_) | AppVerb::Shows(_) => false,
        }
    }

    /// True if the control is passed to `wanted`. A call may name the default app or leave it out.
    fn passes_to(&self, wanted: Option<&str>, call: &RecordedCall) -> bool {
        let config = &self.session.config;
        let id = |app: AppKey| match call.thread {
            Some(thread) => config.app_id_on(thread.asset, app).to_string(),
            None => config.app(app).id.to_string(),
        };
        let default_app = self.default_app.map(id);
        let wanted =
            wanted.and_then(|name| self.session.config.app_by_name(name)).map(id).or_else(|| default_app.clone());
        call.params.get("target_app_id").map(scalar_text).or(default_app) == wanted
    }

    fn differences(&self, call: &RecordedCall) -> Vec<Mismatch> {
        let mut different = match &self.wanted {
            Some(wanted) => differences(wanted, Some(&call.params), ""),
            None => Vec::new(),
        };
        different.extend(self.wanted_call.iter().flat_map(|wanted| wanted.differences(call)));
        let lost = call.lost.map(Value::from);
        let wanted = if self.response_lost { json!({ "any": true }) } else { json!({ "absent": true }) };
        different.extend(differences(&wanted, lost.as_ref(), "lost"));
        different.extend(match (&self.refused, call.error()) {
            // A lost answer is neither a refusal nor a success.
            _ if lost.is_some() => Vec::new(),
            // What a `calls` returns may be an error.
            (None, _) if self.wanted_call.as_ref().is_some_and(|wanted| wanted.returns.is_some()) => Vec::new(),
            (Some(refused), error) => differences(refused, error.as_ref(), "refused"),
            (None, Some(error)) => differences(&json!({ "absent": true }), Some(&error), "error"),
            (None, None) => Vec::new(),
        });
        different
    }

    /// Describes the calls that the app made instead.
    pub(super) fn nearest(&self, ledger: &Ledger, claimed: &ClaimedCalls) -> Vec<String> {
        let describe = |call: &RecordedCall| match self.is_kind(call) {
            true => self.differences(call).iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            false => "this is a different call, or a different thread".to_owned(),
        };
        self.session.described_calls(ledger, claimed, self.app, describe)
    }
}
