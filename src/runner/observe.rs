//! Run room: steps of real apps. The step waits until the app has made such a Graph call, and claims it: from then on expectations see
//! what came of it. Calls are held against the step as they came over the wire, so that whatever a puppet can do, a bot can be
//! observed to do.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Span;
use crate::domain::rules::RuleId;
use crate::engine::ledger::{Entry, Ledger, Record, Source};
use crate::graph;

use super::ledger_view::caller;
use super::matcher::{Mismatch, differences};
use super::response_view::{error_view, with_status};
use super::session::{How, Performed, Session, Window, in_words};
use crate::language::steps::app_step::{AppStep, AppVerb};
use crate::language::steps::step::Step;
use crate::text::diagnostic::Diagnostic;

/// The longest that a step may wait for a real app.
const MAX_WITHIN: Duration = Duration::from_secs(300);

impl Session {
    /// How long a step waits.
    pub(crate) fn within(&self, within: Option<Span>) -> Duration {
        within.map_or(self.patience.within, |Span(millis)| Duration::from_millis(millis)).min(MAX_WITHIN)
    }

    /// Waits for a real app to do what the step says.
    pub(crate) async fn observe(&mut self, step: &Step, app: &AppStep) -> Result<Performed, Diagnostic> {
        let Some(key) = self.app_key(&app.app) else {
            return Err(Diagnostic::new(step.place.clone(), "which app is meant?"));
        };
        let thread = match &app.to {
            Some(_) => Some(self.thread(app.to.as_deref(), step.page.as_deref(), &step.place)?),
            None => None,
        };
        if let AppVerb::StaysSilent(span) = app.verb {
            return self.observe_silence(step, key, thread, self.within(Some(span))).await;
        }
        let within = self.within(app.within);
        let search = self.search(step, app, key, thread)?;
        let (begin, observed) = (self.begin, &self.observed);
        let found = self.world.wait_for(within, |_, ledger, _| search.find(ledger, begin, observed).transpose()).await;
        match found {
            Some(Ok(found)) => {
                let answer = found.answer.clone();
                let (cause, thread) = (found.cause, found.thread);
                if let Some(thread) = thread {
                    self.plays(thread);
                }
                self.observed.insert(cause);
                if app.refused.is_some() {
                    self.provoked.refusals.insert(cause);
                }
                self.window = Window::CausedBy(cause);
                Ok(Performed { how: How::Observed, answer: Some(answer) })
            }
            Some(Err(gone)) => Err(Diagnostic::new(step.place.clone(), gone)),
            None => {
                let mut notes = self.world.read(|_, ledger, _| search.nearest(ledger, begin, observed));
                notes.extend(self.engine.stray_calls().into_iter().map(|call| {
                    format!("a call came that belongs to no world: {call} (does the bot use its token of this world?)")
                }));
                let message = format!("app `{}` did not do this within {}", app.app, in_words(within));
                Err(notes.into_iter().fold(Diagnostic::new(step.place.clone(), message), Diagnostic::note))
            }
        }
    }

    fn search<'s>(
        &'s self,
        step: &Step,
        app: &'s AppStep,
        key: AppKey,
        thread: Option<ThreadKey>,
    ) -> Result<Search<'s>, Diagnostic> {
        let page = thread.map(|thread| thread.page).or_else(|| self.page(step.page.as_deref()));
        let fill =
            |value: &Value| self.scope(page).value(value).map_err(|error| Diagnostic::new(step.place.clone(), error));
        let default_app = page.and_then(|page| self.world.read(|world, _, _| world.page(page).default_app));
        Ok(Search {
            config: &self.config,
            app: key,
            verb: &app.verb,
            thread,
            default_app,
            wanted: wanted(app).as_ref().map(fill).transpose()?,
            refused: app.refused.as_ref().map(fill).transpose()?,
            response_lost: app.response_lost,
        })
    }

    async fn observe_silence(
        &mut self,
        step: &Step,
        app: AppKey,
        thread: Option<ThreadKey>,
        within: Duration,
    ) -> Result<Performed, Diagnostic> {
        let (begin, observed, config) = (self.begin, &self.observed, &self.config);
        let sent = self.world.wait_for(within, |_, ledger, _| {
            let calls = match calls(config, ledger, app, begin, observed) {
                Ok(calls) => calls,
                Err(gone) => return Some(Err(gone)),
            };
            let spoke = |call: &Call| call.edge == "messages" && call.params.get("message").is_some();
            // A call about nobody of this world is a late one of the scenario before.
            let in_thread = |call: &Call| call.thread.is_some_and(|of| thread.is_none_or(|thread| thread == of));
            calls
                .into_iter()
                .find(|call| spoke(call) && in_thread(call))
                .map(|call| Ok(without_token(call.params).to_string()))
        });
        match sent.await {
            None => Ok(Performed { how: How::Observed, answer: None }),
            Some(Err(gone)) => Err(Diagnostic::new(step.place.clone(), gone)),
            Some(Ok(message)) => {
                let name = &self.config.app(app).name;
                Err(Diagnostic::new(step.place.clone(), format!("app `{name}` was not silent"))
                    .note(format!("it sent {message}")))
            }
        }
    }

    /// A raw call of the script is the script's own, even where it bears a real app's token.
    pub(crate) fn claim_call_of(&mut self, app: Option<AppKey>, after: u64) {
        let cause = self.world.read(|_, ledger, _| {
            let mut entries = ledger.after(after).into_iter().flatten();
            entries
                .find(|entry| entry.cause == entry.cursor && caller(entry).is_some() && caller(entry) == app)
                .map(|entry| entry.cursor)
        });
        self.observed.extend(cause);
    }

    /// The last refusal in the window, with its rule and what it rests on, or the fault that it met.
    pub(crate) fn why_refused(&self) -> Vec<String> {
        if let Some(number) = self.fault_of_refusal() {
            return vec![format!("because of fault {number}, which a step armed")];
        }
        let rule = self.rule_of_refusal();
        rule.map(|rule| format!("because of {rule}: {}", rule.rule().statement)).into_iter().collect()
    }

    /// What the ledger warned of in the window.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.world.read(|_, ledger, _| {
            let entries = ledger.after(self.window.start()).into_iter().flatten();
            entries.filter_map(|entry| entry.record.warning().map(str::to_owned)).collect()
        })
    }

    fn fault_of_refusal(&self) -> Option<u32> {
        self.last_fault().map(|(number, _)| number)
    }

    /// The last fault that a call of the window met, and what kept the answer from the caller, if it did.
    pub(crate) fn last_fault(&self) -> Option<(u32, Option<&'static str>)> {
        self.world.read(|_, ledger, _| {
            let faults = ledger.after(self.window.start()).ok()?.map(|entry| match &entry.record {
                Record::GraphCall { fault, lost, .. } => fault.map(|number| (number, *lost)),
                _ => None,
            });
            faults.flatten().last()
        })
    }

    /// The rule of the last refusal in the window.
    pub(crate) fn rule_of_refusal(&self) -> Option<RuleId> {
        self.world.read(|_, ledger, _| {
            let entries = ledger.after(self.window.start()).ok()?;
            entries.filter_map(|entry| rule_of_refusal(&entry.record)).last()
        })
    }
}

fn rule_of_refusal(record: &Record) -> Option<RuleId> {
    match record {
        Record::Refused { refusal, .. } => refusal.rule,
        Record::GraphCall { rule, .. } => *rule,
        _ => None,
    }
}

/// A call of an app as it came, and how it was answered.
struct Call {
    /// What brought about everything that came of it.
    cause: u64,
    /// The last part of its path.
    edge: String,
    /// Whose thread it is about, where it says so.
    thread: Option<ThreadKey>,
    /// Its parameters.
    params: Value,
    /// The answer, with its status.
    answer: Value,
    /// What kept the answer from the app, if something did.
    lost: Option<&'static str>,
    /// The rule by which it was refused, if it was.
    rule: Option<RuleId>,
}

impl Call {
    fn read(config: &Config, ledger: &Ledger, entry: &Entry) -> Option<Self> {
        let Record::GraphCall { by: Source::Graph { call, .. }, request, status, answer, rule, lost, .. } =
            &entry.record
        else {
            return None;
        };
        let params = graph::parameters(request);
        let named = params.pointer("/recipient/id").map(text).and_then(|psid| config.people.thread_of(&psid));
        let command = ledger.get(entry.cause);
        Some(Self {
            cause: entry.cause,
            edge: call.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default().to_owned(),
            // Who is addressed by a token or a comment is known from what came of the call.
            thread: named.or_else(|| sent_to(&command?.record)),
            params,
            answer: with_status(answer, *status),
            lost: *lost,
            rule: rule.or_else(|| rule_of_refusal(&command?.record)),
        })
    }

    fn error(&self) -> Option<Value> {
        error_view(&self.answer, self.rule)
    }
}

fn sent_to(record: &Record) -> Option<ThreadKey> {
    match record {
        Record::Command { command, .. } | Record::Refused { command, .. } => match &**command {
            Command::Send(thread, ..) => Some(*thread),
            _ => None,
        },
        _ => None,
    }
}

/// Parameters without the secret among them.
fn without_token(mut params: Value) -> Value {
    if let Value::Object(map) = &mut params {
        map.remove("access_token");
        map.remove("appsecret_proof");
    }
    params
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Answered calls of an app that no step has observed, oldest first.
fn calls(
    config: &Config,
    ledger: &Ledger,
    app: AppKey,
    begin: u64,
    observed: &BTreeSet<u64>,
) -> Result<Vec<Call>, String> {
    let entries = ledger.after(begin).map_err(|gone| gone.to_string())?;
    let of_app = entries.filter(|entry| caller(entry) == Some(app) && !observed.contains(&entry.cause));
    Ok(of_app.filter_map(|entry| Call::read(config, ledger, entry)).collect())
}

/// What a step waits for.
struct Search<'s> {
    config: &'s Config,
    app: AppKey,
    verb: &'s AppVerb,
    thread: Option<ThreadKey>,
    default_app: Option<AppKey>,
    wanted: Option<Value>,
    refused: Option<Value>,
    response_lost: bool,
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
        AppVerb::Releases | AppVerb::Extends(_) | AppVerb::Types(_) | AppVerb::MarksSeen | AppVerb::StaysSilent(_) => {
            None
        }
    }
}

impl Search<'_> {
    fn find(&self, ledger: &Ledger, begin: u64, observed: &BTreeSet<u64>) -> Result<Option<Call>, String> {
        let calls = calls(self.config, ledger, self.app, begin, observed)?;
        Ok(calls.into_iter().find(|call| self.is_kind(call) && self.differences(call).is_empty()))
    }

    /// Whether a call is of the kind that the step names, in the thread that it means.
    fn is_kind(&self, call: &Call) -> bool {
        if self.thread.is_some() && self.thread != call.thread {
            return false;
        }
        let param = |name: &str| call.params.get(name).map(text);
        let action = || param("sender_action").unwrap_or_default().to_ascii_lowercase();
        match (self.verb, call.edge.as_str()) {
            (AppVerb::Sends { .. }, "messages") => call.params.get("message").is_some(),
            (AppVerb::Types(on), "messages") => action() == if *on { "typing_on" } else { "typing_off" },
            (AppVerb::MarksSeen, "messages") => action() == "mark_seen",
            (AppVerb::Passes { app, .. }, "pass_thread_control") => {
                self.passes_to(app.as_deref(), param("target_app_id"))
            }
            (AppVerb::Releases, "release_thread_control")
            | (AppVerb::Takes(_), "take_thread_control")
            | (AppVerb::Requests(_), "request_thread_control") => true,
            (AppVerb::Extends(Span(millis)), "extend_thread_control") => {
                param("duration").and_then(|seconds| seconds.parse().ok()) == Some(millis / 1000)
            }
            _ => false,
        }
    }

    /// The default app may be named or left out.
    fn passes_to(&self, wanted: Option<&str>, target: Option<String>) -> bool {
        let id = |app: AppKey| self.config.app(app).id.to_string();
        let default_app = self.default_app.map(id);
        let wanted = wanted.and_then(|name| self.config.app_by_name(name)).map(id).or_else(|| default_app.clone());
        target.or(default_app) == wanted
    }

    fn differences(&self, call: &Call) -> Vec<Mismatch> {
        let mut different = match &self.wanted {
            Some(wanted) => differences(wanted, Some(&call.params), ""),
            None => Vec::new(),
        };
        let lost = call.lost.map(Value::from);
        let wanted = if self.response_lost { json!({ "any": true }) } else { json!({ "absent": true }) };
        different.extend(differences(&wanted, lost.as_ref(), "lost"));
        different.extend(match (&self.refused, call.error()) {
            // What nobody was told is neither a refusal nor a success.
            _ if lost.is_some() => Vec::new(),
            (Some(refused), error) => differences(refused, error.as_ref(), "refused"),
            (None, Some(error)) => differences(&json!({ "absent": true }), Some(&error), "error"),
            (None, None) => Vec::new(),
        });
        different
    }

    /// What the app did instead.
    fn nearest(&self, ledger: &Ledger, begin: u64, observed: &BTreeSet<u64>) -> Vec<String> {
        let calls = calls(self.config, ledger, self.app, begin, observed).unwrap_or_default();
        if calls.is_empty() {
            return vec!["it made no Graph call at all".to_owned()];
        }
        let mut notes = Vec::new();
        for call in calls {
            let different: Vec<String> = match self.is_kind(&call) {
                true => self.differences(&call).iter().map(ToString::to_string).collect(),
                false => vec!["another call, or another thread".to_owned()],
            };
            notes.push(format!(
                "it called {} with {}: {}",
                call.edge,
                without_token(call.params),
                different.join("; ")
            ));
            if let Some(rule) = call.rule {
                notes.push(format!("because of {rule}: {}", rule.rule().statement));
            }
        }
        notes
    }
}
