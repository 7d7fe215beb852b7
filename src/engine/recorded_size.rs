//! How much of a body, and of an answer, the ledger of a world keeps.

use super::active_world::ActiveWorld;

impl ActiveWorld {
    /// The most bytes of one body or answer: what the world allows, and no more than a quarter of what all worlds may keep.
    pub fn max_recorded_body(&self) -> usize {
        let of_process = usize::try_from(self.budget.limit() / 4).unwrap_or(usize::MAX);
        self.declared_config().limits.recorded_body().min(of_process)
    }
}
