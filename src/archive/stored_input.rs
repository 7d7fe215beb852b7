//! What came to a world from outside, in a file. Commands are written as the domain has them; everything else is written here.

use std::sync::Arc;

use hyper::http::{HeaderValue, Uri};
use serde::{Deserialize, Serialize};

use crate::domain::command::{Command, PeopleChange};
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;
use crate::domain::rules::RuleId;
use crate::engine::armed::Armed;
use crate::engine::fault::{Breakage, Fault};
use crate::engine::history::{Input, RecordedInput};
use crate::engine::ledger_entry::{Actor, CallError, GraphCall, RawCall, Record, WarningKind};
use crate::engine::{InFlightDelivery, Quiescence};
use crate::graph::routes::faults::UNREADABLE;

use super::bytes::{StoredBytes, UnknownContent};
use super::stored_attempt::StoredAttempt;
use super::stored_fault::StoredFault;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredInput {
    cursor: u64,
    cause: u64,
    at: Moment,
    input: StoredKind,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredKind {
    Executed { by: StoredActor, command: Command },
    Refused { by: StoredActor, command: Command },
    GraphCall(Box<StoredCall>),
    Read { by: StoredActor, rule: String },
    Attempted(Box<StoredAttempt>),
    Armed(StoredFault),
    Disarmed { number: u32 },
    ClockTurned { to: Moment },
    Warning { app: Option<AppKey>, kind: WarningKind, text: Box<str> },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredActor {
    Graph { app: AppKey, call: Box<str> },
    Script,
    Clock,
    Delivery,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredCall {
    by: StoredActor,
    uri: String,
    content_type: Option<StoredBytes>,
    body: StoredBytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cut: Option<usize>,
    status: u16,
    answer: StoredBytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer_cut: Option<usize>,
    error: Option<StoredError>,
    rule: Option<String>,
    fault: Option<u32>,
    lost: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredError {
    code: i32,
    subcode: Option<u32>,
    message: Box<str>,
}

/// What was in flight when a world was not quiet in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredQuiet {
    /// App, URL and attempt of each delivery.
    deliveries: Vec<(Box<str>, Box<str>, u32)>,
    calls: u64,
}

impl StoredQuiet {
    pub fn of(quiet: &Quiescence) -> Option<Self> {
        let Quiescence::Exhausted { deliveries, calls } = quiet else { return None };
        let deliveries =
            deliveries.iter().map(|delivery| (delivery.app.clone(), delivery.url.clone(), delivery.attempt));
        Some(Self { deliveries: deliveries.collect(), calls: *calls })
    }

    pub fn read(self) -> Quiescence {
        let delivery = |(app, url, attempt)| InFlightDelivery { app, url, attempt };
        Quiescence::Exhausted { deliveries: self.deliveries.into_iter().map(delivery).collect(), calls: self.calls }
    }
}

impl StoredInput {
    /// Returns `None` for what follows from other inputs.
    pub fn of(config: &Config, input: &RecordedInput) -> Option<Self> {
        let RecordedInput { cursor, cause, at, input } = input;
        let input = match input {
            Input::Executed(by, command) => {
                StoredKind::Executed { by: StoredActor::of(by), command: Command::clone(command) }
            }
            Input::Refused(by, command) => {
                StoredKind::Refused { by: StoredActor::of(by), command: Command::clone(command) }
            }
            Input::Attempted(attempted) => StoredKind::Attempted(Box::new(StoredAttempt::of(attempted))),
            Input::Noted(record) => noted(config, record)?,
        };
        Some(Self { cursor: *cursor, cause: *cause, at: *at, input })
    }

    /// The change of the people, if the input is one that was executed.
    pub fn people_change(&self) -> Option<&PeopleChange> {
        match &self.input {
            StoredKind::Executed { command: Command::People(change), .. } => Some(change),
            _ => None,
        }
    }

    /// True if the cause of the entry is the entry itself or an earlier one.
    pub fn has_a_cause_before_it(&self) -> bool {
        (1..=self.cursor).contains(&self.cause)
    }

    pub fn at(&self) -> Moment {
        self.at
    }

    pub fn read(self, config: &Arc<Config>) -> Result<RecordedInput, UnknownContent> {
        let input = match self.input {
            StoredKind::Executed { by, command } => Input::Executed(by.read(), Arc::new(command)),
            StoredKind::Refused { by, command } => Input::Refused(by.read(), Arc::new(command)),
            StoredKind::GraphCall(call) => Input::Noted(call.read()?),
            StoredKind::Read { by, rule } => Input::Noted(Record::Read { by: by.read(), rule: known_rule(&rule)? }),
            StoredKind::Attempted(attempt) => Input::Attempted(Box::new(attempt.read()?)),
            StoredKind::Disarmed { number } => Input::Noted(Record::Disarmed { number }),
            StoredKind::Armed(fault) => {
                let Armed { number, fault, .. } = fault.read(config)?;
                Input::Noted(Record::Armed { number, fault: Box::new(fault) })
            }
            StoredKind::ClockTurned { to } => Input::Noted(Record::ClockTurned { to }),
            StoredKind::Warning { app, kind, text } => Input::Noted(Record::Warning { app, kind, text }),
        };
        Ok(RecordedInput { cursor: self.cursor, cause: self.cause, at: self.at, input })
    }
}

/// What no command brought about.
fn noted(config: &Config, record: &Record) -> Option<StoredKind> {
    Some(match record {
        Record::GraphCall(call) => {
            let GraphCall { by, request, status, answer, answer_cut, error, rule, fault, lost } = &**call;
            StoredKind::GraphCall(Box::new(StoredCall {
                by: StoredActor::of(by),
                uri: request.target.to_string(),
                content_type: request.content_type.as_deref().map(StoredBytes::of),
                body: StoredBytes::of(&request.body),
                cut: request.cut,
                status: *status,
                answer: StoredBytes::of(answer),
                answer_cut: *answer_cut,
                error: error.as_ref().map(StoredError::of),
                rule: rule.map(|rule| rule.to_string()),
                fault: *fault,
                lost: lost.map(str::to_owned),
            }))
        }
        Record::Read { by, rule } => StoredKind::Read { by: StoredActor::of(by), rule: rule.to_string() },
        Record::Armed { number, fault } => {
            let armed = Armed { number: *number, fault: Fault::clone(fault), met: 0, fired: 0 };
            StoredKind::Armed(StoredFault::of(config, &armed))
        }
        Record::Disarmed { number } => StoredKind::Disarmed { number: *number },
        Record::ClockTurned { to } => StoredKind::ClockTurned { to: *to },
        Record::Warning { app, kind, text } => StoredKind::Warning { app: *app, kind: *kind, text: text.clone() },
        Record::Command { .. }
        | Record::Refused { .. }
        | Record::Happened(_)
        | Record::Webhook { .. }
        | Record::DeliveryAttempt(_) => return None,
    })
}

/// What keeps an answer from its caller is a word of the language, or that it cannot be read.
fn known_loss(word: &str) -> Result<&'static str, UnknownContent> {
    let words = Breakage::WORDS.iter().chain([&UNREADABLE]);
    words.copied().find(|known| *known == word).ok_or_else(|| format!("no answer is lost by `{word}`"))
}

fn known_rule(id: &str) -> Result<RuleId, UnknownContent> {
    RuleId::parse(id).ok_or_else(|| format!("there is no rule `{id}`"))
}

impl StoredActor {
    fn of(source: &Actor) -> Self {
        match source {
            Actor::Graph { app, call } => Self::Graph { app: *app, call: (&**call).into() },
            Actor::Script => Self::Script,
            Actor::Clock => Self::Clock,
            Actor::Delivery => Self::Delivery,
        }
    }

    fn read(self) -> Actor {
        match self {
            Self::Graph { app, call } => Actor::Graph { app, call: call.into() },
            Self::Script => Actor::Script,
            Self::Clock => Actor::Clock,
            Self::Delivery => Actor::Delivery,
        }
    }
}

impl StoredError {
    fn of(error: &CallError) -> Self {
        Self { code: error.code, subcode: error.subcode, message: error.message.clone() }
    }
}

impl StoredCall {
    fn read(self) -> Result<Record, UnknownContent> {
        let content_type = self.content_type.map(StoredBytes::read).transpose()?;
        let content_type = content_type.map(|value| HeaderValue::from_bytes(&value).map_err(|error| error.to_string()));
        self.uri.parse::<Uri>().map_err(|error| format!("`{}`: {error}", self.uri))?;
        Ok(Record::GraphCall(Box::new(GraphCall {
            by: self.by.read(),
            request: RawCall {
                target: self.uri.into(),
                content_type: content_type.transpose()?.map(|value| value.as_bytes().to_vec().into()),
                body: self.body.read()?.to_vec().into(),
                cut: self.cut,
            },
            status: self.status,
            answer: self.answer.read()?,
            answer_cut: self.answer_cut,
            error: self.error.map(|error| CallError {
                code: error.code,
                subcode: error.subcode,
                message: error.message,
            }),
            rule: self.rule.as_deref().map(known_rule).transpose()?,
            fault: self.fault,
            lost: self.lost.map(|lost| known_loss(&lost)).transpose()?,
        })))
    }
}
