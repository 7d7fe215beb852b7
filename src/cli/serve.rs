//! `serve`: serves the Graph API and the control API until a signal stops it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::BoolishValueParser;
use tokio::sync::oneshot;

use crate::delivery::WebhookSender;
use crate::domain::model::config::Config;
use crate::engine::clock::{Mode, wall_now};
use crate::engine::{ActiveWorld, Engine};
use crate::inspector::PageView;
use crate::language::Node;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner::bot_process::{BotOutput, BotProcess, READY_WITHIN};
use crate::runner::{Timeouts, arm_faults};
use crate::text::source::SourceText;

use super::app_args::{PORT, check_app_names, parse_app};
use super::bot_copies::{apps_with_port, free_port, start_bot, urls};
use super::delivery_args::DeliveryArgs;
use super::demo_world::{DEMO_WORLD, banner};
use super::exit::{Exit, StopSignal};
use super::fault_args::FaultArgs;
use super::listen_args::ListenArgs;
use super::memory_args::MemoryArgs;
use super::open_browser::open_browser;
use super::ready_line::{ReadyForm, url_of};
use super::serve_log::ServeLog;
use super::started::Signals;
use super::stop::stdin_end;
use super::terminal::{check_printed, fail, fail_invalid, note, print, print_of_bot, warn};

/// The name of the world that a server starts with.
pub const DEFAULT_WORLD: &str = "default";

/// Serve the Graph API and the control API
///
/// Point your bot at this server in place of https://graph.facebook.com. Tests create worlds, act as people and read
/// what happened through the control API at /_control. The server runs until SIGINT or SIGTERM. Without --world it serves
/// a demo world, and prints what a bot needs to use it.
#[derive(Debug, Args)]
pub struct ServeCommand {
    /// Start with the world of this file. Its name is `default`.
    #[arg(long, value_name = "FILE", env = "GRAPHDOUBLE_WORLD")]
    world: Option<PathBuf>,
    /// Set the webhook URL of an app, by its name in that world. `NAME=puppet` makes it a puppet, and `NAME=later` says that
    /// its URL comes at run time. Separate several apps with commas.
    #[arg(long = "app", value_name = "NAME=URL", env = "GRAPHDOUBLE_APP", value_delimiter = ',', value_parser = parse_app)]
    apps: Vec<(String, Option<String>)>,
    #[command(flatten)]
    listening: ListenArgs,
    #[command(flatten)]
    delivery: DeliveryArgs,
    #[command(flatten)]
    memory: MemoryArgs,
    /// Stop the clock of that world. It moves only when the control API moves it.
    #[arg(long, env = "GRAPHDOUBLE_FROZEN", value_parser = BoolishValueParser::new())]
    frozen: bool,
    #[command(flatten)]
    faults: FaultArgs,
    /// Start the bot with this command, once the world is there, and stop it with the server. Its environment has the Graph
    /// URL, ids, tokens and secrets; `${PORT}` here and in --app is a free port. What it prints goes to standard error. If it
    /// ends, the server ends with exit code 3.
    #[arg(long, env = "GRAPHDOUBLE_EXEC", value_name = "COMMAND")]
    exec: Option<String>,
    /// The form of the line that says that the server listens. `json` prints one line, {"url":…,"version":…,"pid":…,
    /// "inspector":…}, and nothing else on standard output.
    #[arg(long, env = "GRAPHDOUBLE_READY", value_name = "FORM", value_enum, default_value_t = ReadyForm::Text)]
    ready: ReadyForm,
    /// How long a step waits for a real app. A step can set its own time with `within`.
    #[arg(long, env = "GRAPHDOUBLE_WITHIN", value_name = "TIME", default_value = "2s", value_parser = super::real_duration::parse_real_duration)]
    within: Duration,
    /// Stop as soon as standard input ends, too. So the server does not outlive the process that has started it.
    #[arg(long, env = "GRAPHDOUBLE_UNTIL_STDIN_ENDS", value_parser = BoolishValueParser::new())]
    until_stdin_ends: bool,
    /// Open the inspector page in the browser, once the server is ready. It shows what the bot did, and why.
    #[arg(long, env = "GRAPHDOUBLE_OPEN", value_parser = BoolishValueParser::new())]
    open: bool,
    /// Print a line for each Graph call and each webhook, on standard error. What is surely a mistake is printed anyway.
    #[arg(short, long, env = "GRAPHDOUBLE_VERBOSE", value_parser = BoolishValueParser::new())]
    verbose: bool,
}

impl ServeCommand {
    pub async fn execute(self, signals: Signals) -> Exit {
        let settings = match self.delivery.settings() {
            Ok(settings) => settings,
            Err(exit) => return exit,
        };
        let engine = Arc::new(Engine::new(Some(WebhookSender::new(settings))).with_memory(self.memory.memory.0));
        let end = self.serve(engine, signals).await;
        end.err().unwrap_or(Exit::Ok)
    }

    async fn serve(&self, engine: Arc<Engine>, signal: impl Future<Output = StopSignal>) -> Result<(), Exit> {
        let port = self.has_port().then(free_port).transpose()?;
        if port.is_some() && self.exec.is_none() {
            return Err(fail(
                Exit::Usage,
                "${PORT} stands for the port of a bot that --exec starts, and there is no --exec",
            ));
        }
        let timeouts = Timeouts { within: self.within, ..Timeouts::default() };
        let world = self.add_world(&engine, port.as_deref())?;
        let bound = self.listening.bind(engine.clone(), timeouts).await?;
        let (addresses, grace) = (bound.addresses.clone(), bound.settings.grace);
        let (stop, stopped) = oneshot::channel::<()>();
        let log = ServeLog::start(engine.clone(), DEFAULT_WORLD, self.verbose);
        let server = tokio::spawn(bound.serve(async move { stopped.await.unwrap_or_default() }));
        let end = self.attend(&world, &addresses, port.as_deref(), signal).await;
        drop(stop);
        // If it panicked, the panic hook has reported it.
        server.await.unwrap_or_default();
        // Webhooks that were sent before the end still go out.
        let left = engine.finish(grace).await;
        log.stop().await;
        if left > 0 {
            warn(&format!("{left} webhooks were not delivered within {grace:?} after the stop"));
        }
        end
    }

    /// Starts the bot, says that the server is ready, and waits until something ends it.
    async fn attend(
        &self,
        world: &ActiveWorld,
        addresses: &[SocketAddr],
        port: Option<&str>,
        signal: impl Future<Output = StopSignal>,
    ) -> Result<(), Exit> {
        let config = world.config();
        let configs = [config.clone()];
        let urls = urls(&configs);
        if self.exec.is_some() && urls.is_empty() {
            warn("--exec: no app has a webhook URL yet, so the bot gets no webhooks: set it with --app NAME=URL");
        }
        // From the beginning: whoever has started the server may go away while the bot starts.
        let is_to_end = pin!(async {
            tokio::select! {
                _ = signal => {}
                () = stdin_end(), if self.until_stdin_ends => {}
            }
        });
        let output = BotOutput::echoing(print_of_bot);
        let bot = match &self.exec {
            Some(command) => Some(start_bot(command, &configs, &url_of(addresses), port, output).await?),
            None => None,
        };
        let end = self.run_until(is_to_end, bot.as_ref(), &urls, &config, addresses).await;
        if let Some(bot) = bot {
            bot.stop().await;
        }
        end
    }

    /// Says that the server is ready once the bot serves, and waits for the end of the server or of the bot.
    async fn run_until(
        &self,
        mut is_to_end: Pin<&mut impl Future<Output = ()>>,
        bot: Option<&BotProcess>,
        urls: &[String],
        config: &Config,
        addresses: &[SocketAddr],
    ) -> Result<(), Exit> {
        let could_not = |error: &str| fail(Exit::CouldNotRun, error);
        if let Some(bot) = bot {
            tokio::select! {
                ready = bot.wait_until_ready(urls, READY_WITHIN) => {
                    ready.map_err(|error| could_not(error.lines().next().unwrap_or_default()))?;
                }
                () = &mut is_to_end => return Ok(()),
            }
        }
        self.say_ready(config, addresses);
        // Whoever waits for these lines would wait for ever.
        check_printed()?;
        let bot_ended = async {
            match bot {
                Some(bot) => bot.status().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = is_to_end => Ok(()),
            status = bot_ended => Err(could_not(&format!("the bot ended ({status}), and the server ends with it"))),
        }
    }

    /// Says that the server is ready, and where the inspector page is.
    fn say_ready(&self, config: &Config, addresses: &[SocketAddr]) {
        let url = url_of(addresses);
        let inspector = PageView { world: DEFAULT_WORLD, ..PageView::default() }.url(&url);
        print(&self.ready.line(addresses, inspector.as_deref()));
        match (self.ready, &self.world, &inspector) {
            (ReadyForm::Text, None, inspector) => print(&banner(config, &url, DEFAULT_WORLD, inspector.as_deref())),
            (ReadyForm::Text, Some(_), Some(inspector)) => print(&format!("the inspector is at {inspector}")),
            _ => {}
        }
        match inspector {
            Some(inspector) if self.open => open_browser(inspector),
            None if self.open => note("--open: this build has no inspector page"),
            _ => {}
        }
    }

    /// True if the bot is to get a free port.
    fn has_port(&self) -> bool {
        let urls = self.apps.iter().filter_map(|(_, url)| url.as_deref());
        urls.chain(self.exec.as_deref()).any(|text| text.contains(PORT))
    }

    fn add_world(&self, engine: &Engine, port: Option<&str>) -> Result<Arc<ActiveWorld>, Exit> {
        let source = match &self.world {
            Some(path) => SourceText::read(path).map_err(|error| fail(Exit::CouldNotRun, &error))?,
            None => SourceText::inline("the demo world", DEMO_WORLD),
        };
        let node = Node::parse(&source).map_err(|mistake| fail_invalid(&[mistake]))?;
        let mode = if self.frozen { Mode::Frozen } else { Mode::Follow };
        let default_clock = (mode == Mode::Follow).then(wall_now);
        let apps = apps_with_port(&self.apps, port);
        let changes = WorldOverrides { default_clock, apps, ..WorldOverrides::default() };
        let config = read_world::read(&node, &changes).map_err(|mistakes| fail_invalid(&mistakes))?;
        check_app_names(&self.apps, &config).map_err(|error| fail(Exit::Usage, &error))?;
        let world =
            engine.add(DEFAULT_WORLD, config, mode).map_err(|error| fail(Exit::CouldNotRun, &error.to_string()))?;
        arm_faults::arm(&world, &self.faults.read()?).map_err(|mistakes| fail_invalid(&mistakes))?;
        Ok(world)
    }
}
