//! Delivery room: how patient deliveries are. `cli` and `emulator` fill it in.

use std::time::Duration;

/// How long Meta waits for an answer (its FAQ).
const TIMEOUT: Duration = Duration::from_secs(20);
/// How soon Meta's webhook page wants an answer.
const SLOW_AFTER: Duration = Duration::from_secs(5);
/// How patient deliveries are.
#[derive(Debug, Clone, Copy)]
pub struct DeliverySettings {
    /// Real time for one attempt, from the connection to the end of the answer; for a handshake too.
    pub timeout: Duration,
    /// An answer that takes longer than this is accepted with a warning.
    pub slow_after: Duration,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self { timeout: TIMEOUT, slow_after: SLOW_AFTER }
    }
}
