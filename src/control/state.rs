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

/// The world that a session was made for, which may have been replaced by another of the same name, and the session.
type SessionOf = (Arc<ActiveWorld>, SharedSession);

/// What all calls share.
#[derive(Debug)]
pub struct ControlState {
    pub engine: Arc<Engine>,
    timeouts: Timeouts,
    sessions: Mutex<BTreeMap<Box<str>, SessionOf>>,
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
