//! One call of the control API: what its handler may look at.

use std::borrow::Cow;
use std::sync::Arc;

use crate::engine::ActiveWorld;
use crate::language::Node;
use crate::server_stop::ServerStop;
use crate::text::source::SourceText;
use bytes::Bytes;

use super::answer::Problem;
use super::long_work::work_on;
use super::query::Query;
use super::state::ControlState;
use super::world_sessions::{SessionStep, WorldSessions};

/// One call.
pub struct ControlCall<'c> {
    pub state: &'c ControlState,
    /// The names of the variable parts of the path, and what stands there.
    pub path_values: Vec<(&'static str, &'c str)>,
    pub query: Query<'c>,
    pub body: &'c Bytes,
    /// Where the caller found us: `http://127.0.0.1:4004`.
    pub base_url: String,
    pub last_event_id: Option<&'c str>,
    pub session_header: Option<&'c str>,
    /// True if the caller accepts JSON Lines.
    pub wants_lines: bool,
    /// Says that the server stops. `None` if no server brought the call.
    pub stop: Option<ServerStop>,
}

impl ControlCall<'_> {
    /// The variable part of the path that has this name in the route.
    pub fn path_value(&self, name: &str) -> &str {
        self.path_values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// The world that the path names.
    pub fn world(&self) -> Result<Arc<ActiveWorld>, Problem> {
        self.state.world(self.path_value("world"))
    }

    /// The sessions of the world that the path names.
    pub fn sessions(&self) -> Result<Arc<WorldSessions>, Problem> {
        self.state.sessions(self.path_value("world"))
    }

    /// Begins a step of the session that the call names.
    pub async fn begin_step(&self) -> Result<SessionStep, Problem> {
        let (header, query) = (self.session_header, self.query.text("session"));
        if header.is_some() && query.is_some() && header != query {
            return Err(Problem::new(400, "the header `Graphdouble-Session` and `session=` name different sessions"));
        }
        self.sessions()?.begin(header.or(query)).await
    }

    /// Waits for work, but no longer than the server runs. `None` if the server stops.
    pub async fn unless_stopped<R>(&self, work: impl Future<Output = R>) -> Option<R> {
        let stopped = async {
            match &self.stop {
                Some(stop) => stop.stopped().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            done = work => Some(done),
            () = stopped => None,
        }
    }

    /// The body as one document, JSON or YAML. `name` stands in the diagnostics where a file would have its name.
    pub fn document(&self, name: &str) -> Result<Node, Problem> {
        let text = std::str::from_utf8(self.body).map_err(|_| Problem::new(400, "the body is not UTF-8"))?;
        work_on(text.len(), || {
            Node::parse(&SourceText::inline(name, text)).map_err(|mistake| Problem::of_mistakes(400, &[mistake]))
        })
    }
}

/// The parts of a path, decoded. Empty ones do not count.
pub fn path_segments(path: &str) -> Vec<Cow<'_, str>> {
    path.split('/').filter(|segment| !segment.is_empty()).map(decoded).collect()
}

fn decoded(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return Cow::Borrowed(segment);
    }
    // The form decoder also turns `+` into a space, so a literal plus is kept out of its way.
    let escaped = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let decoded = form_urlencoded::parse(escaped.as_bytes()).next();
    Cow::Owned(decoded.map(|(name, _)| name.into_owned()).unwrap_or_default())
}
