//! Engine room: the history of a world: what came from outside, in order, each with its moment and its place in the ledger. Whatever
//! else the ledger has follows from it. `archive` makes files of it.

use std::sync::Arc;

use crate::domain::command::Command;
use crate::domain::config::Config;
use crate::domain::time::Moment;

use super::ledger::{Entry, Record, Source};

/// Something that came from outside, or fell due.
#[derive(Debug, Clone)]
pub struct Happening {
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
    /// A command that was obeyed.
    Obeyed(Source, Arc<Command>),
    /// A command that was refused.
    Refused(Source, Arc<Command>),
    /// What no command brought about: an answered call, something read, a delivery, a fault, a turn of the clock, a warning.
    Noted(Record),
}

impl Input {
    /// Whether it is this command of this source.
    pub fn is_command(&self, source: &Source, wanted: &Command) -> bool {
        match self {
            Self::Obeyed(by, command) | Self::Refused(by, command) => by == source && **command == *wanted,
            Self::Noted(_) => false,
        }
    }

    /// Whether it is this record, as far as it says who did what.
    pub fn is_record(&self, wanted: &Record) -> bool {
        let Self::Noted(record) = self else { return false };
        match (record, wanted) {
            (Record::Called { by, request, .. }, Record::Called { by: other, request: asked, .. }) => {
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
            Self::Obeyed(by, _) | Self::Refused(by, _) => by.app(),
            Self::Noted(Record::Called { by, .. } | Record::Read { by, .. }) => by.app(),
            Self::Noted(Record::Delivered { app, .. }) => Some(*app),
            Self::Noted(Record::Warning { app, .. }) => *app,
            Self::Noted(_) => None,
        };
        app.is_some_and(|app| config.app(app).webhook.is_some())
    }
}

impl Happening {
    /// What real apps did, and their servers, of all these entries.
    pub fn of_real_apps(config: &Config, entries: &[Entry]) -> Vec<Self> {
        let happenings = entries.iter().filter_map(Self::of);
        happenings.filter(|happening| happening.input.is_of_real_app(config)).collect()
    }

    /// What an entry says came from outside; nothing where the entry follows from another.
    pub fn of(entry: &Entry) -> Option<Self> {
        let input = match &entry.record {
            Record::Asked { by, command } => Input::Obeyed(by.clone(), command.clone()),
            Record::Refused { by, command, .. } => Input::Refused(by.clone(), command.clone()),
            Record::Happened(_) | Record::Webhook { .. } => return None,
            noted => Input::Noted(noted.clone()),
        };
        Some(Self { cursor: entry.cursor, cause: entry.cause, at: entry.at, input })
    }
}
