//! Steps of real apps. Such a step waits until the app has made the Graph call that it describes, and observes the
//! call: from then on, expectations see its effects.

use std::time::Duration;

use serde_json::Value;

use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::engine::Topic;
use crate::engine::ledger::Ledger;
use crate::journal::call_json::shown_parameters;
use crate::language::steps::app_step::{AppStep, AppVerb};
use crate::language::steps::host_verbs::host_mistake;
use crate::language::steps::step::Step;
use crate::text::diagnostic::Diagnostic;

use super::call_match::wanted_call;
use super::call_search::{CallSearch, wanted_body};
use super::ledger_window::LedgerWindow;
use super::performed::{Performed, PerformedKind};
use super::recorded_call::{RecordedCall, unobserved_calls};
use super::session::Session;
use super::timeouts::format_real_time;

const OVER: &str = "the world was reset or deleted while this step waited";

impl Session {
    /// Waits for a real app to do what the step says.
    pub(crate) async fn observe(&mut self, step: &Step, app: &AppStep) -> Result<Performed, Diagnostic> {
        let Some(key) = self.app_key(&app.app) else {
            return Err(Diagnostic::new(step.place.clone(), "which app is meant?"));
        };
        let thread = match &app.to {
            Some(_) => Some(self.find_thread(app.to.as_deref(), step.page.as_deref(), &step.place)?),
            None => None,
        };
        if let AppVerb::StaysSilent(span) = app.verb {
            return self.observe_silence(step, key, thread, self.within(Some(span))).await;
        }
        let within = self.within(step.within);
        let mistake = thread.and_then(|thread| host_mistake(&self.config, thread.asset, app, &step.place));
        if let Some(mistake) = mistake {
            return Err(mistake);
        }
        let search = self.search(step, app, key, thread)?;
        let begin = self.memory.begin;
        // The call is claimed under the lock, so that no other caller observes it too.
        let mut looked = begin;
        let mut claim = |ledger: &Ledger| {
            let mut observed = self.observations.lock();
            let found = search.find(ledger, looked, &observed.calls)?;
            looked = ledger.next_cursor() - 1;
            if let Some(found) = &found {
                observed.calls.claim(found.cause, &step.place);
                if let Some(thread) = found.thread {
                    observed.owners.observe(thread, found.cause);
                }
                if app.refused.is_some() {
                    observed.provoked.refusals.insert(found.cause);
                }
            }
            Ok(found)
        };
        let topics = [Topic::App(key)];
        let found = self.world.wait_on(&topics, within, |_, ledger, _| match self.is_over() {
            true => Some(Err(OVER.to_owned())),
            false => claim(ledger).transpose(),
        });
        let found = found.await;
        match found {
            Some(Ok(found)) => {
                let answer = found.answer.clone();
                let (cause, thread) = (found.cause, found.thread);
                if let Some(thread) = thread {
                    self.mark_active(thread);
                }
                self.move_window(LedgerWindow::CausedBy(cause));
                Ok(Performed { kind: PerformedKind::Observation, answer: Some(answer) })
            }
            Some(Err(gone)) => Err(Diagnostic::new(step.place.clone(), gone)),
            None => {
                let nearest = |ledger: &Ledger| search.nearest(ledger, &self.observations.lock().calls);
                let mut notes = self.world.read(|_, ledger, _| nearest(ledger));
                notes.extend(self.unmatched_calls());
                let message = format!("app `{}` did not do this within {}", app.app, format_real_time(within));
                Err(notes.into_iter().fold(Diagnostic::new(step.place.clone(), message), Diagnostic::note))
            }
        }
    }

    fn search<'s>(
        &'s self,
        step: &Step,
        app: &'s AppStep,
        key: AppKey,
        thread: Option<ThreadKey>,
    ) -> Result<CallSearch<'s>, Diagnostic> {
        let page = thread.map(|thread| thread.asset).or_else(|| self.find_page(step.page.as_deref()));
        let fill = |value: &Value| {
            self.placeholders(page).fill_value(value).map_err(|error| Diagnostic::new(step.place.clone(), error))
        };
        let default_app = page.and_then(|page| self.world.read(|world, _, _| world.asset(page).default_app));
        Ok(CallSearch {
            session: self,
            app: key,
            verb: &app.verb,
            thread,
            default_app,
            wanted: wanted_body(app).as_ref().map(&fill).transpose()?,
            wanted_call: wanted_call(app, fill)?,
            refused: app.refused.as_ref().map(&fill).transpose()?,
            response_lost: app.response_lost,
        })
    }

    async fn observe_silence(
        &mut self,
        step: &Step,
        app: AppKey,
        thread: Option<ThreadKey>,
        within: Duration,
    ) -> Result<Performed, Diagnostic> {
        // What was said before the last acting step is no answer to it.
        let (mut looked, config) = (self.memory.acted, &self.config);
        let topics = [Topic::App(app)];
        let sent = self.world.wait_on(&topics, within, |_, ledger, _| {
            if self.is_over() {
                return Some(Err(OVER.to_owned()));
            }
            let observed = self.observations.lock();
            let mut calls = match unobserved_calls(config, ledger, (app, thread), looked, &observed.calls) {
                Ok(calls) => calls,
                Err(gone) => return Some(Err(gone)),
            };
            looked = ledger.next_cursor() - 1;
            let spoke = |call: &RecordedCall| call.edge == "messages" && call.params.get("message").is_some();
            // A call for nobody of this world is a late call of the scenario before.
            let in_thread = |call: &RecordedCall| {
                call.thread.is_some_and(|of| match thread {
                    Some(thread) => thread == of,
                    None => self.looks_at(Some(of)),
                })
            };
            calls
                .find(|call| spoke(call) && in_thread(call))
                .map(|call| Ok(shown_parameters(config, call.params).to_string()))
        });
        match sent.await {
            None => Ok(Performed { kind: PerformedKind::Observation, answer: None }),
            Some(Err(gone)) => Err(Diagnostic::new(step.place.clone(), gone)),
            Some(Ok(message)) => {
                let name = &self.config.app(app).name;
                Err(Diagnostic::new(step.place.clone(), format!("app `{name}` was not silent"))
                    .note(format!("it sent {message}")))
            }
        }
    }
}
