//! A world with several callers: what they share, and the session that each of them acts with.

use std::sync::Arc;

use tokio::time::Instant;

use crate::engine::{ActiveWorld, Engine};
use crate::lint::Linted;

use super::ledger_window::LedgerWindow;
use super::linting::lint_world;
use super::observations::Observations;
use super::session::Session;
use super::session_memory::SessionMemory;
use super::step_effects::StepTrace;
use super::step_order::StepOrder;
use super::timeouts::Timeouts;

/// A world with several callers, until its next reset.
#[derive(Debug)]
pub struct SharedWorld {
    engine: Arc<Engine>,
    world: Arc<ActiveWorld>,
    timeouts: Timeouts,
    generation: u64,
    observations: Arc<Observations>,
    order: Arc<StepOrder>,
}

impl SharedWorld {
    /// The world as it is now.
    pub fn new(engine: Arc<Engine>, world: Arc<ActiveWorld>, timeouts: Timeouts) -> Self {
        let newest = world.read(|_, ledger, _| ledger.next_cursor() - 1);
        Self {
            engine,
            timeouts,
            generation: world.generation(),
            world,
            observations: Arc::new(Observations::after(newest)),
            order: Arc::default(),
        }
    }

    /// True if this is the world, and it has not been reset or put back since.
    pub fn is_current(&self, world: &Arc<ActiveWorld>) -> bool {
        Arc::ptr_eq(&self.world, world) && !world.is_stale(self.generation)
    }

    /// The memory of a caller who begins now.
    pub fn new_memory(&self) -> SessionMemory {
        let newest = self.world.read(|_, ledger, _| ledger.next_cursor() - 1);
        SessionMemory::new(newest, LedgerWindow::OfStep(StepTrace::since(newest)))
    }

    /// A session for one step of a caller who remembers this.
    pub fn session(&self, memory: SessionMemory, looks_at_own_threads: bool) -> Session {
        Session {
            engine: self.engine.clone(),
            world: self.world.clone(),
            config: self.world.config(),
            timeouts: self.timeouts,
            generation: self.generation,
            observations: self.observations.clone(),
            order: Some(self.order.clone()),
            memory,
            saved_now: Vec::new(),
            has_moved_window: false,
            looks_at_own_threads,
            rules_of_owners: Default::default(),
            unmatched_before: 0,
            shown: Vec::new(),
            step_began: Instant::now(),
            armed: Vec::new(),
            never_quiet: None,
        }
    }

    /// All findings of the lints in the world. What a step asked for is none.
    pub fn lint(&self) -> Linted {
        lint_world(&self.engine, &self.world, &self.observations, false)
    }
}
