//! A call that met a fault, in terms of its answer. `routes::faults` decides what happens; `response` does it.

use bytes::Bytes;

use crate::engine::fault::Usage;
use crate::response_fault::ResponseFault;

use crate::graph::errors::failure::Failure;

/// A fault that a call met, in terms of its answer.
pub struct FaultedCall {
    /// Whether the call is executed all the same.
    pub is_executed: bool,
    /// What the Graph API answers instead.
    pub answer: Option<Result<Vec<u8>, Failure>>,
    /// What somebody else answers instead.
    pub foreign: Option<RawResponse>,
    /// What becomes of the body.
    pub cut: Option<BodyCut>,
    /// What the app is told that it has used.
    pub usage: Option<Usage>,
    /// What becomes of the answer on its way.
    pub response_fault: Option<ResponseFault>,
    /// What the ledger keeps of it.
    pub hit: FaultHit,
}

/// What the ledger keeps of a fault that a call met.
#[derive(Debug, Clone, Copy)]
pub struct FaultHit {
    /// Its number.
    pub fault: u32,
    /// What kept the answer from the caller.
    pub lost: Option<&'static str>,
}

/// What becomes of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyCut {
    /// Half of it is left.
    Half,
    /// Nothing is.
    All,
}

/// An answer that a fault puts in the place of the Graph API's own.
pub struct RawResponse {
    /// HTTP status.
    pub status: u16,
    /// What the body is said to be.
    pub content_type: &'static str,
    /// The body.
    pub body: Bytes,
}
