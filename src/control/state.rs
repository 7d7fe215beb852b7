//! What all calls of the control API share: the engine, the sessions of each world, and when worlds expire.

use std::sync::Arc;

#[cfg(feature = "tls")]
use crate::certificates::Certificates;
use crate::engine::{ActiveWorld, Engine};
use crate::runner::Timeouts;

use super::answer::Problem;
use super::expiry::ExpiringWorlds;
use super::names::unknown_name;
use super::recorded_answers::ShownRecord;
use super::world_sessions::{SessionsByWorld, WorldSessions};

/// What all calls share.
#[derive(Debug)]
pub struct ControlState {
    pub engine: Arc<Engine>,
    timeouts: Timeouts,
    sessions: Arc<SessionsByWorld>,
    pub expiring: Arc<ExpiringWorlds>,
    /// The run that is only looked at, if the server shows one.
    pub record: Option<ShownRecord>,
    #[cfg(feature = "tls")]
    pub certificates: Option<Arc<Certificates>>,
}

impl ControlState {
    pub fn new(engine: Arc<Engine>, timeouts: Timeouts) -> Self {
        let sessions = Arc::<SessionsByWorld>::default();
        Self {
            expiring: ExpiringWorlds::new(engine.clone(), sessions.clone()),
            engine,
            timeouts,
            sessions,
            record: None,
            #[cfg(feature = "tls")]
            certificates: None,
        }
    }

    /// The state of a server that shows a run that is over.
    pub fn of_record(self, record: ShownRecord) -> Self {
        Self { record: Some(record), ..self }
    }

    #[cfg(feature = "tls")]
    pub fn with_certificates(self, certificates: Arc<Certificates>) -> Self {
        Self { certificates: Some(certificates), ..self }
    }

    /// The world of this name.
    pub fn world(&self, name: &str) -> Result<Arc<ActiveWorld>, Problem> {
        self.engine.world(name).ok_or_else(|| {
            let known = self.engine.names();
            match known.is_empty() {
                true => Problem::new(404, format!("there is no world `{name}`: {MAKE_ONE}")),
                false => unknown_name(404, "world", name, known.iter().map(|name| &**name)),
            }
        })
    }

    /// The sessions of the world of this name.
    pub fn sessions(&self, name: &str) -> Result<Arc<WorldSessions>, Problem> {
        let world = self.world(name)?;
        Ok(self.sessions.of(&world, || WorldSessions::new(self.engine.clone(), world.clone(), self.timeouts)))
    }

    /// Forgets the sessions of a world that has been removed, reset or put back.
    pub fn forget_sessions(&self, name: &str) {
        self.sessions.forget(name);
    }
}

/// How a world is made.
const MAKE_ONE: &str = "this server has none; `graphdouble serve --world FILE` makes the world `default`, and `POST \
                        /_control/worlds?name=NAME` makes one of the world file in its body";
