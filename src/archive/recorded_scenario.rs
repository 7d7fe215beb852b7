//! What happened in a world, as a scenario file: what people, admins and apps did, when, and who owned the threads then. Apps are puppets
//! in it, so the file passes without a bot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::flow_yaml::flow;
use super::recorded_actions::{admin_step, in_thread, inbox_step, user_step};
use super::recorded_calls::call_step;
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::people::Person;
use crate::domain::model::time::{Moment, Span};
use crate::engine::ActiveWorld;
use crate::engine::clock::Mode;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{Actor, LedgerEntry, Record};
use crate::language::world::declared::DeclaredWorld;
use crate::text::units::{format_duration, format_moment};

/// In a world whose clock runs by itself, shorter pauses than this are left out.
const SHORTEST_PAUSE: Span = Span(1000);

/// Why there is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum NoScenario {
    #[error(
        "the ledger has dropped its oldest entries, so the beginning is missing: give the world a larger `limits: {{ ledger: … }}`"
    )]
    Evicted,
    #[error("nothing has happened in the world that a step could do again")]
    Empty,
    #[error("the world was made in code, so there is no text of it")]
    NotDeclared,
}

/// Writes what happened in a world as a scenario file.
pub fn recorded_scenario(world: &ActiveWorld) -> Result<String, NoScenario> {
    let config = world.config();
    let declared = DeclaredWorld::of(&config).map_err(|_| NoScenario::NotDeclared)?;
    let shortest = if world.clock_mode() == Mode::Frozen { Span(1) } else { SHORTEST_PAUSE };
    let recorded = world.read(|_, ledger, _| {
        let is_whole = ledger.oldest_cursor() == ledger.first_cursor();
        is_whole.then(|| StepWriter::of(&config, ledger, shortest))
    });
    let writer = recorded.ok_or(NoScenario::Evicted)?;
    if writer.steps.is_empty() {
        return Err(NoScenario::Empty);
    }
    let people: Vec<&str> = writer.people.iter().map(String::as_str).collect();
    let world_node = world_of(&config, world.declared_config(), declared, &people);
    Ok(writer.file(world.name(), &world_node))
}

/// The steps so far, and what they need.
struct StepWriter<'c> {
    config: &'c Config,
    steps: Vec<Value>,
    people: BTreeSet<String>,
    /// The owners that changed since the last step, each with the entry that caused it.
    owners: BTreeMap<ThreadKey, (Option<AppKey>, u64)>,
    /// Commands of apps whose calls have not come yet, by their cause.
    without_call: BTreeMap<u64, Arc<str>>,
    clock: Moment,
    shortest_pause: Span,
    /// What no step can say.
    left_out: BTreeMap<String, usize>,
}

impl<'c> StepWriter<'c> {
    fn of(config: &'c Config, ledger: &Ledger, shortest_pause: Span) -> Self {
        let mut writer = Self {
            config,
            steps: Vec::new(),
            people: BTreeSet::new(),
            owners: BTreeMap::new(),
            without_call: BTreeMap::new(),
            clock: config.clock,
            shortest_pause,
            left_out: BTreeMap::new(),
        };
        ledger.all().for_each(|entry| writer.add(entry));
        writer.expect_owners(None);
        for call in std::mem::take(&mut writer.without_call).into_values() {
            writer.leave_out(format!("{call}, which a reset kept"));
        }
        writer
    }

    fn leave_out(&mut self, what: String) {
        *self.left_out.entry(what).or_default() += 1;
    }

    fn add(&mut self, entry: &LedgerEntry) {
        if let Record::GraphCall(_) = &entry.record {
            self.without_call.remove(&entry.cause);
        }
        match &entry.record {
            Record::Command { by: Actor::Script, command, .. } => self.add_command(entry.at, command),
            // The owner of an account logged in with the dialog.
            Record::Command { by: Actor::Graph { .. }, command, .. } if matches!(**command, Command::Admin(..)) => {
                self.add_command(entry.at, command);
            }
            Record::Command { by: Actor::Graph { call, .. }, .. } => {
                self.without_call.insert(entry.cause, call.clone());
            }
            Record::GraphCall(call) => match call_step(self.config, call) {
                Ok(Some((thread, step))) => {
                    thread.into_iter().for_each(|thread| self.meet(thread));
                    // The entry of a call comes behind what the call caused.
                    self.push(entry.at, step, Some(entry.cause));
                }
                Ok(None) => {}
                Err(what) => self.leave_out(what),
            },
            Record::ClockTurned { to } => self.pass_time(*to, None),
            Record::Happened(Event::OwnerChanged { thread, to, .. }) => {
                self.owners.insert(*thread, (*to, entry.cause));
            }
            _ => {}
        }
    }

    fn add_command(&mut self, at: Moment, command: &Command) {
        let step = match command {
            Command::Person(thread, action) => {
                self.meet(*thread);
                Some(user_step(self.config, *thread, action))
            }
            Command::Inbox(thread, action) => {
                self.meet(*thread);
                inbox_step(self.config, *thread, action)
            }
            Command::Admin(page, changes) => admin_step(self.config, *page, changes),
            _ => None,
        };
        if let Some(step) = step {
            self.push(at, step, None);
        }
    }

    fn meet(&mut self, thread: ThreadKey) {
        self.people.insert(self.config.person(thread.person).name().into_owned());
    }

    fn push(&mut self, at: Moment, step: Value, causing: Option<u64>) {
        self.expect_owners(causing);
        self.pass_time(at, causing);
        self.steps.push(literal(step));
    }

    fn pass_time(&mut self, to: Moment, causing: Option<u64>) {
        let pause = to - self.clock;
        if pause >= self.shortest_pause {
            self.expect_owners(causing);
            self.steps.push(json!({ "clock": format!("+{}", format_duration(pause)) }));
            self.clock = to;
        }
    }

    /// Expects the owners that changed, except for those that the step `causing` will have changed.
    fn expect_owners(&mut self, causing: Option<u64>) {
        let (later, now): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(&mut self.owners).into_iter().partition(|(_, (_, cause))| Some(*cause) == causing);
        self.owners = later;
        let owners: Vec<Value> = now
            .into_iter()
            .map(|(thread, (owner, _))| {
                let owner = owner.map_or("nobody", |owner| &self.config.app(owner).name);
                in_thread(self.config, thread, json!({ "owner": owner }), "of")
            })
            .collect();
        if !owners.is_empty() {
            self.steps.push(json!({ "expect": owners }));
        }
    }

    fn file(&self, name: &str, world: &Value) -> String {
        let mut text = format!(
            "# What happened in the world `{name}`. Apps are puppets here: `graphdouble run FILE` passes without a bot.\n\
             # With `--app NAME=URL` the same steps wait for your bot.\n"
        );
        for (what, count) in &self.left_out {
            text.push_str(&format!("# Left out, because no step says it: {what} ({count} times)\n"));
        }
        text.push_str("world:\n");
        for (key, value) in world.as_object().into_iter().flatten() {
            text.push_str(&format!("  {}: {}\n", flow(&json!(key)), flow(value)));
        }
        text.push_str(&format!(
            "scenarios:\n  - name: {}\n    steps:\n",
            flow(&json!(format!("what happened in {name}")))
        ));
        for step in &self.steps {
            text.push_str(&format!("      - {}\n", flow(step)));
        }
        text
    }
}

/// A step in which every text means itself, although scenarios fill in names.
fn literal(step: Value) -> Value {
    match step {
        Value::String(text) => Value::String(text.replace("${", "${$}{")),
        Value::Array(items) => items.into_iter().map(literal).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, literal(value))).collect(),
        other => other,
    }
}

/// The declared world, with its seed, its clock and the people who came later, and without webhooks.
fn world_of(config: &Config, declared_config: &Config, declared: DeclaredWorld, people: &[&str]) -> Value {
    let mut world = match declared.world {
        Value::Object(world) => world,
        _ => Map::new(),
    };
    world.insert("seed".to_owned(), json!(config.seed));
    world.insert("clock".to_owned(), json!(format_moment(config.clock)));
    if let Some(Value::Object(apps)) = world.get_mut("apps") {
        for app in apps.values_mut().filter_map(Value::as_object_mut) {
            app.remove("webhook");
        }
    }
    let newcomers: Vec<&&str> = people.iter().filter(|name| declared_config.person_by_name(name).is_none()).collect();
    if !newcomers.is_empty() {
        let mut all = match world.remove("people") {
            Some(Value::Object(people)) => people,
            Some(Value::String(any)) if any == "any" => Map::from_iter([("any".to_owned(), json!(true))]),
            _ => Map::new(),
        };
        for name in newcomers {
            let member = config.person_by_name(name).map(|person| config.person(person));
            match member {
                Some(Person::Member(crowd, _)) => {
                    all.insert(crowd.config.name.to_string(), json!({ "count": crowd.config.count }))
                }
                _ => all.insert((*name).to_owned(), json!({})),
            };
        }
        world.insert("people".to_owned(), Value::Object(all));
    }
    Value::Object(world)
}
