//! Ends a run from outside. No further scenario begins, and those that run are left where they are.

use std::sync::Arc;

use tokio::sync::watch;

/// A switch that everybody shares who has a clone of it.
#[derive(Debug, Clone)]
pub struct StopSwitch(Arc<watch::Sender<bool>>);

impl Default for StopSwitch {
    fn default() -> Self {
        Self(Arc::new(watch::channel(false).0))
    }
}

impl StopSwitch {
    /// Ends the run.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody ends the run.
    pub async fn stopped(&self) {
        // The channel is open for as long as there is a switch.
        self.0.subscribe().wait_for(|is_stopped| *is_stopped).await.map(drop).unwrap_or_default();
    }
}
