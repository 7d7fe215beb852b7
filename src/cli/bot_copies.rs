//! The copies of a bot in a run: each has a server that it calls, a port of its own, and worlds that exist before it starts.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::delivery::{DeliverySettings, WebhookSender};
use crate::domain::model::config::Config;
use crate::engine::Engine;
use crate::language::files::Scenario;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner::beginnings::Beginnings;
use crate::runner::bot_process::{self, BotOutput, BotProcess, READY_WITHIN};
use crate::runner::{BotWorker, StopSwitch, Timeouts};

use super::app_args::PORT;
use super::bot_environment::BotEnvironment;
use super::exit::Exit;
use super::listen_args::ListenArgs;
use super::memory_args::MemoryArgs;
use super::terminal::{fail, warn};

/// What all copies have in common.
pub struct CopyPlan<'p> {
    pub scenarios: &'p [Scenario],
    pub changes: WorldOverrides,
    pub command: Option<&'p str>,
    pub listening: &'p ListenArgs,
    pub delivery: DeliverySettings,
    pub memory: MemoryArgs,
    pub timeouts: Timeouts,
}

/// A server that stops when it is dropped.
pub struct RunningServer {
    task: JoinHandle<()>,
    _stop: oneshot::Sender<()>,
}

impl RunningServer {
    /// Stops, and frees the addresses, so that another run can have them.
    pub async fn stop(mut self) {
        self.task.abort();
        (&mut self.task).await.unwrap_or_default();
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl CopyPlan<'_> {
    /// Starts this many copies, one after another. If one does not start, or `stop` is turned meanwhile, the others are stopped; in the latter
    /// case there is no error and no worker.
    pub async fn start_all(
        &self,
        count: usize,
        stop: &StopSwitch,
    ) -> Result<(Vec<BotWorker>, Vec<RunningServer>), Exit> {
        let (mut workers, mut servers) = (Vec::new(), Vec::new());
        for place in 0..count {
            match self.start(place, stop).await {
                Ok(Some((worker, server))) => {
                    workers.push(worker);
                    servers.push(server);
                }
                not_started => {
                    for bot in workers.into_iter().filter_map(|worker: BotWorker| worker.bot) {
                        bot.stop().await;
                    }
                    return not_started.map(|_| (Vec::new(), servers));
                }
            }
        }
        Ok((workers, servers))
    }

    /// Starts a server, makes the worlds, and starts the bot, or waits for one that runs already. `None` if `stop` is turned meanwhile.
    async fn start(&self, place: usize, stop: &StopSwitch) -> Result<Option<(BotWorker, RunningServer)>, Exit> {
        let engine = Engine::new(Some(WebhookSender::new(self.delivery.clone()))).with_memory(self.memory.memory.0);
        let engine = Arc::new(engine);
        let bound = self.listening(place).bind(engine.clone(), self.timeouts).await?;
        let graph_url = bound.addresses.first().map(|address| format!("http://{address}")).unwrap_or_default();
        let (keeps_running, stopped) = oneshot::channel::<()>();
        // The sender is dropped at the latest when the run is over, which stops the server as well.
        let task = tokio::spawn(bound.serve(async move { stopped.await.unwrap_or_default() }));
        let server = RunningServer { task, _stop: keeps_running };
        let port = self.free_port()?;
        let changes = self.changes_for(port.as_deref());
        let could_not = |error: String| fail(Exit::CouldNotRun, &error);
        let beginnings = Beginnings::new(&engine, self.scenarios, &changes).map_err(could_not)?;
        let configs = self.configs(&changes);
        let bot = match self.command {
            Some(command) => {
                Some(start_bot(command, &configs, &graph_url, port.as_deref(), BotOutput::default()).await?)
            }
            None => None,
        };
        let urls = urls(&configs);
        let ready = tokio::select! {
            ready = self.wait_until_ready(bot.as_ref(), &urls, &beginnings) => Some(ready),
            () = stop.stopped() => None,
        };
        if let Some(Ok(())) = ready {
            return Ok(Some((BotWorker { engine, beginnings, bot, changes }, server)));
        }
        if let Some(bot) = bot {
            bot.stop().await;
        }
        ready.transpose().map(|_| None).map_err(could_not)
    }

    /// Waits until the bot serves, and until what it does at its start is over.
    async fn wait_until_ready(
        &self,
        bot: Option<&BotProcess>,
        urls: &[String],
        beginnings: &Beginnings,
    ) -> Result<(), String> {
        match bot {
            Some(bot) => {
                let within = READY_WITHIN.max(self.timeouts.budget);
                bot.wait_until_ready(urls, within).await.map_err(|error| format!("--exec: {error}"))?;
            }
            None => {
                for url in urls {
                    bot_process::wait_for_running_bot(url).await?;
                }
            }
        }
        let had_its_turn = async || {
            // A bot that ran already has begun long ago.
            if let Some(bot) = bot {
                bot.had_its_turn(urls).await;
            }
        };
        beginnings.settle(&self.timeouts, had_its_turn).await;
        Ok(())
    }

    /// The first copy calls the address of the command line, the others any free port of the same machine.
    fn listening(&self, place: usize) -> ListenArgs {
        let mut listening = self.listening.clone();
        if place > 0 {
            listening.listen = format!("{}:0", Ipv4Addr::LOCALHOST);
            listening.also_listen.clear();
        }
        listening
    }

    /// A free port, if the command or a URL asks for one.
    fn free_port(&self) -> Result<Option<String>, Exit> {
        let asks = |text: &str| text.contains(PORT);
        let is_asked =
            self.command.is_some_and(asks) || self.changes.apps.iter().any(|(_, url)| url.as_deref().is_some_and(asks));
        is_asked.then(free_port).transpose()
    }

    fn changes_for(&self, port: Option<&str>) -> WorldOverrides {
        WorldOverrides { apps: apps_with_port(&self.changes.apps, port), ..self.changes.clone() }
    }

    /// The configs of all worlds. Scenarios of one file share theirs.
    fn configs(&self, changes: &WorldOverrides) -> Vec<Arc<Config>> {
        let mut known = BTreeSet::new();
        let worlds = self.scenarios.iter().filter(|scenario| known.insert(Arc::as_ptr(&scenario.world)));
        worlds.filter_map(|scenario| read_world::read(&scenario.world, changes).ok()).collect()
    }
}

/// The webhook URLs of all real apps.
pub fn urls(configs: &[Arc<Config>]) -> Vec<String> {
    let apps = configs.iter().flat_map(|config| config.apps.iter());
    let urls: BTreeSet<String> =
        apps.filter_map(|app| app.webhook.as_ref()?.url.as_deref().map(str::to_owned)).collect();
    urls.into_iter().collect()
}

/// Starts a bot for these worlds. Fails if somebody else listens at its URL.
pub async fn start_bot(
    command: &str,
    configs: &[Arc<Config>],
    graph_url: &str,
    port: Option<&str>,
    output: BotOutput,
) -> Result<BotProcess, Exit> {
    for url in &urls(configs) {
        if bot_process::is_listening(url).await {
            return Err(fail(Exit::CouldNotRun, &format!("--exec: another program already listens at {url}")));
        }
    }
    let BotEnvironment { mut variables, left_out } = BotEnvironment::new(configs, graph_url);
    left_out.iter().for_each(|line| warn(&format!("--exec: {line}")));
    let mut command = command.to_owned();
    if let Some(port) = port {
        command = command.replace(PORT, port);
        variables.insert("PORT".to_owned(), port.to_owned());
    }
    let variables: Vec<(String, String)> = variables.into_iter().collect();
    BotProcess::start(&command, &variables, output)
        .map_err(|error| fail(Exit::CouldNotRun, &format!("--exec: {error}")))
}

/// A port on which nobody listens.
pub fn free_port() -> Result<String, Exit> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let port = port.map_err(|error| fail(Exit::CouldNotRun, &format!("{PORT}: there is no free port: {error}")))?;
    Ok(port.port().to_string())
}

/// The webhook URLs of apps with the port of their bot.
pub fn apps_with_port(apps: &[(String, Option<String>)], port: Option<&str>) -> Vec<(String, Option<String>)> {
    let with_port = |url: &String| port.map_or_else(|| url.clone(), |port| url.replace(PORT, port));
    apps.iter().map(|(app, url)| (app.clone(), url.as_ref().map(with_port))).collect()
}
