//! Engine room: the history of a world: what came from outside, in order, each with its moment and its place in the ledger. Whatever
//! else the ledger has follows from it. `archive` makes files of it.

use std::sync::Arc;

use crate::domain::command::Command;

use super::ledger::{Entry, Record, Source};
use crate::domain::time::Moment;

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

impl Happening {
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
