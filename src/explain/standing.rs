//! Explain room: how a thread stands now: owner, messaging window, the rules of its page.

use crate::domain::model::ids::ThreadKey;
use crate::domain::model::time::Moment;
use crate::domain::policy::messaging_window::{STANDARD, TAGGED};
use crate::domain::{World, rules};

use super::explanation::{Rule, Standing, When, Window};

/// Reads how a thread stands.
pub fn read(world: &World, thread: ThreadKey, now: Moment) -> Standing {
    let config = world.config();
    let page = world.page(thread.page);
    let ownership = world.ownership(thread, now);
    Standing {
        page: config.page(thread.page).name.to_string(),
        person: config.person(thread.person).name.to_string(),
        psid: config.psid(thread).to_owned(),
        now: When(now),
        owner: ownership.owner.map(|app| config.app(app).name.to_string()),
        since: ownership.since.map(When),
        until: ownership.until.map(When),
        because: Rule(ownership.because),
        window: window(world, thread, now),
        blocked: world.thread(thread).is_some_and(|thread| thread.blocked),
        ruleset: page.ruleset.name,
        default_app: page.default_app.map(|app| config.app(app).name.to_string()),
        primary: page.primary.filter(|_| page.ruleset.has_roles()).map(|app| config.app(app).name.to_string()),
    }
}

fn window(world: &World, thread: ThreadKey, now: Moment) -> Window {
    let open = world.window_is_open(thread, now);
    let state = world.thread(thread);
    Window {
        open,
        until: state.and_then(|state| Some(When(state.window_opened? + STANDARD))),
        human_agent_until: state.and_then(|state| Some(When(state.last_person_message? + TAGGED))),
        because: Rule(if open { rules::WINDOW_OPENED } else { rules::WINDOW_CLOSED }),
    }
}
