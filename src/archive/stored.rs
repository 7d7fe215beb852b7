//! Archive room: what came to a world, as JSON. Commands are written as the domain has them; whatever stands in the ledger beside them
//! is written here.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::{HeaderValue, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;
use crate::domain::rules::RuleId;
use crate::engine::armed::Armed;
use crate::engine::fault::Breakage;
use crate::engine::history::{Happening, Input};
use crate::engine::ledger::{CallError, RawCall, Record, Source};
use crate::engine::{InFlightGuard, Quiescence};
use crate::graph::routes::faults::UNREADABLE;
use crate::journal::fault_json::fault_json;
use crate::language::Node;
use crate::runner::arm_faults;
use crate::text::diagnostic::Diagnostic;
use crate::text::source;

use super::stored_delivery::StoredAttempt;

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
    Executed { by: By, command: Command },
    Refused { by: By, command: Command },
    Called(Box<StoredCall>),
    Read { by: By, rule: String },
    Attempted(Box<StoredAttempt>),
    Armed(StoredFault),
    Disarmed { number: u32 },
    ClockTurned { to: Moment },
    Warning { app: Option<AppKey>, text: Box<str> },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Graph { app: AppKey, call: Box<str> },
    Script,
    Clock,
    Delivery,
}

/// Bytes that are text wherever they can be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Text.
    Text(String),
    /// Hexadecimal digits.
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
    lost: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredError {
    code: i32,
    subcode: Option<u32>,
    message: Box<str>,
}

/// A fault in the words of the language, with its number and what it did so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredFault {
    number: u32,
    met: u64,
    fired: u32,
    words: Map<String, Value>,
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
    pub fn of(quiet: &Quiescence) -> Option<Self> {
        let Quiescence::Exhausted { deliveries, calls } = quiet else { return None };
        let deliveries = deliveries.iter().map(|busy| (busy.app.clone(), busy.url.clone(), busy.attempt));
        Some(Self { deliveries: deliveries.collect(), calls: *calls })
    }

    /// What was under way.
    pub fn read(self) -> Quiescence {
        let busy = |(app, url, attempt)| InFlightGuard { app, url, attempt };
        Quiescence::Exhausted { deliveries: self.deliveries.into_iter().map(busy).collect(), calls: self.calls }
    }
}

/// What a file says that this version does not know.
pub type Unknown = String;

impl StoredHappening {
    /// A happening as a file has it.
    pub fn of(config: &Config, happening: &Happening) -> Option<Self> {
        let Happening { cursor, cause, at, input } = happening;
        let what = match input {
            Input::Executed(by, command) => What::Executed { by: By::of(by), command: Command::clone(command) },
            Input::Refused(by, command) => What::Refused { by: By::of(by), command: Command::clone(command) },
            Input::Attempted(attempted) => What::Attempted(Box::new(StoredAttempt::of(attempted))),
            Input::Noted(record) => noted(config, record)?,
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
    pub fn read(self, config: &Config) -> Result<Happening, Unknown> {
        let input = match self.what {
            What::Executed { by, command } => Input::Executed(by.read(), Arc::new(command)),
            What::Refused { by, command } => Input::Refused(by.read(), Arc::new(command)),
            What::Called(call) => Input::Noted(call.read()?),
            What::Read { by, rule } => Input::Noted(Record::Read { by: by.read(), rule: known_rule(&rule)? }),
            What::Attempted(attempt) => Input::Attempted(Box::new(attempt.read()?)),
            What::Disarmed { number } => Input::Noted(Record::Disarmed { number }),
            What::Armed(fault) => {
                let Armed { number, fault, .. } = fault.read(config)?;
                Input::Noted(Record::Armed { number, fault })
            }
            What::ClockTurned { to } => Input::Noted(Record::ClockTurned { to }),
            What::Warning { app, text } => Input::Noted(Record::Warning { app, text }),
        };
        Ok(Happening { cursor: self.cursor, cause: self.cause, at: self.at, input })
    }
}

/// What no command brought about.
fn noted(config: &Config, record: &Record) -> Option<What> {
    Some(match record {
        Record::GraphCall { by, request, status, answer, error, rule, fault, lost } => {
            What::Called(Box::new(StoredCall {
                by: By::of(by),
                uri: request.uri.to_string(),
                content_type: request.content_type.as_ref().map(|value| Body::of(value.as_bytes())),
                body: Body::of(&request.body),
                status: *status,
                answer: Body::of(answer),
                error: error.as_ref().map(StoredError::of),
                rule: rule.map(|rule| rule.to_string()),
                fault: *fault,
                lost: lost.map(str::to_owned),
            }))
        }
        Record::Read { by, rule } => What::Read { by: By::of(by), rule: rule.to_string() },
        Record::Armed { number, fault } => {
            let armed = Armed { number: *number, fault: fault.clone(), met: 0, fired: 0 };
            What::Armed(StoredFault::of(config, &armed))
        }
        Record::Disarmed { number } => What::Disarmed { number: *number },
        Record::ClockTurned { to } => What::ClockTurned { to: *to },
        Record::Warning { app, text } => What::Warning { app: *app, text: text.clone() },
        // These are no notes: commands, what follows from them, and attempts.
        Record::Command { .. }
        | Record::Refused { .. }
        | Record::Happened(_)
        | Record::Webhook { .. }
        | Record::DeliveryAttempt(_) => return None,
    })
}

/// What keeps an answer from its caller is a word of the language, or that it cannot be read.
fn known_loss(word: &str) -> Result<&'static str, Unknown> {
    let words = Breakage::WORDS.iter().chain([&UNREADABLE]);
    words.copied().find(|known| *known == word).ok_or_else(|| format!("no answer is lost by `{word}`"))
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
            Source::Delivery => Self::Delivery,
        }
    }

    fn read(self) -> Source {
        match self {
            Self::Graph { app, call } => Source::Graph { app, call },
            Self::Script => Source::Script,
            Self::Clock => Source::Clock,
            Self::Delivery => Source::Delivery,
        }
    }
}

impl Body {
    /// Bytes as a file has them.
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Hex(hex::encode(bytes)),
        }
    }

    /// The bytes.
    ///
    /// # Errors
    /// They are no hexadecimal digits.
    pub fn read(self) -> Result<Bytes, Unknown> {
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
        Ok(Record::GraphCall {
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
            lost: self.lost.map(|lost| known_loss(&lost)).transpose()?,
        })
    }
}

impl StoredFault {
    /// A fault as a file has it.
    pub fn of(config: &Config, armed: &Armed) -> Self {
        let Armed { number, fault, met, fired } = armed;
        Self { number: *number, met: *met, fired: *fired, words: fault_json(config, fault) }
    }

    /// The fault.
    ///
    /// # Errors
    /// What this version does not know.
    pub fn read(self, config: &Config) -> Result<Armed, Unknown> {
        let Self { number, met, fired, words } = self;
        let text = Value::Object(words).to_string();
        let words = Node::parse(&source::SourceText::inline("a fault", &text)).map_err(|mistake| mistake.one_line())?;
        let in_words =
            |mistakes: Vec<Diagnostic>| mistakes.iter().map(Diagnostic::one_line).collect::<Vec<_>>().join("; ");
        Ok(Armed { number, fault: arm_faults::read_fault_words(config, &words).map_err(in_words)?, met, fired })
    }
}
