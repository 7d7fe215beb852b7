//! Server room: answers that go on for as long as somebody listens, until the server stops. Only `service` enters.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::watch;

use super::StreamingBody;

/// A body that ends when the server stops and there is nothing in it to send. Without this a watched ledger would keep a server
/// waiting for the whole grace.
pub(crate) struct Stream {
    body: StreamingBody,
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Stream {
    /// The body, until something is sent to `stop`.
    pub(super) fn new(body: StreamingBody, mut stop: watch::Receiver<bool>) -> Self {
        let stopped = async move {
            // A sender that is gone means the same.
            drop(stop.wait_for(|stopped| *stopped).await);
        };
        Self { body, stopped: Box::pin(stopped) }
    }
}

impl Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        // An answer of a known length is on its way to its end; cutting it short would only break it.
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
