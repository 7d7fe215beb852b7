//! `/_control/worlds/{world}/threads`: owner, since when, why, window and transcript; and the whole story.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::domain::World;
use crate::domain::model::config::Config;
use crate::domain::model::ids::ThreadKey;
use crate::domain::model::message::{Author, Message};
use crate::domain::model::time::Moment;
use crate::engine::ActiveWorld;
use crate::engine::ledger::Ledger;
use crate::explain;
use crate::journal::message_entries::MessageEntries;
use crate::journal::owner_history::{OwnerChange, OwnerHistory};
use crate::text::units::format_moment;
use crate::wire::content_json;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::names;
use super::route::Handled;

/// Threads in one answer.
const MAX_THREADS: usize = 10_000;

/// Handles `GET …/threads`.
pub fn list(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let config = world.config();
    let page = call.query.text("page").map(|name| names::page(&config, name, 400)).transpose()?;
    let person = call.query.text("person").map(|name| names::person(&config, name, 400)).transpose()?;
    let after = call.query.text("after").map(|name| thread_to_go_on_from(&config, name)).transpose()?;
    let limit = call.query.limit()?.unwrap_or(MAX_THREADS).min(MAX_THREADS);
    let is_wanted = |thread: ThreadKey| {
        page.is_none_or(|page| thread.asset == page) && person.is_none_or(|person| thread.person == person)
    };
    let (threads, last) = world.read(|world, _, now| {
        let mut keys = world.newest_threads(limit + 1, after, is_wanted);
        let has_more = keys.len() > limit;
        keys.truncate(limit);
        let described: Vec<Value> = keys.iter().map(|thread| summary_json(world, *thread, now)).collect();
        (described, keys.last().copied().filter(|_| has_more))
    });
    let after = last.map(|thread| config.full_thread_name(thread));
    Ok(ControlAnswer::json(200, &json!({ "threads": threads, "after": after })))
}

/// The thread `alice@bakery`.
fn thread_to_go_on_from(config: &Config, name: &str) -> Result<ThreadKey, Problem> {
    let Some((person, page)) = name.rsplit_once('@') else {
        return Err(Problem::new(400, format!("`after={name}`: a thread is named like `alice@bakery`")));
    };
    Ok(ThreadKey { asset: names::page(config, page, 400)?, person: names::person(config, person, 400)? })
}

/// Handles `GET …/threads/{page}/{person}`.
pub fn read(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let thread = names::thread(&world.config(), call.path_value("page"), call.path_value("person"))?;
    let described = world.read(|world, ledger, now| {
        let mut described = thread_json(world, thread, now);
        described["owners"] = json!(owners(world, ledger, thread, now));
        described["transcript"] = json!(transcript(world, ledger, thread));
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

/// A thread with its last message.
fn summary_json(world: &World, thread: ThreadKey, now: Moment) -> Value {
    let mut described = thread_json(world, thread, now);
    let last = world.messages(thread).next();
    described["last_message"] = last.map_or(Value::Null, |message| message_json(world, thread, message));
    described
}

/// The owners so far, oldest first. The last one has control until `ends`, if it ends.
fn owners(world: &World, ledger: &Ledger, thread: ThreadKey, now: Moment) -> Vec<Value> {
    let history = OwnerHistory::read(world, ledger, thread, now);
    let name = |owner: Option<_>| owner.map(|_| history.name(owner));
    let described = |change: &OwnerChange| {
        let mut described = json!({
            "at": format_moment(change.at),
            "from": name(change.from),
            "to": name(change.to),
            "rule": change.rule.rule().id,
        });
        if let Some(entry) = change.entry {
            described["entry"] = json!(entry);
        }
        described
    };
    let mut owners: Vec<Value> = history.changes.iter().map(described).collect();
    let ownership = world.ownership(thread, now);
    let is_last = history.changes.last().is_some_and(|last| last.to == ownership.owner);
    if let (true, Some(last), Some(until)) = (is_last, owners.last_mut(), ownership.until) {
        last["ends"] = json!(format_moment(until));
    }
    owners
}

/// The messages of a thread, oldest first.
fn transcript(world: &World, ledger: &Ledger, thread: ThreadKey) -> Vec<Value> {
    let entries = MessageEntries::read(ledger, thread);
    let described = |message: &Message| {
        let mut described = message_json(world, thread, message);
        if let Some(entry) = entries.of(&message.mid) {
            described["entry"] = json!(entry);
        }
        described
    };
    let mut messages: Vec<Value> = world.messages(thread).map(|message| described(message)).collect();
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
