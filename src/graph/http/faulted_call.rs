//! A call that met a fault, in terms of its HTTP response. `routes/faults` decides it, [`super::graph_response`] applies it.

use bytes::Bytes;

use crate::engine::fault::Usage;
use crate::response_fault::ResponseFault;

use super::response;

/// A fault that a call met.
pub struct FaultedCall {
    /// True if the call is executed although it met the fault.
    pub is_executed: bool,
    /// The result that replaces the edge's.
    pub result: Option<response::Result>,
    /// A response that does not come from the Graph API at all.
    pub raw_response: Option<RawResponse>,
    pub body_cut: Option<BodyCut>,
    /// The quota figures that the headers show instead of the real ones.
    pub usage: Option<Usage>,
    /// What the server does to the response while it writes it.
    pub response_fault: Option<ResponseFault>,
    pub hit: FaultHit,
}

/// What the ledger records of the fault.
#[derive(Debug, Clone, Copy)]
pub struct FaultHit {
    /// The number of the fault.
    pub fault: u32,
    /// The fault's word for how the answer was lost, if it was.
    pub lost: Option<&'static str>,
}

/// How much of the body is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyCut {
    Half,
    All,
}

/// A response with which a fault replaces the Graph API's own. It has none of Meta's headers.
pub struct RawResponse {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Bytes,
}
