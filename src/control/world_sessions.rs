//! The sessions of the callers of one world. A call names its session; calls that name none share one. What stands here ends with the world
//! and with each reset.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::engine::{ActiveWorld, Engine};
use crate::language::Node;
use crate::language::steps::step::Step;
use crate::lint::Linted;
use crate::runner::{Session, SessionMemory, SharedWorld, Timeouts};

use super::answer::Problem;

/// Named sessions of one world. Another one takes the place of the one that was idle for longest.
pub const MAX_SESSIONS: usize = 1000;
/// Bytes in the name of a session.
pub const MAX_SESSION_NAME: usize = 100;

/// The sessions of all worlds, by the name of the world.
#[derive(Debug, Default)]
pub struct SessionsByWorld(Mutex<BTreeMap<Box<str>, Arc<WorldSessions>>>);

impl SessionsByWorld {
    /// The sessions of a world. `fresh` makes them if there are none, or if the world has been reset or replaced by another of the same name
    /// since.
    pub fn of(&self, world: &Arc<ActiveWorld>, fresh: impl Fn() -> WorldSessions) -> Arc<WorldSessions> {
        let mut sessions = self.lock();
        let known = sessions.entry(world.name().into()).or_insert_with(|| Arc::new(fresh()));
        if !known.is_current(world) {
            *known = Arc::new(fresh());
        }
        known.clone()
    }

    /// Forgets the sessions of a world that has been removed, reset or put back.
    pub fn forget(&self, name: &str) {
        self.lock().remove(name);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Box<str>, Arc<WorldSessions>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sessions of one world.
#[derive(Debug)]
pub struct WorldSessions {
    shared: SharedWorld,
    /// The session of calls that name none. Their steps are performed side by side, each with a clone.
    unnamed: Mutex<SessionMemory>,
    named: Mutex<NamedSessions>,
}

#[derive(Debug, Default)]
struct NamedSessions {
    sessions: BTreeMap<Box<str>, NamedSession>,
    /// Counts uses.
    uses: u64,
}

#[derive(Debug)]
struct NamedSession {
    /// Steps of one session come one after another, in the order of their arrival.
    memory: Arc<tokio::sync::Mutex<SessionMemory>>,
    last_use: u64,
}

/// One step of a session: it may begin, and nothing is remembered until it is finished.
#[derive(Debug)]
pub struct SessionStep {
    pub session: Session,
    /// The name of the session, if it began with this call.
    begun: Option<Box<str>>,
    sessions: Arc<WorldSessions>,
    named: Option<OwnedMutexGuard<SessionMemory>>,
}

impl WorldSessions {
    pub fn new(engine: Arc<Engine>, world: Arc<ActiveWorld>, timeouts: Timeouts) -> Self {
        let shared = SharedWorld::new(engine, world, timeouts);
        Self { unnamed: Mutex::new(shared.new_memory()), named: Mutex::default(), shared }
    }

    /// True if this is the world, and it has not been reset or put back since.
    pub fn is_current(&self, world: &Arc<ActiveWorld>) -> bool {
        self.shared.is_current(world)
    }

    /// What apps did wrong in the world. What a step asked for is none.
    pub fn lint(&self) -> Linted {
        self.shared.lint()
    }

    /// Begins a step of the session of this name, once the steps of it are over that came before.
    pub async fn begin(self: Arc<Self>, name: Option<&str>) -> Result<SessionStep, Problem> {
        let (named, begun) = match name {
            Some(name) => {
                let (memory, is_new) = self.named_session(name)?;
                (Some(memory.lock_owned().await), is_new.then(|| name.into()))
            }
            None => (None, None),
        };
        let memory = named.as_deref().cloned().unwrap_or_else(|| self.unnamed().clone());
        let session = self.shared.session(memory, named.is_some());
        Ok(SessionStep { session, begun, sessions: self, named })
    }

    /// The memory of a session, and whether the session is new.
    fn named_session(&self, name: &str) -> Result<(Arc<tokio::sync::Mutex<SessionMemory>>, bool), Problem> {
        if name.len() > MAX_SESSION_NAME {
            return Err(Problem::new(400, format!("the name of a session has at most {MAX_SESSION_NAME} bytes")));
        }
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named.uses += 1;
        let last_use = named.uses;
        if let Some(known) = named.sessions.get_mut(name) {
            known.last_use = last_use;
            return Ok((known.memory.clone(), false));
        }
        named.make_room()?;
        let memory = Arc::new(tokio::sync::Mutex::new(self.shared.new_memory()));
        named.sessions.insert(name.into(), NamedSession { memory: memory.clone(), last_use });
        Ok((memory, true))
    }

    fn unnamed(&self) -> MutexGuard<'_, SessionMemory> {
        self.unnamed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NamedSessions {
    fn make_room(&mut self) -> Result<(), Problem> {
        if self.sessions.len() < MAX_SESSIONS {
            return Ok(());
        }
        let idle = self.sessions.iter().filter(|(_, session)| Arc::strong_count(&session.memory) == 1);
        let oldest = idle.min_by_key(|(_, session)| session.last_use).map(|(name, _)| name.clone());
        let oldest = oldest.ok_or_else(|| {
            Problem::new(409, format!("{MAX_SESSIONS} sessions of this world are performing steps, which is the limit"))
        })?;
        self.sessions.remove(&oldest);
        Ok(())
    }
}

impl SessionStep {
    /// The call is no step. A session that began with it is forgotten, unless somebody else waits for it.
    pub fn abandon(self) {
        drop(self.named);
        let Some(name) = self.begun else { return };
        let mut named = self.sessions.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.sessions.get(&name).is_some_and(|session| Arc::strong_count(&session.memory) == 1) {
            named.sessions.remove(&name);
        }
    }

    /// Reads the step of the call. If it has mistakes, the call is no step.
    pub fn read(self, node: &Node) -> Result<(Self, Step), Problem> {
        match self.session.read_step(node) {
            Ok(step) => Ok((self, step)),
            Err(mistakes) => {
                self.abandon();
                Err(Problem::of_mistakes(400, &mistakes))
            }
        }
    }

    /// Remembers what the step has changed.
    pub fn finish(self) {
        match self.named {
            Some(mut memory) => self.session.remember_in(&mut memory),
            None => self.session.remember_in(&mut self.sessions.unnamed()),
        }
    }
}
