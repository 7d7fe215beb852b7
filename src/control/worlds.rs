//! Control room: `/_control/worlds`: made, described, listed.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{IdKind, IdStream};
use crate::engine::clock::{Mode, wall_now};
use crate::engine::{ActiveWorld, Engine};
use crate::language::Node;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourceText;
use crate::text::suggest::did_you_mean;
use crate::text::units::format_moment;

use super::answer::{Answer, Problem};
use super::faults;

const KEYS: &[&str] = &["name", "world", "clock"];

/// Makes a world. JSON or YAML; `clock: frozen` stops its time.
pub fn create(engine: &Engine, body: &Bytes, base: &str) -> Result<Answer, Problem> {
    let asked = parse("the request", body)?;
    if let Some((key, _)) = asked.entries().iter().find(|(key, _)| !KEYS.contains(&key.text().unwrap_or_default())) {
        let name = key.text().unwrap_or_default();
        let nearest = did_you_mean(name, KEYS.iter().copied());
        return Err(Problem::of(
            400,
            &[key
                .mistake(format!("unknown key `{name}`{nearest}"))
                .note("known are: name, world, clock; what a world file has goes under `world`")],
        ));
    }
    let mode = match asked.get("clock").and_then(Node::text) {
        None | Some("follow") => Mode::Follow,
        Some("frozen") => Mode::Frozen,
        Some(other) => return Err(Problem::new(400, format!("`clock` is `frozen` or `follow`, not `{other}`"))),
    };
    let name = asked.get("name").and_then(Node::text).map_or_else(|| engine.fresh_name(), Into::into);
    check_name(&name)?;
    let Some(declared) = asked.get("world").filter(|world| world.is_map()) else {
        return Err(Problem::new(400, "the body has no `world`: send {\"world\": { … }} as in a world file"));
    };
    let changes = WorldOverrides {
        default_seed: Some(IdStream::named(0, IdKind::Token, &name, 0).digits(15)),
        default_clock: (mode == Mode::Follow).then(wall_now),
        ..WorldOverrides::default()
    };
    let config = read_world::read(declared, &changes).map_err(|mistakes| Problem::of(400, &mistakes))?;
    let world = engine.add(&name, config, mode).map_err(|error| Problem::new(409, error.to_string()))?;
    Ok(Answer::json(201, &description(&world, base)))
}

/// Whether a world can have this name.
pub fn check_name(name: &str) -> Result<(), Problem> {
    let is_name = !name.is_empty() && name.len() <= 100 && !name.contains('/');
    is_name.then_some(()).ok_or_else(|| Problem::new(400, "a world's name has 1 to 100 characters and no `/`"))
}

/// Reads a body as one document.
pub fn parse(name: &str, body: &Bytes) -> Result<Node, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::new(400, "the body is not UTF-8"))?;
    Node::parse(&SourceText::inline(name, text)).map_err(|mistake: Diagnostic| Problem::of(400, &[mistake]))
}

/// Describes a world: ids, tokens and secrets, by name.
pub fn describe(world: &ActiveWorld, base: &str) -> Result<Answer, Problem> {
    Ok(Answer::json(200, &description(world, base)))
}

/// Lists the names of all worlds.
pub fn list(engine: &Engine) -> Result<Answer, Problem> {
    let worlds: Vec<Value> = engine.names().iter().map(|name| json!({ "name": name })).collect();
    Ok(Answer::json(200, &json!({ "worlds": worlds })))
}

/// A world that is not there.
pub fn unknown(engine: &Engine, name: &str) -> Problem {
    let names = engine.names();
    let nearest = did_you_mean(name, names.iter().map(|name| &**name));
    Problem::new(404, format!("there is no world `{name}`{nearest}"))
}

/// A world in words.
pub fn description(world: &ActiveWorld, base: &str) -> Value {
    let config = world.config();
    json!({
        "name": world.name(),
        "graph_url": base,
        "clock": format_moment(world.now()),
        "seed": config.seed,
        "apps": apps(config),
        "pages": pages(config),
        "people": people(config),
        "users": users(config),
        "faults": faults::list(world),
    })
}

fn map(entries: impl Iterator<Item = (String, Value)>) -> Value {
    Value::Object(entries.collect::<Map<_, _>>())
}

fn apps(config: &Config) -> Value {
    let callers = config.apps.iter().filter(|app| app.id != config.app(config.lead_app()).id);
    map(callers.map(|app| {
        let described = json!({
            "id": app.id.to_string(),
            "secret": app.secret,
            "app_token": format!("{}|{}", app.id, app.secret),
            "webhook": app.webhook.as_ref().map(|webhook| json!({ "url": webhook.url, "verify_token": webhook.verify_token })),
        });
        (app.name.to_string(), described)
    }))
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
    map(config.people.list().iter().map(|person| {
        let psids = config.pages.iter().zip(&person.psids).map(|(page, psid)| (page.name.to_string(), json!(psid)));
        (person.name.to_string(), json!({ "psids": map(psids) }))
    }))
}

/// Those who administrate pages, with the tokens that are good from the start.
fn users(config: &Config) -> Value {
    map(config.users.iter().map(|user| {
        let tokens = config.apps.iter().zip(&user.tokens).filter(|(_, token)| token.issued);
        let tokens = tokens.map(|(app, token)| (app.name.to_string(), json!(token.text)));
        (user.name.to_string(), json!({ "id": user.id, "tokens": map(tokens) }))
    }))
}
