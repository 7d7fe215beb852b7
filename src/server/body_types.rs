//! The bodies that a response may have, and the error that stands for a response that is never sent.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::Response;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::watch;

use super::stoppable_body::{StoppableBody, StreamingBody};

/// A whole body, a stream, or a body that is cut in half.
pub(super) type ResponseBody = Either<Full<Bytes>, Either<StoppableBody, HalfBody>>;

/// Why a request has no response.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoResponse {
    /// A fault ends the connection instead.
    #[error("a response is withheld, as a fault asks")]
    Withheld,
    /// The client went away while it waited.
    #[error("the client went away before it had a response")]
    ClientGone,
}

pub(super) fn full_body(response: Response<Bytes>) -> Response<ResponseBody> {
    response.map(|body| Either::Left(Full::new(body)))
}

/// The stream ends early once `stop` is true.
pub(super) fn streaming_body(response: Response<StreamingBody>, stop: watch::Receiver<bool>) -> Response<ResponseBody> {
    response.map(|body| Either::Right(Either::Left(StoppableBody::new(body, stop))))
}

pub(super) fn half_body(response: Response<Bytes>) -> Response<ResponseBody> {
    response.map(|body| Either::Right(Either::Right(HalfBody::new(body))))
}

/// A body that announces its whole length and fails after its first half.
pub(super) struct HalfBody {
    whole_length: u64,
    first_half: Option<Bytes>,
    has_paused: bool,
}

/// The error that ends a half body.
#[derive(Debug, thiserror::Error)]
#[error("half of the body is withheld, as a fault asks")]
pub(super) struct HalfWithheld;

impl HalfBody {
    fn new(body: Bytes) -> Self {
        Self { whole_length: body.len() as u64, first_half: Some(body.slice(..body.len() / 2)), has_paused: false }
    }
}

impl Body for HalfBody {
    type Data = Bytes;
    type Error = HalfWithheld;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HalfWithheld>>> {
        if let Some(half) = self.first_half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if self.has_paused {
            return Poll::Ready(Some(Err(HalfWithheld)));
        }
        // hyper flushes the first half while the body is pending. An error right away would discard it.
        self.has_paused = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        false
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.whole_length)
    }
}
