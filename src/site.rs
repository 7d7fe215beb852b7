//! What a server serves: the Graph API and the control API of one engine, and the inspector page. `cli` and `testing` make one.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::http::request::Parts;
use hyper::http::{Method, Request, Response, Uri};

#[cfg(feature = "tls")]
use crate::certificates::Certificates;
use crate::control::{CallKind, ControlApi, ControlResponse, ShownRecord, call_kind};
use crate::engine::Engine;
use crate::graph;
use crate::inspector;
use crate::runner::Timeouts;
use crate::server::{Need, Service, Unserved};

/// How the paths of the control API begin.
const CONTROL: &str = "/_control/";

/// The Graph API and the control API of one engine.
#[derive(Debug)]
pub struct EngineSite {
    engine: Arc<Engine>,
    control: ControlApi,
    /// False for a run that is over: no app may go on in it.
    answers_graph_calls: bool,
}

impl EngineSite {
    /// A site whose steps over HTTP wait for real apps as `timeouts` says.
    pub fn new(engine: Arc<Engine>, timeouts: Timeouts) -> Self {
        Self { control: ControlApi::new(engine.clone(), timeouts), engine, answers_graph_calls: true }
    }

    /// A site that shows a run that is over.
    pub fn of_record(engine: Arc<Engine>, record: ShownRecord) -> Self {
        let site = Self::new(engine, Timeouts::default());
        Self { control: site.control.of_record(record), answers_graph_calls: false, ..site }
    }

    /// The same, with a CA whose certificate the control API hands out.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn with_certificates(self, certificates: Arc<Certificates>) -> Self {
        Self { control: self.control.with_certificates(certificates), ..self }
    }
}

impl Service for EngineSite {
    fn need(&self, method: &Method, uri: &Uri) -> Option<Need> {
        // Most calls are Graph calls, which never wait.
        if !uri.path().starts_with(CONTROL) {
            return Some(Need::Call);
        }
        match call_kind(method, uri) {
            CallKind::Health => None,
            CallKind::Waiting => Some(Need::Watch),
            CallKind::Prompt => Some(Need::Call),
        }
    }

    async fn answer_graph_call(&self, request: Request<Bytes>) -> Response<Bytes> {
        match inspector::root_page(&request) {
            Some(page) => page,
            None if !self.answers_graph_calls => inspector::refuse_graph_call(),
            None => graph::answer(&self.engine, request).await,
        }
    }

    async fn answer_control_call(&self, request: Request<Bytes>) -> ControlResponse {
        match request.uri().path().starts_with("/_inspector") {
            true => inspector::answer(&request).map(|file| Full::new(file).boxed()),
            false => self.control.answer(request).await,
        }
    }

    fn answer_too_large(&self, head: &Parts) -> Response<Bytes> {
        graph::body_too_large(&self.engine, head)
    }

    fn answer_unserved(&self, path: &str, why: Unserved) -> Response<Bytes> {
        match why {
            Unserved::Malformed(why) => graph::malformed_request(&self.engine, path, &why),
            Unserved::Busy(_) => graph::overloaded(&self.engine, path),
        }
    }
}
