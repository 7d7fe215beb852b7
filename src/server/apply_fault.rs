//! Server room: answers that are spoiled on their way out, as the site asks: held back, cut short, or never sent. Only `service` enters.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Either;
use hyper::Response;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::timeout;

use super::line::{End, Ends};
use super::service::{Served, plain};
use crate::response_fault::{ResponseFault, WireFault};

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// The connection broke off.
    #[error(transparent)]
    Off(#[from] hyper::Error),
    /// The site wants it to break off.
    #[error("an answer is withheld, as the site asks")]
    AsAsked,
}

/// Does to an answer what is asked of it. What is held back is let go when the server stops.
pub(crate) async fn spoil(mut answer: Response<Bytes>, stopped: impl Future<Output = ()>, line: &impl Ends) -> Served {
    let Some(ResponseFault { delay, wire_fault, keeps }) = answer.extensions_mut().remove::<ResponseFault>() else {
        return Ok(plain(answer));
    };
    if !delay.is_zero() {
        // Over in time, or because the server stops: either way the answer may go.
        timeout(delay, stopped).await.unwrap_or_default();
    }
    drop(keeps);
    let end = match wire_fault {
        None => return Ok(plain(answer)),
        Some(WireFault::Truncate) => return Ok(answer.map(|body| Either::Right(Either::Right(Half::of(body))))),
        Some(WireFault::Hang) => End::Hang,
        Some(WireFault::Reset) => End::Reset,
        Some(WireFault::Close) => End::Close,
    };
    line.end_by(end);
    Err(Broken::AsAsked)
}

/// A body that promises all of itself and breaks off after its first half.
pub(crate) struct Half {
    whole: u64,
    first: Option<Bytes>,
    has_rested: bool,
}

/// Why half a body is not followed by the other half.
#[derive(Debug, thiserror::Error)]
#[error("half of the body is withheld, as the site asks")]
pub(crate) struct Withheld;

impl Half {
    fn of(whole: Bytes) -> Self {
        Self { whole: whole.len() as u64, first: Some(whole.slice(..whole.len() / 2)), has_rested: false }
    }
}

impl Body for Half {
    type Data = Bytes;
    type Error = Withheld;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Withheld>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if self.has_rested {
            return Poll::Ready(Some(Err(Withheld)));
        }
        // What was said so far leaves while the body rests; an error at once would take it back.
        self.has_rested = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        false
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.whole)
    }
}
