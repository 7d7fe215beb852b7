//! Routing: the app that gets a conversation when a person enters it.

use super::ownership::{holder_at, is_idle};
use crate::domain::model::ids::AppKey;
use crate::domain::model::ruleset::Uncontrolled;
use crate::domain::model::settings::AssetSettings;
use crate::domain::model::thread::Thread;
use crate::domain::model::time::Moment;
use crate::domain::rules::{self, RuleId};

/// The result of routing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The owner stays, and its idle time restarts.
    Keep(RuleId),
    To(AppKey, RuleId),
    /// No app gets the thread.
    Nobody(RuleId),
}

impl Route {
    pub fn rule(self) -> RuleId {
        match self {
            Self::Keep(rule) | Self::To(_, rule) | Self::Nobody(rule) => rule,
        }
    }
}

/// The route of a message or a tap without an entry point of its own.
pub fn organic(thread: &Thread, page: &AssetSettings, now: Moment) -> Route {
    if holder_at(thread, page, now).is_some() {
        return Route::Keep(rules::ACTIVE_KEEPS_OWNER);
    }
    match social(page) {
        Some(app) if is_idle(thread, page, now) => Route::To(app, rules::SOCIAL_TO_APP),
        _ => uncontrolled(page, rules::ORGANIC_TO_DEFAULT),
    }
}

/// The route of a tap on Get Started.
pub fn get_started(thread: &Thread, page: &AssetSettings, now: Moment) -> Route {
    match social(page) {
        Some(app) => Route::To(app, rules::GET_STARTED_TO_SOCIAL),
        None => organic(thread, page, now),
    }
}

/// The route of a tap on an ad that names `marketing_app`.
pub fn ad(marketing_app: Option<AppKey>, thread: &Thread, page: &AssetSettings, now: Moment) -> Route {
    match marketing_app {
        _ if !page.ruleset.ads_lead => organic(thread, page, now),
        Some(app) if page.is_connected(app) => Route::To(app, rules::AD_TO_MARKETING_APP),
        _ if page.ruleset.uncontrolled == Uncontrolled::DefaultApp => uncontrolled(page, rules::AD_WITHOUT_APP),
        _ => organic(thread, page, now),
    }
}

/// The route of an m.me link that is assigned to `app`.
pub fn link(app: Option<AppKey>, thread: &Thread, page: &AssetSettings, now: Moment) -> Route {
    match app {
        Some(app) if page.ruleset.routes && page.is_connected(app) => Route::To(app, rules::LINK_TO_APP),
        _ => organic(thread, page, now),
    }
}

fn social(page: &AssetSettings) -> Option<AppKey> {
    page.social.filter(|_| page.ruleset.routes)
}

/// The route of a thread that no entry point leads to an app. `rule` is the reason if the default app gets it.
fn uncontrolled(page: &AssetSettings, rule: RuleId) -> Route {
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
