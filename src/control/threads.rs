//! `/_control/worlds/{world}/threads`: owner, since when, why, window and transcript; and the whole story.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::domain::World;
use crate::domain::model::ids::ThreadKey;
use crate::domain::model::message::{Author, Message};
use crate::domain::model::time::Moment;
use crate::engine::ActiveWorld;
use crate::explain;
use crate::text::units::format_moment;
use crate::wire::content_json;

use super::answer::ControlAnswer;
use super::call::ControlCall;
use super::names;
use super::route::Handled;

/// Threads in one answer.
const MAX_THREADS: usize = 10_000;

/// Handles `GET …/threads`.
pub fn list(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let page = call.query.text("page").map(|name| names::page(&world.config(), name, 400)).transpose()?;
    let threads: Vec<Value> = world.read(|world, _, now| {
        let threads = world.threads().filter(|thread| page.is_none_or(|page| thread.asset == page));
        let described = threads.take(MAX_THREADS).map(|thread| {
            let mut described = thread_json(world, thread, now);
            let last = world.messages(thread).next();
            described["last_message"] = last.map_or(Value::Null, |message| message_json(world, thread, message));
            described
        });
        described.collect()
    });
    Ok(ControlAnswer::json(200, &json!({ "threads": threads })))
}

/// Handles `GET …/threads/{page}/{person}`.
pub fn read(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let thread = names::thread(&world.config(), call.path_value("page"), call.path_value("person"))?;
    let described = world.read(|world, _, now| {
        let mut described = thread_json(world, thread, now);
        described["transcript"] = json!(transcript(world, thread));
        described
    });
    Ok(ControlAnswer::json(200, &described))
}

/// Handles `GET …/threads/{page}/{person}/explain`.
pub fn explain(call: &ControlCall<'_>) -> Handled {
    let world: &ActiveWorld = &*call.world()?;
    let thread = names::thread(&world.config(), call.path_value("page"), call.path_value("person"))?;
    Ok(ControlAnswer::json(200, &explain::json_with_text(&explain::explain(world, thread))))
}

fn thread_json(world: &World, thread: ThreadKey, now: Moment) -> Value {
    let config = world.config();
    let ownership = world.ownership(thread, now);
    json!({
        "page": config.asset(thread.asset).name,
        "person": config.person_name(thread.person),
        "psid": config.psid(thread),
        "owner": ownership.owner.map(|owner| config.app(owner).name.clone()),
        "since": ownership.since.map(format_moment),
        "until": ownership.until.map(format_moment),
        "because": ownership.because.rule().id,
        "window": if world.window_is_open(thread, now) { "open" } else { "closed" },
    })
}

/// The messages of a thread, oldest first.
fn transcript(world: &World, thread: ThreadKey) -> Vec<Value> {
    let mut messages: Vec<Value> = world.messages(thread).map(|message| message_json(world, thread, message)).collect();
    messages.reverse();
    messages
}

fn message_json(world: &World, thread: ThreadKey, message: &Message) -> Value {
    let config = world.config();
    let from = match message.author {
        Author::Person => config.person_name(thread.person),
        Author::App(app) => Cow::Borrowed(&*config.app(app).name),
        Author::Ad(ad, _) => Cow::Borrowed(&*config.ad(ad).name),
    };
    let content = content_json(&message.content);
    json!({ "mid": message.mid, "at": format_moment(message.at), "from": from, "content": content })
}
