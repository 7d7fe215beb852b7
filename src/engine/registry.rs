//! Every world of the process, by name and by token. The dashmaps are only an index; no guard of theirs leaves this file.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;

use crate::domain::model::access::{Principal, TokenKey};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppId, AppKey, AssetKey, IdKind, IdStream, UserKey};
use crate::domain::model::platform::{Login, Platform};

use super::active_world::ActiveWorld;
use super::clock::Mode;
use super::memory::{MemoryBudget, NoMemory, declared_bytes};
use super::outbox::Outbox;
use super::quiescence::Quiescence;
use super::reset::{IdChoice, NotReset, ResetOptions};
use super::snapshot::Replayed;
use super::state::{RetiredState, WorldState};
use super::unmatched::{UnmatchedCall, UnmatchedCalls};
use super::write_signal::WriteSignal;

/// A retired state with at most this many threads and entries is dropped at once.
const SMALL: usize = 1000;
/// If it also has at most this many bytes.
const SMALL_BYTES: u64 = 1024 * 1024;
/// Worlds that still answer late calls about their people. The oldest is dropped for the next.
pub const MAX_RETIRED: usize = 100;
/// Worlds in one process.
pub const MAX_WORLDS: usize = 10_000;

/// Every world of the process.
#[derive(Debug)]
pub struct Engine {
    worlds: DashMap<Box<str>, Arc<ActiveWorld>>,
    /// An app access token may belong to several worlds. The first of them answers, and the next one once that is removed.
    tokens: DashMap<Box<str>, Vec<Grant>>,
    created: AtomicUsize,
    unmatched_count: AtomicU64,
    unmatched: UnmatchedCalls,
    outbox: Option<Arc<dyn Outbox>>,
    written: Arc<WriteSignal>,
    memory: Arc<MemoryBudget>,
    drop_thread: mpsc::Sender<RetiredState>,
    /// Worlds that have no name any more, oldest first. They answer calls that come late.
    retired: Mutex<VecDeque<Arc<ActiveWorld>>>,
    /// True if there are any. Other calls need not take the lock to know that.
    has_retired: AtomicBool,
}

/// What a token gives access to.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The world.
    pub world: Arc<ActiveWorld>,
    /// Who calls with it.
    pub holder: Principal,
    /// Which token of the world it is. The world knows whether it is valid now.
    pub token: TokenKey,
    /// The access version of the world at which the token was found to be valid for good; 0 before that. Shared by all copies.
    valid_at: Arc<AtomicU64>,
}

impl Grant {
    fn new(world: Arc<ActiveWorld>, holder: Principal, token: TokenKey) -> Self {
        Self { world, holder, token, valid_at: Arc::default() }
    }

    /// True if the token was found to be valid at this access version of its world.
    pub fn is_known_valid(&self, version: u64) -> bool {
        self.valid_at.load(Ordering::Acquire) == version
    }

    /// The token is valid at this access version, however late it is.
    pub fn note_valid(&self, version: u64) {
        self.valid_at.store(version, Ordering::Release);
    }
}

/// Why a world could not be added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The name is in use.
    #[error("a world named `{0}` already exists: delete it first, or choose another name")]
    NameTaken(Box<str>),
    /// A token is in use: a call with it would not say which world it means.
    #[error(
        "the token of app `{app}` already belongs to the world `{world}`: leave out the tokens, and a `seed` that both worlds have \
         (what is left out is derived from it), to have fresh ones"
    )]
    TokenTaken {
        /// The app.
        app: Box<str>,
        /// The world that has it.
        world: Box<str>,
    },
    /// There are too many worlds.
    #[error("there are {MAX_WORLDS} worlds, which is the limit: delete some")]
    TooMany,
    /// There is no memory for it.
    #[error(transparent)]
    NoMemory(#[from] NoMemory),
}

impl Engine {
    /// An engine without worlds.
    pub fn new(outbox: Option<Arc<dyn Outbox>>) -> Self {
        let (drop_thread, retired) = mpsc::channel::<RetiredState>();
        // What a reset throws away may be large; dropping it must not make the caller wait. Ends with the engine.
        std::thread::spawn(move || retired.into_iter().for_each(drop));
        Self {
            worlds: DashMap::new(),
            tokens: DashMap::new(),
            created: AtomicUsize::new(0),
            unmatched_count: AtomicU64::new(0),
            unmatched: UnmatchedCalls::default(),
            outbox,
            written: Arc::default(),
            memory: Arc::default(),
            drop_thread,
            retired: Mutex::default(),
            has_retired: AtomicBool::new(false),
        }
    }

    /// The same engine, whose worlds may keep this many bytes. It has no world yet.
    pub fn with_memory(self, bytes: u64) -> Self {
        Self { memory: Arc::new(MemoryBudget::new(bytes)), ..self }
    }

    /// A name that no world has had.
    pub fn fresh_name(&self) -> Box<str> {
        format!("world-{}", self.created.fetch_add(1, Ordering::Relaxed) + 1).into()
    }

    /// Adds a world. All its tokens must be new to this process, or those of retired worlds.
    pub fn add(&self, name: &str, config: Arc<Config>, mode: Mode) -> Result<Arc<ActiveWorld>, RegistryError> {
        self.add_prepared(name, config, mode, |_| ())
    }

    /// Adds a world. `prepare` changes it before anybody can call it.
    pub fn add_prepared(
        &self,
        name: &str,
        config: Arc<Config>,
        mode: Mode,
        prepare: impl FnOnce(&Arc<ActiveWorld>),
    ) -> Result<Arc<ActiveWorld>, RegistryError> {
        if self.worlds.len() >= MAX_WORLDS {
            return Err(RegistryError::TooMany);
        }
        let (text, people) = (config.declared.len(), config.people.named_count() as usize);
        self.check_memory(declared_bytes(text, people, config.assets.len(), config.apps.len()))?;
        let world = Arc::new(self.new_world(name, config, mode));
        prepare(&world);
        // The name is locked until the tokens are claimed, so nobody finds or removes half a world.
        let Entry::Vacant(vacant) = self.worlds.entry(name.into()) else {
            return Err(RegistryError::NameTaken(name.into()));
        };
        if let Err(taken) = self.claim_tokens(&world, false) {
            self.release_tokens(&world);
            return Err(taken);
        }
        vacant.insert(world.clone());
        // It may have begun with calls.
        self.written.note();
        Ok(world)
    }

    /// Fails if worlds may not keep this many more bytes. Worlds that only answer late calls give way first.
    pub fn check_memory(&self, needed: u64) -> Result<(), NoMemory> {
        self.memory.check(needed).or_else(|_| {
            let retired = std::mem::take(&mut *self.retired.lock().unwrap_or_else(PoisonError::into_inner));
            retired.iter().for_each(|world| self.forget_retired(world));
            drop(retired);
            self.memory.check(needed)
        })
    }

    /// What the worlds keep, and how much they may.
    pub fn memory(&self) -> &MemoryBudget {
        &self.memory
    }

    /// Adds a world that leaves tokens to the worlds that have them already.
    pub fn add_sharing(&self, name: &str, config: Arc<Config>, mode: Mode) -> Result<Arc<ActiveWorld>, RegistryError> {
        let world = Arc::new(self.new_world(name, config, mode));
        let Entry::Vacant(vacant) = self.worlds.entry(name.into()) else {
            return Err(RegistryError::NameTaken(name.into()));
        };
        self.claim_tokens(&world, true)?;
        vacant.insert(world.clone());
        Ok(world)
    }

    fn new_world(&self, name: &str, config: Arc<Config>, mode: Mode) -> ActiveWorld {
        ActiveWorld::new(name, config, mode, self.outbox.clone()).noting(self.written.clone(), self.memory.clone())
    }

    /// Says when something was written in any world, or a call belonged to none.
    pub fn written(&self) -> &Arc<WriteSignal> {
        &self.written
    }

    fn claim_tokens(&self, world: &Arc<ActiveWorld>, is_sharing: bool) -> Result<(), RegistryError> {
        for (text, token, holder) in tokens(world) {
            let grant = Grant::new(world.clone(), holder, token);
            match self.tokens.entry(text) {
                Entry::Vacant(vacant) => {
                    vacant.insert(vec![grant]);
                }
                Entry::Occupied(mut shared)
                    if matches!(holder, Principal::App(_))
                        || shared.get().iter().all(|grant| grant.world.is_retired()) =>
                {
                    shared.get_mut().retain(|grant| !grant.world.is_retired());
                    shared.get_mut().push(grant);
                }
                Entry::Occupied(_) if is_sharing => {}
                Entry::Occupied(taken) => {
                    let app = world.declared_config().app(holder.app()).name.clone();
                    let owner = taken.get().first().map_or("", |grant| grant.world.name());
                    return Err(RegistryError::TokenTaken { app, world: owner.into() });
                }
            }
        }
        Ok(())
    }

    /// Removes a world and its tokens.
    pub fn remove(&self, name: &str) -> Option<Arc<ActiveWorld>> {
        let (_, world) = self.worlds.remove(name)?;
        // It is closed first, so that no call in flight registers its tokens again.
        world.close();
        self.release_tokens(&world);
        Some(world)
    }

    /// Takes the name from a world. It keeps its tokens until another world takes them over, and answers late calls about its people.
    pub fn retire(&self, name: &str) {
        let Some((_, world)) = self.worlds.remove(name) else { return };
        world.retire();
        self.keep_retired(world);
    }

    fn keep_retired(&self, world: Arc<ActiveWorld>) {
        let mut retired = self.retired.lock().unwrap_or_else(PoisonError::into_inner);
        retired.push_back(world);
        let dropped = if retired.len() > MAX_RETIRED { retired.pop_front() } else { None };
        drop(retired);
        self.has_retired.store(true, Ordering::Release);
        if let Some(world) = dropped {
            self.forget_retired(&world);
        }
    }

    fn forget_retired(&self, world: &Arc<ActiveWorld>) {
        world.close();
        self.release_tokens(world);
    }

    /// True if there are worlds that only answer late calls.
    pub fn has_retired(&self) -> bool {
        self.has_retired.load(Ordering::Acquire)
    }

    /// What a token gave access to in the newest retired world that is such.
    pub fn retired_grant(&self, token: &str, is_such: impl Fn(&ActiveWorld) -> bool) -> Option<Grant> {
        let retired = self.retired.lock().unwrap_or_else(PoisonError::into_inner).clone();
        retired.iter().rev().filter(|world| is_such(world)).find_map(|world| {
            let (_, key, holder) = tokens(world).into_iter().find(|(text, ..)| **text == *token)?;
            Some(Grant::new(world.clone(), holder, key))
        })
    }

    fn release_tokens(&self, world: &Arc<ActiveWorld>) {
        for (token, ..) in tokens(world) {
            if let Some(mut grants) = self.tokens.get_mut(&token) {
                grants.retain(|grant| !Arc::ptr_eq(&grant.world, world));
            }
            self.tokens.remove_if(&token, |_, grants| grants.is_empty());
        }
    }

    /// Starts a world over. Tokens that it has issued become invalid.
    pub fn reset(&self, world: &Arc<ActiveWorld>, options: &ResetOptions) -> Result<(), NotReset> {
        let mut has_new_people = false;
        let old = self.change_all(world, |world| {
            let (old, is_without) = world.reset(options)?;
            has_new_people = is_without;
            Ok::<_, NotReset>(old)
        })?;
        if has_new_people && old.size() <= SMALL && old.memory().total() <= SMALL_BYTES {
            self.keep_retired(world.of_retired(old));
        } else {
            self.drop_retired(RetiredState::of(old));
        }
        Ok(())
    }

    /// Replaces the state of a world by a replayed history of the same config and mode.
    pub fn put(&self, world: &Arc<ActiveWorld>, replayed: Replayed, answers: u64, ids: IdChoice) {
        let old = self.change_all(world, |world| Ok::<_, Infallible>(world.put(replayed, answers, ids)));
        let Ok(old) = old;
        self.drop_retired(RetiredState::of(old));
    }

    /// Changes the whole state of a world, and registers the tokens that the new state has issued in place of the old ones.
    fn change_all<E>(
        &self,
        world: &Arc<ActiveWorld>,
        change: impl FnOnce(&Arc<ActiveWorld>) -> Result<WorldState, E>,
    ) -> Result<WorldState, E> {
        let issued = issued_tokens(world, 0);
        let old = change(world)?;
        for (token, ..) in issued {
            self.tokens.remove(&token);
        }
        self.learn_tokens(world, 0);
        Ok(old)
    }

    fn drop_retired(&self, retired: RetiredState) {
        // Waking the drop_thread costs more than a small world does.
        if retired.size() > SMALL {
            // The drop_thread ends only with the engine; should it be gone, the retired are dropped here.
            self.drop_thread.send(retired).unwrap_or_default();
        }
    }

    /// The trace id of an answer to a call that belongs to no world.
    pub fn next_trace(&self) -> Box<str> {
        let counter = self.unmatched_count.fetch_add(1, Ordering::Relaxed);
        IdStream::named(0, IdKind::Trace, "no world", counter).url_safe("A", 22)
    }

    /// Notes a call that belongs to no world. A run whose bot uses a wrong token reports it.
    pub fn note_unmatched_call(&self, call: UnmatchedCall) {
        self.unmatched.note(call);
        self.written.note();
    }

    /// The newest calls that belonged to no world.
    pub fn unmatched(&self) -> &UnmatchedCalls {
        &self.unmatched
    }

    /// The outbox, if webhooks are sent.
    pub fn outbox(&self) -> Option<&Arc<dyn Outbox>> {
        self.outbox.as_ref()
    }

    /// The world of this name.
    pub fn world(&self, name: &str) -> Option<Arc<ActiveWorld>> {
        self.worlds.get(name).map(|world| world.clone())
    }

    /// The names of all worlds, sorted.
    pub fn names(&self) -> Vec<Box<str>> {
        let mut names: Vec<Box<str>> = self.worlds.iter().map(|entry| entry.key().clone()).collect();
        names.sort();
        names
    }

    /// Waits until no webhook of any world is in flight, at most for `budget`, and returns how many are left.
    pub async fn finish(&self, budget: Duration) -> usize {
        let deadline = Instant::now() + budget;
        let mut left = 0;
        for world in self.names().iter().filter_map(|name| self.world(name)) {
            let budget = deadline.saturating_duration_since(Instant::now());
            if let Quiescence::Exhausted { deliveries, .. } = world.settle(Duration::ZERO, budget).await {
                left += deliveries.len();
            }
        }
        left
    }

    /// What a token gives access to.
    pub fn grant(&self, token: &str) -> Option<Grant> {
        self.tokens.get(token).and_then(|grants| grants.first().cloned())
    }

    /// The access of an app without a token, in the first world that has an app of this id.
    pub fn app_grant(&self, id: AppId) -> Option<Grant> {
        self.names().iter().find_map(|name| {
            let world = self.world(name)?;
            let app = world.declared_config().app_by_id(id)?;
            Some(Grant::new(world, Principal::App(app), TokenKey::App(app)))
        })
    }

    /// The access of an app by the id that Instagram knows it by, in every world that has it.
    pub fn grants_of_instagram_app(&self, id: AppId) -> Vec<Grant> {
        let of_world = |name: &str| {
            let world = self.world(name)?;
            let config = world.declared_config();
            let place = config.apps.iter().position(|app| app.instagram.id == id)?;
            let app = Some(AppKey(place as u16)).filter(|app| !config.is_metas(*app))?;
            Some(Grant::new(world, Principal::App(app), TokenKey::App(app)))
        };
        self.names().iter().filter_map(|name| of_world(name)).collect()
    }

    /// What a token gives access to, in every world that has it.
    pub fn grants(&self, token: &str) -> Vec<Grant> {
        self.tokens.get(token).map(|grants| grants.clone()).unwrap_or_default()
    }

    /// True if a world has an app of this id.
    pub fn knows_app(&self, id: AppId) -> bool {
        self.worlds.iter().any(|world| world.declared_config().app_by_id(id).is_some())
    }

    /// Registers the tokens that a world has issued, except for the first `after` ones.
    pub fn learn_tokens(&self, world: &Arc<ActiveWorld>, after: usize) {
        // A call that was in flight when its world was removed comes too late.
        let issued = if world.is_closed() { Vec::new() } else { issued_tokens(world, after) };
        for (text, token, holder) in issued {
            self.tokens.insert(text, vec![Grant::new(world.clone(), holder, token)]);
        }
    }
}

/// Every token of a world: the declared ones and those that it has issued.
fn tokens(world: &ActiveWorld) -> Vec<(Box<str>, TokenKey, Principal)> {
    let config = world.declared_config();
    let pages = (0u16..).map(AssetKey).zip(config.assets.iter()).flat_map(|(page, declared)| {
        // With Facebook Login the page's token is the one for its account, too.
        let own_tokens = declared
            .connections
            .iter()
            .filter(|connection| declared.platform() == Platform::Messenger || connection.login != Login::Facebook);
        own_tokens.map(move |connection| {
            let app = connection.app;
            (connection.token.clone(), TokenKey::Asset(page, app), Principal::Asset(page, app))
        })
    });
    let apps = (0u16..).map(AppKey).zip(config.apps.iter()).flat_map(|(app, declared)| {
        let named = format!("{}|{}", declared.id, declared.secret).into_boxed_str();
        [named, declared.opaque_token.clone()].map(|text| (text, TokenKey::App(app), Principal::App(app)))
    });
    let users = (0u16..).map(UserKey).zip(config.users.iter()).flat_map(|(user, declared)| {
        let tokens = (0u16..).map(AppKey).zip(&declared.tokens);
        tokens.map(move |(app, token)| (token.text.clone(), TokenKey::User(user, app), Principal::User(user, app)))
    });
    pages.chain(apps).chain(users).chain(issued_tokens(world, 0)).collect()
}

fn issued_tokens(world: &ActiveWorld, after: usize) -> Vec<(Box<str>, TokenKey, Principal)> {
    world.read(|world, _, _| {
        let issued = world.settings().tokens.issued_after(after);
        issued.map(|(text, token, holder)| (text.into(), token, holder)).collect()
    })
}
