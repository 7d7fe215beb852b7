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
    /// Keeps an entry that the ledger lets go of, if it changed the world; what is not kept comes back to be dropped.
    pub(super) fn keep(&mut self, entry: Entry) -> Vec<Entry> {
        if self.is_lost || !matches!(entry.record, Record::Asked { .. }) {
            return vec![entry];
        }
        self.commands.push(entry);
        if self.commands.len() <= MAX_PAST {
            return Vec::new();
        }
        self.is_lost = true;
        std::mem::take(&mut self.commands)
    }

    /// The commands, oldest first.
    ///
    /// # Errors
    /// There were too many.
    pub fn commands(&self) -> Result<&[Entry], LostPast> {
        if self.is_lost { Err(LostPast) } else { Ok(&self.commands) }
    }
}
