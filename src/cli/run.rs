//! `run`: runs scenarios with puppets, or with a real bot over HTTP.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::delivery::DeliverySettings;
use crate::domain::model::config::Config;
use crate::language::Node;
use crate::language::files::Scenario;
use crate::language::schema::names::NameKind;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::report::MultiReporter;
use crate::runner;
use crate::runner::arm_faults;
use crate::runner::arm_faults::RunFault;
use crate::runner::artifact_writer::ArtifactWriter;
use crate::runner::failure_hold::FailureHold;
use crate::runner::run_events::{Reporter, RunEvent, StopCause};
use crate::runner::{RunEnd, RunSettings, Timeouts};
use clap::Args;
use clap::builder::BoolishValueParser;

use super::app_args::{PORT, parse_app};
use super::artifact_args::ArtifactArgs;
use super::bot_copies::CopyPlan;
use super::delivery_args::DeliveryArgs;
use super::exit::Exit;
use super::fault_args::FaultArgs;
use super::html_report::HtmlReport;
use super::inspect_hold::InspectHold;
use super::lint_level_args::LintLevelArgs;
use super::listen_args::ListenArgs;
use super::memory_args::MemoryArgs;
use super::output_files::{CommandOutput, check_not_read, check_written_once};
use super::read_args::ReadArgs;
use super::report_args::ReportArgs;
use super::run_watch::{RanOnce, WatchedRun, watch};
use super::scenario_files::{NotRead, read_scenarios, sources_of};
use super::started::Signals;
use super::stop::SignalStop;
use super::suite_args::SuiteArgs;
use super::terminal::{fail, fail_invalid, warn};
use super::watch_args::WatchArgs;

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
    /// GRAPHDOUBLE_VERIFY_TOKEN. They describe the first real app of the first world. Every page and every real app has
    /// its own, too: GRAPHDOUBLE_PAGE_TOKEN_SHOP, GRAPHDOUBLE_PAGE_ID_SHOP, GRAPHDOUBLE_APP_SECRET_BOT and so on; with
    /// several real apps on a page, GRAPHDOUBLE_PAGE_TOKEN_SHOP_BOT. The worlds exist when it starts, and what it sets
    /// before the first step is there in every scenario. `${PORT}` in the command and in the URL of --app is a free port.
    #[arg(long, value_name = "COMMAND", env = "GRAPHDOUBLE_EXEC")]
    exec: Option<String>,
    /// How many copies of the bot share the scenarios. The command of --exec has `${PORT}` for the port of each copy, and
    /// so has the URL of --app.
    #[arg(long, value_name = "COUNT", env = "GRAPHDOUBLE_JOBS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=MAX_JOBS))]
    jobs: u64,
    #[command(flatten)]
    watch: WatchArgs,
    /// Begin no further scenario once one has failed.
    #[arg(long, env = "GRAPHDOUBLE_FAIL_FAST", value_parser = BoolishValueParser::new())]
    fail_fast: bool,
    /// Keep the world of a scenario that fails, and show it in the inspector page until Enter is pressed.
    #[arg(long, env = "GRAPHDOUBLE_INSPECT", value_parser = BoolishValueParser::new())]
    inspect: bool,
    /// Run only the scenarios whose file or name contains this text.
    #[arg(long, env = "GRAPHDOUBLE_FILTER", value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    reading: ReadArgs,
    #[command(flatten)]
    suite: SuiteArgs,
    #[command(flatten)]
    listening: ListenArgs,
    #[command(flatten)]
    delivery: DeliveryArgs,
    #[command(flatten)]
    memory: MemoryArgs,
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

/// The page of what failed, and what holds it, where they are wanted.
type HtmlAndHold = (Option<Arc<HtmlReport>>, Option<Arc<dyn FailureHold>>);

/// The most copies of a bot.
const MAX_JOBS: u64 = 64;

/// `random` is the only place where chance enters. The seed is printed, so that the run can be repeated.
fn parse_seed(text: &str) -> Result<u64, String> {
    use rand::rand_core::TryRng;
    match text {
        "random" => rand::rngs::SysRng.try_next_u64().map(|seed| seed >> 11).map_err(|error| error.to_string()),
        number => number.parse().map_err(|_| "the seed must be a number or `random`".to_owned()),
    }
}

impl RunCommand {
    pub async fn execute(self, signals: Signals) -> Exit {
        let stop = SignalStop::of(signals);
        match self.watch.is_on() {
            true => watch(&self, &stop).await,
            false => self.run_once(&stop).await.exit,
        }
    }

    async fn run(&self, scenarios: Vec<Scenario>, faults: Vec<Arc<RunFault>>, stop: &SignalStop) -> Exit {
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
        if let Err(exit) = self.check_jobs(has_real) {
            return exit;
        }
        let mut reports = match self.reports.open(self.verbose) {
            Ok(reports) => reports,
            Err(exit) => return exit,
        };
        let writers = match self.artifacts.create_writers(has_real, self.filter.is_none() && self.suite.is_whole()) {
            Ok(writers) => writers,
            Err(exit) => return exit,
        };
        let (html, hold) = match self.html_and_hold() {
            Ok(both) => both,
            Err(exit) => return exit,
        };
        let failed = self.suite.writer(&scenarios);
        let more = html.iter().map(|html| html.clone() as Arc<dyn ArtifactWriter>);
        let more = more.chain([failed.clone() as Arc<dyn ArtifactWriter>]);
        let artifact_writers = writers.in_order().into_iter().chain(more).collect();
        let settings =
            RunSettings { artifact_writers, hold, stop: stop.switch.clone(), ..self.settings(faults.clone()) };
        let end = match has_real {
            true => self.with_real_apps(scenarios, settings, &mut reports).await,
            false => Ok(runner::run(scenarios, None, &settings, &mut reports).await),
        };
        let is_whole = end.as_ref().is_ok_and(|end| end.stopped.is_none());
        let exit = match end {
            Ok(end) => exit_of(&end, stop),
            Err(exit) => {
                reports.report(&RunEvent::Abandoned);
                exit
            }
        };
        for fault in faults.iter().filter(|fault| !fault.has_fired()) {
            warn(&format!("this fault of --fault never fired: {}", fault.written.json()));
        }
        let exit = failed.finish(writers.finish(exit, is_whole));
        let exit = match html {
            Some(html) => html.finish(exit).await,
            None => exit,
        };
        // Whoever reads only the report must not take half of it for the whole.
        let incomplete = if exit == Exit::Ok { Exit::CouldNotRun } else { exit };
        reports.write_errors().iter().fold(exit, |_, trouble| fail(incomplete, trouble))
    }

    /// What is done with scenarios that fail, beside their reports.
    fn html_and_hold(&self) -> Result<HtmlAndHold, Exit> {
        let html = self.reports.html().map(HtmlReport::create).transpose()?;
        let hold = self.inspect.then(|| InspectHold::new(&self.listening, self.timeouts())).transpose()?;
        Ok((html, hold.map(|hold| Arc::new(hold) as Arc<dyn FailureHold>)))
    }

    fn read(&self) -> Result<(Vec<Scenario>, Vec<Arc<RunFault>>), NotRead> {
        let faults: Vec<_> = self.faults.read()?.into_iter().map(|node| Arc::new(RunFault::new(node))).collect();
        let mut scenarios = read_scenarios(&self.paths, &self.reading, self.filter.as_deref())?;
        let with_sources = |exit| NotRead { exit, sources: sources_of(&scenarios) };
        self.check_apps(&scenarios).map_err(with_sources)?;
        self.suite.pick(&mut scenarios)?;
        faults.iter().try_for_each(|fault| check_fault(&fault.written, &scenarios))?;
        self.check_outputs(&scenarios)?;
        Ok((scenarios, faults))
    }

    /// No report and no ledger may be written over a file of the run.
    fn check_outputs(&self, scenarios: &[Scenario]) -> Result<(), Exit> {
        let sources = scenarios.iter().flat_map(|scenario| [&scenario.place.source, &scenario.world.place.source]);
        let read: BTreeSet<&Path> = sources.filter_map(|source| source.path.as_deref()).collect();
        check_written_once(&self.named_outputs()).map_err(|error| fail(Exit::Usage, &error))?;
        check_not_read(self.reports.files().chain(self.artifacts.file()), &read)
            .map_err(|error| fail(Exit::Usage, &error))
    }

    /// All that the flags name to be written.
    fn named_outputs(&self) -> Vec<CommandOutput> {
        let outputs = self.reports.outputs().chain(self.artifacts.named()).chain(self.listening.outputs());
        outputs.chain([CommandOutput::file("--state", self.suite.file())]).collect()
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

    /// Several copies of a bot need a port each.
    fn check_jobs(&self, has_real: bool) -> Result<(), Exit> {
        let needs_ports = self.jobs > 1 && has_real;
        let has_port = |text: &str| text.contains(PORT);
        match &self.exec {
            None if needs_ports => Err(fail(
                Exit::Usage,
                "--jobs starts copies of the bot, so it needs --exec: --jobs 4 --exec 'node bot.js --port ${PORT}' --app bot='http://127.0.0.1:${PORT}/webhook'",
            )),
            Some(_) if needs_ports && !self.apps.iter().any(|(_, url)| url.as_deref().is_some_and(has_port)) => {
                Err(fail(
                    Exit::Usage,
                    "--jobs: the copies of the bot would all listen at the same URL: give each its own with --app bot='http://127.0.0.1:${PORT}/webhook'; the bot gets its port as ${PORT} in the command and as the variable PORT",
                ))
            }
            _ => Ok(()),
        }
    }

    fn changes(&self) -> WorldOverrides {
        WorldOverrides { apps: self.apps.clone(), seed: self.seed, ..WorldOverrides::default() }
    }

    fn config(&self, scenario: &Scenario) -> Option<Arc<Config>> {
        // Any port will do, for this world is never made.
        let mut changes = self.changes();
        changes.apps.iter_mut().filter_map(|(_, url)| url.as_mut()).for_each(|url| *url = url.replace(PORT, "1"));
        read_world::read(&scenario.world, &changes).ok()
    }

    fn has_real_apps(&self, scenario: &Scenario) -> bool {
        self.config(scenario).is_some_and(|config| config.apps.iter().any(|app| app.webhook.is_some()))
    }

    fn settings(&self, faults: Vec<Arc<RunFault>>) -> RunSettings {
        let (changes, timeouts, lints) = (self.changes(), self.timeouts(), self.lints.levels());
        RunSettings { changes, timeouts, faults, lints, fail_fast: self.fail_fast, ..RunSettings::default() }
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts { within: self.within, budget: self.budget, ..Timeouts::default() }
    }

    /// Runs scenarios with a real app. Copies of the bot end with the run, however it ends.
    async fn with_real_apps(
        &self,
        scenarios: Vec<Scenario>,
        settings: RunSettings,
        reports: &mut MultiReporter,
    ) -> Result<RunEnd, Exit> {
        let plan = CopyPlan {
            scenarios: &scenarios,
            changes: settings.changes.clone(),
            command: self.exec.as_deref(),
            listening: &self.listening,
            delivery: DeliverySettings { timeout: settings.timeouts.webhook(), ..self.delivery.settings()? },
            memory: self.memory,
            timeouts: settings.timeouts,
        };
        // After a signal there is no worker, and the run says of every scenario that it did not run.
        let (workers, servers) = plan.start_all(self.jobs as usize, &settings.stop).await?;
        let end = runner::run_real_apps(scenarios.clone(), workers, &settings, reports).await;
        for server in servers {
            server.stop().await;
        }
        Ok(end)
    }
}

impl WatchedRun for RunCommand {
    async fn run_once(&self, stop: &SignalStop) -> RanOnce {
        match self.read() {
            Ok((scenarios, faults)) => {
                let sources = sources_of(&scenarios);
                let exit = self.run(scenarios, faults, stop).await;
                RanOnce { exit, sources }
            }
            Err(NotRead { exit, sources }) => RanOnce { exit, sources },
        }
    }

    fn scenarios(&self) -> &[PathBuf] {
        &self.paths
    }

    fn others(&self) -> Vec<PathBuf> {
        self.watch.paths()
    }

    fn outputs(&self) -> Vec<PathBuf> {
        self.reports.files().chain(self.artifacts.outputs()).chain([self.suite.folder()]).map(Path::to_owned).collect()
    }

    fn print_note(&self, text: &str) {
        self.reports.print_note(text);
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

fn exit_of(end: &RunEnd, stop: &SignalStop) -> Exit {
    match &end.stopped {
        Some(StopCause::BotEnded(why)) => fail(Exit::CouldNotRun, &format!("--exec: {why}")),
        Some(StopCause::Signal) => fail(stop.exit().unwrap_or(Exit::CouldNotRun), "a signal stopped the run"),
        _ if end.summary.failed > 0 => Exit::Failed,
        _ => Exit::Ok,
    }
}
