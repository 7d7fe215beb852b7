//! Worlds from within: memory an idle thread, a reset, a day. Each in a process that has done nothing else.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use graphdouble::internals::domain::command::{Command, UserAction, UserMessage};
use graphdouble::internals::domain::model::access::PermissionSet;
use graphdouble::internals::domain::model::config::{
    AppConfig, AssetConfig, Config, ConnectionConfig, DeliveryConfig, InstagramApp, Limits,
};
use graphdouble::internals::domain::model::crowd::CrowdConfig;
use graphdouble::internals::domain::model::fields::{Field, FieldSet};
use graphdouble::internals::domain::model::ids::{
    AppId, AppKey, AssetKey, INBOX_APP_ID, LEAD_APP_ID, PersonKey, ThreadKey,
};
use graphdouble::internals::domain::model::knobs::Knobs;
use graphdouble::internals::domain::model::people::People;
use graphdouble::internals::domain::model::person::{PersonConfig, PersonDetails};
use graphdouble::internals::domain::model::platform::Login;
use graphdouble::internals::domain::model::ruleset::Ruleset;
use graphdouble::internals::domain::model::time::{Moment, Span};
use graphdouble::internals::domain::model::webhook_config::WebhookConfig;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::ledger_entry::Actor;
use graphdouble::internals::engine::{ActiveWorld, Engine, ResetOptions};
use graphdouble::internals::language::Node;
use graphdouble::internals::runner::{Session, Timeouts};
use graphdouble::internals::text::source;

use crate::Measured;
use crate::child;
use crate::figures::{Figure, Target, Unit, median_seconds};

const FEW: u32 = 10;
const MANY: u32 = 1_000_000;
/// Threads that fill transcript and ledger to their limits, before any is counted.
const WARM: u32 = 30_000;
/// A reset comes after a test, not after another reset: by then the drop thread sleeps.
const PAUSE: Duration = Duration::from_millis(20);
/// The token of the bot.
pub const TOKEN: &str = "EAAbot";
/// A Monday morning.
const START: Moment = Moment::from_millis(1_772_442_000_000);
const DAY: Span = Span::days(1);

/// Measures in processes of their own.
pub fn measure() -> Measured<Vec<Figure>> {
    let memory = ask("memory", MANY)?;
    let person = ask("people", MANY)?;
    let member = ask("crowd", MANY)?;
    let mut figures = vec![
        Figure::alone("memory an idle thread", Unit::Bytes, memory, None, Target::AtMost(200.0, Some(400.0))),
        Figure::alone("  memory a declared person", Unit::Bytes, person, None, Target::None),
        Figure::alone("  memory a member of a crowd", Unit::Bytes, member, None, Target::AtMost(100.0, None)),
    ];
    for (count, words) in [(FEW, "10 threads"), (MANY, "1,000,000 threads")] {
        let name = format!("a reset, {words}");
        figures.push(Figure::alone(&name, Unit::Seconds, ask("reset", count)?, None, Target::AtMost(50e-6, None)));
    }
    let alone = ask("reset-alone", MANY)?;
    figures.push(Figure::alone("  without waking the drop thread", Unit::Seconds, alone, None, Target::None));
    for (count, words) in [(FEW, "10 threads"), (MANY, "1,000,000 threads")] {
        let name = format!("+24 h, {words}");
        figures.push(Figure::alone(&name, Unit::Seconds, ask("day", count)?, None, Target::AtMost(1e-3, None)));
    }
    for (count, words) in [(FEW, "10 people"), (MANY, "1,000,000 people")] {
        let name = format!("  +24 h as a step that is read, {words}");
        figures.push(Figure::alone(&name, Unit::Seconds, ask("step", count)?, None, Target::None));
    }
    Ok(figures)
}

fn ask(what: &str, count: u32) -> Measured<f64> {
    child::number("worlds", what, count)
}

/// The role of such a process: measures one thing and prints the number.
pub fn play(rest: &[String]) -> Measured<()> {
    let (Some(what), Some(count)) = (rest.first(), rest.get(1).and_then(|count| count.parse().ok())) else {
        return Err("worlds WHAT COUNT".to_owned());
    };
    let number = match what.as_str() {
        "memory" => memory(count)?,
        "people" => people_memory(count)?,
        "crowd" => crowd_memory(count)?,
        "reset" => reset(count, |engine, world| engine.reset(world, &ResetOptions::default()))?,
        "reset-alone" => reset(count, |_, world| world.reset(&ResetOptions::default()))?,
        "day" => day(count)?,
        "step" => step(count)?,
        _ => return Err(format!("`{what}` is nothing to measure")),
    };
    crate::say(&number.to_string());
    Ok(())
}

/// A world with one page, one app (with a webhook where a URL is given) and so many people.
pub fn config(count: u32, webhook: Option<&str>, token: &str) -> Config {
    let (bot, inbox, lead) = (AppKey(0), AppKey(1), AppKey(2));
    let app = |name: &str, id, webhook: Option<WebhookConfig>| AppConfig {
        name: name.into(),
        id,
        secret: "0123456789abcdef0123456789abcdef".into(),
        instagram: InstagramApp { id, secret: "".into() },
        webhook,
        verify_token: "open-sesame".into(),
        opaque_token: format!("{id}|{name}").into(),
        require_proof: false,
        published: true,
        permissions: PermissionSet::all(),
        human_agent: true,
    };
    let fields = [Field::Messages, Field::MessagingPostbacks].into_iter().fold(FieldSet::EMPTY, |mut fields, field| {
        fields.insert(field);
        fields
    });
    let connection = |app, token: &str| ConnectionConfig {
        app,
        token: token.into(),
        login: Login::Facebook,
        by: None,
        expires: None,
        connected: true,
        fields,
        standby: true,
        take_control: false,
    };
    let webhook = webhook.map(|url| WebhookConfig { url: Some(url.into()) });
    let inbox_token = format!("{token}-inbox");
    Config {
        delivery: DeliveryConfig::default(),
        allow_webhooks: [].into(),
        declared: "".into(),
        salt: 0,
        seed: 1,
        clock: START,
        apps: [app("bot", AppId(1001), webhook), app("inbox", INBOX_APP_ID, None), app("lead_ads", LEAD_APP_ID, None)]
            .into(),
        assets: [AssetConfig {
            name: "shop".into(),
            id: "2001".into(),
            account: None,
            ruleset: Ruleset::conversation_routing_2023(),
            with_default_app: Ruleset::conversation_routing_2023(),
            without_default_app: Ruleset::zero_config(),
            primary: None,
            knobs: Knobs::default(),
            default_app: Some(bot),
            connections: vec![
                connection(bot, token),
                connection(inbox, &inbox_token),
                connection(lead, &format!("{token}-lead")),
            ],
            links: Vec::new(),
            social: None,
            details: Default::default(),
            profile: None,
        }]
        .into(),
        ads: [].into(),
        people: some_people(count),
        users: [].into(),
        strict_permissions: false,
        limits: Limits::default(),
    }
}

/// People with names and derived ids, as nearly all people of a world file are.
fn some_people(count: u32) -> People {
    let mut people = People::new(1, 0, ["shop".into()]);
    for number in 0..count {
        let name = format!("p{number}");
        // Ids are derived from the names, and names differ, so everybody is added.
        people.add(PersonConfig::new(&name, PersonDetails::default())).map(drop).unwrap_or_default();
    }
    people
}

fn world(people: u32) -> Measured<(Arc<Engine>, Arc<ActiveWorld>)> {
    let engine = Arc::new(Engine::new(None));
    let added = engine.add("w", Arc::new(config(people, None, TOKEN)), Mode::Frozen);
    Ok((engine.clone(), added.map_err(|error| error.to_string())?))
}

/// A world in which so many people have written.
pub fn world_in_which_all_wrote(count: u32) -> Measured<(Arc<Engine>, Arc<ActiveWorld>)> {
    let (engine, world) = world(count)?;
    write(&world, 0..count)?;
    Ok((engine, world))
}

/// Each of these people writes once.
fn write(world: &Arc<ActiveWorld>, people: std::ops::Range<u32>) -> Measured<()> {
    for person in people {
        let thread = ThreadKey { asset: AssetKey(0), person: PersonKey(person) };
        let saying = UserMessage { text: Some("Hello there!".into()), ..UserMessage::default() };
        let says = Command::Person(thread, UserAction::Says(saying));
        world.execute(Actor::Script, says).map_err(|refused| format!("{:?}", refused.refusal))?;
    }
    Ok(())
}

fn memory(count: u32) -> Measured<f64> {
    let (_engine, world) = world(count)?;
    write(&world, 0..WARM)?;
    let before = child::resident("self")?;
    write(&world, WARM..count)?;
    let after = child::resident("self")?;
    Ok((after - before) as f64 / f64::from(count - WARM))
}

fn crowd_memory(count: u32) -> Measured<f64> {
    let before = child::resident("self")?;
    let mut people = People::new(1, 0, ["shop".into()]);
    let crowd = CrowdConfig { name: "crowd".into(), count, details: None };
    people.add_crowd(crowd).map_err(|mistake| mistake.to_string())?;
    let people = black_box(people);
    let after = child::resident("self")?;
    Ok((after - before) as f64 / people.count() as f64)
}

fn people_memory(count: u32) -> Measured<f64> {
    let before = child::resident("self")?;
    let config = black_box(config(count, None, TOKEN));
    let after = child::resident("self")?;
    let declared = config.people.named_count();
    Ok((after - before) as f64 / declared as f64)
}

/// Few samples where each has to be made at length.
fn samples(count: u32) -> usize {
    if count > 1000 { 7 } else { 201 }
}

/// What the reset returns is dropped when the time is taken.
fn reset<R>(count: u32, reset: impl Fn(&Engine, &Arc<ActiveWorld>) -> R) -> Measured<f64> {
    let (engine, world) = world(count)?;
    let mut took = Vec::new();
    for _ in 0..samples(count) {
        write(&world, 0..count)?;
        std::thread::sleep(PAUSE);
        let began = Instant::now();
        let left = reset(&engine, &world);
        took.push(began.elapsed());
        drop(left);
        if world.read(|world, _, _| world.threads().next().is_some()) {
            return Err("threads are left after a reset".to_owned());
        }
    }
    Ok(median_seconds(&took))
}

/// The clock is turned by a day; the owner of a thread is asked before and after.
fn day(count: u32) -> Measured<f64> {
    let runtime = crate::load::runtime()?;
    let (_engine, world) = world(count)?;
    write(&world, 0..count)?;
    let thread = ThreadKey { asset: AssetKey(0), person: PersonKey(count / 2) };
    let mut took = Vec::new();
    for _ in 0..samples(count) {
        let began = Instant::now();
        world.advance_to(world.now() + DAY);
        runtime.block_on(world.settle(Duration::ZERO, Duration::from_secs(1)));
        black_box(world.read(|world, _, now| (world.ownership(thread, now), world.window_is_open(thread, now))));
        took.push(began.elapsed());
    }
    if world.read(|world, _, now| world.window_is_open(thread, now)) {
        return Err("the window is open after days".to_owned());
    }
    Ok(median_seconds(&took))
}

/// The same as a scenario says it. No app is real, so there is nobody to be quiet.
fn step(count: u32) -> Measured<f64> {
    let runtime = crate::load::runtime()?;
    let (engine, world) = world(count)?;
    write(&world, 0..count)?;
    let mut stage = Session::new(engine, world, Timeouts::default());
    let mut took = Vec::new();
    for _ in 0..samples(count) {
        let began = Instant::now();
        let node = Node::parse(&source::SourceText::inline("the step", "{ clock: +24h }"));
        let node = node.map_err(|mistake| format!("{mistake:?}"))?;
        let step = stage.read_step(&node).map_err(|mistakes| format!("{mistakes:?}"))?;
        runtime.block_on(stage.perform(&step)).map_err(|mistake| format!("{mistake:?}"))?;
        took.push(began.elapsed());
    }
    Ok(median_seconds(&took))
}
