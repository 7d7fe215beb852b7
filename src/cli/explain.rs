//! Cli room: `explain`: the story of one thread in plain words, after some steps with puppets.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::domain::model::config::Config;
use crate::domain::model::ids::ThreadKey;
use crate::engine::clock::Mode;
use crate::engine::{ActiveWorld, Engine};
use crate::explain::text::text;
use crate::explain::{explain, thread_names};
use crate::language::Node;
use crate::language::files;
use crate::language::files::Scenario;
use crate::language::steps::step::Step;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner::{Session, Timeouts};
use crate::text::diagnostic::{Diagnostic, render_all};
use crate::text::source::SourceText;
use crate::text::suggest::did_you_mean;

use super::{Exit, colors, complain, print};

/// Scenarios that are listed where it is not clear which one is meant.
const MAX_LISTED: usize = 20;

/// Explains a thread.
#[derive(Debug, Args)]
pub struct Explain {
    /// The world file.
    #[arg(env = "GRAPHDOUBLE_WORLD")]
    world: PathBuf,
    /// What happens before: a file with a list of steps, or a scenario file. Every app is a puppet; a scenario file's own `world` is
    /// ignored in favour of WORLD.
    #[arg(long, value_name = "FILE", env = "GRAPHDOUBLE_AFTER")]
    after: Option<PathBuf>,
    /// Which scenario of the file, by its whole name; may be left out if there is one.
    #[arg(long, value_name = "NAME", env = "GRAPHDOUBLE_SCENARIO")]
    scenario: Option<String>,
    /// Whose thread; the page may be left out if there is one, and all of it if the steps touched one thread.
    #[arg(long, value_name = "PERSON@PAGE", env = "GRAPHDOUBLE_THREAD")]
    thread: Option<String>,
    /// As text for people, or as JSON.
    #[arg(long, env = "GRAPHDOUBLE_EXPLAIN_FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// As the control API answers it.
    Json,
}

/// What is done before anything is explained.
#[derive(Default)]
struct Before {
    steps: Vec<Step>,
    routing: Option<String>,
}

impl Explain {
    /// Explains.
    pub async fn execute(self) -> Exit {
        match self.explained().await {
            Ok((text, exit)) => {
                print(&text);
                exit
            }
            Err(exit) => exit,
        }
    }

    /// The explanation, and how the steps before it went.
    async fn explained(&self) -> Result<(String, Exit), Exit> {
        let declared = Arc::new(parse(&source(&self.world)?)?);
        // Its mistakes come first: without the world every name in the steps would look unknown.
        let mut config = read(&declared, None)?;
        let before = self.before(&declared)?;
        if before.routing.is_some() {
            config = read(&declared, before.routing)?;
        }
        let named =
            self.thread.as_deref().map(|text| thread_names::parse_thread(&config, text).map_err(usage)).transpose()?;
        // Without an outbox no app is real, whatever the world says.
        let engine = Arc::new(Engine::new(None));
        let world = engine
            .add("explain", config, Mode::Frozen)
            .map_err(|error| complain(Exit::CouldNotRun, &error.to_string()))?;
        let exit = perform(&engine, &world, &before.steps).await;
        let thread = named.map_or_else(|| only(&world), Ok)?;
        let explanation = explain(&world, thread);
        let text = match self.format {
            Format::Text => text(&explanation, colors()),
            Format::Json => format!("{:#}", explanation.json()),
        };
        Ok((text, exit))
    }

    fn before(&self, world: &Arc<Node>) -> Result<Before, Exit> {
        let Some(after) = &self.after else {
            return match self.scenario {
                None => Ok(Before::default()),
                Some(_) => Err(usage("--scenario picks a scenario of the file that --after names")),
            };
        };
        let scenarios = files::read_for(&source(after)?, world).map_err(|mistakes| invalid(&mistakes))?;
        let Scenario { steps, routing, .. } = self.chosen(scenarios)?;
        Ok(Before { steps, routing })
    }

    fn chosen(&self, mut scenarios: Vec<Scenario>) -> Result<Scenario, Exit> {
        let names: Vec<String> = scenarios.iter().map(|scenario| scenario.name.clone()).collect();
        let place = match &self.scenario {
            Some(wanted) => names.iter().position(|name| name == wanted),
            None if names.len() == 1 => Some(0),
            None => None,
        };
        if let Some(place) = place {
            return Ok(scenarios.swap_remove(place));
        }
        let known = listed(&names);
        Err(usage(match &self.scenario {
            None => format!("which scenario is meant? Pick one with --scenario\n{known}"),
            Some(wanted) if names.iter().all(String::is_empty) => {
                format!("--scenario {wanted}: the file is a plain list of steps")
            }
            Some(wanted) => {
                let nearest = did_you_mean(wanted, names.iter().map(String::as_str));
                format!("there is no scenario `{wanted}`{nearest}\n{known}")
            }
        }))
    }
}

fn listed(names: &[String]) -> String {
    let mut lines: Vec<String> = names.iter().take(MAX_LISTED).map(|name| format!("  {name}")).collect();
    if names.len() > MAX_LISTED {
        lines.push(format!("  and {} more", names.len() - MAX_LISTED));
    }
    lines.join("\n")
}

fn source(path: &Path) -> Result<Arc<SourceText>, Exit> {
    SourceText::read(path).map_err(|error| complain(Exit::CouldNotRun, &error))
}

fn parse(source: &Arc<SourceText>) -> Result<Node, Exit> {
    Node::parse(source).map_err(|mistake| invalid(&[mistake]))
}

/// The world, with the `routing` of a scenario's row.
fn read(declared: &Node, routing: Option<String>) -> Result<Arc<Config>, Exit> {
    read_world::read(declared, &WorldOverrides { routing, ..WorldOverrides::default() })
        .map_err(|mistakes| invalid(&mistakes))
}

fn invalid(mistakes: &[Diagnostic]) -> Exit {
    print(&render_all(mistakes, colors()));
    Exit::Invalid
}

fn usage(message: impl AsRef<str>) -> Exit {
    complain(Exit::Usage, message.as_ref())
}

fn only(world: &ActiveWorld) -> Result<ThreadKey, Exit> {
    thread_names::only_thread(world).map_err(|error| usage(format!("{error}: name it with --thread PERSON@PAGE")))
}

/// Performs the steps, and says what goes wrong. What does not hold is a reason to ask why, so the story is printed all the same.
async fn perform(engine: &Arc<Engine>, world: &Arc<ActiveWorld>, steps: &[Step]) -> Exit {
    let mut session = Session::new(engine.clone(), world.clone(), Timeouts::default());
    let mut exit = Exit::Ok;
    for step in steps {
        if let Err(failure) = session.perform(step).await {
            complain(Exit::Failed, failure.render(colors()).trim_end());
            exit = Exit::Failed;
        }
    }
    exit
}
