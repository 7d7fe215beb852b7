//! What falls due in a world by itself, and when: control that lapses, windows that close, webhooks that wait, tokens that expire.

use serde::Serialize;

use crate::domain::World;
use crate::domain::model::access::Principal;
use crate::domain::model::config::Config;
use crate::domain::model::deliveries::Due;
use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::text::units::format_moment;

/// The threads whose control and window are looked at: those with the newest events.
const MAX_THREADS: usize = 1000;
/// Things in one answer, the next ones first.
const MAX_DUE: usize = 200;

/// The words for what falls due.
pub const WHAT: &[&str] = &[
    "control_lapses",
    "window_closes",
    "lead_gives_up",
    "webhook_waits",
    "developers_alerted",
    "app_unsubscribed",
    "token_expires",
];

/// Something that falls due.
#[derive(Debug, Serialize)]
pub struct DueItem {
    at: String,
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    /// The webhook that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<u64>,
    text: String,
}

/// What falls due, before it is described.
#[derive(Debug, Clone, Copy)]
enum Upcoming {
    Lapse(ThreadKey, AppKey),
    WindowEnd(ThreadKey),
    LeadEnd(ThreadKey),
    Delivery(AssetKey, AppKey, Due),
    TokenEnd(Principal),
}

/// What falls due after `now`, in the order of time, and how much more there is.
pub fn due(world: &World, now: Moment) -> (Vec<DueItem>, usize) {
    let mut found: Vec<(Moment, Upcoming)> = of_threads(world, now);
    found.extend(world.silent_leads().map(|(at, thread)| (at, Upcoming::LeadEnd(thread))));
    let deliveries = world.settings().deliveries.all_due();
    found.extend(deliveries.map(|(at, page, app, due)| (at, Upcoming::Delivery(page, app, due))));
    let tokens = world.settings().tokens.all(world.config()).filter(|token| token.check(now).is_ok());
    found.extend(tokens.filter_map(|token| Some((token.expires?, Upcoming::TokenEnd(token.principal)))));
    // What is due at one moment stays in the order above.
    found.sort_by_key(|(at, _)| *at);
    let more = found.len().saturating_sub(MAX_DUE);
    found.truncate(MAX_DUE);
    (found.into_iter().map(|(at, upcoming)| describe(world.config(), at, upcoming)).collect(), more)
}

/// The ends of control and of messaging windows. The control of a lead-generation ad ends when it gives up.
fn of_threads(world: &World, now: Moment) -> Vec<(Moment, Upcoming)> {
    let mut found = Vec::new();
    for thread in world.newest_threads(MAX_THREADS, None, |_| true) {
        let ownership = world.ownership(thread, now);
        let asks = world.thread(thread).is_some_and(|thread| thread.lead.is_some());
        if let (Some(owner), Some(until), false) = (ownership.owner, ownership.until, asks) {
            found.push((until, Upcoming::Lapse(thread, owner)));
        }
        found.extend(world.window_closes(thread, now).map(|at| (at, Upcoming::WindowEnd(thread))));
    }
    found
}

fn describe(config: &Config, at: Moment, upcoming: Upcoming) -> DueItem {
    let app_name = |app: AppKey| config.app(app).name.to_string();
    let (what, page, person, app, entry, text) = match upcoming {
        Upcoming::Lapse(thread, app) => {
            let text = format!("{} loses control of {}", app_name(app), config.thread_name(thread));
            ("control_lapses", Some(thread.asset), Some(thread.person), Some(app), None, text)
        }
        Upcoming::WindowEnd(thread) => {
            let text = format!("the messaging window of {} closes", config.thread_name(thread));
            ("window_closes", Some(thread.asset), Some(thread.person), None, None, text)
        }
        Upcoming::LeadEnd(thread) => {
            let text = format!("the lead-generation ad gives up on {}", config.thread_name(thread));
            ("lead_gives_up", Some(thread.asset), Some(thread.person), None, None, text)
        }
        Upcoming::Delivery(page, app, due) => {
            let (what, entry, text) = match due {
                Due::Attempt(webhook) => {
                    ("webhook_waits", Some(webhook), format!("webhook {webhook} is sent to {}", app_name(app)))
                }
                Due::Alert => {
                    let text = format!("the developers of {} get an alert: it takes no webhooks", app_name(app));
                    ("developers_alerted", None, text)
                }
                Due::Disable => {
                    let text = format!("{} is unsubscribed: it takes no webhooks", app_name(app));
                    ("app_unsubscribed", None, text)
                }
            };
            (what, Some(page), None, Some(app), entry, text)
        }
        Upcoming::TokenEnd(principal) => {
            let app = principal.app();
            let (page, whose) = match principal {
                Principal::Asset(page, _) => (Some(page), format!("{} for {}", app_name(app), config.asset(page).name)),
                Principal::User(user, _) => {
                    (None, format!("{} for the user {}", app_name(app), config.user(user).name))
                }
                Principal::App(_) => (None, app_name(app)),
            };
            ("token_expires", page, None, Some(app), None, format!("an access token of {whose} expires"))
        }
    };
    DueItem {
        at: format_moment(at),
        what,
        page: page.map(|page| config.asset(page).name.to_string()),
        person: person.map(|person| config.person_name(person).into_owned()),
        app: app.map(app_name),
        entry,
        text,
    }
}
