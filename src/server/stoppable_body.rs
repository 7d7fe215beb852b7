//! A streamed response body that ends when the server stops.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::watch;

/// The body of a response that may go on for as long as the client reads.
pub type StreamingBody = BoxBody<Bytes, Infallible>;

/// Ends once `stop` is true. A sender that is gone means the same.
pub(super) async fn until_stopped(mut stop: watch::Receiver<bool>) {
    drop(stop.wait_for(|stopped| *stopped).await);
}

/// A body that ends when the server stops and the body has nothing to send. Without it, one client that watches a ledger would make
/// the server wait for the whole grace period.
pub(super) struct StoppableBody {
    body: StreamingBody,
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl StoppableBody {
    pub(super) fn new(body: StreamingBody, stop: watch::Receiver<bool>) -> Self {
        Self { body, stopped: Box::pin(until_stopped(stop)) }
    }
}

impl Body for StoppableBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        // A body of a known length ends by itself soon; to cut it short would break the response.
        let may_be_cut = frame.is_pending() && self.body.size_hint().exact().is_none();
        match may_be_cut && self.stopped.as_mut().poll(context).is_ready() {
            true => Poll::Ready(None),
            false => frame,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
