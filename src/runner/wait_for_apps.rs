//! Waits for what only a real app can bring about. Without a real app in the world nothing waits: what is not there now will not come.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::World;
use crate::domain::model::time::{Moment, Span};
use crate::engine::Topic;
use crate::engine::ledger::Ledger;

use super::ledger_view::LedgerView;
use super::ledger_window::LedgerWindow;
use super::observations::Observed;
use super::session::Session;
use super::unobserved::UnobservedEffects;

/// The longest that a step may wait for a real app.
pub(super) const MAX_WITHIN: Duration = Duration::from_secs(300);

/// A part of what an expectation looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookedAt {
    /// The effects of the last step that acted or observed a call.
    Window,
    /// What apps did by themselves.
    Unobserved,
    /// Everything since the session began.
    Session,
}

/// Where an expectation looks, and how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outlook<'t> {
    /// What wakes it.
    pub topics: &'t [Topic],
    /// Its own time.
    pub within: Option<Span>,
    /// True if it looks at everything since the session began, and not only at the window and at what apps did by themselves.
    pub sees_session: bool,
}

impl Session {
    /// How long a step waits: its own `within`, or that of the run.
    pub(crate) fn within(&self, within: Option<Span>) -> Duration {
        within.map_or(self.timeouts.within, |Span(millis)| Duration::from_millis(millis)).min(MAX_WITHIN)
    }

    /// Looks until `ready` returns something: once, or as long as the step may wait if the world has a real app.
    pub(super) async fn wait_on_apps<R>(
        &self,
        topics: &[Topic],
        within: Option<Span>,
        ready: impl FnMut(&World, &Ledger, Moment) -> Option<R>,
    ) -> Option<R> {
        if !self.has_real_apps() {
            return self.world.read(ready);
        }
        let deadline = self.step_began + self.within(within);
        self.world.wait_on(topics, deadline.saturating_duration_since(Instant::now()), ready).await
    }

    /// Looks for an effect, and waits for it if a real app may still bring it about. `claim` is called under the same lock as `find`, so
    /// that no other caller claims the same.
    pub(super) async fn find_effect<R>(
        &self,
        outlook: Outlook<'_>,
        mut find: impl FnMut(&LedgerView<'_>, LookedAt, &Observed) -> Option<R>,
        claim: impl Fn(&R, &mut Observed),
    ) -> Result<Option<R>, String> {
        let mut unobserved = UnobservedEffects::after(self.memory.begin);
        let mut looked = self.memory.begin;
        let mut look = |ledger: &Ledger| {
            let mut observed = self.observations.lock();
            let found = match outlook.sees_session {
                true => {
                    let window = LedgerWindow::Since(looked);
                    looked = ledger.next_cursor() - 1;
                    let view = LedgerView::new(ledger, &self.config, &window, |_| false, &observed)?;
                    find(&view, LookedAt::Session, &observed)
                }
                false => {
                    let is_real = |app| self.is_real(Some(app));
                    let view = LedgerView::new(ledger, &self.config, &self.memory.window, is_real, &observed)?;
                    let rest = LedgerView::of(unobserved.read(self, ledger, &observed), &self.config);
                    find(&view, LookedAt::Window, &observed).or_else(|| find(&rest, LookedAt::Unobserved, &observed))
                }
            };
            if let Some(found) = &found {
                claim(found, &mut observed);
            }
            Ok(found)
        };
        let found = self.wait_on_apps(outlook.topics, outlook.within, |_, ledger, _| match self.is_over() {
            true => Some(Ok(None)),
            false => look(ledger).transpose().map(|found| found.map(Some)),
        });
        found.await.unwrap_or(Ok(None))
    }

    /// What apps did by themselves since the session began.
    pub(super) fn view_unobserved<R>(&self, look: impl FnOnce(&LedgerView<'_>) -> R) -> R {
        self.world.read(|_, ledger, _| {
            let observed = self.observations.lock();
            let effects = UnobservedEffects::after(self.memory.begin).read(self, ledger, &observed);
            look(&LedgerView::of(effects, &self.config))
        })
    }
}
