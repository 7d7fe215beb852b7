//! How an answer is to be spoiled on its way out, in words of HTTP alone: who makes an answer says so beside it, and the server does it.
//! Any room that makes, carries or reads answers may enter.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What is to become of an answer. It travels among the answer's extensions.
#[derive(Clone, Default)]
pub struct ResponseFault {
    /// How long the answer is held back, in real time.
    pub delay: Duration,
    /// How it is damaged.
    pub wire_fault: Option<WireFault>,
    /// Something that is kept until the answer has been held back long enough, such as a mark that a call is under way.
    pub keeps: Option<Arc<dyn Any + Send + Sync>>,
}

/// How an answer is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireFault {
    /// It is never sent, and the connection stays open until the client gives up.
    Hang,
    /// It is never sent, and the connection is reset.
    Reset,
    /// It is never sent, and the connection is closed.
    Close,
    /// Its head and half of its body are sent, and the connection is closed.
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
