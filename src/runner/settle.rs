//! Waits until a world is quiet, and fails the step if a real app did not accept a webhook.

use std::time::Duration;

use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{DeliveryAttempt, DeliveryResult};
use crate::engine::{Quiescence, QuietScope};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::ledger_window::LedgerWindow;
use super::session::Session;
use super::step_effects::{StepPlace, StepTrace};
use super::timeouts::format_real_time;

/// How much of an app's answer a failure shows, in characters.
const MAX_SAID: usize = 300;

impl Session {
    /// Waits until no webhook and no call is in flight. Fails if an app did not accept a webhook.
    pub async fn settle(&mut self, place: &SourcePlace, quiet: Duration) -> Result<(), Diagnostic> {
        if !self.has_real_apps() {
            return Ok(());
        }
        let settled = match self.quiet_scope() {
            Some(scope) => self.world.settle_step(scope, quiet, self.timeouts.budget).await,
            None => self.world.settle(quiet, self.timeouts.budget).await,
        };
        if let Quiescence::Exhausted { deliveries, calls } = &settled {
            self.never_quiet = Some(settled.clone());
            let mut mistake = Diagnostic::new(
                place.clone(),
                format!("webhooks or calls are still in flight after {}", format_real_time(self.timeouts.budget)),
            );
            for busy in deliveries {
                mistake = mistake.note(match busy.attempt {
                    0 => format!("app `{}` at {} still has webhooks in its queue", busy.app, busy.url),
                    attempt => format!("app `{}` at {} has not answered attempt {attempt}", busy.app, busy.url),
                });
            }
            if *calls > 0 {
                mistake = mistake.note(format!("Graph calls in flight: {calls}"));
            }
            return Err(mistake);
        }
        self.check_deliveries(place)
    }

    /// What must be quiet: what belongs to the running step, or the whole world if the step turns its clock or nobody else acts in it.
    fn quiet_scope(&self) -> Option<QuietScope> {
        let LedgerWindow::OfStep(StepTrace { place, causes, .. }) = &self.memory.window else { return None };
        match place {
            StepPlace::World => None,
            StepPlace::Thread(thread) => Some(QuietScope { causes: causes.clone(), thread: Some(*thread) }),
            StepPlace::Elsewhere => Some(QuietScope { causes: causes.clone(), thread: None }),
        }
    }

    /// True if an attempt belongs to the running step: it is in the step's thread, or the step caused its webhook.
    fn is_mine(&self, ledger: &Ledger, failed: &DeliveryAttempt) -> bool {
        let LedgerWindow::OfStep(StepTrace { place, causes, .. }) = &self.memory.window else { return true };
        let is_caused = |webhook| ledger.get(webhook).is_some_and(|webhook| causes.contains(&webhook.cause));
        match place {
            StepPlace::World => true,
            StepPlace::Thread(thread)
                if failed.request.items().any(|item| item.event.scope.thread() == Some(*thread)) =>
            {
                true
            }
            _ => failed.request.items().any(|item| is_caused(item.entry)),
        }
    }

    /// Fails if a real app did not accept a webhook since the last check.
    pub(super) fn check_deliveries(&self, place: &SourcePlace) -> Result<(), Diagnostic> {
        let failed = self.world.read(|_, ledger, _| {
            let belongs = |failed: &DeliveryAttempt| self.is_mine(ledger, failed);
            self.observations.lock().deliveries.take_failure(ledger, belongs)
        });
        let Some(failed) = failed else { return Ok(()) };
        let app = &self.config.app(failed.request.app).name;
        let how = match &failed.result {
            DeliveryResult::Answered(status) => format!("answered {status} to a webhook"),
            DeliveryResult::Failed(why) => format!("did not accept a webhook: {why}"),
            DeliveryResult::Lost => "never saw a webhook".to_owned(),
        };
        let url = failed.url.as_deref().unwrap_or_default();
        let mistake = Diagnostic::new(place.clone(), format!("app `{app}` {how}"))
            .note(format!("at {url}, attempt {}", failed.attempt))
            .note("a delivery succeeds only with a 2xx status within the time limit");
        let mistake = notes_of_answer(&failed).into_iter().fold(mistake, Diagnostic::note);
        Err(match failed.fault {
            None => mistake,
            Some(number) => mistake.note(format!("fault {number} affected it, but the request itself was valid")),
        })
    }
}

/// What an app answered to a webhook that it refused, and what that may mean.
fn notes_of_answer(failed: &DeliveryAttempt) -> Vec<String> {
    let said = String::from_utf8_lossy(&failed.said);
    let said = said.trim();
    let words = match said.char_indices().nth(MAX_SAID) {
        None if said.is_empty() => None,
        None => Some(format!("its answer: {said}")),
        Some((end, _)) => Some(format!("its answer: {}…", &said[..end])),
    };
    let is_unauthorized = matches!(failed.result, DeliveryResult::Answered(401 | 403));
    let secret = "a bot answers so to a signature that it cannot verify: does it use the secret of this app, as GRAPHDOUBLE_APP_SECRET has it?";
    words.into_iter().chain(is_unauthorized.then(|| secret.to_owned())).collect()
}
