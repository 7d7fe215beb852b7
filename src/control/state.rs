//! What all calls of the control API share: the engine, and a session for each world.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(feature = "tls")]
use crate::certificates::Certificates;
use crate::engine::{ActiveWorld, Engine};
use crate::runner::{Session, Timeouts};

use super::answer::Problem;
use super::names::unknown_name;

/// A session. It remembers what steps saved, and which the last acting step was.
type SharedSession = Arc<tokio::sync::Mutex<Session>>;

/// What all calls share.
#[derive(Debug)]
pub struct ControlState {
    pub engine: Arc<Engine>,
    timeouts: Timeouts,
    /// By the name of the world. The world tells whether the session is of this one or of an earlier one of the same name.
    sessions: Mutex<BTreeMap<Box<str>, (Arc<ActiveWorld>, SharedSession)>>,
    #[cfg(feature = "tls")]
    pub certificates: Option<Arc<Certificates>>,
}

impl ControlState {
    pub fn new(engine: Arc<Engine>, timeouts: Timeouts) -> Self {
        Self {
            engine,
            timeouts,
            sessions: Mutex::default(),
            #[cfg(feature = "tls")]
            certificates: None,
        }
    }

    #[cfg(feature = "tls")]
    pub fn with_certificates(self, certificates: Arc<Certificates>) -> Self {
        Self { certificates: Some(certificates), ..self }
    }

    /// The world of this name.
    pub fn world(&self, name: &str) -> Result<Arc<ActiveWorld>, Problem> {
        self.engine.world(name).ok_or_else(|| {
            let known = self.engine.names();
            unknown_name(404, "world", name, known.iter().map(|name| &**name))
        })
    }

    /// The session of the world of this name; the first call makes it.
    pub fn session(&self, name: &str) -> Result<SharedSession, Problem> {
        let world = self.world(name)?;
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || {
            let session = Session::endless(self.engine.clone(), world.clone(), self.timeouts);
            (world.clone(), Arc::new(tokio::sync::Mutex::new(session)))
        };
        let known = sessions.entry(name.into()).or_insert_with(fresh);
        if !Arc::ptr_eq(&known.0, &world) {
            *known = fresh();
        }
        Ok(known.1.clone())
    }

    /// Forgets what the session of a world remembers: the world has been removed, reset or put back.
    pub fn forget_session(&self, name: &str) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}
