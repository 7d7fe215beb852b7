//! Control room: `GET /_control/worlds/{w}/threads`: owner, since when, why, window, transcript; and the whole story.

use serde_json::{Value, json};

use crate::domain::World;
use crate::domain::model::ids::ThreadKey;
use crate::domain::model::message::Author;
use crate::domain::model::time::Moment;
use crate::engine::ActiveWorld;
use crate::explain;
use crate::text::units::format_moment;
use crate::wire::content_json;

use super::answer::{Answer, Problem};

/// Threads in one answer.
const MAX_THREADS: usize = 10_000;

/// Lists the threads in which anything happened.
pub fn list(world: &ActiveWorld) -> Result<Answer, Problem> {
    let threads: Vec<Value> = world
        .read(|world, _, now| world.threads().take(MAX_THREADS).map(|thread| summary(world, thread, now)).collect());
    Ok(Answer::json(200, &json!({ "threads": threads })))
}

/// One thread, with its transcript.
pub fn read(world: &ActiveWorld, page: &str, person: &str) -> Result<Answer, Problem> {
    let config = world.config();
    let thread = named(world, page, person)?;
    let described = world.read(|world, _, now| {
        let mut described = summary(world, thread, now);
        let mut messages: Vec<Value> = world
            .messages(thread)
            .map(|message| {
                let from = match message.author {
                    Author::Person => person.to_owned(),
                    Author::App(app) => config.app(app).name.to_string(),
                    Author::Ad(ad, _) => config.ad(ad).name.to_string(),
                };
                let content = content_json(&message.content);
                json!({ "mid": message.mid, "at": format_moment(message.at), "from": from, "content": content })
            })
            .collect();
        messages.reverse();
        described["transcript"] = json!(messages);
        described
    });
    Ok(Answer::json(200, &described))
}

/// The story of one thread.
pub fn explain(world: &ActiveWorld, page: &str, person: &str) -> Result<Answer, Problem> {
    let thread = named(world, page, person)?;
    Ok(Answer::json(200, &explain::explain(world, thread).json()))
}

fn named(world: &ActiveWorld, page: &str, person: &str) -> Result<ThreadKey, Problem> {
    explain::thread_names::find_thread(world.config(), page, person).map_err(|error| Problem::new(404, error))
}

fn summary(world: &World, thread: ThreadKey, now: Moment) -> Value {
    let config = world.config();
    let ownership = world.ownership(thread, now);
    json!({
        "page": config.page(thread.page).name,
        "person": config.person(thread.person).name,
        "psid": config.psid(thread),
        "owner": ownership.owner.map(|owner| config.app(owner).name.clone()),
        "since": ownership.since.map(format_moment),
        "until": ownership.until.map(format_moment),
        "because": ownership.because.rule().id,
        "window": if world.window_is_open(thread, now) { "open" } else { "closed" },
    })
}
