//! Policy room: which app a conversation is routed to when a person enters it.

use super::super::ids::AppKey;
use super::super::rules::{self, RuleId};
use super::super::settings::PageSettings;
use super::super::thread::Thread;
use super::super::time::Moment;
use super::Unheld;
use super::ownership::{holder_at, is_idle};

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
        Some(app) if is_idle(thread, now) => Route::To(app, rules::SOCIAL_TO_APP),
        _ => to_default(page, rules::ORGANIC_TO_DEFAULT),
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
pub fn ad(marketing_app: Option<AppKey>, page: &PageSettings) -> Route {
    match marketing_app {
        Some(app) if page.is_connected(app) => Route::To(app, rules::AD_TO_MARKETING_APP),
        _ => to_default(page, rules::AD_WITHOUT_APP),
    }
}

/// A person opens an m.me link whose route is `app`.
pub fn link(app: Option<AppKey>, thread: &Thread, page: &PageSettings, now: Moment) -> Route {
    match app {
        Some(app) if has_routes(page) && page.is_connected(app) => Route::To(app, rules::LINK_TO_APP),
        _ => organic(thread, page, now),
    }
}

/// Link and social routes are settings of Conversation Routing: without a default app there are none.
pub fn has_routes(page: &PageSettings) -> bool {
    page.regime.unheld == Unheld::DefaultApp
}

fn social(page: &PageSettings) -> Option<AppKey> {
    page.social.filter(|_| has_routes(page))
}

fn to_default(page: &PageSettings, rule: RuleId) -> Route {
    match (page.regime.unheld, page.default_app) {
        (Unheld::DefaultApp, Some(app)) => Route::To(app, rule),
        _ => Route::Nobody(rules::EVERYBODY_HEARS),
    }
}
