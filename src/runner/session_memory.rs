//! What one caller remembers between its steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::domain::model::byte_count::byte_count;

use super::active_threads::ActiveThreads;
use super::ledger_window::LedgerWindow;

/// The most values that a session saves.
pub const MAX_SAVED: usize = 10_000;

/// The most bytes of all values that a session saves.
pub const MAX_SAVED_BYTES: usize = 4 * 1024 * 1024;

/// What one caller remembers between its steps. A clone costs little: what rarely changes is shared until it does.
#[derive(Debug, Clone)]
pub struct SessionMemory {
    /// Values that steps saved, by name.
    pub(super) saved: Arc<BTreeMap<String, Value>>,
    /// The bytes of all values that were ever saved.
    pub(super) saved_bytes: usize,
    /// What expectations see: the effects of the last acting step.
    pub(super) window: LedgerWindow,
    /// The cursor at which the session began. Calls of real apps after it can be observed.
    pub(super) begin: u64,
    /// The newest entry when the last acting step began.
    pub(super) acted: u64,
    /// Threads in which the session acted.
    pub(super) active_threads: Arc<ActiveThreads>,
}

impl SessionMemory {
    pub(super) fn new(begin: u64, window: LedgerWindow) -> Self {
        Self { saved: Arc::default(), saved_bytes: 0, window, begin, acted: begin, active_threads: Arc::default() }
    }

    /// Takes over what a step changed in its clone. Other steps may have changed this memory since.
    pub(super) fn merge(&mut self, after: Self, saved_now: &[String]) {
        self.begin = self.begin.max(after.begin);
        self.acted = self.acted.max(after.acted);
        for (name, value) in saved_now.iter().filter_map(|name| after.saved.get_key_value(name)) {
            self.saved_bytes = self.saved_bytes.saturating_add(byte_count(value));
            Arc::make_mut(&mut self.saved).insert(name.clone(), value.clone());
        }
        if !Arc::ptr_eq(&self.active_threads, &after.active_threads) {
            Arc::make_mut(&mut self.active_threads).extend(&after.active_threads);
        }
    }
}
