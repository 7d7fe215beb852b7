//! Reads the body of a request, up to a size limit and within a time limit. All large bodies of the process together are bounded, too: the
//! next one waits until there is room for it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::header::EXPECT;
use hyper::http::request::Parts;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// How many times the limit an oversized body is read and thrown away. Most clients read no response before they have sent everything;
/// they would only see a broken connection.
const DRAIN_FACTOR: u64 = 4;
/// How much memory is reserved for a body before any of it is there, whatever length its sender declares.
const MAX_RESERVED: usize = 64 * 1024;

/// The most bytes of large bodies that are in memory at the same time. Small ones have no part in it.
pub const MAX_BODIES: usize = 256 * 1024 * 1024;
/// Room is given in blocks of this many bytes.
const BLOCK: usize = 64 * 1024;

/// The room for large bodies.
static ROOM: Semaphore = Semaphore::const_new(MAX_BODIES / BLOCK);

/// A body that gives its room back when the last part of it is dropped.
struct RoomyBody {
    bytes: Bytes,
    _room: Option<SemaphorePermit<'static>>,
}

impl AsRef<[u8]> for RoomyBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Waits for the room of a body that may have this many bytes. All of it is taken at once, so no two bodies wait for each other.
async fn take_room(bytes: usize) -> Option<SemaphorePermit<'static>> {
    let blocks = u32::try_from(bytes.min(MAX_BODIES).div_ceil(BLOCK)).unwrap_or(u32::MAX);
    // It is never closed.
    ROOM.acquire_many(blocks).await.ok()
}

/// Why there is no body.
#[derive(Debug)]
pub(super) enum BodyError {
    TooLarge,
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
    if declared.is_some_and(|length| length > limit as u64) && head.headers.contains_key(EXPECT) {
        // The client waits for permission, so it has sent nothing that would have to be drained.
        return Err(BodyError::TooLarge);
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
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX).min(MAX_RESERVED);
    let mut whole = BytesMut::with_capacity(first.len() + expected);
    let most = declared_length(body, first.len()).unwrap_or(limit).min(limit);
    let mut room = None;
    let mut data = Some(first);
    while let Some(piece) = data {
        if whole.len() + piece.len() > limit {
            return Err(BodyError::TooLarge);
        }
        if room.is_none() && whole.len() + piece.len() > MAX_RESERVED {
            room = take_room(most).await;
        }
        whole.extend_from_slice(&piece);
        data = next_data(body).await?;
    }
    match room {
        None => Ok(whole.freeze()),
        room => Ok(Bytes::from_owner(RoomyBody { bytes: whole.freeze(), _room: room })),
    }
}

/// The length of a body of which so much is read, if its sender has declared it.
fn declared_length(body: &Incoming, read: usize) -> Option<usize> {
    let left = body.size_hint().exact()?;
    usize::try_from(left).ok()?.checked_add(read)
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
