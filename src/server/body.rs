//! Server room: reads the body of a request, up to a limit and within a time. Only `service` enters.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::header::EXPECT;
use hyper::http::request::Parts;
use tokio::time::timeout;

/// How many times its limit an oversized body is read and thrown away for the sake of its sender: most clients read no answer before
/// they have sent everything, and would only see a broken connection.
const PATIENCE: u64 = 4;
/// What is set aside for a body before any of it is there, whatever its sender says.
const MAX_TRUST: usize = 64 * 1024;

/// Why there is no body.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// It is larger than the limit.
    TooLarge,
    /// It did not end in time.
    TooSlow,
    /// The connection broke off.
    Broken(hyper::Error),
}

/// Reads a body.
pub(super) async fn read(
    head: &Parts,
    mut body: Incoming,
    limit: usize,
    within: Duration,
) -> Result<Bytes, Unreadable> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let declared = body.size_hint().exact();
    if declared.is_some_and(|length| length > limit as u64) && head.headers.contains_key(EXPECT) {
        // It asked before it sends.
        return Err(Unreadable::TooLarge);
    }
    let whole = timeout(within, collect(&mut body, limit)).await.unwrap_or(Err(Unreadable::TooSlow));
    if matches!(whole, Err(Unreadable::TooLarge)) {
        timeout(within, drain(&mut body, (limit as u64).saturating_mul(PATIENCE))).await.unwrap_or_default();
    }
    whole
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Bytes, Unreadable> {
    let Some(first) = next(body).await? else { return Ok(Bytes::new()) };
    if first.len() <= limit && body.is_end_stream() {
        return Ok(first);
    }
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX).min(MAX_TRUST);
    let mut whole = BytesMut::with_capacity(first.len() + expected);
    let mut data = Some(first);
    while let Some(piece) = data {
        if whole.len() + piece.len() > limit {
            return Err(Unreadable::TooLarge);
        }
        whole.extend_from_slice(&piece);
        data = next(body).await?;
    }
    Ok(whole.freeze())
}

/// The next piece of data; trailers say nothing to us.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, Unreadable> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(Unreadable::Broken)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

async fn drain(body: &mut Incoming, mut patience: u64) {
    while let Ok(Some(data)) = next(body).await {
        match patience.checked_sub(data.len() as u64) {
            Some(left) => patience = left,
            None => return,
        }
    }
}
