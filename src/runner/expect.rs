//! Expectations. What should have happened is waited for if a real app may still bring it about, and it counts wherever it came from. That
//! something did not happen is checked at once and exactly: it is about what graphdouble and the steps did. A failure names the closest
//! miss, the reason, and the owners of the thread so far.

use std::collections::BTreeSet;

use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::Topic;
use crate::journal::owner_history::OwnerHistory;
use crate::language::steps::expectation::{Expectation, ExpectationKind};
use crate::text::diagnostic::Diagnostic;
use crate::text::units::format_moment;

use super::ledger_view::LedgerView;
use super::ledger_window::LedgerWindow;
use super::observations::Observed;
use super::session::Session;
use super::timeouts::format_real_time;
use super::wait_for_apps::Outlook;

pub(super) type Checked = Result<(), Diagnostic>;

impl Session {
    /// Checks one expectation against the current window.
    pub(crate) async fn check_expectation(&mut self, expectation: &Expectation, page: Option<&str>) -> Checked {
        let page = expectation.page.as_deref().or(page);
        match &expectation.kind {
            ExpectationKind::Gets { app, field, like, because } => {
                let wanted = self.wanted_webhook(expectation, page, app, *field, like, *because)?;
                self.expect_webhook(expectation, &wanted).await
            }
            ExpectationKind::GetsNo { app, field, like, because } => {
                let wanted = self.wanted_webhook(expectation, page, app, *field, like, *because)?;
                self.expect_no_webhook(expectation, &wanted)
            }
            ExpectationKind::Delivery { app, like } => self.expect_delivery(expectation, page, app, like).await,
            ExpectationKind::GetsNothing { app } => self.expect_no_webhook_to_app(expectation, app),
            ExpectationKind::NothingElse => self.expect_nothing_else(expectation),
            ExpectationKind::NoMessages => self.expect_no_messages(expectation, page).await,
            ExpectationKind::Owner { app, because } => {
                self.expect_owner(expectation, page, app.as_deref(), *because).await
            }
            ExpectationKind::Rule(rule) => self.expect_rule(expectation, *rule).await,
            ExpectationKind::Window { open } => self.expect_window(expectation, page, *open),
            ExpectationKind::Message { from, to, like } => {
                self.expect_message(expectation, page, [from.as_deref(), to.as_deref()], like).await
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

    async fn expect_rule(&self, expectation: &Expectation, rule: RuleId) -> Checked {
        let outlook = Outlook { topics: &[Topic::Any], within: expectation.within, sees_session: false };
        let applied = self.find_effect(outlook, |view, _, _| view.rules().contains(&rule).then_some(()), |(), _| {});
        if applied.await.map_err(|error| failed(expectation, error))?.is_some() {
            return Ok(());
        }
        self.fail_if_over(&expectation.place)?;
        let mut applied: BTreeSet<RuleId> = self.ledger_view(|view| view.rules()).unwrap_or_default();
        applied.extend(self.view_unobserved(|view| view.rules()));
        let names: Vec<String> = applied.iter().map(ToString::to_string).collect();
        let message = format!("the rule {rule} was not applied{}", self.in_time(expectation));
        Err(failed(expectation, message)
            .note(rule.rule().statement)
            .note(format!("these rules were applied: {}", names.join(", "))))
    }

    /// Only people open a window, and only time closes it, so nothing is waited for.
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

    /// How long was waited, for the message of a failure; nothing if nothing was waited for.
    pub(super) fn in_time(&self, expectation: &Expectation) -> String {
        match self.has_real_apps() {
            true => format!(" within {}", format_real_time(self.within(expectation.within))),
            false => String::new(),
        }
    }
}

pub(crate) fn failed(expectation: &Expectation, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(expectation.place.clone(), message)
}
