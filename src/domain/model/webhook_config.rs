//! Where the webhooks of an app go.

use serde::{Deserialize, Serialize};

/// Where an app's webhooks go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookConfig {
    /// `None` as long as the app has not said where it listens. Its webhooks fail until then.
    pub url: Option<Box<str>>,
}
