//! Engine room: what the ledger let go of, as far as the world is what it is because of it. With what the ledger still has it makes the
//! whole history of a world, which a snapshot replays. Bounded. Only `Ledger` writes.

use std::sync::Arc;

use crate::domain::command::Command;
use crate::domain::model::time::Moment;

use super::history::{Happening, Input};
use super::ledger::{Entry, Record, Source};

/// Obeyed commands that are remembered beyond the ledger. With one more all of them are dropped: a history with a hole is none.
pub const MAX_EVICTED_COMMANDS: usize = 20_000;

/// The executed commands that the ledger let go of, oldest first.
#[derive(Debug, Default)]
pub struct EvictedCommands {
    commands: Vec<Obeyed>,
    is_lost: bool,
}

/// A command that was executed: less than an entry, for there may be many.
#[derive(Debug)]
struct Obeyed {
    cursor: u64,
    at: Moment,
    by: Source,
    command: Arc<Command>,
}

/// The beginning of a world's history is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "more than {MAX_EVICTED_COMMANDS} commands lie before the oldest entry of the ledger, and what happened first is forgotten: reset the world, \
     or give it a larger `limits: {{ ledger: … }}`"
)]
pub struct HistoryTruncated;

impl EvictedCommands {
    /// Keeps an entry that the ledger lets go of, if it changed the world; what is not kept is to be dropped.
    pub(crate) fn keep(&mut self, entry: Entry, dropped: &mut Vec<Entry>) {
        let Entry { cursor, cause, at, record } = entry;
        match record {
            Record::Command { by, command } if !self.is_lost => self.commands.push(Obeyed { cursor, at, by, command }),
            record => dropped.push(Entry { cursor, cause, at, record }),
        }
        if self.commands.len() > MAX_EVICTED_COMMANDS {
            self.is_lost = true;
            dropped.extend(std::mem::take(&mut self.commands).into_iter().map(Obeyed::into_entry));
        }
    }

    /// The commands as they came, oldest first.
    ///
    /// # Errors
    /// There were too many.
    pub fn happenings(&self) -> Result<impl Iterator<Item = Happening>, HistoryTruncated> {
        if self.is_lost { Err(HistoryTruncated) } else { Ok(self.commands.iter().map(Obeyed::happening)) }
    }
}

impl Obeyed {
    fn into_entry(self) -> Entry {
        let Self { cursor, at, by, command } = self;
        Entry { cursor, cause: cursor, at, record: Record::Command { by, command } }
    }

    fn happening(&self) -> Happening {
        let input = Input::Executed(self.by.clone(), self.command.clone());
        Happening { cursor: self.cursor, cause: self.cursor, at: self.at, input }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::{PageKey, PersonKey, ThreadKey};

    #[test]
    fn commands_are_kept_and_with_one_too_many_none() {
        let command = Arc::new(Command::Timeout(ThreadKey { page: PageKey(0), person: PersonKey(0) }));
        let asked = |cursor| Entry {
            cursor,
            cause: cursor,
            at: Moment(0),
            record: Record::Command { by: Source::Clock, command: command.clone() },
        };
        let turned = Entry { record: Record::ClockTurned { to: Moment(0) }, ..asked(1) };
        let (mut past, mut dropped) = (EvictedCommands::default(), Vec::new());
        past.keep(turned, &mut dropped);
        (0..MAX_EVICTED_COMMANDS as u64).for_each(|cursor| past.keep(asked(cursor), &mut dropped));
        assert_eq!((dropped.len(), past.happenings().map(Iterator::count)), (1, Ok(MAX_EVICTED_COMMANDS)));
        past.keep(asked(0), &mut dropped);
        assert_eq!(
            (dropped.len(), past.happenings().map(Iterator::count)),
            (MAX_EVICTED_COMMANDS + 2, Err(HistoryTruncated))
        );
        past.keep(asked(0), &mut dropped);
        assert_eq!(past.happenings().map(Iterator::count), Err(HistoryTruncated), "what is lost stays lost");
    }
}
