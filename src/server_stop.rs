//! Says that the server stops. The server gives it with each call of the control API, so that a call that waits can answer at once. Any
//! room may use it.

use tokio::sync::watch;

/// Says that the server stops.
#[derive(Debug, Clone)]
pub struct ServerStop(watch::Receiver<bool>);

impl ServerStop {
    /// The signal comes when `stop` is true. A sender that is gone means the same.
    pub fn new(stop: watch::Receiver<bool>) -> Self {
        Self(stop)
    }

    /// Ends when the server stops.
    pub async fn stopped(&self) {
        drop(self.0.clone().wait_for(|stopped| *stopped).await);
    }
}
