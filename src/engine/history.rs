//! The history of a world: its inputs, in order, each with its moment and its place in the ledger. All other entries follow from them.
//! `archive` writes histories to files.

use std::sync::Arc;

use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::time::Moment;

use super::ledger_entry::{Actor, DeliveryAttempt, LedgerEntry, Record};
use super::webhook::{RequestCursors, Webhook};

/// An input that came from outside, or fell due.
#[derive(Debug, Clone)]
pub struct RecordedInput {
    /// Its place in the ledger.
    pub cursor: u64,
    /// The entry that caused it, or its own cursor.
    pub cause: u64,
    /// Virtual time.
    pub at: Moment,
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
    /// A record that no command causes: an answered call, something read, a fault, a turn of the clock, a warning.
    Noted(Record),
}

/// An attempt to deliver that is over. Its webhooks are in the ledger.
pub type RecordedAttempt = DeliveryAttempt<RequestCursors>;

impl DeliveryAttempt {
    fn recorded(&self) -> RecordedAttempt {
        self.clone().with_request(RequestCursors::of(&self.request))
    }
}

impl RecordedAttempt {
    /// The attempt with its webhooks, if `find` finds all of them.
    pub(super) fn with(self, find: impl Fn(u64) -> Option<Webhook>) -> Option<DeliveryAttempt> {
        let request = self.request.request(find)?;
        Some(self.with_request(request))
    }
}

impl Input {
    /// True if it is this command of this actor.
    pub fn is_command(&self, source: &Actor, wanted: &Command) -> bool {
        match self {
            Self::Executed(by, command) | Self::Refused(by, command) => by == source && **command == *wanted,
            Self::Noted(_) | Self::Attempted(_) => false,
        }
    }

    /// True if it is a record of the same doing: the answer may differ.
    pub fn is_record(&self, wanted: &Record) -> bool {
        let Self::Noted(record) = self else { return false };
        match (record, wanted) {
            (Record::GraphCall(call), Record::GraphCall(wanted)) => {
                let (request, asked) = (&call.request, &wanted.request);
                call.by == wanted.by && request.target == asked.target && request.body == asked.body
            }
            (Record::Read { by, rule }, Record::Read { by: other, rule: wanted }) => by == other && rule == wanted,
            (Record::Warning { app, text, .. }, Record::Warning { app: other, text: wanted, .. }) => {
                app == other && text == wanted
            }
            _ => false,
        }
    }

    /// True if a real app or its server did it.
    fn is_of_real_app(&self, config: &Config) -> bool {
        let app = match self {
            Self::Executed(by, _) | Self::Refused(by, _) => by.app(),
            Self::Noted(Record::GraphCall(call)) => call.by.app(),
            Self::Noted(Record::Read { by, .. }) => by.app(),
            // Without a URL nothing was sent: a fault made the attempt up, and will again.
            Self::Attempted(attempted) => attempted.url.as_ref().map(|_| attempted.request.app),
            Self::Noted(Record::Warning { app, .. }) => *app,
            Self::Noted(_) => None,
        };
        app.is_some_and(|app| config.app(app).webhook.is_some())
    }
}

impl RecordedInput {
    /// The inputs from real apps and their servers in these entries.
    pub fn of_real_apps(config: &Config, entries: &[LedgerEntry]) -> Vec<Self> {
        let inputs = entries.iter().filter_map(Self::of);
        inputs.filter(|input| input.input.is_of_real_app(config)).collect()
    }

    /// The input of an entry. Returns `None` if the entry follows from another.
    pub fn of(entry: &LedgerEntry) -> Option<Self> {
        let input = match &entry.record {
            Record::Command { by, command } => Input::Executed(by.clone(), command.clone()),
            Record::Refused { by, command, .. } => Input::Refused(by.clone(), command.clone()),
            Record::DeliveryAttempt(attempt) => Input::Attempted(Box::new(attempt.recorded())),
            Record::Happened(_) | Record::Webhook { .. } => return None,
            noted => Input::Noted(noted.clone()),
        };
        Some(Self { cursor: entry.cursor, cause: entry.cause, at: entry.at, input })
    }
}
