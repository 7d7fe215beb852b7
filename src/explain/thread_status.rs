//! The status of a thread: its owner, its messaging window, and the ruleset of its page.

use crate::domain::model::ids::ThreadKey;
use crate::domain::model::time::Moment;
use crate::domain::policy::messaging_window::{STANDARD, TAGGED};
use crate::domain::{World, rules};

use super::explanation::{MomentText, RuleText, ThreadStatus, WindowStatus};

pub fn read(world: &World, thread: ThreadKey, now: Moment) -> ThreadStatus {
    let config = world.config();
    let page = world.asset(thread.asset);
    let ownership = world.ownership(thread, now);
    ThreadStatus {
        page: config.asset(thread.asset).name.to_string(),
        platform: config.platform(thread.asset),
        person: config.person_name(thread.person).into_owned(),
        psid: config.psid(thread).to_string(),
        now: MomentText(now),
        owner: ownership.owner.map(|app| config.app(app).name.to_string()),
        since: ownership.since.map(MomentText),
        until: ownership.until.map(MomentText),
        because: RuleText(ownership.because),
        window: window(world, thread, now),
        blocked: world.thread(thread).is_some_and(|thread| thread.blocked),
        ruleset: page.ruleset.name,
        default_app: page.default_app.map(|app| config.app(app).name.to_string()),
        primary: page.primary.filter(|_| page.ruleset.has_roles()).map(|app| config.app(app).name.to_string()),
    }
}

fn window(world: &World, thread: ThreadKey, now: Moment) -> WindowStatus {
    let open = world.window_is_open(thread, now);
    let state = world.thread(thread);
    WindowStatus {
        open,
        until: state.and_then(|state| Some(MomentText(state.window_opened? + STANDARD))),
        human_agent_until: state.and_then(|state| Some(MomentText(state.last_person_message? + TAGGED))),
        because: RuleText(if open { rules::WINDOW_OPENED } else { rules::WINDOW_CLOSED }),
    }
}
