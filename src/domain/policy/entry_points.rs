//! Policy room: which app a conversation is routed to when a person enters it.

use super::ownership::{holder_at, is_idle};
use crate::domain::model::ids::AppKey;
use crate::domain::model::ruleset::Uncontrolled;
use crate::domain::model::settings::PageSettings;
use crate::domain::model::thread::Thread;
use crate::domain::model::time::Moment;
use crate::domain::rules::{self, RuleId};

/// Where an entry leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The owner stays; its 24 hours begin anew.
    Keep(RuleId),
    /// This app gets the thread.
    To(AppKey, RuleId),
    /// Nobody gets it, for the page has no default app.
    Nobody(RuleId),
}

impl Route {
    /// The rule that leads there.
    pub fn rule(self) -> RuleId {
        match self {
            Self::Keep(rule) | Self::To(_, rule) | Self::Nobody(rule) => rule,
        }
    }
}

/// A person writes or taps, with no entry point of their own.
pub fn organic(thread: &Thread, page: &PageSettings, now: Moment) -> Route {
    if holder_at(thread, page, now).is_some() {
        return Route::Keep(rules::ACTIVE_KEEPS_OWNER);
    }
    match social(page) {
        Some(app) if is_idle(thread, page, now) => Route::To(app, rules::SOCIAL_TO_APP),
        _ => uncontrolled(page, rules::ORGANIC_TO_DEFAULT),
    }
}

/// A person taps Get Started.
pub fn get_started(thread: &Thread, page: &PageSettings, now: Moment) -> Route {
    match social(page) {
        Some(app) => Route::To(app, rules::GET_STARTED_TO_SOCIAL),
        None => organic(thread, page, now),
    }
}

/// A person taps an ad whose template names `marketing_app`.
pub fn ad(marketing_app: Option<AppKey>, thread: &Thread, page: &PageSettings, now: Moment) -> Route {
    match marketing_app {
        _ if !page.ruleset.ads_lead => organic(thread, page, now),
        Some(app) if page.is_connected(app) => Route::To(app, rules::AD_TO_MARKETING_APP),
        _ if page.ruleset.uncontrolled == Uncontrolled::DefaultApp => uncontrolled(page, rules::AD_WITHOUT_APP),
        _ => organic(thread, page, now),
    }
}

/// A person opens an m.me link whose route is `app`.
pub fn link(app: Option<AppKey>, thread: &Thread, page: &PageSettings, now: Moment) -> Route {
    match app {
        Some(app) if page.ruleset.routes && page.is_connected(app) => Route::To(app, rules::LINK_TO_APP),
        _ => organic(thread, page, now),
    }
}

fn social(page: &PageSettings) -> Option<AppKey> {
    page.social.filter(|_| page.ruleset.routes)
}

/// Where a thread goes that no entry leads to an app. `rule` is why the default app gets it, where there is one.
fn uncontrolled(page: &PageSettings, rule: RuleId) -> Route {
    match page.ruleset.uncontrolled {
        Uncontrolled::DefaultApp => {
            page.default_app.map_or(Route::Nobody(rules::IDLE_WITHOUT_DEFAULT_APP), |app| Route::To(app, rule))
        }
        Uncontrolled::Nobody => Route::Nobody(rules::IDLE_WITHOUT_DEFAULT_APP),
        Uncontrolled::NobodyUntilPrimary => {
            page.primary.map_or(Route::Nobody(rules::IDLE_THREAD), |app| Route::To(app, rules::PRIMARY_GETS_IDLE))
        }
    }
}
