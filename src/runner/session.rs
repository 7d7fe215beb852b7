//! Run room: a world on session: what a scenario remembers between its steps, and the one way to perform a step. The control API's
//! steps are performed here too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, PageKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::{ActiveWorld, Engine, Quiescence};
use crate::lint::Provoked;

use super::delivery_monitor::DeliveryMonitor;
use super::template::Scope;
use crate::language::steps::step::{Step, StepKind, read_step};
use crate::language::{Names, Node};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;
use crate::text::units;

/// How long a run waits for real apps, in real time.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For an app to do what a step waits for.
    pub within: Duration,
    /// Without any movement, before a world with real apps counts as quiet.
    pub quiet: Duration,
    /// For everything that is under way to end.
    pub budget: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { within: Duration::from_secs(2), quiet: Duration::from_millis(50), budget: Duration::from_secs(10) }
    }
}

/// How a step came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The scenario did it.
    Acted,
    /// A real app did it.
    Observed,
    /// It was found to be so.
    Held,
}

/// A step that went well.
#[derive(Debug, Clone)]
pub struct Performed {
    /// How.
    pub how: How,
    /// The answer of a call, as `returns` would see it.
    pub answer: Option<Value>,
}

/// A world on session.
#[derive(Debug)]
pub struct Session {
    /// The engine that holds the world.
    pub engine: Arc<Engine>,
    /// The world.
    pub world: Arc<ActiveWorld>,
    pub(crate) config: Arc<Config>,
    pub(crate) patience: Timeouts,
    pub(crate) saved: BTreeMap<String, Value>,
    /// What expectations look at.
    pub(crate) window: Window,
    /// Where the scenario began: real apps' calls after this cursor may still be observed.
    pub(crate) begin: u64,
    generation: u64,
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
    pub(crate) taking: DeliveryMonitor,
    is_endless: bool,
    /// What was under way when the world was not quiet in time.
    pub(crate) never_quiet: Option<Quiescence>,
}

/// The part of the ledger that expectations look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Everything after a cursor: what came of the last acting step.
    Since(u64),
    /// Everything that this entry brought about: the call that was observed last.
    CausedBy(u64),
}

impl Window {
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
    pub fn new(engine: Arc<Engine>, world: Arc<ActiveWorld>, patience: Timeouts) -> Self {
        let begin = world.read(|_, ledger, _| ledger.next_cursor() - 1);
        Self {
            engine,
            names: Names::of_config(world.config()),
            config: world.config().clone(),
            patience,
            saved: BTreeMap::new(),
            window: Window::Since(begin),
            begin,
            generation: world.generation(),
            world,
            observed: BTreeSet::new(),
            matched: BTreeSet::new(),
            rules_of_owners: BTreeSet::new(),
            armed: Vec::new(),
            provoked: Provoked::default(),
            active_threads: BTreeSet::new(),
            taking: DeliveryMonitor::after(begin),
            is_endless: false,
            never_quiet: None,
        }
    }

    /// A session without an end, on which whoever controls a server acts for as long as it runs. A scenario fails when the ledger has
    /// forgotten its beginning; here the beginning moves on.
    pub fn endless(engine: Arc<Engine>, world: Arc<ActiveWorld>, patience: Timeouts) -> Self {
        Self { is_endless: true, ..Self::new(engine, world, patience) }
    }

    fn move_beginning(&mut self) {
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

    /// Performs a step. A failure is drawn at its place.
    pub async fn perform(&mut self, step: &Step) -> Result<Performed, Diagnostic> {
        if self.world.is_stale(self.generation) || self.world.is_closed() {
            return Err(Diagnostic::new(
                step.place.clone(),
                "the world was reset or deleted before this step could begin",
            ));
        }
        if self.is_endless {
            self.move_beginning();
        }
        let performed = match &step.kind {
            StepKind::Expect(expectations) => {
                let mut failures = Vec::new();
                for expectation in expectations {
                    failures.extend(self.expect(expectation, step.page.as_deref()).await.err());
                }
                let mut failures = failures.into_iter();
                if let Some(first) = failures.next() {
                    return Err(failures.fold(first, |first, other| first.note(format!("and {}", other.one_line()))));
                }
                Performed { how: How::Held, answer: None }
            }
            StepKind::App(app) if self.is_real(self.app_key(&app.app)) => self.observe(step, app).await?,
            _ => {
                self.begin_acting();
                let answer = self.act(step).await?;
                self.settle(&step.place, Duration::ZERO).await?;
                Performed { how: How::Acted, answer }
            }
        };
        let answer = performed.answer.as_ref();
        self.keep(&step.save, answer, &step.place)?;
        Ok(performed)
    }

    fn begin_acting(&mut self) {
        self.window = Window::Since(self.newest_entry());
    }

    /// The cursor of the newest entry.
    pub(crate) fn newest_entry(&self) -> u64 {
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
    pub(crate) fn scope(&self, page: Option<PageKey>) -> Scope<'_> {
        Scope { config: &self.config, saved: &self.saved, page }
    }

    /// The page that a step names, or the only one.
    pub(crate) fn page(&self, name: Option<&str>) -> Option<PageKey> {
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
    pub(crate) fn thread(
        &self,
        person: Option<&str>,
        page: Option<&str>,
        place: &SourcePlace,
    ) -> Result<ThreadKey, Diagnostic> {
        let on_page = page.and_then(|page| self.config.page_by_name(page));
        let candidates: Vec<ThreadKey> = match person.and_then(|name| self.config.person_by_name(name)) {
            Some(person) => self.page(page).map(|page| ThreadKey { page, person }).into_iter().collect(),
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
            (Some(page), [_]) => vec![ThreadKey { page, person: crate::domain::model::ids::PersonKey(0) }],
            _ => Vec::new(),
        }
    }

    pub(crate) fn plays(&mut self, thread: ThreadKey) {
        self.active_threads.insert(thread);
    }

    /// Keeps values of an answer or of a matched item.
    pub(crate) fn keep(
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

    /// Waits until nothing of the world is under way, and fails where an app did not take its webhooks.
    pub async fn settle(&mut self, place: &SourcePlace, quiet: Duration) -> Result<(), Diagnostic> {
        if !self.has_real_apps() {
            return Ok(());
        }
        let settled = self.world.settle(quiet, self.patience.budget).await;
        if let Quiescence::Exhausted { deliveries, calls } = &settled {
            self.never_quiet = Some(settled.clone());
            let mut mistake = Diagnostic::new(
                place.clone(),
                format!("the world is not quiet after {}", in_words(self.patience.budget)),
            );
            for busy in deliveries {
                mistake = mistake.note(match busy.attempt {
                    0 => format!(
                        "app `{}` at {} still has webhooks that wait for the ones before them",
                        busy.app, busy.url
                    ),
                    attempt => format!("app `{}` at {} has not answered attempt {attempt}", busy.app, busy.url),
                });
            }
            if *calls > 0 {
                mistake = mistake.note(format!("{calls} Graph calls are still under way"));
            }
            return Err(mistake);
        }
        self.check_deliveries(place)
    }
}

/// Real time in words.
pub(crate) fn in_words(duration: Duration) -> String {
    units::format_duration(crate::domain::model::time::Span(duration.as_millis() as u64))
}
