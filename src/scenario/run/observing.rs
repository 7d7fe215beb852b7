//! Run room: steps of real apps. The step waits until the app has made such a call, and claims it: from then on expectations see
//! what came of it.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::command::{Command, Control, ControlType, Send, SenderAction, Tag, Target};
use crate::domain::config::Config;
use crate::domain::ids::{AppKey, ThreadKey};
use crate::domain::message::Attachment;
use crate::domain::rules::RuleId;
use crate::domain::time::Span;
use crate::engine::ledger::{Entry, Ledger, Record};
use crate::wire::content_json;

use super::super::language::diagnostic::Diagnostic;
use super::super::language::step::{AppStep, AppVerb, Step};
use super::matcher::{Mismatch, differences};
use super::seen::caller;
use super::stage::{How, Performed, Stage, in_words};

impl Stage {
    /// Waits for a real app to do what the step says.
    pub(super) async fn observe(&mut self, step: &Step, app: &AppStep) -> Result<Performed, Diagnostic> {
        let Some(key) = self.app_key(&app.app) else {
            return Err(Diagnostic::new(step.place.clone(), "which app is meant?"));
        };
        let within = app.within.map_or(self.patience.within, |Span(millis)| Duration::from_millis(millis));
        if let AppVerb::StaysSilent(Span(millis)) = app.verb {
            return self.observe_silence(step, key, Duration::from_millis(millis)).await;
        }
        let thread = match &app.to {
            Some(_) => Some(self.thread(app.to.as_deref(), step.page.as_deref(), &step.place)?),
            None => None,
        };
        let page = thread.map(|thread| thread.page).or_else(|| self.page(step.page.as_deref()));
        let wanted = wanted(app).map(|wanted| self.scope(page).value(&wanted)).transpose();
        let refused = app.refused.as_ref().map(|refused| self.scope(page).value(refused)).transpose();
        let fill_error = |error| Diagnostic::new(step.place.clone(), error);
        let search = Search {
            config: &self.config,
            app: key,
            verb: &app.verb,
            thread,
            wanted: wanted.map_err(fill_error)?,
            refused: refused.map_err(fill_error)?,
        };
        let (look_back, observed) = (self.look_back, &self.observed);
        let found = self.world.wait_for(within, |_, ledger, _| search.find(ledger, look_back, observed)).await;
        match found {
            Some((cause, answer)) => {
                if let Some(thread) = self.thread_of(cause) {
                    self.plays(thread);
                }
                self.observed.insert(cause);
                self.window = cause - 1;
                Ok(Performed { how: How::Observed, answer: Some(answer) })
            }
            None => {
                let notes = self.world.read(|_, ledger, _| search.nearest(ledger, look_back, observed));
                let message = format!("app `{}` did not do this within {}", app.app, in_words(within));
                let mistake = Diagnostic::new(step.place.clone(), message);
                let mistake = notes.into_iter().fold(mistake, Diagnostic::note);
                Err(self.why_refused().into_iter().fold(mistake, Diagnostic::note))
            }
        }
    }

    async fn observe_silence(&mut self, step: &Step, app: AppKey, within: Duration) -> Result<Performed, Diagnostic> {
        let (look_back, observed) = (self.look_back, &self.observed);
        let sent = self.world.wait_for(within, |_, ledger, _| {
            unobserved(ledger, app, look_back, observed).into_iter().find_map(|entry| match &entry.record {
                Record::Asked { command, .. } | Record::Refused { command, .. } => match &**command {
                    Command::Send(_, _, send) => Some(send_json(send).to_string()),
                    _ => None,
                },
                _ => None,
            })
        });
        match sent.await {
            None => Ok(Performed { how: How::Observed, answer: None }),
            Some(message) => {
                let name = &self.config.app(app).name;
                Err(Diagnostic::new(step.place.clone(), format!("app `{name}` was not silent"))
                    .note(format!("it sent {message}")))
            }
        }
    }

    fn thread_of(&self, cause: u64) -> Option<ThreadKey> {
        self.world.read(|_, ledger, _| {
            let entry = ledger.after(cause - 1).ok()?.next()?;
            match &entry.record {
                Record::Asked { command, .. } | Record::Refused { command, .. } => match &**command {
                    Command::Send(thread, ..) | Command::Act(thread, ..) | Command::Control(thread, ..) => {
                        Some(*thread)
                    }
                    _ => None,
                },
                _ => None,
            }
        })
    }

    /// A raw call of the script is the script's own, even where it bears a real app's token.
    pub(super) fn claim_calls_after(&mut self, cursor: u64) {
        let causes = self.world.read(|_, ledger, _| -> Vec<u64> {
            let entries = ledger.after(cursor).into_iter().flatten();
            entries
                .filter(|entry| entry.cause == entry.cursor && caller(entry).is_some())
                .map(|entry| entry.cursor)
                .collect()
        });
        self.observed.extend(causes);
    }

    /// The last refusal in the window, with its rule and what it rests on.
    pub(super) fn why_refused(&self) -> Vec<String> {
        let rule = self.rule_of_refusal();
        rule.map(|rule| format!("because of {rule}: {}", rule.rule().statement)).into_iter().collect()
    }

    /// What the ledger warned of in the window.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.world.read(|_, ledger, _| {
            let entries = ledger.after(self.window).into_iter().flatten();
            entries
                .filter_map(|entry| match &entry.record {
                    Record::Warning { text, .. } => Some(text.to_string()),
                    _ => None,
                })
                .collect()
        })
    }

    /// The rule of the last refusal in the window.
    pub(super) fn rule_of_refusal(&self) -> Option<RuleId> {
        self.world.read(|_, ledger, _| {
            let entries = ledger.after(self.window).ok()?;
            entries
                .filter_map(|entry| match &entry.record {
                    Record::Refused { refusal, .. } => refusal.rule,
                    Record::CallFailed { rule, .. } => *rule,
                    _ => None,
                })
                .last()
        })
    }
}

/// What a step waits for.
struct Search<'s> {
    config: &'s Config,
    app: AppKey,
    verb: &'s AppVerb,
    thread: Option<ThreadKey>,
    wanted: Option<Value>,
    refused: Option<Value>,
}

/// The body that a step of a real app describes, before its names are filled in.
fn wanted(app: &AppStep) -> Option<Value> {
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
        _ => None,
    }
}

/// Calls of an app that no step has observed, oldest first.
fn unobserved<'l>(
    ledger: &'l Ledger,
    app: AppKey,
    look_back: u64,
    observed: &std::collections::BTreeSet<u64>,
) -> Vec<&'l Entry> {
    let entries = ledger.after(look_back).into_iter().flatten();
    entries
        .filter(|entry| entry.cause == entry.cursor && caller(entry) == Some(app) && !observed.contains(&entry.cursor))
        .collect()
}

impl Search<'_> {
    fn find(
        &self,
        ledger: &Ledger,
        look_back: u64,
        observed: &std::collections::BTreeSet<u64>,
    ) -> Option<(u64, Value)> {
        unobserved(ledger, self.app, look_back, observed)
            .into_iter()
            .find(|entry| self.hold_against(ledger, entry).is_some_and(|different| different.is_empty()))
            .map(|entry| (entry.cursor, self.describe(entry)))
    }

    /// What differs between a call and what is waited for; `None` if the call is of another kind.
    fn hold_against(&self, ledger: &Ledger, entry: &Entry) -> Option<Vec<Mismatch>> {
        let (command, failed) = match &entry.record {
            Record::Asked { command, .. } => (Some(&**command), false),
            Record::Refused { command, .. } => (Some(&**command), true),
            Record::CallFailed { by, .. } if self.refused.is_some() => {
                return self.is_call_of(by).then(|| self.error_differences(ledger, entry));
            }
            _ => return None,
        };
        let command = command?;
        self.is_kind(command).then_some(())?;
        let mut different = match &self.wanted {
            Some(wanted) => differences(wanted, Some(&self.body(command)), ""),
            None => Vec::new(),
        };
        if failed || self.refused.is_some() {
            different.extend(self.error_differences(ledger, entry));
        }
        Some(different)
    }

    fn is_call_of(&self, by: &crate::engine::ledger::Source) -> bool {
        let edge = match self.verb {
            AppVerb::Passes { .. } => "pass_thread_control",
            AppVerb::Releases => "release_thread_control",
            AppVerb::Takes(_) => "take_thread_control",
            AppVerb::Requests(_) => "request_thread_control",
            AppVerb::Extends(_) => "extend_thread_control",
            _ => "messages",
        };
        matches!(by, crate::engine::ledger::Source::Graph { call, .. } if call.trim_end_matches('/').ends_with(edge))
    }

    fn error_differences(&self, ledger: &Ledger, entry: &Entry) -> Vec<Mismatch> {
        let refused_by = entry.record.rule().map(|rule| rule.rule().id);
        let error = ledger.after(entry.cursor - 1).into_iter().flatten().find_map(|later| match &later.record {
            Record::CallFailed { status, code, subcode, message, .. } if later.cause == entry.cursor => {
                Some(json!({ "status": status, "code": code, "subcode": subcode, "error_subcode": subcode, "message": message,
                    "because": refused_by }))
            }
            _ => None,
        });
        match (&self.refused, error) {
            (Some(refused), error) => differences(refused, error.as_ref(), "refused"),
            (None, Some(error)) => differences(&json!({ "absent": true }), Some(&error), "error"),
            (None, None) => Vec::new(),
        }
    }

    fn is_kind(&self, command: &Command) -> bool {
        let thread = match command {
            Command::Send(thread, ..) | Command::Act(thread, ..) | Command::Control(thread, ..) => *thread,
            _ => return false,
        };
        if self.thread.is_some_and(|wanted| wanted != thread) {
            return false;
        }
        match (self.verb, command) {
            (AppVerb::Sends { .. }, Command::Send(..)) => true,
            (AppVerb::Passes { app, .. }, Command::Control(_, _, Control::Pass { target, .. })) => {
                let wanted = app.as_ref().map(|app| self.config.app_by_name(app).map_or(Target::Unknown, Target::App));
                wanted == *target
            }
            (AppVerb::Releases, Command::Control(_, _, Control::Release)) => true,
            (AppVerb::Takes(_), Command::Control(_, _, Control::Take { .. })) => true,
            (AppVerb::Requests(_), Command::Control(_, _, Control::Request { .. })) => true,
            (AppVerb::Extends(wanted), Command::Control(_, _, Control::Extend { duration })) => wanted == duration,
            (AppVerb::Types(on), Command::Act(_, _, action)) => {
                *action == if *on { SenderAction::TypingOn } else { SenderAction::TypingOff }
            }
            (AppVerb::MarksSeen, Command::Act(_, _, SenderAction::MarkSeen)) => true,
            _ => false,
        }
    }

    fn body(&self, command: &Command) -> Value {
        match command {
            Command::Send(_, _, send) => {
                let mut body = send_json(send);
                if let Some(control) = send.thread_control {
                    body["thread_control"] = self.control_json(control);
                }
                body
            }
            Command::Control(
                _,
                _,
                Control::Pass { metadata, .. } | Control::Take { metadata } | Control::Request { metadata },
            ) => {
                json!({ "metadata": metadata })
            }
            _ => Value::Null,
        }
    }

    fn control_json(&self, control: crate::domain::command::ThreadControl) -> Value {
        let mut map = Map::new();
        if let Some(payload) = control.payload {
            let word = if payload == ControlType::Pass { "pass_thread_control" } else { "release_thread_control" };
            map.insert("payload".to_owned(), json!(word));
        }
        if let Some(Target::App(app)) = control.app {
            map.insert("app_id".to_owned(), json!(self.config.app(app).id.to_string()));
        }
        if let Some(control_type) = control.control_type {
            map.insert(
                "control_type".to_owned(),
                json!(if control_type == ControlType::Pass { "pass" } else { "release" }),
            );
        }
        Value::Object(map)
    }

    fn describe(&self, entry: &Entry) -> Value {
        match &entry.record {
            Record::Asked { command, .. } | Record::Refused { command, .. } => self.body(command),
            _ => Value::Null,
        }
    }

    /// What the app did instead.
    fn nearest(&self, ledger: &Ledger, look_back: u64, observed: &std::collections::BTreeSet<u64>) -> Vec<String> {
        let calls = unobserved(ledger, self.app, look_back, observed);
        let mut notes = Vec::new();
        for entry in &calls {
            match &entry.record {
                Record::Asked { command, .. } | Record::Refused { command, .. } => {
                    let different = self.hold_against(ledger, entry);
                    let why =
                        different.unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                    notes.push(format!("it did: {} {why}", super::record::command_text(self.config, command)));
                }
                Record::CallFailed { by: crate::engine::ledger::Source::Graph { call, .. }, message, .. } => {
                    notes.push(format!("it called {call} and was answered: {message}"));
                }
                _ => {}
            }
        }
        if notes.is_empty() {
            notes.push("it made no Graph call at all".to_owned());
        }
        notes
    }
}

/// A message as the Send API takes it.
fn send_json(send: &Send) -> Value {
    let mut message = content_json(&send.content);
    if let (Some(Attachment::Media { .. } | Attachment::Template(_)), Value::Object(map)) =
        (send.content.attachments.first(), &mut message)
        && let Some(Value::Array(attachments)) = map.remove("attachments")
    {
        map.insert("attachment".to_owned(), attachments.into_iter().next().unwrap_or_default());
    }
    if let Some(metadata) = &send.metadata {
        message["metadata"] = json!(metadata);
    }
    let mut body = json!({ "message": message });
    if send.tag == Some(Tag::HumanAgent) {
        body["tag"] = json!("HUMAN_AGENT");
    }
    if let Some(mid) = &send.reply_to {
        body["reply_to"] = json!({ "mid": mid });
    }
    body
}
