//! How long the sender waits for a bot, and how many webhooks it sends at once.

use std::time::Duration;

/// How long Meta waits for a response (its FAQ).
const TIMEOUT: Duration = Duration::from_secs(20);
/// How soon Meta's webhook page wants a response.
const SLOW_AFTER: Duration = Duration::from_secs(5);
/// How many webhooks one app of one world receives at the same time. A real bot takes many at once; beyond this many, threads wait for one
/// another.
pub const WEBHOOKS_AT_ONCE: usize = 64;

/// How long the sender waits for a bot, and how many webhooks it sends at once.
#[derive(Debug, Clone, Copy)]
pub struct DeliverySettings {
    /// Real time for one attempt or one handshake, from the connection to the end of the response.
    pub timeout: Duration,
    /// A response that takes longer than this is accepted with a warning.
    pub slow_after: Duration,
    /// Webhooks that one app of one world receives at the same time.
    pub webhooks_at_once: usize,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self { timeout: TIMEOUT, slow_after: SLOW_AFTER, webhooks_at_once: WEBHOOKS_AT_ONCE }
    }
}
