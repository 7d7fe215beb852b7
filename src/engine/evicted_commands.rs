//! The commands that the ledger has dropped. Together with the ledger they are the whole history of a world, which a snapshot replays.
//! Bounded in number and in bytes. Only `Ledger` writes to it.

use std::sync::Arc;

use crate::domain::command::Command;
use crate::domain::model::time::Moment;

use super::history::{Input, RecordedInput};
use super::ledger_entry::{Actor, LedgerEntry, Record};

/// Commands that are kept beyond the ledger. One more, and all of them are dropped: a history with a hole cannot be replayed.
pub const MAX_EVICTED_COMMANDS: usize = 20_000;

/// The executed commands that the ledger has dropped, oldest first.
#[derive(Debug)]
pub struct EvictedCommands {
    commands: Vec<EvictedCommand>,
    bytes: usize,
    byte_limit: usize,
    is_lost: bool,
}

/// A command that was executed. It is smaller than an entry, because there may be many.
#[derive(Debug)]
struct EvictedCommand {
    cursor: u64,
    at: Moment,
    by: Actor,
    command: Arc<Command>,
}

/// The beginning of a world's history is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "too many commands lie before the oldest entry of the ledger (more than {MAX_EVICTED_COMMANDS}, or more bytes than `ledger_bytes`), and what \
     happened first is forgotten: reset the world, or give it a larger `limits: {{ ledger: …, ledger_bytes: … }}`"
)]
pub struct HistoryTruncated;

impl EvictedCommands {
    /// No commands yet, and room for so many bytes of them.
    pub(super) fn new(byte_limit: usize) -> Self {
        Self { commands: Vec::new(), bytes: 0, byte_limit, is_lost: false }
    }

    /// The bytes of the commands, estimated.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Keeps an entry of this size that the ledger drops if it changed the world. Any other entry goes to `dropped`, to be freed outside the lock.
    pub(super) fn keep(&mut self, entry: LedgerEntry, size: u32, dropped: &mut impl Extend<LedgerEntry>) {
        let LedgerEntry { cursor, cause, at, record } = entry;
        match record {
            Record::Command { by, command } if !self.is_lost => {
                self.bytes += size as usize;
                self.commands.push(EvictedCommand { cursor, at, by, command });
            }
            record => dropped.extend([LedgerEntry { cursor, cause, at, record }]),
        }
        if self.commands.len() > MAX_EVICTED_COMMANDS || self.bytes > self.byte_limit {
            self.forget(dropped);
        }
    }

    /// Drops all commands.
    pub(super) fn forget(&mut self, dropped: &mut impl Extend<LedgerEntry>) {
        self.is_lost |= !self.commands.is_empty();
        self.bytes = 0;
        dropped.extend(std::mem::take(&mut self.commands).into_iter().map(EvictedCommand::into_entry));
    }

    /// The commands, oldest first. Fails if there were too many.
    pub fn inputs(&self) -> Result<impl Iterator<Item = RecordedInput>, HistoryTruncated> {
        if self.is_lost { Err(HistoryTruncated) } else { Ok(self.commands.iter().map(EvictedCommand::input)) }
    }
}

impl EvictedCommand {
    fn into_entry(self) -> LedgerEntry {
        let Self { cursor, at, by, command } = self;
        LedgerEntry { cursor, cause: cursor, at, record: Record::Command { by, command } }
    }

    fn input(&self) -> RecordedInput {
        let input = Input::Executed(self.by.clone(), self.command.clone());
        RecordedInput { cursor: self.cursor, cause: self.cursor, at: self.at, input }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::{AssetKey, PersonKey, ThreadKey};

    #[test]
    fn commands_are_kept_and_with_one_too_many_none() {
        let command = Arc::new(Command::Timeout(ThreadKey { asset: AssetKey(0), person: PersonKey(0) }));
        let asked = |cursor| LedgerEntry {
            cursor,
            cause: cursor,
            at: Moment::from_millis(0),
            record: Record::Command { by: Actor::Clock, command: command.clone() },
        };
        let turned = LedgerEntry { record: Record::ClockTurned { to: Moment::from_millis(0) }, ..asked(1) };
        let (mut past, mut dropped) = (EvictedCommands::new(1 << 30), Vec::new());
        past.keep(turned, 100, &mut dropped);
        (0..MAX_EVICTED_COMMANDS as u64).for_each(|cursor| past.keep(asked(cursor), 100, &mut dropped));
        assert_eq!((dropped.len(), past.inputs().map(Iterator::count)), (1, Ok(MAX_EVICTED_COMMANDS)));
        past.keep(asked(0), 100, &mut dropped);
        assert_eq!(
            (dropped.len(), past.inputs().map(Iterator::count)),
            (MAX_EVICTED_COMMANDS + 2, Err(HistoryTruncated))
        );
        past.keep(asked(0), 100, &mut dropped);
        assert_eq!(past.inputs().map(Iterator::count), Err(HistoryTruncated), "what is lost stays lost");
    }

    #[test]
    fn commands_are_bounded_in_bytes() {
        let command = Arc::new(Command::NewMessageIds(1));
        let asked = |cursor| LedgerEntry {
            cursor,
            cause: cursor,
            at: Moment::from_millis(0),
            record: Record::Command { by: Actor::Clock, command: command.clone() },
        };
        let (mut past, mut dropped) = (EvictedCommands::new(1000), Vec::new());
        past.keep(asked(1), 600, &mut dropped);
        assert_eq!((past.bytes(), dropped.len()), (600, 0));
        past.keep(asked(2), 600, &mut dropped);
        assert_eq!((past.bytes(), dropped.len(), past.inputs().map(Iterator::count)), (0, 2, Err(HistoryTruncated)));
    }
}
