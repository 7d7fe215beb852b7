//! A session: a world, and what one caller remembers between its steps. A scenario is a caller, and so is a client of
//! the control API.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, PageKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::{ActiveWorld, Engine, Quiescence};
use crate::language::steps::step::{self, Step};
use crate::language::{Names, Node};
use crate::lint::Provoked;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::delivery_monitor::DeliveryMonitor;
use super::placeholders::PlaceholderValues;
use super::timeouts::Timeouts;

/// A world and the memory of one caller.
#[derive(Debug)]
pub struct Session {
    /// The engine with the world.
    pub engine: Arc<Engine>,
    /// The world of the session.
    pub world: Arc<ActiveWorld>,
    pub(crate) config: Arc<Config>,
    pub(crate) timeouts: Timeouts,
    pub(crate) saved: BTreeMap<String, Value>,
    pub(crate) window: LedgerWindow,
    /// The cursor at which the session began. Calls of real apps after it can be observed.
    pub(crate) begin: u64,
    pub(super) generation: u64,
    /// Cursors of real apps' calls that a step has observed.
    pub(crate) observed: BTreeSet<u64>,
    /// Cursors of entries that an expectation has matched.
    pub(crate) matched: BTreeSet<u64>,
    /// The rules behind the owners that expectations named.
    pub(crate) rules_of_owners: BTreeSet<RuleId>,
    /// Numbers of the faults that this session armed, with the places of their steps.
    pub(crate) armed: Vec<(u32, SourcePlace)>,
    /// Calls and refusals that the script caused on purpose. Lints ignore them.
    pub(crate) provoked: Provoked,
    /// Threads in which this session acted.
    active_threads: BTreeSet<ThreadKey>,
    pub(crate) delivery_monitor: DeliveryMonitor,
    pub(super) is_endless: bool,
    /// What was in flight when the world did not become quiet in time.
    pub(crate) never_quiet: Option<Quiescence>,
}

/// The part of the ledger that expectations see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerWindow {
    /// All entries after a cursor: the effects of the last acting step.
    Since(u64),
    /// All entries that this one caused. It is the call that a step observed last.
    CausedBy(u64),
}

impl LedgerWindow {
    /// The cursor after which the window begins.
    pub fn start(self) -> u64 {
        match self {
            Self::Since(cursor) => cursor,
            Self::CausedBy(cause) => cause.saturating_sub(1),
        }
    }
}

impl Session {
    /// A session that begins at the end of the current ledger.
    pub fn new(engine: Arc<Engine>, world: Arc<ActiveWorld>, timeouts: Timeouts) -> Self {
        let begin = world.read(|_, ledger, _| ledger.next_cursor() - 1);
        Self {
            engine,
            config: world.config(),
            timeouts,
            saved: BTreeMap::new(),
            window: LedgerWindow::Since(begin),
            begin,
            generation: world.generation(),
            world,
            observed: BTreeSet::new(),
            matched: BTreeSet::new(),
            rules_of_owners: BTreeSet::new(),
            armed: Vec::new(),
            provoked: Provoked::default(),
            active_threads: BTreeSet::new(),
            delivery_monitor: DeliveryMonitor::after(begin),
            is_endless: false,
            never_quiet: None,
        }
    }

    /// A session for the control API, which lasts as long as the server. When the ledger forgets the beginning of a
    /// scenario, the scenario fails; here the beginning moves forward.
    pub fn endless(engine: Arc<Engine>, world: Arc<ActiveWorld>, timeouts: Timeouts) -> Self {
        Self { is_endless: true, ..Self::new(engine, world, timeouts) }
    }

    pub(super) fn forget_evicted_entries(&mut self) {
        let oldest = self.world.read(|_, ledger, _| ledger.oldest_cursor());
        self.begin = self.begin.max(oldest - 1);
        self.observed = self.observed.split_off(&oldest);
        self.matched = self.matched.split_off(&oldest);
        self.provoked.forget_before(oldest);
    }

    /// Reads a step. It may use the names of the world and the values that earlier steps saved.
    pub fn read_step(&self, node: &Node) -> Result<Step, Vec<Diagnostic>> {
        let mut saved: Vec<String> = self.saved.keys().cloned().collect();
        step::read_step(node, &Names::OfWorld(self.world.config()), &mut saved)
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
        self.engine.outbox().is_some() && app.is_some_and(|app| self.config.app(app).webhook.is_some())
    }

    /// True if any app has a webhook URL.
    pub fn has_real_apps(&self) -> bool {
        (0..self.config.apps.len()).any(|app| self.is_real(Some(AppKey(app as u16))))
    }

    pub(crate) fn app_key(&self, name: &str) -> Option<AppKey> {
        self.config.app_by_name(name)
    }

    /// The values for `${names}` in a step on this page.
    pub(crate) fn placeholders(&self, page: Option<PageKey>) -> PlaceholderValues<'_> {
        PlaceholderValues { config: &self.config, saved: &self.saved, page }
    }

    /// The page that a step names. Without a name: the only page of the world, or the only page in which the session
    /// acted.
    pub(crate) fn find_page(&self, name: Option<&str>) -> Option<PageKey> {
        match name {
            Some(name) => self.config.page_by_name(name),
            None if self.config.pages.len() == 1 => Some(PageKey(0)),
            None => {
                let mut pages: Vec<PageKey> = self.active_threads.iter().map(|thread| thread.page).collect();
                pages.dedup();
                (pages.len() == 1).then(|| pages[0])
            }
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
        let on_page = page.and_then(|page| self.config.page_by_name(page));
        let candidates: Vec<ThreadKey> = match person.and_then(|name| self.config.person_by_name(name)) {
            Some(person) => self.find_page(page).map(|page| ThreadKey { page, person }).into_iter().collect(),
            None => {
                let active_threads =
                    self.active_threads.iter().copied().filter(|thread| on_page.is_none_or(|page| page == thread.page));
                let active_threads: Vec<ThreadKey> = active_threads.collect();
                if active_threads.is_empty() { self.only_thread(on_page) } else { active_threads }
            }
        };
        match candidates.as_slice() {
            [thread] => Ok(*thread),
            [] => Err(Diagnostic::new(place.clone(), "which thread is meant?")
                .note("name the person with `to:` or `of:`, and the page with `page:`")),
            several => {
                let names: Vec<String> = several.iter().map(|thread| self.config.thread_name(*thread)).collect();
                Err(Diagnostic::new(
                    place.clone(),
                    format!("which thread is meant? This scenario uses {}", names.join(", ")),
                )
                .note("name the person with `to:` or `of:`, and the page with `page:`"))
            }
        }
    }

    fn only_thread(&self, page: Option<PageKey>) -> Vec<ThreadKey> {
        let page = page.or((self.config.pages.len() == 1).then_some(PageKey(0)));
        let only = page.zip(self.config.people.only());
        only.map(|(page, person)| ThreadKey { page, person }).into_iter().collect()
    }

    pub(crate) fn mark_active(&mut self, thread: ThreadKey) {
        self.active_threads.insert(thread);
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
            self.saved.insert(name.clone(), value.clone());
        }
        Ok(())
    }
}
