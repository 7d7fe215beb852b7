//! Performs one step: acts, waits for a real app, or checks expectations.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::model::ids::ThreadKey;
use crate::engine::ledger_entry::LedgerEntry;
use crate::language::steps::app_step::{AppStep, AppVerb};
use crate::language::steps::step::{Step, StepKind};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::ledger_window::LedgerWindow;
use super::named_people::with_names;
use super::performed::{Performed, PerformedKind};
use super::session::{RESET_MEANWHILE, Session};
use super::step_effects::{StepPlace, StepTrace};
use super::step_order::StepPermit;

impl Session {
    /// Performs a step. A failure points at the part of the step that failed, and names people instead of their ids.
    pub async fn perform(&mut self, step: &Step) -> Result<Performed, Diagnostic> {
        let performed = self.perform_step(step).await;
        performed.map_err(|failure| with_names(&self.config, failure))
    }

    async fn perform_step(&mut self, step: &Step) -> Result<Performed, Diagnostic> {
        if self.is_over() {
            return Err(Diagnostic::new(step.place.clone(), "the world was reset or deleted before this step began"));
        }
        if self.is_shared() {
            self.forget_evicted_entries();
        }
        self.refuse_unknown_names(step)?;
        self.meet_people(step);
        self.step_began = Instant::now();
        self.has_acted = false;
        let performed = match &step.kind {
            StepKind::Expect(expectations) => {
                let (mut failures, mut is_about_apps) = (Vec::new(), false);
                for expectation in expectations {
                    if let Err(failure) = self.check_expectation(expectation, step.page.as_deref()).await {
                        is_about_apps |= failures.is_empty() && expectation.is_waited_for();
                        failures.push(failure);
                    }
                }
                let mut failures = failures.into_iter();
                if let Some(first) = failures.next() {
                    let first = if is_about_apps { self.note_calls(first) } else { first };
                    return Err(failures.fold(first, |first, other| first.note(format!("and {}", other.one_line()))));
                }
                Performed { kind: PerformedKind::Expectation, answer: None }
            }
            StepKind::App(app @ AppStep { verb: AppVerb::Shows(field), .. }) => self.show(step, app, *field)?,
            StepKind::App(app) if self.is_real(self.app_key(&app.app)) => self.observe(step, app).await?,
            _ => self.act(step).await?,
        };
        self.has_acted = true;
        let answer = performed.answer.as_ref();
        self.save_values(&step.save, answer, &step.place)?;
        Ok(performed)
    }

    /// Acts, and waits until what follows is over.
    async fn act(&mut self, step: &Step) -> Result<Performed, Diagnostic> {
        self.start_window(step, None);
        let thread = self.thread_of_step(step)?;
        // Nobody waits for a step that waits for an app.
        let waited = self.wait_for_offer(step, thread).await?;
        let permit = self.wait_for_permit(step, thread).await;
        self.fail_if_over(&step.place)?;
        self.start_window(step, thread);
        let answer = self.perform_action(step, thread).await.map_err(|failure| self.note_wait(waited, failure))?;
        self.has_acted = true;
        self.settle(&step.place, Duration::ZERO).await?;
        self.fail_if_over(&step.place)?;
        drop(permit);
        Ok(Performed { kind: PerformedKind::Action, answer })
    }

    /// The thread in which a step acts.
    pub(super) fn thread_of_step(&self, step: &Step) -> Result<Option<ThreadKey>, Diagnostic> {
        let (person, page) = match &step.kind {
            StepKind::User(user) => (Some(user.person.as_str()), user.page_name(step.page.as_deref(), &self.config)),
            StepKind::App(app) if matches!(app.verb, AppVerb::StaysSilent(_)) => return Ok(None),
            StepKind::App(app) if matches!(app.verb, AppVerb::Calls(_)) && app.to.is_none() => return Ok(None),
            StepKind::App(app) => (app.to.as_deref(), step.page.clone()),
            StepKind::Inbox(inbox) => (inbox.to.as_deref(), step.page.clone()),
            _ => return Ok(None),
        };
        self.find_thread(person, page.as_deref(), &step.place).map(Some)
    }

    /// The thread that a step is about, if it is about one.
    pub fn thread_about(&self, step: &Step) -> Option<ThreadKey> {
        match &step.kind {
            StepKind::Expect(expectations) => {
                let first = expectations.first()?;
                let page = first.page.as_deref().or(step.page.as_deref());
                self.find_thread(first.of.as_deref(), page, &step.place).ok()
            }
            _ => self.thread_of_step(step).ok().flatten(),
        }
    }

    /// Waits until the steps are over that this one must not overtake.
    pub(super) async fn wait_for_permit(&self, step: &Step, thread: Option<ThreadKey>) -> Option<StepPermit> {
        let order = self.order.as_ref()?;
        Some(match step.kind {
            StepKind::Clock(_) => order.alone().await,
            _ => order.beside(thread).await,
        })
    }

    pub(super) fn start_window(&mut self, step: &Step, thread: Option<ThreadKey>) {
        let newest = self.newest_cursor();
        self.memory.acted = newest;
        let place = match (thread, &step.kind) {
            (Some(thread), _) => StepPlace::Thread(thread),
            (None, StepKind::Clock(_)) => StepPlace::World,
            (None, _) => StepPlace::Elsewhere,
        };
        self.move_window(match self.is_shared() {
            true => LedgerWindow::OfStep(StepTrace { since: newest, place, causes: Vec::new() }),
            false => LedgerWindow::Since(newest),
        });
    }

    /// Fails if the world has been reset, put back or deleted since the step began.
    pub(super) fn fail_if_over(&self, place: &SourcePlace) -> Result<(), Diagnostic> {
        match self.is_over() {
            true => Err(Diagnostic::new(place.clone(), RESET_MEANWHILE)),
            false => Ok(()),
        }
    }

    /// The entries that a step brought about, which may have failed; of a call that it observed, those of the call.
    pub fn entries_of_step(&self) -> Vec<LedgerEntry> {
        if self.is_over() || !self.has_moved_window {
            return Vec::new();
        }
        self.world.read(|_, ledger, _| match &self.memory.window {
            LedgerWindow::OfStep(scope) => {
                let observed = self.observations.lock();
                scope.effects(&self.config, ledger, &observed, scope.answered_with()).cloned().collect()
            }
            LedgerWindow::CausedBy(cause) => {
                let entries = ledger.after(cause.saturating_sub(1)).into_iter().flatten();
                entries.filter(|entry| entry.cause == *cause).cloned().collect()
            }
            LedgerWindow::Since(cursor) => ledger.after(*cursor).into_iter().flatten().cloned().collect(),
        })
    }
}
