//! Policy room: who owns a thread now. Computed from the last hand-over and the clock, so that idle release costs nothing.

use crate::domain::model::ids::AppKey;
use crate::domain::model::ruleset::Uncontrolled;
use crate::domain::model::settings::PageSettings;
use crate::domain::model::thread::{ControlHolder, Thread};
use crate::domain::model::time::Moment;
use crate::domain::rules::{self, RuleId};

/// Who owns a thread, since when, until when, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ownership {
    /// The owner; nobody only on a page without a default app.
    pub owner: Option<AppKey>,
    /// Since when.
    pub since: Option<Moment>,
    /// When control lapses, where it does.
    pub until: Option<Moment>,
    /// The rule that made it so.
    pub because: RuleId,
}

/// Who owns the thread at `now`.
pub fn owner_at(thread: &Thread, page: &PageSettings, now: Moment) -> Ownership {
    match &thread.holder {
        Some(holder) if now >= holder.until && !left_before(holder, page, holder.until) => {
            uncontrolled(page, Some((holder.until, page.ruleset.lapse)))
        }
        Some(holder) if !still_connected(holder, page) => {
            let left = page.ended(holder.app, holder.epoch).unwrap_or(holder.since);
            uncontrolled(page, Some((left, rules::APP_DISCONNECTED)))
        }
        Some(holder) => Ownership {
            owner: Some(holder.app),
            since: Some(holder.since),
            until: Some(holder.until),
            because: holder.because,
        },
        None => uncontrolled(page, thread.uncontrolled_since),
    }
}

/// The app that holds the thread at `now`, if one does.
pub fn holder_at<'t>(thread: &'t Thread, page: &PageSettings, now: Moment) -> Option<&'t ControlHolder> {
    thread.holder.as_ref().filter(|holder| now < holder.until && still_connected(holder, page))
}

fn still_connected(holder: &ControlHolder, page: &PageSettings) -> bool {
    page.connection(holder.app).is_some_and(|connection| connection.epoch == holder.epoch)
}

/// Whether the app had left the page already at that moment.
fn left_before(holder: &ControlHolder, page: &PageSettings, moment: Moment) -> bool {
    page.ended(holder.app, holder.epoch).is_some_and(|left| left < moment)
}

fn uncontrolled(page: &PageSettings, since: Option<(Moment, RuleId)>) -> Ownership {
    let (owner, because) = match page.ruleset.uncontrolled {
        Uncontrolled::DefaultApp => (page.default_app, rules::ALWAYS_AN_OWNER),
        Uncontrolled::Nobody => (None, rules::IDLE_WITHOUT_DEFAULT_APP),
        Uncontrolled::NobodyUntilPrimary => (None, rules::IDLE_THREAD),
    };
    // What a page did under other rules is no reason any more.
    let still_holds = |rule: &RuleId| rule.rule().under.overlaps(page.ruleset.generation);
    Ownership {
        owner,
        since: since.map(|(moment, _)| moment),
        until: None,
        because: since.map(|(_, rule)| rule).filter(still_holds).unwrap_or(because),
    }
}

/// A hold that begins now and lapses when the person stays silent.
pub fn hold(app: AppKey, page: &PageSettings, now: Moment, because: RuleId) -> ControlHolder {
    let epoch = page.connection(app).map_or(0, |connection| connection.epoch);
    let idle_timeout = page.knobs.idle_after;
    ControlHolder { app, epoch, since: now, until: now + idle_timeout, idle_timeout, because, metadata: None }
}

/// Whether the person has written nothing for 24 hours. This is the social route's idleness, not the owner's.
pub fn is_idle(thread: &Thread, page: &PageSettings, now: Moment) -> bool {
    thread.last_person_message.is_none_or(|last| now >= last + page.knobs.idle_after)
}
