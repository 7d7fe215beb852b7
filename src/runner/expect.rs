//! Expectations. Webhooks, owners and silence are checked at once, because graphdouble itself sends the webhooks. Only
//! a message of a real app is waited for. A failure names the closest miss, the reason, and the owners of the thread so
//! far.

use std::collections::BTreeSet;

use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::journal::owner_history::{OwnerHistory, owner_before_hidden};
use crate::language::steps::expectation::{Expectation, ExpectationKind};
use crate::text::diagnostic::Diagnostic;
use crate::text::units::format_moment;

use super::ledger_view::{LedgerView, caller};
use super::ledger_window::LedgerWindow;
use super::observations::Observed;
use super::session::Session;

pub(super) type Checked = Result<(), Diagnostic>;

impl Session {
    /// Checks one expectation against the current window.
    pub(crate) async fn check_expectation(&mut self, expectation: &Expectation, page: Option<&str>) -> Checked {
        let page = expectation.page.as_deref().or(page);
        match &expectation.kind {
            ExpectationKind::Gets { app, field, like, because } => {
                let wanted = self.wanted_webhook(expectation, page, app, *field, like, *because)?;
                self.expect_webhook(expectation, &wanted)
            }
            ExpectationKind::GetsNo { app, field, like, because } => {
                let wanted = self.wanted_webhook(expectation, page, app, *field, like, *because)?;
                self.expect_no_webhook(expectation, &wanted)
            }
            ExpectationKind::Delivery { app, like } => self.expect_delivery(expectation, page, app, like),
            ExpectationKind::GetsNothing { app } => self.expect_no_webhook_to_app(expectation, app),
            ExpectationKind::NothingElse => self.expect_nothing_else(expectation),
            ExpectationKind::Owner { app, because } => self.expect_owner(expectation, page, app.as_deref(), *because),
            ExpectationKind::Rule(rule) => self.expect_rule(expectation, *rule),
            ExpectationKind::Window { open } => self.expect_window(expectation, page, *open),
            ExpectationKind::Message { from, to, like, within } => {
                let within = self.within(*within);
                self.expect_message(expectation, page, [from.as_deref(), to.as_deref()], like, within).await
            }
        }
    }

    pub(crate) fn ledger_view<R>(&self, look: impl FnOnce(&LedgerView<'_>) -> R) -> Result<R, String> {
        let is_real = |app| self.is_real(Some(app));
        self.view(&self.memory.window, is_real, |view, _| look(view))
    }

    /// Looks at a part of the ledger, without the calls of apps that `is_hidden_app` names and no step has observed.
    pub(super) fn view<R>(
        &self,
        window: &LedgerWindow,
        is_hidden_app: impl Fn(AppKey) -> bool,
        look: impl FnOnce(&LedgerView<'_>, &Observed) -> R,
    ) -> Result<R, String> {
        self.world.read(|_, ledger, _| {
            let observed = self.observations.lock();
            LedgerView::new(ledger, &self.config, window, is_hidden_app, &observed).map(|view| look(&view, &observed))
        })
    }

    fn expect_owner(
        &mut self,
        expectation: &Expectation,
        page: Option<&str>,
        app: Option<&str>,
        because: Option<RuleId>,
    ) -> Checked {
        let thread = self.find_thread(expectation.of.as_deref(), page, &expectation.place)?;
        let (owner, rule) = self.observed_owner(thread);
        let name = |owner: Option<AppKey>| owner.map_or("nobody", |owner| &self.config.app(owner).name).to_owned();
        let wanted = app.and_then(|app| self.app_key(app));
        let which = self.config.thread_name(thread);
        if owner != wanted {
            let message =
                format!("the thread of {which} is owned by `{}`, not by `{}`", name(owner), app.unwrap_or("nobody"));
            let mistake = failed(expectation, message).note(format!("because of {rule}: {}", rule.rule().statement));
            return Err(self.note_owners(mistake, Some(thread)));
        }
        self.rules_of_owners.insert(rule);
        match because {
            Some(because) if because != rule => {
                let mistake = failed(expectation, format!("`{}` owns the thread because of {rule}", name(owner)))
                    .note(format!("{rule}: {}", rule.rule().statement))
                    .note(format!("expected {because}: {}", because.rule().statement));
                Err(self.note_owners(mistake, Some(thread)))
            }
            _ => Ok(()),
        }
    }

    /// The owner without the effects of calls that no step has observed.
    fn observed_owner(&self, thread: ThreadKey) -> (Option<AppKey>, RuleId) {
        let hidden = self.world.read(|_, ledger, _| {
            let entries: Vec<_> = ledger.after(self.memory.begin).into_iter().flatten().collect();
            let observed = self.observations.lock();
            let unobserved: BTreeSet<u64> = entries
                .iter()
                .filter(|entry| entry.cause == entry.cursor && caller(entry).is_some_and(|app| self.is_real(Some(app))))
                .map(|entry| entry.cursor)
                .filter(|cursor| !observed.calls.contains(cursor))
                .collect();
            owner_before_hidden(entries.into_iter(), thread, |entry| unobserved.contains(&entry.cause))
        });
        let ownership = self.world.read(|world, _, now| world.ownership(thread, now));
        hidden.unwrap_or((ownership.owner, ownership.because))
    }

    fn expect_rule(&self, expectation: &Expectation, rule: RuleId) -> Checked {
        let applied = self.ledger_view(|view| view.rules()).map_err(|error| failed(expectation, error))?;
        if applied.contains(&rule) {
            return Ok(());
        }
        let names: Vec<String> = applied.iter().map(ToString::to_string).collect();
        Err(failed(expectation, format!("the rule {rule} was not applied"))
            .note(rule.rule().statement)
            .note(format!("these rules were applied: {}", names.join(", "))))
    }

    fn expect_window(&mut self, expectation: &Expectation, page: Option<&str>, open: bool) -> Checked {
        let thread = self.find_thread(expectation.of.as_deref(), page, &expectation.place)?;
        let (is_open, opened) = self.world.read(|world, _, now| {
            (world.window_is_open(thread, now), world.thread(thread).and_then(|thread| thread.window_opened))
        });
        if is_open == open {
            return Ok(());
        }
        let opened = opened.map_or_else(
            || "it was never open".to_owned(),
            |opened| format!("it was last opened at {}", format_moment(opened)),
        );
        let word = |open: bool| if open { "open" } else { "closed" };
        let message = format!(
            "the messaging window of {} is {}, not {}",
            self.config.thread_name(thread),
            word(is_open),
            word(open)
        );
        Err(failed(expectation, message).note(opened))
    }

    /// Adds the owners of a thread so far to a failure.
    pub(super) fn note_owners(&self, mistake: Diagnostic, thread: Option<ThreadKey>) -> Diagnostic {
        let thread = thread.or_else(|| self.find_thread(None, None, &mistake.place).ok());
        let Some(thread) = thread else { return mistake };
        let owners = self.world.read(|world, ledger, now| OwnerHistory::read(world, ledger, thread, now));
        let mistake = mistake.note(format!("owners of the thread of {}: {owners}", owners.thread_name()));
        // A warning about something that was ignored may explain the failure.
        self.warnings().into_iter().fold(mistake, |mistake, warning| mistake.note(format!("warning: {warning}")))
    }
}

pub(crate) fn failed(expectation: &Expectation, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(expectation.place.clone(), message)
}
