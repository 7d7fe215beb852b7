//! How long the sender waits for a bot, and whom it trusts.

use std::time::Duration;

#[cfg(feature = "tls")]
use super::client_tls::TrustedCas;

/// How long Meta waits for a response (its FAQ).
const TIMEOUT: Duration = Duration::from_secs(20);
/// How soon Meta's webhook page wants a response.
const SLOW_AFTER: Duration = Duration::from_secs(5);
/// How long a bot must once have kept a connection open after an answer before its connections are used again at once. Some bots close
/// each connection after their answer without saying so; a webhook that is on its way just then would be lost.
const REUSE_AFTER: Duration = Duration::from_millis(50);

/// How long the sender waits for a bot, and whom it trusts.
#[derive(Debug, Clone)]
pub struct DeliverySettings {
    /// Real time for one attempt or one handshake, from the connection to the end of the response.
    pub timeout: Duration,
    /// A response that takes longer than this is accepted with a warning.
    pub slow_after: Duration,
    /// How long a bot must once have kept a connection open before its connections are used again at once.
    pub reuse_after: Duration,
    /// CAs that may sign the certificates of bots, beside those that the machine trusts.
    #[cfg(feature = "tls")]
    pub trusted_cas: TrustedCas,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            timeout: TIMEOUT,
            slow_after: SLOW_AFTER,
            reuse_after: REUSE_AFTER,
            #[cfg(feature = "tls")]
            trusted_cas: TrustedCas::default(),
        }
    }
}
