//! `run`: runs scenarios with puppets, or with a real bot over HTTP.

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
use crate::language::schema::names::NameKind;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::report::MultiReporter;
use crate::runner;
use crate::runner::arm_faults;
use crate::runner::arm_faults::RunFault;
use crate::runner::bot_process;
use crate::runner::bot_process::BotProcess;
use crate::runner::run_events::{Reporter, RunEvent};
use crate::runner::{RunSettings, Timeouts};

use super::app_args::parse_app;
use super::artifact_args::ArtifactArgs;
use super::exit::Exit;
use super::fault_args::FaultArgs;
use super::lint_level_args::LintLevelArgs;
use super::listen_args::ListenArgs;
use super::report_args::ReportArgs;
use super::scenario_files::read_scenarios;
use super::terminal::{fail, fail_invalid};

/// Run scenarios with your bot, or with puppets
///
/// A scenario lists steps and expectations. An app with a webhook URL is real: graphdouble sends it webhooks and waits
/// for its Graph calls. An app without one is a puppet: graphdouble makes the calls that the steps describe.
#[derive(Debug, Args)]
pub struct RunCommand {
    /// Scenario files, and folders that hold them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Set the webhook URL of an app, by its name in the world. NAME=puppet turns a real app into a puppet. Separate
    /// several apps with commas.
    #[arg(long = "app", value_name = "NAME=URL", env = "GRAPHDOUBLE_APP", value_delimiter = ',', value_parser = parse_app)]
    apps: Vec<(String, Option<String>)>,
    /// Start the bot with this command, and stop it after the run.
    ///
    /// The bot gets these variables: GRAPHDOUBLE_URL (use it in place of https://graph.facebook.com),
    /// GRAPHDOUBLE_APP_ID, GRAPHDOUBLE_APP_SECRET, GRAPHDOUBLE_PAGE_ID, GRAPHDOUBLE_PAGE_TOKEN and
    /// GRAPHDOUBLE_VERIFY_TOKEN. They describe the first real app of the first world.
    #[arg(long, value_name = "COMMAND", env = "GRAPHDOUBLE_EXEC")]
    exec: Option<String>,
    /// Run only the scenarios whose file or name contains this text.
    #[arg(long, env = "GRAPHDOUBLE_FILTER", value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    listening: ListenArgs,
    #[command(flatten)]
    faults: FaultArgs,
    /// How long a step waits for a real app. A step can set its own time with `within`.
    #[arg(long, env = "GRAPHDOUBLE_WITHIN", value_name = "TIME", default_value = "2s", value_parser = super::real_duration::parse_real_duration)]
    within: Duration,
    /// How long webhooks and calls may take to end after a step. It is also the time in which a bot has to answer a
    /// webhook.
    #[arg(long, env = "GRAPHDOUBLE_BUDGET", value_name = "TIME", default_value = "10s", value_parser = super::real_duration::parse_real_duration)]
    budget: Duration,
    /// Use this seed for ids and chance in place of the seed of each world: a number, or `random`.
    #[arg(long, env = "GRAPHDOUBLE_SEED", value_parser = parse_seed)]
    seed: Option<u64>,
    #[command(flatten)]
    artifacts: ArtifactArgs,
    /// Print everything that happened in each scenario.
    #[arg(long, short, env = "GRAPHDOUBLE_VERBOSE", value_parser = BoolishValueParser::new())]
    verbose: bool,
    #[command(flatten)]
    reports: ReportArgs,
    #[command(flatten)]
    lints: LintLevelArgs,
}

/// `random` is the only place where chance enters. The seed is printed, so that the run can be repeated.
fn parse_seed(text: &str) -> Result<u64, String> {
    use rand::rand_core::TryRng;
    match text {
        "random" => rand::rngs::SysRng.try_next_u64().map(|seed| seed >> 11).map_err(|error| error.to_string()),
        number => number.parse().map_err(|_| "the seed must be a number or `random`".to_owned()),
    }
}

impl RunCommand {
    pub async fn execute(self) -> Exit {
        let (scenarios, faults) = match self.read() {
            Ok(read) => read,
            Err(exit) => return exit,
        };
        if let Err(exit) = self.lints.check() {
            return exit;
        }
        if let Some(seed) = self.seed {
            self.reports.print_note(&format!("seed {seed}"));
        }
        let has_real = scenarios.iter().any(|scenario| self.has_real_apps(scenario));
        if let (false, Some(_)) = (has_real, &self.exec) {
            return fail(Exit::Usage, "--exec starts a bot, but no app has a webhook URL: set it with --app NAME=URL");
        }
        let mut reports = match self.reports.open(self.verbose) {
            Ok(reports) => reports,
            Err(exit) => return exit,
        };
        let writers = match self.artifacts.create_writers(has_real, self.filter.is_none()) {
            Ok(writers) => writers,
            Err(exit) => return exit,
        };
        let settings = RunSettings { artifact_writers: writers.in_order(), ..self.settings(faults.clone()) };
        let exit = match has_real {
            true => self.with_real_apps(scenarios, settings, &mut reports).await,
            false => exit_of(runner::run(scenarios, None, &settings, &mut reports).await),
        };
        if exit == Exit::CouldNotRun {
            reports.report(&RunEvent::Abandoned);
        }
        for fault in faults.iter().filter(|fault| !fault.has_fired()) {
            tracing::warn!("this fault of --fault never fired: {}", fault.written.json());
        }
        let exit = writers.finish(exit);
        // A report that cannot be written does not change the exit code.
        reports.write_errors().iter().fold(exit, |exit, trouble| fail(exit, trouble))
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
            let known = |scenario: &Scenario| read_world::names(&scenario.world).has(NameKind::App, name);
            if !scenarios.iter().any(known) {
                return Err(fail(Exit::Usage, &format!("--app {name}: no world has an app `{name}`")));
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
        let (changes, timeouts, lints) = (self.changes(), self.timeouts(), self.lints.levels());
        RunSettings { changes, timeouts, faults, lints, ..RunSettings::default() }
    }

    fn timeouts(&self) -> Timeouts {
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
        let bound = match self.listening.bind(engine.clone(), self.timeouts()).await {
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
                if bot_process::is_listening(url).await {
                    let message = format!("--exec: another program already listens at {url}");
                    return fail(Exit::CouldNotRun, &message);
                }
            }
            let started = BotProcess::start(command, &self.variables(&scenarios, graph_url));
            let mut started = match started {
                Ok(started) => started,
                Err(error) => return fail(Exit::CouldNotRun, &format!("--exec: {error}")),
            };
            if let Err(error) = started.wait_until_ready(&urls).await {
                return fail(Exit::CouldNotRun, &format!("--exec: {error}"));
            }
            settings.output = Some(started.output());
            bot = Some(started);
        } else {
            for url in &urls {
                if let Err(error) = bot_process::wait_for_running_bot(url).await {
                    return fail(Exit::CouldNotRun, &error);
                }
            }
        }
        let summary = runner::run(scenarios, Some(engine), &settings, reports).await;
        if let Some(bot) = bot {
            bot.stop().await;
        }
        exit_of(summary)
    }

    /// The webhook URLs of all real apps.
    fn urls(&self, scenarios: &[Scenario]) -> Vec<String> {
        let configs = scenarios.iter().filter_map(|scenario| self.config(scenario));
        let mut urls: Vec<String> = configs
            .flat_map(|config| {
                config
                    .apps
                    .iter()
                    .filter_map(|app| app.webhook.as_ref()?.url.as_deref().map(str::to_owned))
                    .collect::<Vec<_>>()
            })
            .collect();
        urls.sort();
        urls.dedup();
        urls
    }

    /// The variables for the bot. They describe the first real app of the first world.
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
        for (name, value) in [
            ("GRAPHDOUBLE_APP_ID", app.id.to_string()),
            ("GRAPHDOUBLE_APP_SECRET", app.secret.to_string()),
            ("GRAPHDOUBLE_PAGE_ID", page_id.to_string()),
            ("GRAPHDOUBLE_PAGE_TOKEN", token.to_string()),
            ("GRAPHDOUBLE_VERIFY_TOKEN", app.verify_token.to_string()),
        ] {
            variables.push((name.to_owned(), value));
        }
        variables
    }
}

/// Fails if no world understands a fault. It is enough that one world does.
fn check_fault(fault: &Node, scenarios: &[Scenario]) -> Result<(), Exit> {
    let mut mistakes = Vec::new();
    for scenario in scenarios {
        match arm_faults::check_fault(fault, &read_world::names(&scenario.world)) {
            Ok(()) => return Ok(()),
            Err(found) if mistakes.is_empty() => mistakes = found,
            Err(_) => {}
        }
    }
    Err(fail_invalid(&mistakes))
}

fn exit_of(summary: runner::run_events::Summary) -> Exit {
    if summary.failed == 0 { Exit::Ok } else { Exit::Failed }
}
