//! A fault of an HTTP response: a delay, or damage to its bytes. The code that builds a response attaches the fault as an extension; the
//! server applies it while writing. Any room may use it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Default)]
pub struct ResponseFault {
    /// How long the response is delayed, in real time.
    pub delay: Duration,
    pub wire_fault: Option<WireFault>,
    /// A value that lives until the delay is over, such as the guard of a call in flight.
    pub keeps: Option<Arc<dyn Any + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireFault {
    /// The response is never sent, and the connection stays open until the client gives up.
    Hang,
    /// The response is never sent, and the connection is reset.
    Reset,
    /// The response is never sent, and the connection is closed.
    Close,
    /// The head and half of the body are sent, and the connection is closed.
    Truncate,
}

impl fmt::Debug for ResponseFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delay, wire_fault, keeps: _ } = self;
        formatter
            .debug_struct("ResponseFault")
            .field("delay", delay)
            .field("wire_fault", wire_fault)
            .finish_non_exhaustive()
    }
}
