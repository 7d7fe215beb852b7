//! A session: a world, and what one caller remembers between its steps. A scenario is a caller that has its world for itself. Clients of
//! the control API share theirs.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use tokio::time::Instant;

use crate::domain::model::byte_count::byte_count;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::{ActiveWorld, Engine, Quiescence};
use crate::language::steps::check_threads::{NAME_IT, which_asset};
use crate::language::steps::step::{self, Step};
use crate::language::{Names, Node};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::ledger_window::LedgerWindow;
use super::observations::Observations;
use super::placeholders::PlaceholderValues;
use super::session_memory::{MAX_SAVED, MAX_SAVED_BYTES, SessionMemory};
use super::step_order::StepOrder;
use super::timeouts::Timeouts;

/// Threads that a message names, if a step could mean any of them.
const MAX_LISTED: usize = 8;

/// Why a step ends early when the world is reset, put back or deleted.
pub(super) const RESET_MEANWHILE: &str = "the world was reset or deleted while this step was performed";

/// A world and the memory of one caller.
#[derive(Debug)]
pub struct Session {
    /// The engine with the world.
    pub engine: Arc<Engine>,
    /// The world of the session.
    pub world: Arc<ActiveWorld>,
    pub(crate) config: Arc<Config>,
    pub(crate) timeouts: Timeouts,
    pub(super) generation: u64,
    pub(crate) observations: Arc<Observations>,
    /// The order of steps, if other callers act in the same world.
    pub(super) order: Option<Arc<StepOrder>>,
    pub(crate) memory: SessionMemory,
    /// The names of what this step saved.
    pub(super) saved_now: Vec<String>,
    /// True if this step began a window.
    pub(super) has_moved_window: bool,
    /// True if the session looks only at threads in which it acted itself.
    pub(super) looks_at_own_threads: bool,
    /// The rules behind the owners that expectations named.
    pub(crate) rules_of_owners: BTreeSet<RuleId>,
    /// How many calls without a world there were before the session.
    pub(super) unmatched_before: u64,
    /// What the last step showed.
    pub(super) shown: Vec<String>,
    /// When the running step began.
    pub(super) step_began: Instant,
    /// True if the running step has done something, even if what follows fails it.
    pub(super) has_acted: bool,
    /// Numbers of the faults that this session armed, with the places of their steps.
    pub(crate) armed: Vec<(u32, SourcePlace)>,
    /// What was in flight when the world did not become quiet in time.
    pub(crate) never_quiet: Option<Quiescence>,
}

impl Session {
    /// The session of a caller that has the world for itself. It begins at the end of the current ledger.
    pub fn new(engine: Arc<Engine>, world: Arc<ActiveWorld>, timeouts: Timeouts) -> Self {
        let begin = world.read(|_, ledger, _| ledger.next_cursor() - 1);
        let unmatched_before = engine.unmatched().count();
        Self {
            engine,
            config: world.config(),
            timeouts,
            generation: world.generation(),
            world,
            unmatched_before,
            observations: Arc::new(Observations::after(begin)),
            order: None,
            memory: SessionMemory::new(begin, LedgerWindow::Since(begin)),
            saved_now: Vec::new(),
            has_moved_window: false,
            looks_at_own_threads: false,
            rules_of_owners: BTreeSet::new(),
            shown: Vec::new(),
            step_began: Instant::now(),
            has_acted: false,
            armed: Vec::new(),
            never_quiet: None,
        }
    }

    /// True if other callers act in the same world.
    pub(super) fn is_shared(&self) -> bool {
        self.order.is_some()
    }

    /// True if the world has been reset, put back or removed since the session began.
    pub(super) fn is_over(&self) -> bool {
        self.world.is_stale(self.generation) || self.world.is_closed()
    }

    /// When the ledger forgets the beginning of a scenario, the scenario fails. A session of the control API lasts as long as its world,
    /// so its beginning moves forward.
    pub(super) fn forget_evicted_entries(&mut self) {
        let oldest = self.world.read(|_, ledger, _| ledger.oldest_cursor());
        self.memory.begin = self.memory.begin.max(oldest - 1);
        self.observations.lock().forget_before(oldest);
    }

    /// Reads a step. It may use the names of the world and the values that earlier steps saved.
    pub fn read_step(&self, node: &Node) -> Result<Step, Vec<Diagnostic>> {
        let mut saved: Vec<String> = self.memory.saved.keys().cloned().collect();
        step::read_step(node, &Names::OfWorld(self.world.config()), &mut saved)
    }

    /// True if the last step did what it says, even if it failed afterwards.
    pub fn has_acted(&self) -> bool {
        self.has_acted
    }

    /// The rules behind the owners that expectations named.
    pub fn rules_of_owners(&self) -> impl Iterator<Item = RuleId> {
        self.rules_of_owners.iter().copied()
    }

    /// The cursor of the newest entry.
    pub(crate) fn newest_cursor(&self) -> u64 {
        self.world.read(|_, ledger, _| ledger.next_cursor() - 1)
    }

    /// True if an app has a webhook URL, so that it is not a puppet.
    pub(crate) fn is_real(&self, app: Option<AppKey>) -> bool {
        app.is_some_and(|app| is_real(&self.engine, &self.config, app))
    }

    /// True if any app has a webhook URL.
    pub fn has_real_apps(&self) -> bool {
        (0..self.config.apps.len()).any(|app| self.is_real(Some(AppKey(app as u16))))
    }

    pub(crate) fn app_key(&self, name: &str) -> Option<AppKey> {
        self.config.app_by_name(name)
    }

    /// The values for `${names}` in a step on this page.
    pub(crate) fn placeholders(&self, page: Option<AssetKey>) -> PlaceholderValues<'_> {
        PlaceholderValues { config: &self.config, saved: &self.memory.saved, page }
    }

    /// The page that a step names. Without a name: the only page of the world, or the only page in which the session
    /// acted.
    pub(crate) fn find_page(&self, name: Option<&str>) -> Option<AssetKey> {
        match name {
            Some(name) => self.config.asset_by_name(name),
            None => self.memory.active_threads.only_page().or_else(|| self.config.only_asset()),
        }
    }

    /// The thread that a step means: the thread of the person that it names, or the only thread in which the session
    /// acted.
    pub(crate) fn find_thread(
        &self,
        person: Option<&str>,
        page: Option<&str>,
        place: &SourcePlace,
    ) -> Result<ThreadKey, Diagnostic> {
        let on_page = page.and_then(|page| self.config.asset_by_name(page));
        let candidates: Vec<ThreadKey> = match person {
            Some(name) => {
                let person = self.config.person_by_name(name).ok_or_else(|| self.no_such_person(name, place))?;
                let of_person = || self.memory.active_threads.only_page_of(person);
                let page = page.is_none().then(of_person).flatten().or_else(|| self.find_page(page));
                page.map(|page| ThreadKey { asset: page, person }).into_iter().collect()
            }
            None => {
                let active: Vec<ThreadKey> = self.memory.active_threads.remembered(on_page).collect();
                if active.is_empty() { self.only_thread(on_page) } else { active }
            }
        };
        match candidates.as_slice() {
            [thread] => Ok(*thread),
            [] if person.is_some() => Err(which_asset(&self.config, place)),
            [] => Err(Diagnostic::new(place.clone(), "which thread is meant?").note(NAME_IT)),
            several => {
                let listed = several.iter().take(MAX_LISTED);
                let mut names: Vec<String> = listed.map(|thread| self.config.thread_name(*thread)).collect();
                if several.len() > MAX_LISTED || self.memory.active_threads.has_more(on_page) {
                    names.push("others".to_owned());
                }
                Err(Diagnostic::new(
                    place.clone(),
                    format!("which thread is meant? This scenario uses {}", names.join(", ")),
                )
                .note(NAME_IT))
            }
        }
    }

    /// A name that nobody has, and that a new person cannot have: it is too long, an app's, a page's or a crowd's, or there are too many
    /// people.
    fn no_such_person(&self, name: &str, place: &SourcePlace) -> Diagnostic {
        if let Some(members) = Names::OfWorld(self.config.clone()).members_of_crowd(name) {
            return Diagnostic::new(place.clone(), format!("there is no person `{name}`")).note(members);
        }
        let mistake =
            Diagnostic::new(place.clone(), format!("there is no person `{name}`, and nobody new can have this name"));
        mistake.note("a new person needs a short name that no app, page, account or crowd has")
    }

    fn only_thread(&self, page: Option<AssetKey>) -> Vec<ThreadKey> {
        let page = page.or_else(|| self.config.only_asset());
        let only = page.zip(self.config.people.only());
        only.map(|(page, person)| ThreadKey { asset: page, person }).into_iter().collect()
    }

    pub(crate) fn mark_active(&mut self, thread: ThreadKey) {
        if !self.memory.active_threads.knows(thread) {
            Arc::make_mut(&mut self.memory.active_threads).insert(thread);
        }
    }

    /// True if the session may look at what happens in a thread.
    pub(super) fn looks_at(&self, thread: Option<ThreadKey>) -> bool {
        let active = &self.memory.active_threads;
        !self.looks_at_own_threads || active.is_empty() || thread.is_none_or(|thread| active.knows(thread))
    }

    pub(super) fn move_window(&mut self, window: LedgerWindow) {
        self.memory.window = window;
        self.has_moved_window = true;
    }

    /// Puts what a step has changed back into the memory that the session was made with.
    pub fn remember_in(self, memory: &mut SessionMemory) {
        if self.has_moved_window {
            memory.window = self.memory.window.clone();
        }
        memory.merge(self.memory, &self.saved_now);
    }

    /// True if an expectation has matched this entry.
    pub(super) fn is_matched(&self, cursor: u64) -> bool {
        self.observations.lock().matched.contains(&cursor)
    }

    /// Notes entries that the running step wrote.
    pub(super) fn own(&mut self, causes: &[u64]) {
        if let LedgerWindow::OfStep(scope) = &mut self.memory.window {
            scope.causes.extend(causes);
        }
    }

    /// Saves values from an answer or a matched item, as `save` says.
    pub(crate) fn save_values(
        &mut self,
        save: &[(String, String)],
        from: Option<&Value>,
        place: &SourcePlace,
    ) -> Result<(), Diagnostic> {
        for (name, pointer) in save {
            let Some(value) = from.and_then(|from| from.pointer(pointer)) else {
                let from = from.map_or_else(|| "nothing".to_owned(), Value::to_string);
                let message = format!("cannot save `{name}`: there is nothing at {pointer}");
                return Err(Diagnostic::new(place.clone(), message).note(format!("looked in: {from}")));
            };
            let bytes = self.memory.saved_bytes.saturating_add(byte_count(value));
            if bytes > MAX_SAVED_BYTES {
                let message =
                    format!("cannot save `{name}`: the session has saved {MAX_SAVED_BYTES} bytes, which is the limit");
                return Err(
                    Diagnostic::new(place.clone(), message).note("save a part of the answer, or begin another session")
                );
            }
            if self.memory.saved.len() >= MAX_SAVED && !self.memory.saved.contains_key(name) {
                let message =
                    format!("cannot save `{name}`: the session has saved {MAX_SAVED} values, which is the limit");
                return Err(Diagnostic::new(place.clone(), message));
            }
            self.memory.saved_bytes = bytes;
            Arc::make_mut(&mut self.memory.saved).insert(name.clone(), value.clone());
            self.saved_now.push(name.clone());
        }
        Ok(())
    }
}

/// True if an app of a world has a webhook URL and webhooks are really sent, so that it is not a puppet.
pub(super) fn is_real(engine: &Engine, config: &Config, app: AppKey) -> bool {
    engine.outbox().is_some() && config.app(app).webhook.is_some()
}
