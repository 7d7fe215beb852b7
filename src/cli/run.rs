//! Cli room: `run`: scenarios with puppets, or with a real bot over real HTTP.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::BoolishValueParser;
use tokio::sync::oneshot;

use crate::delivery::{DeliverySettings, WebhookSender};
use crate::domain::model::config::Config;
use crate::engine::Engine;
use crate::language::Node;
use crate::language::files::Scenario;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::report::MultiReporter;
use crate::runner;
use crate::runner::bots;
use crate::runner::bots::Bot;
use crate::runner::events::{Reporter, RunEvent};
use crate::runner::faults;
use crate::runner::faults::RunFault;
use crate::runner::{RunSettings, Timeouts};
use crate::text::diagnostic::render_all;

use super::artifacts::Artifacts;
use super::faults::Faults;
use super::files::read_scenarios;
use super::lint_levels::Lints;
use super::reports::Reports;
use super::serve::Listening;
use super::{Exit, colors, complain, print};

/// Runs scenarios.
#[derive(Debug, Args)]
pub struct Run {
    /// Scenario files and folders.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// A real app: its name in the world, and its webhook URL; or `NAME=puppet` for a puppet in its place. May be given several times,
    /// or several with commas.
    #[arg(long = "app", value_name = "NAME=URL", env = "GRAPHDOUBLE_APP", value_delimiter = ',', value_parser = parse_app)]
    apps: Vec<(String, Option<String>)>,
    /// A command that starts the bot; it gets GRAPHDOUBLE_URL and the ids and secrets of its app.
    #[arg(long, env = "GRAPHDOUBLE_EXEC")]
    exec: Option<String>,
    /// Only scenarios whose file or name contains this.
    #[arg(long, env = "GRAPHDOUBLE_FILTER")]
    filter: Option<String>,
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    faults: Faults,
    /// How long a real app is waited for, unless the step says so.
    #[arg(long, env = "GRAPHDOUBLE_WITHIN", default_value = "2s", value_parser = super::parse_patience)]
    within: Duration,
    /// How long everything that is under way may take to end.
    #[arg(long, env = "GRAPHDOUBLE_BUDGET", default_value = "10s", value_parser = super::parse_patience)]
    budget: Duration,
    /// Another seed than the worlds': a number, or `random`.
    #[arg(long, env = "GRAPHDOUBLE_SEED", value_parser = parse_seed)]
    seed: Option<u64>,
    #[command(flatten)]
    keeping: Artifacts,
    /// Print everything that happened.
    #[arg(long, short, env = "GRAPHDOUBLE_VERBOSE", value_parser = BoolishValueParser::new())]
    verbose: bool,
    #[command(flatten)]
    reports: Reports,
    #[command(flatten)]
    lints: Lints,
}

fn parse_app(text: &str) -> Result<(String, Option<String>), String> {
    match text.split_once('=') {
        Some((name, "puppet")) => Ok((name.to_owned(), None)),
        Some((name, url)) if url.starts_with("http://") => Ok((name.to_owned(), Some(url.to_owned()))),
        Some((_, url)) => Err(format!("`{url}` is no http:// URL, and not `puppet`")),
        None => Err("write NAME=http://127.0.0.1:5001/webhook".to_owned()),
    }
}

/// The one place where chance enters, and only when it is asked for by name; the seed is printed so that the run can be repeated.
fn parse_seed(text: &str) -> Result<u64, String> {
    use rand::rand_core::TryRng;
    match text {
        "random" => rand::rngs::SysRng.try_next_u64().map(|seed| seed >> 11).map_err(|error| error.to_string()),
        number => number.parse().map_err(|_| "a seed is a number, or `random`".to_owned()),
    }
}

impl Run {
    /// Runs.
    pub async fn execute(self) -> Exit {
        let (scenarios, faults) = match self.read() {
            Ok(read) => read,
            Err(exit) => return exit,
        };
        if let Err(exit) = self.lints.check() {
            return exit;
        }
        if let Some(seed) = self.seed {
            self.reports.say(&format!("seed {seed}"));
        }
        let has_real = scenarios.iter().any(|scenario| self.has_real_apps(scenario));
        if let (false, Some(_)) = (has_real, &self.exec) {
            return complain(
                Exit::Usage,
                "`--exec` starts a bot, but no app has a webhook URL: say which with --app NAME=URL",
            );
        }
        let mut reports = match self.reports.open(self.verbose) {
            Ok(reports) => reports,
            Err(exit) => return exit,
        };
        let kept = match self.keeping.begin(has_real, self.filter.is_none()) {
            Ok(kept) => kept,
            Err(exit) => return exit,
        };
        let settings = RunSettings { keepers: kept.keepers(), ..self.settings(faults.clone()) };
        let exit = match has_real {
            true => self.with_real_apps(scenarios, settings, &mut reports).await,
            false => exit_of(runner::run(scenarios, None, &settings, &mut reports).await),
        };
        if exit == Exit::CouldNotRun {
            reports.report(&RunEvent::Abandoned);
        }
        for fault in faults.iter().filter(|fault| !fault.has_fired()) {
            tracing::warn!("a fault of --fault fired in no scenario: {}", fault.written.json());
        }
        let exit = kept.finish(exit);
        // Whatever became of the reports, the exit code tells the decision.
        reports.troubles().iter().fold(exit, |exit, trouble| complain(exit, trouble))
    }

    fn read(&self) -> Result<(Vec<Scenario>, Vec<Arc<RunFault>>), Exit> {
        let faults: Vec<_> = self.faults.read()?.into_iter().map(|node| Arc::new(RunFault::new(node))).collect();
        let scenarios = read_scenarios(&self.paths, self.filter.as_deref())?;
        self.check_apps(&scenarios)?;
        faults.iter().try_for_each(|fault| check_fault(&fault.written, &scenarios))?;
        Ok((scenarios, faults))
    }

    fn check_apps(&self, scenarios: &[Scenario]) -> Result<(), Exit> {
        for (name, _) in &self.apps {
            let known = |scenario: &Scenario| read_world::names(&scenario.world).apps.contains(name);
            if !scenarios.iter().any(known) {
                return Err(complain(Exit::Usage, &format!("--app {name}: no world has an app `{name}`")));
            }
        }
        Ok(())
    }

    fn changes(&self) -> WorldOverrides {
        WorldOverrides { apps: self.apps.clone(), seed: self.seed, ..WorldOverrides::default() }
    }

    fn config(&self, scenario: &Scenario) -> Option<Arc<Config>> {
        read_world::read(&scenario.world, &self.changes()).ok()
    }

    fn has_real_apps(&self, scenario: &Scenario) -> bool {
        self.config(scenario).is_some_and(|config| config.apps.iter().any(|app| app.webhook.is_some()))
    }

    fn settings(&self, faults: Vec<Arc<RunFault>>) -> RunSettings {
        let (changes, patience, lints) = (self.changes(), self.patience(), self.lints.levels());
        RunSettings { changes, patience, faults, lints, ..RunSettings::default() }
    }

    fn patience(&self) -> Timeouts {
        Timeouts { within: self.within, budget: self.budget, ..Timeouts::default() }
    }

    async fn with_real_apps(
        &self,
        scenarios: Vec<Scenario>,
        settings: RunSettings,
        reports: &mut MultiReporter,
    ) -> Exit {
        let timeout = DeliverySettings { timeout: self.budget, ..DeliverySettings::default() };
        let engine = Arc::new(Engine::new(Some(WebhookSender::new(timeout))));
        let bound = match self.listening.bind(engine.clone(), self.patience()).await {
            Ok(bound) => bound,
            Err(exit) => return exit,
        };
        let graph_url = bound.addresses.first().map(|address| format!("http://{address}")).unwrap_or_default();
        let (stop, stopped) = oneshot::channel::<()>();
        let until_stopped = async move {
            // The sender is dropped at the latest when the run is over, which stops the server as well.
            stopped.await.unwrap_or_default();
        };
        let server = tokio::spawn(bound.serve(until_stopped));
        let exit = self.with_server(scenarios, engine, settings, &graph_url, reports).await;
        drop(stop);
        server.abort();
        exit
    }

    async fn with_server(
        &self,
        scenarios: Vec<Scenario>,
        engine: Arc<Engine>,
        mut settings: RunSettings,
        graph_url: &str,
        reports: &mut MultiReporter,
    ) -> Exit {
        let urls = self.urls(&scenarios);
        let mut bot = None;
        if let Some(command) = &self.exec {
            for url in &urls {
                if bots::is_taken(url).await {
                    let message =
                        format!("--exec: something listens at {url} already, and would be tested in place of the bot");
                    return complain(Exit::CouldNotRun, &message);
                }
            }
            let started = Bot::start(command, &self.variables(&scenarios, graph_url));
            let mut started = match started {
                Ok(started) => started,
                Err(error) => return complain(Exit::CouldNotRun, &format!("--exec: {error}")),
            };
            if let Err(error) = started.ready(&urls).await {
                return complain(Exit::CouldNotRun, &format!("--exec: {error}"));
            }
            settings.output = Some(started.output());
            bot = Some(started);
        } else {
            for url in &urls {
                if let Err(error) = bots::is_there(url).await {
                    return complain(Exit::CouldNotRun, &error);
                }
            }
        }
        let summary = runner::run(scenarios, Some(engine), &settings, reports).await;
        if let Some(bot) = bot {
            bot.stop().await;
        }
        exit_of(summary)
    }

    /// The URLs of all real apps.
    fn urls(&self, scenarios: &[Scenario]) -> Vec<String> {
        let configs = scenarios.iter().filter_map(|scenario| self.config(scenario));
        let mut urls: Vec<String> = configs
            .flat_map(|config| {
                config.apps.iter().filter_map(|app| Some(app.webhook.as_ref()?.url.to_string())).collect::<Vec<_>>()
            })
            .collect();
        urls.sort();
        urls.dedup();
        urls
    }

    /// What a bot needs to know, for the first real app of the first world.
    fn variables(&self, scenarios: &[Scenario], graph_url: &str) -> Vec<(String, String)> {
        let mut variables = vec![("GRAPHDOUBLE_URL".to_owned(), graph_url.to_owned())];
        let configs: Vec<Arc<Config>> = scenarios.iter().filter_map(|scenario| self.config(scenario)).collect();
        let real = configs.iter().find_map(|config| {
            let (key, app) = config.apps.iter().enumerate().find(|(_, app)| app.webhook.is_some())?;
            let page = config.pages.iter().find_map(|page| {
                let connection = page.connections.iter().find(|connection| connection.app.index() == key)?;
                Some((page.id.clone(), connection.token.clone()))
            })?;
            Some((app.clone(), page))
        });
        let Some((app, (page_id, token))) = real else { return variables };
        let verify_token = app.webhook.map(|webhook| webhook.verify_token.to_string()).unwrap_or_default();
        for (name, value) in [
            ("GRAPHDOUBLE_APP_ID", app.id.to_string()),
            ("GRAPHDOUBLE_APP_SECRET", app.secret.to_string()),
            ("GRAPHDOUBLE_PAGE_ID", page_id.to_string()),
            ("GRAPHDOUBLE_PAGE_TOKEN", token.to_string()),
            ("GRAPHDOUBLE_VERIFY_TOKEN", verify_token),
        ] {
            variables.push((name.to_owned(), value));
        }
        variables
    }
}

/// A fault that no world understands is a mistake; one that some worlds do not is for the others.
fn check_fault(fault: &Node, scenarios: &[Scenario]) -> Result<(), Exit> {
    let mut mistakes = Vec::new();
    for scenario in scenarios {
        match faults::check(fault, &read_world::names(&scenario.world)) {
            Ok(()) => return Ok(()),
            Err(found) if mistakes.is_empty() => mistakes = found,
            Err(_) => {}
        }
    }
    print(&render_all(&mistakes, colors()));
    Err(Exit::Invalid)
}

fn exit_of(summary: runner::events::Summary) -> Exit {
    if summary.failed == 0 { Exit::Ok } else { Exit::Failed }
}
