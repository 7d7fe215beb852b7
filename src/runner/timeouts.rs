//! How long a run waits for real apps, and how such times are printed.

use std::time::Duration;

use crate::domain::model::time::Span;
use crate::text::units;

/// How long a run waits for real apps, in real time.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For an app to do what a step describes.
    pub within: Duration,
    /// How long nothing must happen before a world with real apps counts as quiet.
    pub quiet: Duration,
    /// For all webhooks and calls in flight to end.
    pub budget: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { within: Duration::from_secs(2), quiet: Duration::from_millis(50), budget: Duration::from_secs(10) }
    }
}

impl Timeouts {
    /// How long an app has to answer a webhook. A step gives up first, so a bot that never answers always leads to the same failure.
    pub fn webhook(&self) -> Duration {
        self.budget.saturating_mul(2)
    }
}

pub(crate) fn format_real_time(duration: Duration) -> String {
    units::format_duration(Span(duration.as_millis() as u64))
}
