//! Run room: a world on session: what a scenario remembers between its steps, and the one way to perform a step. The control API's
//! steps are performed here too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, PageKey, PersonKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::{ActiveWorld, Engine, Quiescence};
use crate::language::steps::step::{Step, read_step};
use crate::language::{Names, Node};
use crate::lint::Provoked;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::delivery_monitor::DeliveryMonitor;
use super::placeholders::Placeholders;
use super::timeouts::Timeouts;

/// A world on session.
#[derive(Debug)]
pub struct Session {
    /// The engine that holds the world.
    pub engine: Arc<Engine>,
    /// The world.
    pub world: Arc<ActiveWorld>,
    pub(crate) config: Arc<Config>,
    pub(crate) timeouts: Timeouts,
    pub(crate) saved: BTreeMap<String, Value>,
    /// What expectations look at.
    pub(crate) window: LedgerWindow,
    /// Where the scenario began: real apps' calls after this cursor may still be observed.
    pub(crate) begin: u64,
    pub(super) generation: u64,
    names: Names,
    /// Entries of real apps' calls that a step has observed.
    pub(crate) observed: BTreeSet<u64>,
    /// Entries that an expectation has matched.
    pub(crate) matched: BTreeSet<u64>,
    /// Rules by which an expected owner owned its thread.
    pub(crate) rules_of_owners: BTreeSet<RuleId>,
    /// Faults that this scenario armed, with the steps that did.
    pub(crate) armed: Vec<(u32, SourcePlace)>,
    /// What this script provoked on purpose, for the lints.
    pub(crate) provoked: Provoked,
    /// Threads in which this scenario acted.
    active_threads: BTreeSet<ThreadKey>,
    pub(crate) delivery_monitor: DeliveryMonitor,
    pub(super) is_endless: bool,
    /// What was under way when the world was not quiet in time.
    pub(crate) never_quiet: Option<Quiescence>,
}

/// The part of the ledger that expectations look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerWindow {
    /// Everything after a cursor: what came of the last acting step.
    Since(u64),
    /// Everything that this entry brought about: the call that was observed last.
    CausedBy(u64),
}

impl LedgerWindow {
    /// The cursor after which it begins.
    pub fn start(self) -> u64 {
        match self {
            Self::Since(cursor) => cursor,
            Self::CausedBy(cause) => cause.saturating_sub(1),
        }
    }
}

impl Session {
    /// A fresh session on a world.
    pub fn new(engine: Arc<Engine>, world: Arc<ActiveWorld>, timeouts: Timeouts) -> Self {
        let begin = world.read(|_, ledger, _| ledger.next_cursor() - 1);
        Self {
            engine,
            names: Names::of_config(world.config()),
            config: world.config().clone(),
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

    /// A session without an end, on which whoever controls a server acts for as long as it runs. A scenario fails when the ledger has
    /// forgotten its beginning; here the beginning moves on.
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

    /// Reads a step that may name whatever the world has and earlier steps saved.
    pub fn read(&self, node: &Node) -> Result<Step, Vec<Diagnostic>> {
        let mut saved: Vec<String> = self.saved.keys().cloned().collect();
        read_step(node, &self.names, &mut saved)
    }

    /// Rules by which an expected owner owned its thread.
    pub fn rules_of_owners(&self) -> impl Iterator<Item = RuleId> {
        self.rules_of_owners.iter().copied()
    }

    /// The cursor of the newest entry.
    pub(crate) fn newest_cursor(&self) -> u64 {
        self.world.read(|_, ledger, _| ledger.next_cursor() - 1)
    }

    /// Whether an app has a URL, and is therefore no puppet.
    pub(crate) fn is_real(&self, app: Option<AppKey>) -> bool {
        self.engine.outbox().is_some() && app.is_some_and(|app| self.config.app(app).webhook.is_some())
    }

    /// Whether any app is real.
    pub fn has_real_apps(&self) -> bool {
        (0..self.config.apps.len()).any(|app| self.is_real(Some(AppKey(app as u16))))
    }

    pub(crate) fn app_key(&self, name: &str) -> Option<AppKey> {
        self.config.app_by_name(name)
    }

    /// `${names}` filled in, for a step on this page.
    pub(crate) fn placeholders(&self, page: Option<PageKey>) -> Placeholders<'_> {
        Placeholders { config: &self.config, saved: &self.saved, page }
    }

    /// The page that a step names, or the only one.
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

    /// The thread that a step means: of the person that it names, or the only one in play.
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
                Err(Diagnostic::new(place.clone(), format!("which thread is meant? In play are {}", names.join(", ")))
                    .note("name the person with `to:` or `of:`, and the page with `page:`"))
            }
        }
    }

    fn only_thread(&self, page: Option<PageKey>) -> Vec<ThreadKey> {
        let page = page.or((self.config.pages.len() == 1).then_some(PageKey(0)));
        match (page, self.config.people.list()) {
            (Some(page), [_]) => vec![ThreadKey { page, person: PersonKey(0) }],
            _ => Vec::new(),
        }
    }

    pub(crate) fn mark_active(&mut self, thread: ThreadKey) {
        self.active_threads.insert(thread);
    }

    /// Keeps values of an answer or of a matched item.
    pub(crate) fn save_values(
        &mut self,
        save: &[(String, String)],
        from: Option<&Value>,
        place: &SourcePlace,
    ) -> Result<(), Diagnostic> {
        for (name, pointer) in save {
            let Some(value) = from.and_then(|from| from.pointer(pointer)) else {
                let from = from.map_or_else(|| "nothing".to_owned(), Value::to_string);
                let message = format!("`{name}` cannot be saved: there is nothing at {pointer}");
                return Err(Diagnostic::new(place.clone(), message).note(format!("looked at: {from}")));
            };
            self.saved.insert(name.clone(), value.clone());
        }
        Ok(())
    }
}
