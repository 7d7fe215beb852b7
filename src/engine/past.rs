//! Engine room: what the ledger let go of, as far as the world is what it is because of it. With what the ledger still has it makes the
//! whole history of a world, which a snapshot replays. Bounded. Only `Ledger` writes.

use super::ledger::{Entry, Record};

/// Obeyed commands that are remembered beyond the ledger. With one more all of them are dropped: a history with a hole is none.
pub const MAX_PAST: usize = 50_000;

/// The obeyed commands that the ledger let go of, oldest first.
#[derive(Debug, Default)]
pub struct Past {
    commands: Vec<Entry>,
    is_lost: bool,
}

/// The beginning of a world's history is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "more than {MAX_PAST} commands lie before the oldest entry of the ledger, and what happened first is forgotten: reset the world, \
     or give it a larger `limits: {{ ledger: … }}`"
)]
pub struct LostPast;

impl Past {
    /// Keeps an entry that the ledger lets go of, if it changed the world; what is not kept is to be dropped.
    pub(super) fn keep(&mut self, entry: Entry, dropped: &mut Vec<Entry>) {
        if self.is_lost || !matches!(entry.record, Record::Asked { .. }) {
            dropped.push(entry);
            return;
        }
        self.commands.push(entry);
        if self.commands.len() > MAX_PAST {
            self.is_lost = true;
            dropped.append(&mut self.commands);
        }
    }

    /// The commands, oldest first.
    ///
    /// # Errors
    /// There were too many.
    pub fn commands(&self) -> Result<&[Entry], LostPast> {
        if self.is_lost { Err(LostPast) } else { Ok(&self.commands) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::command::Command;
    use crate::domain::ids::{PageKey, PersonKey, ThreadKey};
    use crate::domain::time::Moment;
    use crate::engine::ledger::Source;

    #[test]
    fn commands_are_kept_and_with_one_too_many_none() {
        let command = Arc::new(Command::Elapse(ThreadKey { page: PageKey(0), person: PersonKey(0) }));
        let asked = |cursor| Entry {
            cursor,
            cause: cursor,
            at: Moment(0),
            record: Record::Asked { by: Source::Clock, command: command.clone() },
        };
        let turned = Entry { record: Record::ClockTurned { to: Moment(0) }, ..asked(1) };
        let (mut past, mut dropped) = (Past::default(), Vec::new());
        past.keep(turned, &mut dropped);
        (0..MAX_PAST as u64).for_each(|cursor| past.keep(asked(cursor), &mut dropped));
        assert_eq!((dropped.len(), past.commands().map(<[Entry]>::len)), (1, Ok(MAX_PAST)));
        past.keep(asked(0), &mut dropped);
        assert_eq!((dropped.len(), past.commands().err()), (MAX_PAST + 2, Some(LostPast)));
        past.keep(asked(0), &mut dropped);
        assert_eq!(past.commands().err(), Some(LostPast), "what is lost stays lost");
    }
}
