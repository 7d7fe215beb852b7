//! The body of a response while it is sent. It goes to hyper in pieces, so it lives until the client has read nearly all of it; until
//! then its request has its turn, and a large answer its share of what may be unread.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::body_types::ResponseBody;
use super::places::ServingPermit;

/// Bytes in one piece.
const PIECE: usize = 64 * 1024;
/// Answers up to this size count for nothing.
const SMALL_ANSWER: u64 = 1024 * 1024;
/// The unit in which unread answers are counted.
const UNIT: u64 = 1024;

/// How many bytes of large answers may be unread, in all connections together.
#[derive(Debug)]
pub(super) struct UnreadAnswers {
    units: Arc<Semaphore>,
    all: u32,
}

/// The share of one answer.
#[derive(Debug)]
pub(super) struct UnreadShare {
    _units: OwnedSemaphorePermit,
}

impl UnreadAnswers {
    pub(super) fn new(bytes: usize) -> Self {
        let all = u32::try_from(bytes as u64 / UNIT).unwrap_or(u32::MAX);
        Self { units: Arc::new(Semaphore::new(all as usize)), all }
    }

    /// The share of an answer with this body: none for a small one and for one without an end. An error if too much is unread.
    pub(super) fn share(&self, body: &impl Body) -> Result<Option<UnreadShare>, TooMuchUnread> {
        let Some(size) = body.size_hint().exact().filter(|size| *size > SMALL_ANSWER) else { return Ok(None) };
        // A single answer that is larger than all together is sent alone.
        let units = u32::try_from(size / UNIT).unwrap_or(u32::MAX).min(self.all);
        match self.units.clone().try_acquire_many_owned(units) {
            Ok(units) => Ok(Some(UnreadShare { _units: units })),
            Err(_) => Err(TooMuchUnread),
        }
    }
}

/// Clients ask for large answers faster than they read them.
#[derive(Debug, thiserror::Error)]
#[error("clients ask for large answers and do not read them: read them, and ask again")]
pub(super) struct TooMuchUnread;

/// A body with what it holds until it is sent.
pub(super) struct ServedBody {
    body: ResponseBody,
    /// What of the last frame is still to be sent.
    rest: Bytes,
    _turn: ServingPermit,
    _share: Option<UnreadShare>,
}

impl ServedBody {
    pub(super) fn new(body: ResponseBody, turn: ServingPermit, share: Option<UnreadShare>) -> Self {
        Self { body, rest: Bytes::new(), _turn: turn, _share: share }
    }
}

impl Body for ServedBody {
    type Data = Bytes;
    type Error = <ResponseBody as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.rest.is_empty() {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)?) else { return Poll::Ready(None) };
            match frame.into_data() {
                Ok(data) => self.rest = data,
                Err(other) => return Poll::Ready(Some(Ok(other))),
            }
        }
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match self.rest.is_empty() {
            true => self.body.size_hint(),
            false => SizeHint::default(),
        }
    }
}
