//! Performs one step: acts, waits for a real app, or checks expectations.

use std::time::Duration;

use crate::language::steps::step::{Step, StepKind};
use crate::text::diagnostic::Diagnostic;

use super::performed::{Performed, PerformedKind};
use super::session::{LedgerWindow, Session};

impl Session {
    /// Performs a step. A failure points at the part of the step that failed.
    pub async fn perform(&mut self, step: &Step) -> Result<Performed, Diagnostic> {
        if self.world.is_stale(self.generation) || self.world.is_closed() {
            return Err(Diagnostic::new(step.place.clone(), "the world was reset or deleted before this step began"));
        }
        if self.is_endless {
            self.forget_evicted_entries();
        }
        self.meet_people(step);
        let performed = match &step.kind {
            StepKind::Expect(expectations) => {
                let mut failures = Vec::new();
                for expectation in expectations {
                    failures.extend(self.check_expectation(expectation, step.page.as_deref()).await.err());
                }
                let mut failures = failures.into_iter();
                if let Some(first) = failures.next() {
                    return Err(failures.fold(first, |first, other| first.note(format!("and {}", other.one_line()))));
                }
                Performed { kind: PerformedKind::Expectation, answer: None }
            }
            StepKind::App(app) if self.is_real(self.app_key(&app.app)) => self.observe(step, app).await?,
            _ => {
                self.start_window();
                let answer = self.perform_action(step).await?;
                self.settle(&step.place, Duration::ZERO).await?;
                Performed { kind: PerformedKind::Action, answer }
            }
        };
        let answer = performed.answer.as_ref();
        self.save_values(&step.save, answer, &step.place)?;
        Ok(performed)
    }

    fn start_window(&mut self) {
        self.window = LedgerWindow::Since(self.newest_cursor());
    }
}
