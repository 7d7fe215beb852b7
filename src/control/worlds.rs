//! `/_control/worlds`: worlds are made, described, listed, reset and removed.

use serde_json::{Map, Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, IdKind, IdStream, PageKey, PersonKey, ThreadKey};
use crate::engine::ActiveWorld;
use crate::engine::clock::{Mode, wall_now};
use crate::language::Node;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::text::units::format_moment;

use super::answer::{ControlAnswer, Problem};
use super::apps::app_json;
use super::call::ControlCall;
use super::faults::faults_json;
use super::request_keys::check_keys;
use super::route::Handled;

const NEW_WORLD_KEYS: &[&str] = &["name", "world", "clock"];

/// Handles `GET /_control/worlds`.
pub fn list(call: &ControlCall<'_>) -> Handled {
    let worlds: Vec<Value> = call.state.engine.names().iter().map(|name| json!({ "name": name })).collect();
    Ok(ControlAnswer::json(200, &json!({ "worlds": worlds })))
}

/// Handles `POST /_control/worlds`. The clock follows the wall clock unless `clock: frozen` stops it.
pub fn create(call: &ControlCall<'_>) -> Handled {
    let engine = &call.state.engine;
    let request = call.document("the request")?;
    check_keys(&request, NEW_WORLD_KEYS, "known are: name, world, clock; what a world file has goes under `world`")?;
    let mode = match request.get("clock").and_then(Node::text) {
        None | Some("follow") => Mode::Follow,
        Some("frozen") => Mode::Frozen,
        Some(other) => return Err(Problem::new(400, format!("`clock` is `frozen` or `follow`, not `{other}`"))),
    };
    let name = request.get("name").and_then(Node::text).map_or_else(|| engine.fresh_name(), Into::into);
    check_name(&name)?;
    let Some(declared) = request.get("world").filter(|world| world.is_map()) else {
        return Err(Problem::new(400, "the body has no `world`: send {\"world\": { … }} as in a world file"));
    };
    let changes = WorldOverrides {
        default_seed: Some(IdStream::named(0, IdKind::Token, &name, 0).digits(15)),
        default_clock: (mode == Mode::Follow).then(wall_now),
        ..WorldOverrides::default()
    };
    let config = read_world::read(declared, &changes).map_err(|mistakes| Problem::of_mistakes(400, &mistakes))?;
    let world = engine.add(&name, config, mode).map_err(|error| Problem::new(409, error.to_string()))?;
    Ok(ControlAnswer::json(201, &world_json(&world, &call.base_url)))
}

/// Fails if a world cannot have this name.
pub fn check_name(name: &str) -> Result<(), Problem> {
    let is_name = !name.is_empty() && name.len() <= 100 && !name.contains('/');
    is_name.then_some(()).ok_or_else(|| Problem::new(400, "a world's name has 1 to 100 characters and no `/`"))
}

/// Handles `GET /_control/worlds/{world}`.
pub fn describe(call: &ControlCall<'_>) -> Handled {
    Ok(ControlAnswer::json(200, &world_json(&*call.world()?, &call.base_url)))
}

/// Handles `DELETE /_control/worlds/{world}`.
pub fn delete(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    call.state.engine.remove(world.name());
    call.state.forget_sessions(world.name());
    Ok(ControlAnswer::Empty(204))
}

/// Handles `POST /_control/worlds/{world}/reset`.
pub fn reset(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    call.state.engine.reset(&world);
    call.state.forget_sessions(world.name());
    Ok(ControlAnswer::Empty(204))
}

/// A world with its ids, tokens and secrets, by name.
pub fn world_json(world: &ActiveWorld, base_url: &str) -> Value {
    let config = &*world.config();
    json!({
        "name": world.name(),
        "graph_url": base_url,
        "clock": format_moment(world.now()),
        "seed": config.seed,
        "apps": apps(config, base_url),
        "pages": pages(config),
        "people": people(config),
        "crowds": map(config.people.crowds().map(|crowd| {
            let described = json!({ "count": crowd.config.count, "claimed": crowd.claimed });
            (crowd.config.name.to_string(), described)
        })),
        "users": users(config),
        "faults": faults_json(world),
    })
}

fn map(entries: impl Iterator<Item = (String, Value)>) -> Value {
    Value::Object(entries.collect::<Map<_, _>>())
}

/// All apps but the one that runs lead-generation ads: nobody calls with its token.
fn apps(config: &Config, base_url: &str) -> Value {
    let callers = (0..config.lead_app().0).map(AppKey);
    map(callers.map(|app| (config.app(app).name.to_string(), app_json(config, app, base_url))))
}

fn pages(config: &Config) -> Value {
    map(config.pages.iter().map(|page| {
        let tokens = page
            .connections
            .iter()
            .filter(|connection| connection.app != config.lead_app())
            .map(|connection| (config.app(connection.app).name.to_string(), json!({ "token": connection.token })));
        (page.name.to_string(), json!({ "id": page.id, "rules": page.ruleset.name, "apps": map(tokens) }))
    }))
}

fn people(config: &Config) -> Value {
    map((0..config.people.named_count()).map(PersonKey).map(|person| {
        let pages = (0u16..).map(PageKey).zip(config.pages.iter());
        let psids =
            pages.map(|(key, page)| (page.name.to_string(), json!(config.psid(ThreadKey { page: key, person }))));
        (config.person_name(person).into_owned(), json!({ "psids": map(psids) }))
    }))
}

/// The users who administrate pages, with the tokens that are valid from the start.
fn users(config: &Config) -> Value {
    map(config.users.iter().map(|user| {
        let tokens = config.apps.iter().zip(&user.tokens).filter(|(_, token)| token.issued);
        let tokens = tokens.map(|(app, token)| (app.name.to_string(), json!(token.text)));
        (user.name.to_string(), json!({ "id": user.id, "tokens": map(tokens) }))
    }))
}
