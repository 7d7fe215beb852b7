//! The interface of what holds a failed scenario, so that somebody can look at its world before it is gone. `cli` has the implementation.

use std::pin::Pin;
use std::sync::Arc;

use crate::engine::{ActiveWorld, Engine};
use crate::text::diagnostic::Diagnostic;

/// A scenario that has failed and whose world is still there.
#[derive(Debug)]
pub struct HeldScenario<'h> {
    pub name: &'h str,
    pub failure: &'h Diagnostic,
    pub engine: &'h Arc<Engine>,
    pub world: &'h Arc<ActiveWorld>,
}

/// Holds failed scenarios.
pub trait FailureHold: std::fmt::Debug + Send + Sync {
    /// Ends when the run may go on.
    fn hold<'h>(&'h self, held: HeldScenario<'h>) -> Pin<Box<dyn Future<Output = ()> + Send + 'h>>;
}
