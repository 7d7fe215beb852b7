//! What a server serves: the Graph API and the control API of one engine. `cli` and `emulator` enter.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::http::{Request, Response};

#[cfg(feature = "tls")]
use crate::certificates::Certificates;
use crate::control::{Control, ControlResponse};
use crate::engine::Engine;
use crate::graph;
use crate::runner::Timeouts;
use crate::server::Service;

/// The Graph API and the control API of one engine.
#[derive(Debug)]
pub struct EngineSite {
    engine: Arc<Engine>,
    control: Control,
}

impl EngineSite {
    /// The site of an engine.
    pub fn new(engine: Arc<Engine>, patience: Timeouts) -> Self {
        Self { control: Control::new(engine.clone(), patience), engine }
    }

    /// With a CA that the control API hands out.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn showing(self, certificates: Arc<Certificates>) -> Self {
        Self { control: self.control.showing(certificates), ..self }
    }
}

impl Service for EngineSite {
    async fn answer_graph_call(&self, request: Request<Bytes>) -> Response<Bytes> {
        graph::answer(&self.engine, request).await
    }

    async fn answer_control_call(&self, request: Request<Bytes>) -> ControlResponse {
        self.control.answer(request).await
    }

    fn answer_too_large(&self, head: &Parts) -> Response<Bytes> {
        graph::body_too_large(&self.engine, head)
    }
}
