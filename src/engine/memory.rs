//! What the worlds of a process keep, in bytes, and how much they may keep together. Each world counts what it stores while it stores it;
//! `MemoryShare` adds that to the count of the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::state::WorldState;

/// What the worlds of a process may keep, unless somebody says something else.
pub const DEFAULT_MEMORY: u64 = 1024 * 1024 * 1024;
/// A world says how much it keeps when that has changed by this many bytes.
const STEP: u64 = 16 * 1024;
/// What a thread keeps, without its messages: an estimate from a world of 100,000 of them.
const THREAD: u64 = 600;
/// What a person with a name keeps, estimated in the same way.
const PERSON: u64 = 160;
/// What a page-scoped id of a person with a name keeps, estimated in the same way.
const PSID: u64 = 80;
/// What a webhook keeps that waits to be sent again, with what only it still refers to: an estimate for one with a long text.
const WAITING: u64 = 4 * 1024;

/// What the worlds of a process keep, and how much that may be.
#[derive(Debug)]
pub struct MemoryBudget {
    limit: u64,
    used: AtomicU64,
    worlds: AtomicU64,
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self::new(DEFAULT_MEMORY)
    }
}

/// The worlds of the process keep so much that nothing more fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this needs about {needed} bytes, and the worlds of this process keep {used} of {limit} bytes: delete some, make smaller ones, or start \
     graphdouble with a larger `--memory`"
)]
pub struct NoMemory {
    needed: u64,
    used: u64,
    limit: u64,
}

impl MemoryBudget {
    /// A budget of this many bytes.
    pub fn new(limit: u64) -> Self {
        Self { limit, used: AtomicU64::new(0), worlds: AtomicU64::new(0) }
    }

    /// The bytes that worlds may keep.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// The bytes that they keep.
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Fails if this many more bytes do not fit.
    pub fn check(&self, needed: u64) -> Result<(), NoMemory> {
        let (used, limit) = (self.used(), self.limit);
        if used.saturating_add(needed) <= limit { Ok(()) } else { Err(NoMemory { needed, used, limit }) }
    }

    /// What each world may keep when nothing more fits.
    fn equal_share(&self) -> u64 {
        self.limit / self.worlds.load(Ordering::Relaxed).max(1)
    }
}

/// What one world takes of the budget. It goes back when the world is gone.
#[derive(Debug)]
pub(super) struct MemoryShare {
    budget: Arc<MemoryBudget>,
    taken: u64,
}

impl MemoryShare {
    pub(super) fn of(budget: Arc<MemoryBudget>) -> Self {
        budget.worlds.fetch_add(1, Ordering::Relaxed);
        Self { budget, taken: 0 }
    }

    /// Takes what the world keeps now. If the worlds keep too much together, this one drops its oldest entries until it keeps no more than
    /// an equal share. Entries from `begin` on stay.
    pub(super) fn settle(&mut self, state: &mut WorldState, begin: u64) {
        let bytes = state.memory().total();
        if bytes.abs_diff(self.taken) < STEP {
            return;
        }
        self.take(bytes);
        let (limit, share) = (self.budget.limit, self.budget.equal_share());
        if self.budget.used() > limit && bytes > share {
            let ledger = state.ledger.bytes() as u64;
            let allowed = share.saturating_sub(bytes - ledger);
            let cut = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
            state.ledger.shrink_to(cut(allowed), begin, cut(limit));
            self.take(state.memory().total());
        }
    }

    fn take(&mut self, bytes: u64) {
        self.budget.used.fetch_add(bytes.wrapping_sub(self.taken), Ordering::Relaxed);
        self.taken = bytes;
    }
}

impl Drop for MemoryShare {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.taken, Ordering::Relaxed);
        self.budget.worlds.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a world keeps, in bytes, estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorldMemory {
    /// The ledger, with the commands that are kept beyond it.
    pub ledger: u64,
    /// The messages that are remembered.
    pub messages: u64,
    /// The threads.
    pub threads: u64,
    /// What apps have saved for pages: attachments, personas, labels and templates.
    pub saved: u64,
    /// The webhooks that wait to be sent again.
    pub waiting: u64,
    /// The people with names and their page-scoped ids, and the text of the world.
    pub declared: u64,
}

impl WorldMemory {
    /// All together.
    pub fn total(&self) -> u64 {
        self.ledger + self.messages + self.threads + self.saved + self.waiting + self.declared
    }
}

impl WorldState {
    /// What the world keeps.
    pub(super) fn memory(&self) -> WorldMemory {
        let config = self.world.config();
        WorldMemory {
            ledger: self.ledger.bytes() as u64,
            messages: self.world.message_bytes() as u64,
            threads: self.world.thread_count() as u64 * THREAD,
            saved: self.world.settings().saved_bytes() as u64,
            waiting: self.pending.0.len() as u64 * WAITING,
            declared: declared_bytes(
                config.declared.len(),
                config.people.named_count() as usize,
                config.assets.len(),
                config.apps.len(),
            ),
        }
    }
}

/// What a world of a text of this length keeps, with so many people with names, pages and apps.
pub fn declared_bytes(text: usize, people: usize, pages: usize, apps: usize) -> u64 {
    let (text, people, pages, apps) = (text as u64, people as u64, pages as u64, apps as u64);
    let people = people.saturating_mul(PERSON + PSID * pages);
    text.saturating_add(people).saturating_add(pages.saturating_mul(apps).saturating_mul(PERSON))
}
