//! `/_control/worlds`: worlds are made, described, listed, reset and removed.

use serde_json::{Map, Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, IdKind, IdStream, PersonKey, ThreadKey};
use crate::domain::model::platform::Platform;
use crate::engine::clock::{Mode, wall_now};
use crate::engine::{ActiveWorld, IdChoice, Keep, ResetOptions, WorldMemory, declared_bytes};
use crate::inspector::PageView;
use crate::journal::entry_text::entry_text;
use crate::language::Node;
use crate::language::node::NodeValue;
use crate::language::schema::vocabulary;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::language::world::world_size::WorldSize;
use crate::text::suggest::did_you_mean;
use crate::text::units::format_moment;

use super::answer::{ControlAnswer, Problem};
use super::apps::app_json;
use super::call::ControlCall;
use super::clock::clock_json;
use super::expiry::parse_expires;
use super::faults::faults_json;
use super::request_keys::{check_keys, text_at};
use super::route::Handled;

const RESET_KEYS: &[&str] = &["keep", "ids", "people"];
/// The most page-scoped ids in the description of a world. `GET …/people` lists all people, page by page.
pub const MAX_DESCRIBED_PSIDS: usize = 100_000;
/// What a page-scoped id costs while the answer that has it is written, estimated.
const ANSWERED_PSID: usize = 350;
const NEW_WORLD_KEYS: &[&str] = &["name", "world", "clock", "expires"];

/// Handles `GET /_control/worlds`.
pub fn list(call: &ControlCall<'_>) -> Handled {
    let engine = &call.state.engine;
    let worlds = engine.names().into_iter().filter_map(|name| engine.world(&name));
    let worlds: Vec<Value> = worlds.map(|world| summary_json(call, &world)).collect();
    let memory = json!({ "used": engine.memory().used(), "limit": engine.memory().limit() });
    Ok(ControlAnswer::json(200, &json!({ "worlds": worlds, "memory": memory })))
}

/// A world in a few words: its clock, the newest thing that happened, and how much there is.
fn summary_json(call: &ControlCall<'_>, world: &ActiveWorld) -> Value {
    let config = world.config();
    let (last, threads, entries) = world.read(|domain, ledger, _| {
        let last = ledger.all().rev().find(|entry| entry_text(&config, entry).is_some()).cloned();
        (last, domain.thread_count(), ledger.len())
    });
    let last = last.map(|entry| {
        let text = entry_text(&config, &entry).map(|text| text.to_string());
        json!({ "cursor": entry.cursor, "at": format_moment(entry.at), "text": text })
    });
    json!({
        "name": world.name(),
        "clock": clock_json(world),
        "expires": call.state.expiring.expires(world.name()),
        "last": last,
        "counts": {
            "threads": threads,
            "people": config.people.count(),
            "entries": entries,
            "graph_calls": world.answered_calls(),
            "faults": world.faults().len(),
        },
        "memory": memory_json(&world.memory()),
    })
}

/// The bytes that a world keeps.
fn memory_json(memory: &WorldMemory) -> Value {
    let WorldMemory { ledger, messages, threads, saved, waiting, declared } = *memory;
    json!({
        "ledger": ledger, "messages": messages, "threads": threads, "saved": saved, "waiting": waiting,
        "declared": declared, "total": memory.total(),
    })
}

/// Handles `POST /_control/worlds`. The clock follows the wall clock unless `clock: frozen` stops it.
pub fn create(call: &ControlCall<'_>) -> Handled {
    let engine = &call.state.engine;
    let request = call.document("the request")?;
    let is_world_file = is_world_file(&request);
    if !is_world_file {
        check_keys(
            &request,
            NEW_WORLD_KEYS,
            "known are: name, world, clock, expires; what a world file has goes under `world`",
        )?;
    }
    let given = |key: &str| given_text(call, (!is_world_file).then_some(&request), key);
    let mode = match given("clock")?.as_deref() {
        None | Some("follow") => Mode::Follow,
        Some("frozen") => Mode::Frozen,
        Some(other) => return Err(Problem::new(400, format!("`clock` is `frozen` or `follow`, not `{other}`"))),
    };
    let expires = given("expires")?.map(|text| parse_expires(&text)).transpose()?;
    let name = given("name")?.map_or_else(|| engine.fresh_name(), Into::into);
    check_name(&name)?;
    let declared = if is_world_file { Some(&request) } else { request.get("world").filter(|world| world.is_map()) };
    let Some(declared) = declared else {
        let text = "the body has no `world`: send {\"world\": { … }} as in a world file, or the world file itself";
        return Err(Problem::new(400, text));
    };
    let changes = WorldOverrides {
        default_seed: Some(IdStream::named(0, IdKind::Token, &name, 0).digits(15)),
        default_clock: (mode == Mode::Follow).then(wall_now),
        ..WorldOverrides::default()
    };
    let WorldSize { people, pages, apps } = WorldSize::of(declared);
    let answer = people.saturating_mul(pages).min(MAX_DESCRIBED_PSIDS).saturating_mul(ANSWERED_PSID) as u64;
    let needed = declared_bytes(call.body.len(), people, pages, apps).saturating_add(answer);
    engine.check_memory(needed).map_err(|error| Problem::new(409, error.to_string()))?;
    let config = read_world::read(declared, &changes).map_err(|mistakes| Problem::of_mistakes(400, &mistakes))?;
    let world = engine.add(&name, config, mode).map_err(|error| Problem::new(409, error.to_string()))?;
    if let Some(idle) = expires {
        call.state.expiring.watch(&world, idle);
    }
    Ok(ControlAnswer::json(201, &described(call, &world)))
}

/// True if the body is a world file as it is, and no map with a world in it. `clock` may stand in both.
fn is_world_file(request: &Node) -> bool {
    let is_of_world = |key: &str| key != "clock" && vocabulary::WORLD.keys.iter().any(|known| known.name == key);
    request.get("world").is_none() && request.entries().iter().filter_map(|(key, _)| key.text()).any(is_of_world)
}

/// What the query, or the body around a world, says. They may not contradict each other.
fn given_text(call: &ControlCall<'_>, request: Option<&Node>, key: &str) -> Result<Option<String>, Problem> {
    let in_query = call.query.text(key);
    let in_body = request.map(|request| text_at(request, key, "a text")).transpose()?.flatten();
    match (in_query, in_body) {
        (Some(query), Some(body)) if query != body => {
            Err(Problem::new(400, format!("`{key}` is `{query}` in the query and `{body}` in the body")))
        }
        (query, body) => Ok(query.or(body).map(str::to_owned)),
    }
}

/// Fails if a world cannot have this name.
pub fn check_name(name: &str) -> Result<(), Problem> {
    // An HTTP client takes `.` and `..` in a path for steps, and never sends them.
    let is_step = name == "." || name == "..";
    let is_name = !name.is_empty() && name.len() <= 100 && !name.contains('/') && !is_step;
    let expected = "a world's name has 1 to 100 characters and no `/`, and is neither `.` nor `..`";
    is_name.then_some(()).ok_or_else(|| Problem::new(400, expected))
}

/// Handles `GET /_control/worlds/{world}`.
pub fn describe(call: &ControlCall<'_>) -> Handled {
    Ok(ControlAnswer::json(200, &described(call, &*call.world()?)))
}

/// Handles `DELETE /_control/worlds/{world}`.
pub fn delete(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    call.state.expiring.forget(world.name());
    call.state.engine.remove(world.name());
    call.state.forget_sessions(world.name());
    Ok(ControlAnswer::Empty(204))
}

/// Handles `POST /_control/worlds/{world}/reset`.
pub fn reset(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let options = match call.body.iter().all(u8::is_ascii_whitespace) {
        true => ResetOptions::default(),
        false => read_reset(&call.document("the request")?)?,
    };
    call.state.engine.reset(&world, &options).map_err(|error| Problem::new(409, error.to_string()))?;
    call.state.forget_sessions(world.name());
    Ok(ControlAnswer::Empty(204))
}

/// Reads `{keep, ids, people}`.
fn read_reset(request: &Node) -> Result<ResetOptions, Problem> {
    check_keys(request, RESET_KEYS, "known are: keep, ids, people")?;
    let kept = |node: &Node| {
        let word = node.text().unwrap_or_default();
        let known = Keep::WORDS.iter().find(|(name, _)| *name == word);
        known.map(|(_, kind)| *kind).ok_or_else(|| {
            let names: Vec<&str> = Keep::WORDS.iter().map(|(name, _)| *name).collect();
            let nearest = did_you_mean(word, names.iter().copied());
            let mistake = node.mistake(format!("nothing `{word}` can be kept{nearest}"));
            Problem::of_mistakes(400, &[mistake.note(format!("known are: {}", names.join(", ")))])
        })
    };
    let keep = match request.get("keep") {
        None => Vec::new(),
        Some(list) if matches!(list.kind, NodeValue::List(_)) => {
            list.items().iter().map(kept).collect::<Result<_, _>>()?
        }
        Some(other) => {
            let mistake = other.mistake("`keep` is a list").note("write `keep: [profile, subscriptions]`");
            return Err(Problem::of_mistakes(400, &[mistake]));
        }
    };
    Ok(ResetOptions { keep, messages: id_choice(request, "ids")?, people: id_choice(request, "people")? })
}

fn id_choice(request: &Node, key: &str) -> Result<Option<IdChoice>, Problem> {
    match text_at(request, key, "`new` or `same`")? {
        None => Ok(None),
        Some("new") => Ok(Some(IdChoice::New)),
        Some("same") => Ok(Some(IdChoice::Same)),
        Some(other) => Err(Problem::new(400, format!("`{key}` is `new` or `same`, not `{other}`"))),
    }
}

/// A world with all that a client needs.
pub fn described(call: &ControlCall<'_>, world: &ActiveWorld) -> Value {
    let mut described = world_json(world, &call.base_url);
    described["expires"] = json!(call.state.expiring.expires(world.name()));
    described["read_only"] = json!(call.state.record.is_some());
    if let Some(record) = &call.state.record {
        described["failure"] = json!(record.failure);
    }
    described
}

/// A world with its ids, tokens and secrets, by name.
fn world_json(world: &ActiveWorld, base_url: &str) -> Value {
    let config = &*world.config();
    json!({
        "name": world.name(),
        "graph_url": base_url,
        "inspector": PageView { world: world.name(), ..PageView::default() }.url(base_url),
        "clock": format_moment(world.now()),
        "mode": clock_json(world)["mode"],
        "seed": config.seed,
        "apps": apps(config, base_url),
        "pages": pages(world, config),
        "people": people(config),
        "more_people": config.people.named_count().saturating_sub(described_people(config)),
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

/// All apps but the one that runs lead-generation ads and the Instagram app: nobody calls with their tokens.
fn apps(config: &Config, base_url: &str) -> Value {
    let callers = (0..config.lead_app().0).map(AppKey);
    map(callers.map(|app| (config.app(app).name.to_string(), app_json(config, app, base_url))))
}

fn pages(world: &ActiveWorld, config: &Config) -> Value {
    let default_app = |page| world.read(|world, _, _| world.asset(page).default_app);
    map((0u16..).map(AssetKey).zip(config.assets.iter()).map(|(key, page)| {
        // The token of an account that an app reaches by Facebook Login is that of the page.
        let token = |app| config.asset(config.token_asset(key, app)).connection(app).map(|used| &used.token);
        let tokens =
            page.connections.iter().filter(|connection| connection.app < config.lead_app()).map(|connection| {
                let app = connection.app;
                (config.app(app).name.to_string(), json!({ "token": token(app).unwrap_or(&connection.token) }))
            });
        let described = json!({
            "id": page.id,
            "platform": platform_word(page.platform()),
            "rules": page.ruleset.name,
            "default_app": default_app(key).map(|app| &config.app(app).name),
            "apps": map(tokens),
        });
        (page.name.to_string(), described)
    }))
}

fn platform_word(platform: Platform) -> &'static str {
    match platform {
        Platform::Messenger => "messenger",
        Platform::Instagram => "instagram",
    }
}

/// How many people with names a description has, the first of them.
fn described_people(config: &Config) -> u32 {
    let most = MAX_DESCRIBED_PSIDS / config.assets.len().max(1);
    config.people.named_count().min(u32::try_from(most).unwrap_or(u32::MAX))
}

fn people(config: &Config) -> Value {
    map((0..described_people(config)).map(PersonKey).map(|person| {
        let pages = (0u16..).map(AssetKey).zip(config.assets.iter());
        let psids =
            pages.map(|(key, page)| (page.name.to_string(), json!(config.psid(ThreadKey { asset: key, person }))));
        let first_name = config.person(person).first_name();
        (config.person_name(person).into_owned(), json!({ "first_name": first_name, "psids": map(psids) }))
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
