//! Ownership: which app owns a thread. It is computed from the last handover and the clock, so an idle release needs
//! no timer.

use crate::domain::model::ids::AppKey;
use crate::domain::model::ruleset::Uncontrolled;
use crate::domain::model::settings::AssetSettings;
use crate::domain::model::thread::{ControlHolder, Thread};
use crate::domain::model::time::Moment;
use crate::domain::rules::{self, RuleId};

/// The owner of a thread, since when, until when, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ownership {
    /// `None` only on a page without a default app.
    pub owner: Option<AppKey>,
    pub since: Option<Moment>,
    /// When control ends, if it does.
    pub until: Option<Moment>,
    pub because: RuleId,
}

/// The ownership at `now`.
pub fn owner_at(thread: &Thread, page: &AssetSettings, now: Moment) -> Ownership {
    match &thread.holder {
        Some(holder) if now >= holder.until && !left_before(holder, page, holder.until) => {
            uncontrolled(page, Some((holder.until, page.ruleset.lapse)))
        }
        Some(holder) if !still_connected(holder, page) => {
            let left = page.connection_ended(holder.app, holder.epoch).unwrap_or(holder.since);
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

/// The app that holds control at `now`.
pub fn holder_at<'t>(thread: &'t Thread, page: &AssetSettings, now: Moment) -> Option<&'t ControlHolder> {
    thread.holder.as_ref().filter(|holder| now < holder.until && still_connected(holder, page))
}

fn still_connected(holder: &ControlHolder, page: &AssetSettings) -> bool {
    page.connection(holder.app).is_some_and(|connection| connection.epoch == holder.epoch)
}

/// True if the app had left the page before that moment.
fn left_before(holder: &ControlHolder, page: &AssetSettings, moment: Moment) -> bool {
    page.connection_ended(holder.app, holder.epoch).is_some_and(|left| left < moment)
}

fn uncontrolled(page: &AssetSettings, since: Option<(Moment, RuleId)>) -> Ownership {
    let (owner, because) = match page.ruleset.uncontrolled {
        Uncontrolled::DefaultApp => (page.default_app, rules::ALWAYS_AN_OWNER),
        Uncontrolled::Nobody => (None, rules::IDLE_WITHOUT_DEFAULT_APP),
        Uncontrolled::NobodyUntilPrimary => (None, rules::IDLE_THREAD),
    };
    // A rule of a generation that the page has left explains nothing any more.
    let still_holds = |rule: &RuleId| rule.rule().under.overlaps(page.ruleset.generation);
    Ownership {
        owner,
        since: since.map(|(moment, _)| moment),
        until: None,
        because: since.map(|(_, rule)| rule).filter(still_holds).unwrap_or(because),
    }
}

/// Control that begins now and ends when the person stays silent.
pub fn new_holder(app: AppKey, page: &AssetSettings, now: Moment, because: RuleId) -> ControlHolder {
    let epoch = page.connection(app).map_or(0, |connection| connection.epoch);
    let idle_timeout = page.knobs.idle_after;
    ControlHolder { app, epoch, since: now, until: now + idle_timeout, idle_timeout, because, metadata: None }
}

/// True if the person has written nothing for the idle time. The social route asks this; the end of control counts
/// differently.
pub fn is_idle(thread: &Thread, page: &AssetSettings, now: Moment) -> bool {
    thread.last_person_message.is_none_or(|last| now >= last + page.knobs.idle_after)
}
