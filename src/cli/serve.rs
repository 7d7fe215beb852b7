//! `serve`: serves the Graph API and the control API until a signal stops it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::BoolishValueParser;
use tokio::signal::unix::{SignalKind, signal};

use crate::delivery::{DeliverySettings, WebhookSender};
use crate::engine::Engine;
use crate::engine::clock::{Mode, wall_now};
use crate::language::Node;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner::{Timeouts, arm_faults};
use crate::text::source::SourceText;

use super::exit::Exit;
use super::fault_args::FaultArgs;
use super::listen_args::ListenArgs;
use super::terminal::{fail, fail_invalid, print};

/// The name of the world that a server starts with.
pub const DEFAULT_WORLD: &str = "default";

/// Serve the Graph API and the control API
///
/// Point your bot at this server in place of https://graph.facebook.com. Tests create worlds, act as people and read
/// what happened through the control API at /_control. The server runs until SIGINT or SIGTERM.
#[derive(Debug, Args)]
pub struct ServeCommand {
    /// Start with the world of this file. Its name is `default`.
    #[arg(long, value_name = "FILE", env = "GRAPHDOUBLE_WORLD")]
    world: Option<PathBuf>,
    #[command(flatten)]
    listening: ListenArgs,
    /// Stop the clock of that world. It moves only when the control API moves it.
    #[arg(long, env = "GRAPHDOUBLE_FROZEN", value_parser = BoolishValueParser::new())]
    frozen: bool,
    /// How long a step or an expectation waits for a real app. It can set its own time with `within`.
    #[arg(long, env = "GRAPHDOUBLE_WITHIN", value_name = "TIME", default_value = "2s", value_parser = super::real_duration::parse_real_duration)]
    within: Duration,
    #[command(flatten)]
    faults: FaultArgs,
}

impl ServeCommand {
    pub async fn execute(self) -> Exit {
        let stop = match stop_signal() {
            Ok(stop) => stop,
            Err(error) => return fail(Exit::CouldNotRun, &format!("cannot handle signals: {error}")),
        };
        let engine = Arc::new(Engine::new(Some(WebhookSender::new(DeliverySettings::default()))));
        if let Some(Err(exit)) = self.world.as_ref().map(|path| self.add_world(&engine, path)) {
            return exit;
        }
        if self.world.is_none() && !self.faults.is_empty() {
            return fail(Exit::Usage, "--fault needs a world: name its file with --world FILE");
        }
        let timeouts = Timeouts { within: self.within, ..Timeouts::default() };
        let bound = match self.listening.bind(engine.clone(), timeouts).await {
            Ok(bound) => bound,
            Err(exit) => return exit,
        };
        for address in &bound.addresses {
            print(&format!("graphdouble listens on http://{address}"));
        }
        let grace = bound.settings.grace;
        bound.serve(stop).await;
        // Webhooks that were sent before the end still go out.
        let left = engine.finish(grace).await;
        if left > 0 {
            tracing::warn!("{left} webhooks were not delivered within {grace:?} after the stop");
        }
        Exit::Ok
    }

    fn add_world(&self, engine: &Engine, path: &std::path::Path) -> Result<(), Exit> {
        let source = SourceText::read(path).map_err(|error| fail(Exit::CouldNotRun, &error))?;
        let node = Node::parse(&source).map_err(|mistake| fail_invalid(&[mistake]))?;
        let mode = if self.frozen { Mode::Frozen } else { Mode::Follow };
        let default_clock = (mode == Mode::Follow).then(wall_now);
        let changes = WorldOverrides { default_clock, ..WorldOverrides::default() };
        let config = read_world::read(&node, &changes).map_err(|mistakes| fail_invalid(&mistakes))?;
        let world =
            engine.add(DEFAULT_WORLD, config, mode).map_err(|error| fail(Exit::CouldNotRun, &error.to_string()))?;
        arm_faults::arm(&world, &self.faults.read()?).map(drop).map_err(|mistakes| fail_invalid(&mistakes))
    }
}

/// Ends when SIGTERM or SIGINT arrives.
pub fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
