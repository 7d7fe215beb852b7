//! Everything that happened in a world, in order, each entry with its cause. Bounded in entries and in bytes: the oldest entries
//! are dropped first. Only `ActiveWorld` writes; reports, waits, streams and snapshots read.

use std::collections::VecDeque;

use smallvec::SmallVec;

use crate::domain::model::time::Moment;

use super::entry_size::entry_size;
use super::evicted_commands::EvictedCommands;
use super::ledger_entry::{LedgerEntry, Record};

/// Entries that the ledger has dropped. Most commands write and push out no more than stand inline, so the list needs no memory of its own.
pub type DroppedEntries = SmallVec<[LedgerEntry; 12]>;

/// The entries of a world, oldest first.
#[derive(Debug)]
pub struct Ledger {
    entries: VecDeque<LedgerEntry>,
    /// The size of each entry.
    sizes: VecDeque<u32>,
    /// The sum of the sizes.
    bytes: usize,
    /// Dropped entries. Freeing them takes time and happens outside the world's lock.
    to_drop: DroppedEntries,
    evicted_commands: EvictedCommands,
    /// The first cursor.
    first: u64,
    next: u64,
    /// Entries before this one were taken out.
    taken: u64,
    limit: usize,
    byte_limit: usize,
    /// Why the last entry was dropped.
    reason: GoneReason,
}

/// A reader asks for entries that the ledger has dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{why}: everything before entry {oldest} is gone")]
pub struct EntriesGone {
    /// Why.
    pub why: GoneReason,
    /// The oldest entry that is left; the next one if there is none.
    pub oldest: u64,
}

/// A reader asks for entries after one that the ledger does not have yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ledger ends with entry {newest}: the world was put back to a snapshot, or never came so far")]
pub struct CursorAhead {
    /// The newest entry.
    pub newest: u64,
}

/// Why entries are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GoneReason {
    /// There were too many.
    #[error("the ledger keeps the newest {0} entries")]
    Evicted(usize),
    /// They were too large.
    #[error("the ledger keeps the newest {0} bytes (`limits: {{ ledger_bytes: … }}`)")]
    EvictedBytes(usize),
    /// All worlds together keep too much.
    #[error("the worlds of this process keep at most {0} bytes (`--memory`)")]
    NoMemory(usize),
    /// They were taken out.
    #[error("the ledger was taken and cleared")]
    Taken,
}

impl Ledger {
    /// An empty ledger whose first entry gets this cursor, and that keeps so many entries, with so many bytes. It keeps at least one.
    pub fn beginning_at(next: u64, limit: usize, byte_limit: usize) -> Self {
        let limit = limit.max(1);
        Self {
            entries: VecDeque::new(),
            sizes: VecDeque::new(),
            bytes: 0,
            to_drop: SmallVec::new(),
            evicted_commands: EvictedCommands::new(byte_limit),
            first: next,
            next,
            taken: 0,
            limit,
            byte_limit,
            reason: GoneReason::Evicted(limit),
        }
    }

    /// The first cursor.
    pub fn first_cursor(&self) -> u64 {
        self.first
    }

    /// The cursor that the next entry will get.
    pub fn next_cursor(&self) -> u64 {
        self.next
    }

    /// Writes an entry. Without a cause it is its own cause.
    pub fn write(&mut self, at: Moment, cause: Option<u64>, record: Record) -> u64 {
        let cursor = self.next;
        self.next += 1;
        let size = entry_size(&record);
        if self.entries.len() == self.limit {
            self.reason = GoneReason::Evicted(self.limit);
            self.evict_oldest();
        }
        self.bytes += size as usize;
        while self.bytes > self.byte_limit && !self.entries.is_empty() {
            self.reason = GoneReason::EvictedBytes(self.byte_limit);
            self.evict_oldest();
        }
        self.sizes.push_back(size);
        self.entries.push_back(LedgerEntry { cursor, cause: cause.unwrap_or(cursor), at, record });
        cursor
    }

    fn evict_oldest(&mut self) {
        if let (Some(oldest), Some(size)) = (self.entries.pop_front(), self.sizes.pop_front()) {
            self.bytes -= size as usize;
            match oldest.record {
                // Only commands change the world, so the history needs nothing else.
                Record::Command { .. } => self.evicted_commands.keep(oldest, size, &mut self.to_drop),
                _ => self.to_drop.push(oldest),
            }
        }
    }

    /// Drops the oldest entries, and the commands kept beyond them, until so many bytes are left, because the process may keep only
    /// `allowed` bytes. The entries from `begin` on stay.
    pub(super) fn shrink_to(&mut self, bytes: usize, begin: u64, allowed: usize) {
        if self.bytes() > bytes {
            self.evicted_commands.forget(&mut self.to_drop);
        }
        while self.bytes() > bytes && self.oldest_cursor() < begin {
            self.reason = GoneReason::NoMemory(allowed);
            self.evict_oldest();
        }
    }

    /// The bytes of the entries and of the commands kept beyond them, estimated.
    pub fn bytes(&self) -> usize {
        self.bytes + self.evicted_commands.bytes()
    }

    /// Takes out the oldest entries, at most this many.
    pub fn take(&mut self, most: usize) -> Vec<LedgerEntry> {
        let entries: Vec<LedgerEntry> = self.entries.iter().take(most).cloned().collect();
        entries.iter().for_each(|_| self.evict_oldest());
        self.taken = self.oldest_cursor();
        entries
    }

    /// Drops all entries and goes on at this cursor. A history that is replayed has holes where nothing changed the world.
    pub(super) fn resume_at(&mut self, cursor: u64) {
        while !self.entries.is_empty() {
            self.evict_oldest();
        }
        self.next = cursor;
    }

    /// Drops everything before this cursor.
    pub(super) fn begin_at(&mut self, oldest: u64, taken: u64) {
        while self.entries.front().is_some_and(|entry| entry.cursor < oldest) {
            self.evict_oldest();
        }
        self.taken = taken;
    }

    /// Entries before this one were taken out.
    pub fn taken_before(&self) -> u64 {
        self.taken
    }

    /// The entries after a cursor, oldest first. Fails if some of them are gone.
    pub fn after(&self, cursor: u64) -> Result<impl Iterator<Item = &LedgerEntry>, EntriesGone> {
        let oldest = self.oldest_cursor();
        if cursor.saturating_add(1) < oldest {
            return Err(self.forgotten(oldest));
        }
        let skip = usize::try_from(cursor.saturating_add(1) - oldest).unwrap_or(usize::MAX);
        Ok(self.entries.iter().skip(skip))
    }

    /// Fails if the ledger does not go as far as this cursor.
    pub fn reaches(&self, cursor: u64) -> Result<(), CursorAhead> {
        if cursor < self.next { Ok(()) } else { Err(CursorAhead { newest: self.next - 1 }) }
    }

    fn forgotten(&self, oldest: u64) -> EntriesGone {
        let why = if oldest <= self.taken { GoneReason::Taken } else { self.reason };
        EntriesGone { why, oldest }
    }

    /// What was dropped, if anything was.
    pub fn lost(&self) -> Option<EntriesGone> {
        let oldest = self.oldest_cursor();
        (oldest > self.first).then(|| self.forgotten(oldest))
    }

    /// The dropped commands.
    pub fn evicted_commands(&self) -> &EvictedCommands {
        &self.evicted_commands
    }

    /// How many entries are left.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True if no entry is left.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries that were dropped since the last call, to be freed outside the lock.
    pub fn take_dropped(&mut self) -> DroppedEntries {
        std::mem::take(&mut self.to_drop)
    }

    /// The cursor of the oldest entry that is left; of the next one if there is none.
    pub fn oldest_cursor(&self) -> u64 {
        self.next - self.entries.len() as u64
    }

    /// One entry, if it is left.
    pub fn get(&self, cursor: u64) -> Option<&LedgerEntry> {
        self.entries.get(usize::try_from(cursor.checked_sub(self.oldest_cursor())?).ok()?)
    }

    /// Every entry that is left, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &LedgerEntry> {
        self.entries.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_entries_go_and_a_reader_who_asks_for_them_gets_an_error() {
        let mut ledger = Ledger::beginning_at(1, 2, 1 << 20);
        for second in 0..4 {
            ledger.write(Moment::from_millis(second), None, Record::ClockTurned { to: Moment::from_millis(second) });
        }
        let cursors = |after| ledger.after(after).map(|entries| entries.map(|entry| entry.cursor).collect::<Vec<_>>());
        assert_eq!(cursors(2), Ok(vec![3, 4]));
        assert_eq!(cursors(4), Ok(vec![]));
        assert_eq!(cursors(9), Ok(vec![]));
        assert_eq!(cursors(1), Err(EntriesGone { why: GoneReason::Evicted(2), oldest: 3 }));
    }

    #[test]
    fn what_is_taken_is_gone_and_said_to_be_taken() {
        let mut ledger = Ledger::beginning_at(1, 9, 1 << 20);
        for cursor in 1..6 {
            assert_eq!(
                ledger.write(Moment::from_millis(0), None, Record::ClockTurned { to: Moment::from_millis(0) }),
                cursor
            );
        }
        let taken = |entries: Vec<LedgerEntry>| entries.iter().map(|entry| entry.cursor).collect::<Vec<_>>();
        assert_eq!(taken(ledger.take(2)), [1, 2]);
        assert_eq!(taken(ledger.take(9)), [3, 4, 5]);
        assert_eq!(taken(ledger.take(9)), [0; 0]);
        assert_eq!(ledger.lost(), Some(EntriesGone { why: GoneReason::Taken, oldest: 6 }));
        assert_eq!(ledger.write(Moment::from_millis(0), None, Record::ClockTurned { to: Moment::from_millis(0) }), 6);
    }
}
