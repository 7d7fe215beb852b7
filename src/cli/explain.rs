//! `explain`: prints the story of one thread: after some steps with puppets, of a bundle, or of a running server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::archive::Bundle;
use crate::domain::model::config::Config;
use crate::domain::model::ids::ThreadKey;
use crate::engine::clock::Mode;
use crate::engine::{ActiveWorld, Engine};
use crate::explain::explanation::Explanation;
use crate::explain::text::text;
use crate::explain::{explain, json_with_text, thread_names};
use crate::language::Node;
use crate::language::files;
use crate::language::files::Scenario;
use crate::language::steps::step::Step;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner;
use crate::runner::{Session, Timeouts};
use crate::text::printable::for_log;
use crate::text::source::SourceText;
use crate::text::suggest::did_you_mean;

use super::bundle_file::{is_bundle, read_bundle};
use super::exit::Exit;
use super::explain_server::ask_server;
use super::serve::DEFAULT_WORLD;
use super::terminal::{fail, fail_invalid, for_people, note, print, print_beside, use_colors};

/// The most scenarios that an error message lists.
const MAX_LISTED: usize = 20;

/// Explain a thread: who owns it and why, which app received what, and what each app may do now
///
/// A thread is the conversation of one person with one page. With a world file, every app is a puppet: no bot is called.
/// A bundle, which a failed scenario leaves, is played again. With --server, a running server explains a thread of its own.
#[derive(Debug, Args)]
pub struct ExplainCommand {
    /// The world file, or a bundle.
    #[arg(env = "GRAPHDOUBLE_WORLD", value_name = "WORLD|BUNDLE", required_unless_present = "server")]
    file: Option<PathBuf>,
    /// Ask a running server, for example http://127.0.0.1:4004.
    #[arg(long, value_name = "URL", env = "GRAPHDOUBLE_SERVER", conflicts_with_all = ["after", "scenario"])]
    server: Option<String>,
    /// The name of the world on that server.
    #[arg(long, value_name = "NAME", env = "GRAPHDOUBLE_WORLD_NAME", default_value = DEFAULT_WORLD, requires = "server")]
    world: String,
    /// Perform these steps first: a file with a list of steps, or a scenario file. The `world` of a scenario file is
    /// ignored; that of the world file is used.
    #[arg(long, value_name = "FILE", env = "GRAPHDOUBLE_AFTER")]
    after: Option<PathBuf>,
    /// The scenario of the file to perform, by its full name. Needed if the file has several scenarios.
    #[arg(long, value_name = "NAME", env = "GRAPHDOUBLE_SCENARIO")]
    scenario: Option<String>,
    /// The thread to explain. The page may be left out if the world has one page; the option may be left out if the
    /// steps used one thread.
    #[arg(long, value_name = "PERSON@PAGE", env = "GRAPHDOUBLE_THREAD")]
    thread: Option<String>,
    /// The format of the output.
    #[arg(long, env = "GRAPHDOUBLE_EXPLAIN_FORMAT", value_enum, default_value_t = ExplainFormat::Text)]
    format: ExplainFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ExplainFormat {
    /// Text for people.
    Text,
    /// JSON, as the control API returns it.
    Json,
}

/// What happens before the thread is explained.
#[derive(Default)]
struct Before {
    steps: Vec<Step>,
    routing: Option<String>,
}

impl ExplainCommand {
    pub async fn execute(self) -> Exit {
        match self.explained().await {
            Ok((text, exit)) => {
                print(&text);
                exit
            }
            Err(exit) => exit,
        }
    }

    /// The explanation, and the exit code of the steps before it.
    async fn explained(&self) -> Result<(String, Exit), Exit> {
        match (&self.server, &self.file) {
            (Some(server), None) => self.of_server(server).await,
            (Some(server), Some(file)) if is_of_environment(file) => self.of_server(server).await,
            (Some(_), Some(file)) => Err(usage(format!(
                "--server explains a thread of a running server, so it takes no file: leave out {}",
                file.display()
            ))),
            (None, file) => {
                let file = file.clone().unwrap_or_default();
                if is_bundle(&file) { self.of_bundle(&file).await } else { self.of_world(&file).await }
            }
        }
    }

    async fn of_server(&self, server: &str) -> Result<(String, Exit), Exit> {
        let explanation = ask_server(server, &self.world, self.thread.as_deref()).await?;
        let text = match self.format {
            ExplainFormat::Text => for_log(explanation["text"].as_str().unwrap_or_default()),
            ExplainFormat::Json => format!("{explanation:#}"),
        };
        Ok((text, Exit::Ok))
    }

    /// Plays a bundle again. That its scenario fails is no failure here.
    async fn of_bundle(&self, file: &Path) -> Result<(String, Exit), Exit> {
        if self.after.is_some() || self.scenario.is_some() {
            return Err(usage("a bundle has its own steps, so --after and --scenario do not go with it"));
        }
        let bundle = read_bundle(file)?;
        let (scenario, recorded) =
            bundle.open().map_err(|broken| fail(Exit::Invalid, &format!("{}: {broken}", file.display())))?;
        let (report, world) = runner::replay(&scenario, recorded).await;
        let world = world.map_err(|error| fail(Exit::CouldNotRun, &error.one_line()))?;
        if bundle.transcript() != Bundle::transcript_of(&report) {
            note("the bundle does not replay to the same end, as `graphdouble replay` shows");
        }
        Ok((self.with_failure(&bundle, self.explanation(&world)?), Exit::Ok))
    }

    /// The explanation, below the name of the scenario and its failure.
    fn with_failure(&self, bundle: &Bundle, explanation: Explanation) -> String {
        match self.format {
            ExplainFormat::Text => {
                let Bundle { file, scenario, failure, .. } = bundle;
                let head = for_log(&format!("{file}: {scenario}\n\n{}", failure.trim_end()));
                format!("{head}\n\n{}", for_people(&text(&explanation, use_colors())))
            }
            ExplainFormat::Json => {
                let mut value = json_with_text(&explanation);
                value["file"] = json!(bundle.file);
                value["scenario"] = json!(bundle.scenario);
                value["failure"] = json!(bundle.failure);
                format!("{value:#}")
            }
        }
    }

    async fn of_world(&self, file: &Path) -> Result<(String, Exit), Exit> {
        let declared = Arc::new(parse(&source(file)?)?);
        // Mistakes of the world are reported first. Without the world, every name in the steps would look unknown.
        let mut config = read(&declared, None)?;
        let before = self.before(&declared)?;
        if before.routing.is_some() {
            config = read(&declared, before.routing)?;
        }
        self.thread_in(&config)?;
        // Without an outbox every app is a puppet, even one with a webhook URL.
        let engine = Arc::new(Engine::new(None));
        let world =
            engine.add("explain", config, Mode::Frozen).map_err(|error| fail(Exit::CouldNotRun, &error.to_string()))?;
        let exit = perform(&engine, &world, &before.steps).await;
        Ok((self.written(&world)?, exit))
    }

    /// The thread of --thread.
    fn thread_in(&self, config: &Config) -> Result<Option<ThreadKey>, Exit> {
        self.thread.as_deref().map(|text| thread_names::parse_thread(config, text).map_err(usage)).transpose()
    }

    fn explanation(&self, world: &ActiveWorld) -> Result<Explanation, Exit> {
        let thread = self.thread_in(&world.config())?.map_or_else(|| only(world), Ok)?;
        Ok(explain(world, thread))
    }

    fn written(&self, world: &ActiveWorld) -> Result<String, Exit> {
        let explanation = self.explanation(world)?;
        Ok(match self.format {
            ExplainFormat::Text => for_people(&text(&explanation, use_colors())),
            ExplainFormat::Json => format!("{:#}", json_with_text(&explanation)),
        })
    }

    fn before(&self, world: &Arc<Node>) -> Result<Before, Exit> {
        let Some(after) = &self.after else {
            return match self.scenario {
                None => Ok(Before::default()),
                Some(_) => Err(usage("--scenario needs --after: it picks a scenario of that file")),
            };
        };
        let scenarios = files::read_for(&source(after)?, world).map_err(|mistakes| fail_invalid(&mistakes))?;
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
            None => format!("the file has several scenarios: pick one with --scenario\n{known}"),
            Some(wanted) if names.iter().all(String::is_empty) => {
                format!("--scenario {wanted}: the file is a list of steps and has no scenarios")
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

/// True if the path is what the environment says, for every command: that is no argument of this one.
fn is_of_environment(file: &Path) -> bool {
    std::env::var_os("GRAPHDOUBLE_WORLD").is_some_and(|path| Path::new(&path) == file)
}

fn source(path: &Path) -> Result<Arc<SourceText>, Exit> {
    SourceText::read(path).map_err(|error| fail(Exit::CouldNotRun, &error))
}

fn parse(source: &Arc<SourceText>) -> Result<Node, Exit> {
    Node::parse(source).map_err(|mistake| fail_invalid(&[mistake]))
}

/// Reads the world with the `routing` of a scenario's row.
fn read(declared: &Node, routing: Option<String>) -> Result<Arc<Config>, Exit> {
    read_world::read(declared, &WorldOverrides { routing, ..WorldOverrides::default() })
        .map_err(|mistakes| fail_invalid(&mistakes))
}

fn usage(message: impl AsRef<str>) -> Exit {
    fail(Exit::Usage, message.as_ref())
}

fn only(world: &ActiveWorld) -> Result<ThreadKey, Exit> {
    thread_names::only_thread(world).map_err(|error| usage(format!("{error}: name it with --thread PERSON@PAGE")))
}

/// Performs the steps and prints what fails. A failure does not end the command, since an explanation is most useful
/// then.
async fn perform(engine: &Arc<Engine>, world: &Arc<ActiveWorld>, steps: &[Step]) -> Exit {
    let mut session = Session::new(engine.clone(), world.clone(), Timeouts::default());
    let mut exit = Exit::Ok;
    for step in steps {
        if let Err(failure) = session.perform(step).await {
            fail(Exit::Failed, failure.render(false).trim_end());
            exit = Exit::Failed;
        }
        // What a step shows is not part of the explanation, which may be JSON.
        session.take_shown().iter().for_each(|shown| print_beside(shown));
    }
    exit
}
