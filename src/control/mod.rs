//! Control: the control API under `/_control`: worlds, steps, ledger, threads, clock. Speaks the words of the scenarios; a step over
//! HTTP is a scenario step. `site` brings it requests.

mod answer;
mod body;
mod clock;
mod deliveries;
mod faults;
mod ledger;
mod lint;
mod openapi;
mod query;
mod snapshots;
mod steps;
mod stream;
mod threads;
mod worlds;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::http::uri::Scheme;
use hyper::http::{Method, Request, Response};

#[cfg(feature = "tls")]
use crate::certificates::Certificates;
use crate::engine::{ActiveWorld, Engine};
use crate::runner::{Session, Timeouts};

use answer::{Answer, Problem};

pub use answer::rule_json;
pub use lint::lint_json;

/// The answer to a control call; a stream of entries goes on for as long as somebody reads.
pub type ControlResponse = Response<BoxBody<Bytes, Infallible>>;

type SharedStage = Arc<tokio::sync::Mutex<Session>>;

/// A session, and the world that it was made for.
type StageOf = (Arc<ActiveWorld>, SharedStage);

/// What the routes need of a request, beside method and path.
struct ControlCall<'c> {
    query: &'c str,
    body: &'c Bytes,
    /// Where the caller found us: `http://127.0.0.1:4004`.
    base: &'c str,
    last_event: Option<&'c str>,
    /// Whether the caller would have entries as lines.
    lines: bool,
}

/// The parts of a path, decoded.
fn segments(path: &str) -> Vec<String> {
    let decode = |segment: &str| {
        // The form decoder also turns `+` into a space, so a literal plus is kept out of its way.
        let escaped = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
        form_urlencoded::parse(escaped.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
    };
    path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect()
}

/// The control API.
#[derive(Debug)]
pub struct Control {
    engine: Arc<Engine>,
    patience: Timeouts,
    stages: Mutex<BTreeMap<Box<str>, StageOf>>,
    #[cfg(feature = "tls")]
    certificates: Option<Arc<Certificates>>,
}

impl Control {
    /// The control API of an engine.
    pub fn new(engine: Arc<Engine>, patience: Timeouts) -> Self {
        Self {
            engine,
            patience,
            stages: Mutex::default(),
            #[cfg(feature = "tls")]
            certificates: None,
        }
    }

    /// With a CA to hand out.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn showing(self, certificates: Arc<Certificates>) -> Self {
        Self { certificates: Some(certificates), ..self }
    }

    /// Answers one call.
    pub async fn answer(&self, request: Request<Bytes>) -> ControlResponse {
        let (head, body) = request.into_parts();
        let decoded: Vec<String> = segments(head.uri.path());
        let segments: Vec<&str> = decoded.iter().map(String::as_str).skip(1).collect();
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let last_event = header("last-event-id");
        let lines = header("accept").is_some_and(|accepts| accepts.contains(answer::LINES));
        let query = head.uri.query().unwrap_or_default();
        let host = header("host").unwrap_or("127.0.0.1:4004");
        let scheme = head.extensions.get::<Scheme>().map_or("http", Scheme::as_str);
        let base = format!("{scheme}://{host}");
        let call = ControlCall { query, body: &body, base: &base, last_event, lines };
        let result = self.route(&head.method, &segments, call).await;
        result.unwrap_or_else(Problem::into_answer).into_response()
    }

    async fn route(&self, method: &Method, segments: &[&str], call: ControlCall<'_>) -> Result<Answer, Problem> {
        let ControlCall { query, body, base, last_event, lines } = call;
        match (method.as_str(), segments) {
            ("GET" | "HEAD", ["health"]) => Ok(answer::health()),
            ("GET", ["rules"]) => Ok(answer::rules()),
            ("GET", ["lints"]) => Ok(lint::table()),
            ("GET", ["openapi.json"]) => Ok(Answer::json(200, &openapi::document())),
            #[cfg(feature = "tls")]
            ("GET", ["ca.pem"]) => answer::ca_pem(self.certificates.as_deref()),
            ("GET", ["worlds"]) => worlds::list(&self.engine),
            ("POST", ["worlds"]) => worlds::create(&self.engine, body, base),
            ("GET", ["worlds", name]) => worlds::describe(&*self.world(name)?, base),
            ("DELETE", ["worlds", name]) => self.delete(name),
            ("POST", ["worlds", name, "reset"]) => self.reset(name),
            ("POST", ["worlds", name, "steps"]) => steps::perform(&*self.session(name)?, body).await,
            ("GET", ["worlds", name, "ledger"]) => ledger::read(&self.world(name)?, query, lines).await,
            ("DELETE", ["worlds", name, "ledger"]) => ledger::take(&*self.world(name)?, query, lines),
            ("GET", ["worlds", name, "ledger.jsonl"]) => ledger::read(&self.world(name)?, query, true).await,
            ("POST", ["worlds", name, "ledger", cursor, "redeliver"]) => {
                deliveries::redeliver(&self.world(name)?, cursor)
            }
            ("GET", ["worlds", name, "ledger", "stream"]) => stream::open(self.world(name)?, query, last_event),
            ("GET", ["worlds", name, "threads"]) => threads::list(&*self.world(name)?),
            ("GET", ["worlds", name, "threads", page, person]) => threads::read(&*self.world(name)?, page, person),
            ("GET", ["worlds", name, "threads", page, person, "explain"]) => {
                threads::explain(&*self.world(name)?, page, person)
            }
            ("GET", ["worlds", name, "lint"]) => Ok(lint::read(&*self.session(name)?).await),
            ("GET", ["worlds", name, "clock"]) => clock::read(&*self.world(name)?),
            ("POST", ["worlds", name, "clock"]) => clock::turn(&*self.session(name)?, body).await,
            ("GET", ["worlds", name, "faults"]) => faults::read(&*self.world(name)?),
            ("POST", ["worlds", name, "faults"]) => faults::arm(&self.world(name)?, body),
            ("DELETE", ["worlds", name, "faults"]) => faults::disarm_all(&self.world(name)?),
            ("DELETE", ["worlds", name, "faults", number]) => faults::disarm(&self.world(name)?, number),
            ("GET", ["worlds", name, "snapshot"]) => snapshots::take(&self.world(name)?, query).await,
            ("PUT", ["worlds", name, "snapshot"]) => self.restore(name, body, base).await,
            _ => Err(answer::unknown_path(method, segments)),
        }
    }

    fn world(&self, name: &str) -> Result<Arc<ActiveWorld>, Problem> {
        self.engine.world(name).ok_or_else(|| worlds::unknown(&self.engine, name))
    }

    /// The session of a world: it remembers what was saved and what the last acting step was.
    fn session(&self, name: &str) -> Result<SharedStage, Problem> {
        let world = self.world(name)?;
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || {
            let session = Session::endless(self.engine.clone(), world.clone(), self.patience);
            Arc::new(tokio::sync::Mutex::new(session))
        };
        let session = stages.entry(name.into()).or_insert_with(|| (world.clone(), fresh()));
        // A world of the same name may have come in the place of another.
        if !Arc::ptr_eq(&session.0, &world) {
            *session = (world.clone(), fresh());
        }
        Ok(session.1.clone())
    }

    fn forget_stage(&self, name: &str) {
        self.stages.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    fn delete(&self, name: &str) -> Result<Answer, Problem> {
        self.world(name)?;
        self.engine.remove(name);
        self.forget_stage(name);
        Ok(Answer::empty(204))
    }

    async fn restore(&self, name: &str, body: &Bytes, base: &str) -> Result<Answer, Problem> {
        let answer = snapshots::restore(&self.engine, name, body, base).await?;
        self.forget_stage(name);
        Ok(answer)
    }

    fn reset(&self, name: &str) -> Result<Answer, Problem> {
        let world = self.world(name)?;
        self.engine.reset(&world);
        self.forget_stage(name);
        Ok(Answer::empty(204))
    }
}
