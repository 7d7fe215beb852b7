//! Control: the control API below `/_control`, in the words of the scenarios: a step over HTTP is a scenario step. `site` brings it
//! requests. To add a route, add a row to `routes`: dispatch, the OpenAPI document, the answers 404 and 405 and docs/CONTROL-API.md
//! read that table and nothing else.

mod answer;
mod apps;
mod call;
mod call_kind;
mod calls;
mod clock;
mod due;
mod exchanges;
mod expiry;
mod faults;
mod ledger;
mod lint;
mod long_work;
mod names;
mod offers;
mod openapi;
mod parameters;
mod people;
mod query;
mod recorded_answers;
mod redeliver;
mod request_keys;
mod route;
mod routes;
mod schemas;
mod server;
mod snapshots;
mod state;
mod steps;
mod stream;
mod threads;
mod unmatched;
pub mod world_sessions;
mod worlds;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::http::uri::Scheme;
use hyper::http::{Method, Request, Response};

#[cfg(feature = "tls")]
use crate::certificates::Certificates;
use crate::engine::{Engine, WorldUse};
use crate::runner::Timeouts;
use crate::server_stop::ServerStop;

use answer::{ControlAnswer, NDJSON, Problem, SERVER_STOPS};
use call::{ControlCall, path_segments};
use long_work::work_on;
use query::Query;
use route::{ControlHandler, NoRoute};
use routes::ROUTES;
use state::ControlState;

pub use call_kind::{CallKind, call_kind};
pub use lint::lint_json;
pub use recorded_answers::{RecordedAnswers, ShownRecord, merge_answers};
pub use server::rule_json;
pub use worlds::MAX_DESCRIBED_PSIDS;

/// The answer to a control call. The body of a ledger stream goes on for as long as its reader stays.
pub type ControlResponse = Response<BoxBody<Bytes, Infallible>>;

/// The host of the links in an answer to a caller who names none.
const DEFAULT_HOST: &str = "127.0.0.1:4004";

/// Why a call that changes something is refused where a run is only looked at.
const READ_ONLY: &str =
    "this server shows a run that is over: nothing can be done in it, and `graphdouble serve` serves worlds to act in";

/// The header that names the session of a step.
const SESSION_HEADER: &str = "graphdouble-session";

/// The control API of one engine.
#[derive(Debug)]
pub struct ControlApi {
    state: ControlState,
}

impl ControlApi {
    /// The control API of an engine; its steps wait for real apps as `timeouts` says.
    pub fn new(engine: Arc<Engine>, timeouts: Timeouts) -> Self {
        Self { state: ControlState::new(engine, timeouts) }
    }

    /// The same API, which also hands out the certificate of this CA.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn with_certificates(self, certificates: Arc<Certificates>) -> Self {
        Self { state: self.state.with_certificates(certificates) }
    }

    /// The same API of a run that is over: nothing can be changed by it.
    #[must_use]
    pub fn of_record(self, record: ShownRecord) -> Self {
        Self { state: self.state.of_record(record) }
    }

    /// Answers one call.
    pub async fn answer(&self, request: Request<Bytes>) -> ControlResponse {
        self.dispatch(&request).await.unwrap_or_else(Problem::into_answer).into_response()
    }

    async fn dispatch(&self, request: &Request<Bytes>) -> Result<ControlAnswer, Problem> {
        let decoded = path_segments(request.uri().path());
        let segments: Vec<&str> = decoded.iter().map(|segment| &**segment).collect();
        let (route, path_values) = route::find(ROUTES, request.method().as_str(), &segments).map_err(no_route)?;
        if self.state.record.is_some() && ![Method::GET, Method::HEAD].contains(request.method()) {
            return Err(Problem::new(403, READ_ONLY));
        }
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let session_header = session_header(request)?;
        let scheme = request.extensions().get::<Scheme>().map_or("http", Scheme::as_str);
        let call = ControlCall {
            state: &self.state,
            path_values,
            query: Query::read(request.uri().query().unwrap_or_default(), route.query)?,
            body: request.body(),
            base_url: format!("{scheme}://{}", header("host").unwrap_or(DEFAULT_HOST)),
            last_event_id: header("last-event-id"),
            session_header,
            wants_lines: header("accept").is_some_and(|accepts| accepts.contains(NDJSON)),
            stop: request.extensions().get::<ServerStop>().cloned(),
        };
        // A world whose calls are all over may expire.
        let world = call.path_values.iter().find(|(name, _)| *name == "world");
        let _use = world.and_then(|(_, name)| self.state.engine.world(name)).map(WorldUse::begin);
        match route.handler {
            ControlHandler::Sync(handle) => work_on(call.body.len(), || handle(&call)),
            // A call that only reads has done nothing that must be finished.
            ControlHandler::Async(handle) if request.method() == Method::GET => {
                call.unless_stopped(handle(&call)).await.unwrap_or_else(|| Err(Problem::new(503, SERVER_STOPS)))
            }
            ControlHandler::Async(handle) => handle(&call).await,
        }
    }
}

/// The session that the header names. Its name is ASCII, because clients write other characters in different ways.
fn session_header(request: &Request<Bytes>) -> Result<Option<&str>, Problem> {
    let mut names = request.headers().get_all(SESSION_HEADER).iter();
    let Some(name) = names.next() else { return Ok(None) };
    let name = name.to_str().map_err(|_| {
        Problem::new(400, "the header `Graphdouble-Session` has a name in ASCII; `?session=` takes other characters")
    })?;
    match names.next() {
        Some(_) => Err(Problem::new(400, "the header `Graphdouble-Session` stands twice: a call has one session")),
        None => Ok(Some(name).filter(|name| !name.is_empty())),
    }
}

fn no_route(error: NoRoute) -> Problem {
    match &error {
        NoRoute::OtherMethods { allowed, .. } => Problem::not_allowed(error.to_string(), allowed.clone()),
        NoRoute::NoSuchPath { .. } => Problem::new(404, error.to_string()),
    }
}
