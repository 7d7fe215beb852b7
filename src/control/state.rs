//! What all calls of the control API share: the engine, and the sessions of each world.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(feature = "tls")]
use crate::certificates::Certificates;
use crate::engine::{ActiveWorld, Engine};
use crate::runner::Timeouts;

use super::answer::Problem;
use super::names::unknown_name;
use super::world_sessions::WorldSessions;

/// What all calls share.
#[derive(Debug)]
pub struct ControlState {
    pub engine: Arc<Engine>,
    timeouts: Timeouts,
    /// By the name of the world.
    sessions: Mutex<BTreeMap<Box<str>, Arc<WorldSessions>>>,
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

    /// The sessions of the world of this name.
    pub fn sessions(&self, name: &str) -> Result<Arc<WorldSessions>, Problem> {
        let world = self.world(name)?;
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Arc::new(WorldSessions::new(self.engine.clone(), world.clone(), self.timeouts));
        let known = sessions.entry(name.into()).or_insert_with(fresh);
        // The world may have been reset or replaced by another of the same name since.
        if !known.is_current(&world) {
            *known = fresh();
        }
        Ok(known.clone())
    }

    /// Forgets the sessions of a world that has been removed, reset or put back.
    pub fn forget_sessions(&self, name: &str) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}
