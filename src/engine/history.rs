//! Engine room: the history of a world: what came from outside, in order, each with its moment and its place in the ledger. Whatever
//! else the ledger has follows from it. `archive` makes files of it.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;
use crate::wire::PostOptions;

use super::ledger::{Actor, DeliveryAttempt, DeliveryResult, LedgerEntry, Record};
use super::outbox::{Webhook, WebhookRequest};

/// Something that came from outside, or fell due.
#[derive(Debug, Clone)]
pub struct RecordedInput {
    /// Its place in the ledger.
    pub cursor: u64,
    /// The entry that brought it about; its own cursor if nothing else did.
    pub cause: u64,
    /// Virtual time.
    pub at: Moment,
    /// What it was.
    pub input: Input,
}

/// What came.
#[derive(Debug, Clone)]
pub enum Input {
    /// A command that was executed.
    Executed(Actor, Arc<Command>),
    /// A command that was refused.
    Refused(Actor, Arc<Command>),
    /// An attempt to deliver.
    Attempted(Box<RecordedAttempt>),
    /// What no command brought about: an answered call, something read, a fault, a turn of the clock, a warning.
    Noted(Record),
}

/// An attempt to deliver that is over. The webhooks themselves stand in the ledger.
#[derive(Debug, Clone)]
pub struct RecordedAttempt {
    /// The app.
    pub app: AppKey,
    /// The entries of the webhooks, in their order.
    pub webhooks: Vec<u64>,
    /// How it was made.
    pub options: PostOptions,
    /// Where to.
    pub url: Option<Box<str>>,
    /// Counted from 1.
    pub attempt: u32,
    /// The number of the fault that it met.
    pub fault: Option<u32>,
    /// How it went.
    pub result: DeliveryResult,
    /// The beginning of the app's answer.
    pub said: Box<[u8]>,
    /// Real time that it took.
    pub took: Duration,
}

impl RecordedAttempt {
    fn of(delivered: &DeliveryAttempt) -> Self {
        let DeliveryAttempt { request, options, url, attempt, fault, result, said, took } = delivered.clone();
        let webhooks = request.items().map(|item| item.entry).collect();
        Self { app: request.app, webhooks, options, url, attempt, fault, result, said, took }
    }

    /// The attempt with its webhooks, where all of them are found.
    pub(super) fn with(self, find: impl Fn(u64) -> Option<Webhook>) -> Option<DeliveryAttempt> {
        let Self { app, webhooks, options, url, attempt, fault, result, said, took } = self;
        let request = WebhookRequest::of(app, &webhooks, find)?;
        Some(DeliveryAttempt { request, options, url, attempt, fault, result, said, took })
    }
}

impl Input {
    /// Whether it is this command of this source.
    pub fn is_command(&self, source: &Actor, wanted: &Command) -> bool {
        match self {
            Self::Executed(by, command) | Self::Refused(by, command) => by == source && **command == *wanted,
            Self::Noted(_) | Self::Attempted(_) => false,
        }
    }

    /// Whether it is this record, as far as it says who did what.
    pub fn is_record(&self, wanted: &Record) -> bool {
        let Self::Noted(record) = self else { return false };
        match (record, wanted) {
            (Record::GraphCall { by, request, .. }, Record::GraphCall { by: other, request: asked, .. }) => {
                by == other && request.uri == asked.uri && request.body == asked.body
            }
            (Record::Read { by, rule }, Record::Read { by: other, rule: wanted }) => by == other && rule == wanted,
            (Record::Warning { app, text }, Record::Warning { app: other, text: wanted }) => {
                app == other && text == wanted
            }
            _ => false,
        }
    }

    /// Whether a real app did it, or the server of one.
    fn is_of_real_app(&self, config: &Config) -> bool {
        let app = match self {
            Self::Executed(by, _) | Self::Refused(by, _) => by.app(),
            Self::Noted(Record::GraphCall { by, .. } | Record::Read { by, .. }) => by.app(),
            // What was really sent; what a fault made of a webhook follows from the fault.
            Self::Attempted(attempted) => attempted.url.as_ref().map(|_| attempted.app),
            Self::Noted(Record::Warning { app, .. }) => *app,
            Self::Noted(_) => None,
        };
        app.is_some_and(|app| config.app(app).webhook.is_some())
    }
}

impl RecordedInput {
    /// What real apps did, and their servers, of all these entries.
    pub fn of_real_apps(config: &Config, entries: &[LedgerEntry]) -> Vec<Self> {
        let inputs = entries.iter().filter_map(Self::of);
        inputs.filter(|happening| happening.input.is_of_real_app(config)).collect()
    }

    /// What an entry says came from outside; nothing where the entry follows from another.
    pub fn of(entry: &LedgerEntry) -> Option<Self> {
        let input = match &entry.record {
            Record::Command { by, command } => Input::Executed(by.clone(), command.clone()),
            Record::Refused { by, command, .. } => Input::Refused(by.clone(), command.clone()),
            Record::DeliveryAttempt(delivered) => Input::Attempted(Box::new(RecordedAttempt::of(delivered))),
            Record::Happened(_) | Record::Webhook { .. } => return None,
            noted => Input::Noted(noted.clone()),
        };
        Some(Self { cursor: entry.cursor, cause: entry.cause, at: entry.at, input })
    }
}
