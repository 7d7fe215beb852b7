//! Archive room: what came to a world, as JSON. Commands are written as the domain has them; whatever stands in the ledger beside them
//! is written here.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::http::{HeaderValue, Uri};
use serde::{Deserialize, Serialize};

use crate::domain::command::Command;
use crate::domain::ids::{AppKey, PageKey, PersonKey};
use crate::domain::rules::RuleId;
use crate::domain::time::Moment;
use crate::engine::fault::{Armed, Effect, Fault};
use crate::engine::history::{Happening, Input};
use crate::engine::ledger::{CallError, DeliveryResult, RawCall, Record, Source};
use crate::engine::{Busy, Quiet};
use crate::graph::{catalogue, faults};

/// Something that came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredHappening {
    cursor: u64,
    cause: u64,
    at: Moment,
    what: What,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Obeyed { by: By, command: Command },
    Refused { by: By, command: Command },
    Called(Box<StoredCall>),
    Read { by: By, rule: String },
    Delivered(StoredDelivery),
    Armed(StoredFault),
    ClockTurned { to: Moment },
    Warning { app: Option<AppKey>, text: Box<str> },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Graph { app: AppKey, call: Box<str> },
    Script,
    Clock,
}

/// Bytes that are text wherever they can be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    Text(String),
    Hex(String),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredCall {
    by: By,
    uri: String,
    content_type: Option<Body>,
    body: Body,
    status: u16,
    answer: Body,
    error: Option<StoredError>,
    rule: Option<String>,
    fault: Option<u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredError {
    code: i32,
    subcode: Option<u32>,
    message: Box<str>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredDelivery {
    webhook: u64,
    app: AppKey,
    url: Box<str>,
    attempt: u32,
    result: StoredResult,
    took_micros: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredResult {
    Answered(u16),
    Failed(Box<str>),
}

/// A fault, with its number and how often it fired.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredFault {
    number: u32,
    at: String,
    app: Option<AppKey>,
    page: Option<PageKey>,
    person: Option<PersonKey>,
    times: u32,
    fired: u32,
    reply: String,
}

/// What was under way when a world was not quiet in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredQuiet {
    /// App, URL and attempt of each delivery.
    deliveries: Vec<(Box<str>, Box<str>, u32)>,
    calls: u64,
}

impl StoredQuiet {
    /// What was under way as a file has it.
    pub fn of(quiet: &Quiet) -> Option<Self> {
        let Quiet::Exhausted { deliveries, calls } = quiet else { return None };
        let deliveries = deliveries.iter().map(|busy| (busy.app.clone(), busy.url.clone(), busy.attempt));
        Some(Self { deliveries: deliveries.collect(), calls: *calls })
    }

    /// What was under way.
    pub fn read(self) -> Quiet {
        let busy = |(app, url, attempt)| Busy { app, url, attempt };
        Quiet::Exhausted { deliveries: self.deliveries.into_iter().map(busy).collect(), calls: self.calls }
    }
}

/// What a file says that this version does not know.
type Unknown = String;

impl StoredHappening {
    /// A happening as a file has it.
    pub fn of(happening: &Happening) -> Option<Self> {
        let Happening { cursor, cause, at, input } = happening;
        let what = match input {
            Input::Obeyed(by, command) => What::Obeyed { by: By::of(by), command: Command::clone(command) },
            Input::Refused(by, command) => What::Refused { by: By::of(by), command: Command::clone(command) },
            Input::Noted(record) => noted(record)?,
        };
        Some(Self { cursor: *cursor, cause: *cause, at: *at, what })
    }

    /// When it happened.
    pub fn at(&self) -> Moment {
        self.at
    }

    /// The happening.
    ///
    /// # Errors
    /// What this version does not know.
    pub fn read(self) -> Result<Happening, Unknown> {
        let input = match self.what {
            What::Obeyed { by, command } => Input::Obeyed(by.read(), Arc::new(command)),
            What::Refused { by, command } => Input::Refused(by.read(), Arc::new(command)),
            What::Called(call) => Input::Noted(call.read()?),
            What::Read { by, rule } => Input::Noted(Record::Read { by: by.read(), rule: known_rule(&rule)? }),
            What::Delivered(delivery) => Input::Noted(delivery.read()),
            What::Armed(fault) => {
                let Armed { number, fault, .. } = fault.read()?;
                Input::Noted(Record::Armed { number, fault })
            }
            What::ClockTurned { to } => Input::Noted(Record::ClockTurned { to }),
            What::Warning { app, text } => Input::Noted(Record::Warning { app, text }),
        };
        Ok(Happening { cursor: self.cursor, cause: self.cause, at: self.at, input })
    }
}

/// What no command brought about.
fn noted(record: &Record) -> Option<What> {
    Some(match record {
        Record::Called { by, request, status, answer, error, rule, fault } => What::Called(Box::new(StoredCall {
            by: By::of(by),
            uri: request.uri.to_string(),
            content_type: request.content_type.as_ref().map(|value| Body::of(value.as_bytes())),
            body: Body::of(&request.body),
            status: *status,
            answer: Body::of(answer),
            error: error.as_ref().map(StoredError::of),
            rule: rule.map(|rule| rule.to_string()),
            fault: *fault,
        })),
        Record::Read { by, rule } => What::Read { by: By::of(by), rule: rule.to_string() },
        Record::Delivered { webhook, app, url, attempt, result, took } => What::Delivered(StoredDelivery {
            webhook: *webhook,
            app: *app,
            url: url.clone(),
            attempt: *attempt,
            result: match result {
                DeliveryResult::Answered(status) => StoredResult::Answered(*status),
                DeliveryResult::Failed(why) => StoredResult::Failed(why.clone()),
            },
            took_micros: took.as_micros() as u64,
        }),
        Record::Armed { number, fault } => {
            What::Armed(StoredFault::of(&Armed { number: *number, fault: fault.clone(), fired: 0 }))
        }
        Record::ClockTurned { to } => What::ClockTurned { to: *to },
        Record::Warning { app, text } => What::Warning { app: *app, text: text.clone() },
        // These follow from commands.
        Record::Asked { .. } | Record::Refused { .. } | Record::Happened(_) | Record::Webhook { .. } => return None,
    })
}

fn known_rule(id: &str) -> Result<RuleId, Unknown> {
    RuleId::parse(id).ok_or_else(|| format!("there is no rule `{id}`"))
}

impl By {
    fn of(source: &Source) -> Self {
        match source {
            Source::Graph { app, call } => Self::Graph { app: *app, call: call.clone() },
            Source::Script => Self::Script,
            Source::Clock => Self::Clock,
        }
    }

    fn read(self) -> Source {
        match self {
            Self::Graph { app, call } => Source::Graph { app, call },
            Self::Script => Source::Script,
            Self::Clock => Source::Clock,
        }
    }
}

impl Body {
    fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Hex(hex::encode(bytes)),
        }
    }

    fn read(self) -> Result<Bytes, Unknown> {
        match self {
            Self::Text(text) => Ok(text.into()),
            Self::Hex(digits) => hex::decode(digits).map(Bytes::from).map_err(|error| error.to_string()),
        }
    }
}

impl StoredError {
    fn of(error: &CallError) -> Self {
        Self { code: error.code, subcode: error.subcode, message: error.message.clone() }
    }
}

impl StoredCall {
    fn read(self) -> Result<Record, Unknown> {
        let content_type = self.content_type.map(Body::read).transpose()?;
        let content_type = content_type.map(|value| HeaderValue::from_bytes(&value).map_err(|error| error.to_string()));
        Ok(Record::Called {
            by: self.by.read(),
            request: Arc::new(RawCall {
                uri: self.uri.parse::<Uri>().map_err(|error| format!("`{}`: {error}", self.uri))?,
                content_type: content_type.transpose()?,
                body: self.body.read()?,
            }),
            status: self.status,
            answer: self.answer.read()?,
            error: self.error.map(|error| CallError {
                code: error.code,
                subcode: error.subcode,
                message: error.message,
            }),
            rule: self.rule.as_deref().map(known_rule).transpose()?,
            fault: self.fault,
        })
    }
}

impl StoredDelivery {
    fn read(self) -> Record {
        Record::Delivered {
            webhook: self.webhook,
            app: self.app,
            url: self.url,
            attempt: self.attempt,
            result: match self.result {
                StoredResult::Answered(status) => DeliveryResult::Answered(status),
                StoredResult::Failed(why) => DeliveryResult::Failed(why),
            },
            took: Duration::from_micros(self.took_micros),
        }
    }
}

impl StoredFault {
    /// A fault as a file has it.
    pub fn of(armed: &Armed) -> Self {
        let Fault { at, app, page, person, times, effect: Effect::Reply(reply) } = &armed.fault;
        Self {
            number: armed.number,
            at: (*at).to_owned(),
            app: *app,
            page: *page,
            person: *person,
            times: *times,
            fired: armed.fired,
            reply: (*reply).to_owned(),
        }
    }

    /// The fault.
    ///
    /// # Errors
    /// What this version does not know.
    pub fn read(self) -> Result<Armed, Unknown> {
        let Self { number, at, app, page, person, times, fired, reply } = self;
        let word = faults::WORDS.iter().find(|word| **word == at).ok_or_else(|| format!("no call is a `{at}`"))?;
        let error = catalogue::by_name(&reply).ok_or_else(|| format!("there is no error `{reply}`"))?;
        let fault = Fault { at: word, app, page, person, times, effect: Effect::Reply(error.name) };
        Ok(Armed { number, fault, fired })
    }
}
