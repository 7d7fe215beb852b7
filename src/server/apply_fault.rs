//! Applies the [`ResponseFault`] that a response carries: delays it, cuts its body in half, or ends the connection instead.

use bytes::Bytes;
use hyper::Response;
use tokio::time::timeout;

use super::body_types::{NoResponse, ResponseBody, full_body, half_body};
use super::connection::{Connection, WayToEnd};
use crate::response_fault::{ResponseFault, WireFault};

/// Applies the fault of a response, if it has one. A delayed response leaves at once when the server stops.
pub(super) async fn apply_fault(
    mut response: Response<Bytes>,
    stopped: impl Future<Output = ()>,
    connection: &impl Connection,
) -> Result<Response<ResponseBody>, NoResponse> {
    let Some(fault) = response.extensions_mut().remove::<ResponseFault>() else {
        return Ok(full_body(response));
    };
    let ResponseFault { delay, wire_fault, keeps } = fault;
    if !delay.is_zero() {
        // The wait ends by its own timeout or because the server stops. In both cases the response leaves.
        timeout(delay, stopped).await.unwrap_or_default();
    }
    drop(keeps);
    let way = match wire_fault {
        None => return Ok(full_body(response)),
        Some(WireFault::Truncate) => return Ok(half_body(response)),
        Some(WireFault::Hang) => WayToEnd::Hang,
        Some(WireFault::Reset) => WayToEnd::Reset,
        Some(WireFault::Close) => WayToEnd::Close,
    };
    connection.end_by(way);
    Err(NoResponse::Withheld)
}
