//! Worlds that end by themselves: a world with `expires` is removed when nobody has called it for so long, in real time. One task looks after
//! all of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::domain::model::time::Span;
use crate::engine::{ActiveWorld, Engine};
use crate::text::units::{DURATION_HELP, format_duration, parse_duration};

use super::answer::Problem;
use super::world_sessions::SessionsByWorld;

/// The shortest time after which a world may expire.
const SHORTEST: Duration = Duration::from_secs(1);
/// The longest one: 30 days.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How often a world is looked at while its time runs. It is removed this part of its time late, at most.
const LOOKS: u32 = 16;
/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The worlds that expire.
#[derive(Debug)]
pub struct ExpiringWorlds {
    engine: Arc<Engine>,
    sessions: Arc<SessionsByWorld>,
    watched: Mutex<Watched>,
    /// Wakes the task for a world that expires sooner than all others.
    added: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Watched {
    worlds: BTreeMap<Box<str>, ExpiringWorld>,
    /// True while the task runs.
    is_watched: bool,
}

#[derive(Debug)]
struct ExpiringWorld {
    world: Weak<ActiveWorld>,
    idle: Duration,
    /// How many calls had begun at the last look, and since when there was no other.
    calls: u64,
    since: Instant,
}

/// Reads `10m`.
pub fn parse_expires(text: &str) -> Result<Duration, Problem> {
    let Span(millis) =
        parse_duration(text).ok_or_else(|| Problem::new(400, format!("`expires` is `{text}`: {DURATION_HELP}")))?;
    let idle = Duration::from_millis(millis);
    match (SHORTEST..=LONGEST).contains(&idle) {
        true => Ok(idle),
        false => Err(Problem::new(400, format!("`expires` is from 1s to 30d, not `{text}`"))),
    }
}

impl ExpiringWorlds {
    pub fn new(engine: Arc<Engine>, sessions: Arc<SessionsByWorld>) -> Arc<Self> {
        Arc::new(Self { engine, sessions, watched: Mutex::default(), added: Arc::default() })
    }

    /// From now on the world is removed once nobody has called it for this long. Must be called inside a runtime.
    pub fn watch(self: &Arc<Self>, world: &Arc<ActiveWorld>, idle: Duration) {
        let expiring =
            ExpiringWorld { world: Arc::downgrade(world), idle, calls: world.calls.begun(), since: Instant::now() };
        let mut watched = self.lock();
        watched.worlds.insert(world.name().into(), expiring);
        if !std::mem::replace(&mut watched.is_watched, true) {
            tokio::spawn(watch(Arc::downgrade(self), self.added.clone()));
        }
        self.added.notify_one();
    }

    /// The world of this name was removed.
    pub fn forget(&self, name: &str) {
        self.lock().worlds.remove(name);
    }

    /// After how long the world of this name expires, in words.
    pub fn expires(&self, name: &str) -> Option<String> {
        self.lock().worlds.get(name).map(|expiring| format_duration(Span(expiring.idle.as_millis() as u64)))
    }

    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes the worlds whose time is up. Returns the pause before the next look, or `None` if no world is left.
    fn look(&self) -> Option<Duration> {
        let mut watched = self.lock();
        let mut expired = Vec::new();
        watched.worlds.retain(|name, expiring| match expiring.is_over(name, &self.engine) {
            None => false,
            Some(false) => true,
            Some(true) => {
                expired.push(name.clone());
                false
            }
        });
        let pause = watched.worlds.values().map(|expiring| expiring.idle / LOOKS).min();
        watched.is_watched = pause.is_some();
        // The lock is held, so that a world of the same name cannot be watched before this one is gone.
        for name in expired {
            self.engine.remove(&name);
            self.sessions.forget(&name);
        }
        pause.map(|pause| pause.min(LONGEST_PAUSE))
    }
}

impl ExpiringWorld {
    /// True if the time is up. `None` if the world is not there any more.
    fn is_over(&mut self, name: &str, engine: &Engine) -> Option<bool> {
        let now = engine.world(name)?;
        let is_same = self.world.upgrade().is_some_and(|world| Arc::ptr_eq(&world, &now));
        let calls = now.calls.begun();
        // A snapshot that was put back may have made the world anew.
        if !is_same || calls != self.calls || !now.calls.all_ended(calls) {
            (self.world, self.calls, self.since) = (Arc::downgrade(&now), calls, Instant::now());
            return Some(false);
        }
        Some(self.since.elapsed() >= self.idle)
    }
}

/// Looks at the worlds again and again, until none of them expires or the server is gone.
async fn watch(worlds: Weak<ExpiringWorlds>, added: Arc<Notify>) {
    loop {
        let Some(pause) = worlds.upgrade().and_then(|worlds| worlds.look()) else { return };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = added.notified() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::WorldUse;
    use crate::engine::clock::Mode;
    use crate::language::Node;
    use crate::language::world::overrides::WorldOverrides;
    use crate::language::world::read_world;
    use crate::text::source::SourceText;

    #[tokio::test]
    async fn a_world_is_idle_when_no_call_came_and_none_is_under_way() {
        let engine = Arc::new(Engine::new(None));
        let node = Node::parse(&SourceText::inline("w", "{ apps: { bot: {} } }")).expect("a world");
        let config = read_world::read(&node, &WorldOverrides::default()).expect("a world");
        let world = engine.add("w", config.clone(), Mode::Frozen).expect("a new name");
        let mut expiring = ExpiringWorld {
            world: Arc::downgrade(&world),
            idle: Duration::ZERO,
            calls: world.calls.begun(),
            since: Instant::now(),
        };
        assert_eq!(expiring.is_over("w", &engine), Some(true));
        let held = WorldUse::begin(world.clone());
        for _ in 0..2 {
            assert_eq!(expiring.is_over("w", &engine), Some(false), "a call is under way");
        }
        drop(held);
        assert_eq!(expiring.is_over("w", &engine), Some(true));
        drop(WorldUse::begin(world));
        assert_eq!(expiring.is_over("w", &engine), Some(false), "a call came since");
        engine.remove("w");
        assert_eq!(expiring.is_over("w", &engine), None);
        engine.add("w", config, Mode::Frozen).expect("a free name");
        assert_eq!(expiring.is_over("w", &engine), Some(false), "it was made anew from a snapshot");
    }
}
