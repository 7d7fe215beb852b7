//! Reads the body of a request, up to a size limit and within a time limit. All large bodies of the process together are bounded, too: one
//! waits until there is room for its next bytes.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::header::EXPECT;
use hyper::http::request::Parts;
use tokio::time::timeout;

use super::body_room::{BodyRoom, SMALL_BODY};

/// How many times the limit an oversized body is read and thrown away. Most clients read no response before they have sent everything;
/// they would only see a broken connection.
const DRAIN_FACTOR: u64 = 4;
/// Why there is no body.
#[derive(Debug)]
pub(super) enum BodyError {
    TooLarge,
    /// Its sender declares that it is too large. Nothing of it is read.
    DeclaredTooLarge,
    /// It did not end in time.
    TooSlow,
    /// It is not HTTP, or the connection broke off.
    Broken(hyper::Error),
}

pub(super) async fn read_body(
    head: &Parts,
    mut body: Incoming,
    limit: usize,
    within: Duration,
) -> Result<Bytes, BodyError> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let declared = body.size_hint().exact();
    if declared.is_some_and(|length| length > limit as u64) {
        // A client that waits for permission has sent nothing that would have to be drained.
        let waits = head.headers.contains_key(EXPECT);
        return Err(if waits { BodyError::TooLarge } else { BodyError::DeclaredTooLarge });
    }
    let whole = {
        let mut collecting = pin!(collect(&mut body, limit));
        // The body of most requests came together with the head. Those need no timer.
        match poll_fn(|context| Poll::Ready(collecting.as_mut().poll(context))).await {
            Poll::Ready(whole) => whole,
            Poll::Pending => timeout(within, collecting).await.unwrap_or(Err(BodyError::TooSlow)),
        }
    };
    if matches!(whole, Err(BodyError::TooLarge)) {
        timeout(within, drain(&mut body, (limit as u64).saturating_mul(DRAIN_FACTOR))).await.unwrap_or_default();
    }
    whole
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Bytes, BodyError> {
    let Some(first) = next_data(body).await? else { return Ok(Bytes::new()) };
    if first.len() <= limit && body.is_end_stream() {
        return Ok(first);
    }
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX).min(SMALL_BODY);
    let mut whole = BytesMut::with_capacity(first.len() + expected);
    let mut room = BodyRoom::none();
    let mut data = Some(first);
    while let Some(piece) = data {
        if whole.len() + piece.len() > limit {
            return Err(BodyError::TooLarge);
        }
        room.grow_to(whole.len() + piece.len()).await;
        whole.extend_from_slice(&piece);
        data = next_data(body).await?;
    }
    Ok(room.hold(whole.freeze()))
}

/// The next piece of data. Trailers are skipped.
async fn next_data(body: &mut Incoming) -> Result<Option<Bytes>, BodyError> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(BodyError::Broken)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

async fn drain(body: &mut Incoming, mut budget: u64) {
    while let Ok(Some(data)) = next_data(body).await {
        match budget.checked_sub(data.len() as u64) {
            Some(left) => budget = left,
            None => return,
        }
    }
}
