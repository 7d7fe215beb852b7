//! Expectations about the owner of a thread: the owner that it has, or had until an app changed that by itself.

use crate::domain::World;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::domain::rules::RuleId;
use crate::engine::Topic;
use crate::engine::ledger::Ledger;
use crate::language::steps::expectation::Expectation;
use crate::text::diagnostic::Diagnostic;

use super::expect::{Checked, failed};
use super::observations::Observed;
use super::owner_log::{OwnerSight, OwnerState};
use super::session::Session;

impl Session {
    pub(super) async fn expect_owner(
        &mut self,
        expectation: &Expectation,
        page: Option<&str>,
        app: Option<&str>,
        because: Option<RuleId>,
    ) -> Checked {
        let thread = self.find_thread(expectation.of.as_deref(), page, &expectation.place)?;
        let wanted = app.and_then(|app| self.app_key(app));
        let fits = |state: &OwnerState| state.owner == wanted && because.is_none_or(|rule| rule == state.because);
        let topics = [Topic::Thread(thread)];
        let found = self.wait_on_apps(&topics, expectation.within, |world, ledger, now| {
            if self.is_over() {
                return Some(None);
            }
            let mut observed = self.observations.lock();
            let states = self.owner_states(&mut observed, (world, ledger, now), thread);
            let found = states.into_iter().find(fits)?;
            // From here on the steps know of this change, and the owners before it are past.
            observed.matched.extend(found.unobserved);
            Some(Some(found))
        });
        match found.await.flatten() {
            Some(found) => {
                self.rules_of_owners.insert(found.because);
                Ok(())
            }
            None => {
                self.fail_if_over(&expectation.place)?;
                Err(self.explain_owner(expectation, thread, wanted, because))
            }
        }
    }

    fn owner_states(
        &self,
        observed: &mut Observed,
        (world, ledger, now): (&World, &Ledger, Moment),
        thread: ThreadKey,
    ) -> Vec<OwnerState> {
        let Observed { owners, calls, matched, .. } = observed;
        let sight = OwnerSight {
            calls: &|call| calls.contains(call),
            matched,
            is_real: &|app| self.is_real(Some(app)),
            begin: self.memory.begin,
        };
        let ownership = world.ownership(thread, now);
        owners.states(ledger, thread, &sight, (ownership.owner, ownership.because))
    }

    fn explain_owner(
        &self,
        expectation: &Expectation,
        thread: ThreadKey,
        wanted: Option<AppKey>,
        because: Option<RuleId>,
    ) -> Diagnostic {
        let states = self
            .world
            .read(|world, ledger, now| self.owner_states(&mut self.observations.lock(), (world, ledger, now), thread));
        let name = |owner: Option<AppKey>| owner.map_or("nobody", |owner| &self.config.app(owner).name);
        let mistake = match states.iter().rev().find(|state| state.owner == wanted).zip(because) {
            Some((OwnerState { owner, because: rule, .. }, because)) => {
                failed(expectation, format!("`{}` owns the thread because of {rule}", name(*owner)))
                    .note(format!("{rule}: {}", rule.rule().statement))
                    .note(format!("expected {because}: {}", because.rule().statement))
            }
            None => {
                let owner = self.world.read(|world, _, now| world.ownership(thread, now));
                let which = self.config.thread_name(thread);
                let message =
                    format!("the thread of {which} is owned by `{}`, not by `{}`", name(owner.owner), name(wanted));
                let rule = owner.because;
                failed(expectation, message + &self.in_time(expectation))
                    .note(format!("because of {rule}: {}", rule.rule().statement))
            }
        };
        self.note_owners(mistake, Some(thread))
    }
}
